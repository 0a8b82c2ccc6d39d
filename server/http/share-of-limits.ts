/**
 * What one process may of a limit that holds for the whole server, where several answer (`server.workers`). Connections
 * are handed out in turn, so an address that sends much has some to each of them.
 */
import type { Config } from '../../config/schema.ts';
import type { Logger } from '../../config/logging.ts';
import { SendingRate } from '../content/sending-rate.ts';
import { BodyBudget, MOST, MOST_OF_ONE } from './body-budget.ts';
import { ConnectionLimit } from './connection-limit.ts';
import { RateLimit } from './rate-limit.ts';

/** Requests of the largest size that one process has room for, however many share. */
const LARGEST_AT_ONCE = 4;

type Limits = Pick<Config, 'limits' | 'server'>;

export function shareOfSending({ content, server }: Pick<Config, 'content' | 'server'>): SendingRate {
  const { bytesPerSecond, bytesPerSecondPerAddress } = content.serving;
  return new SendingRate({
    total: Math.ceil(bytesPerSecond / server.workers),
    perAddress: Math.ceil(bytesPerSecondPerAddress / server.workers),
  });
}

export const shareOfRate = ({ limits, server }: Limits): RateLimit =>
  new RateLimit(Math.ceil(limits.requestsPerSecond / server.workers));

export const shareOfConnections = ({ limits, server }: Limits, log: Logger): ConnectionLimit =>
  new ConnectionLimit(Math.ceil(limits.connectionsPerAddress / server.workers), log);

export function shareOfBodies({ limits, server }: Limits): BodyBudget {
  const { requestBytes } = limits;
  const most = Math.max(MOST / server.workers, requestBytes * LARGEST_AT_ONCE);
  return new BodyBudget(requestBytes, most, most * (MOST_OF_ONE / MOST));
}
