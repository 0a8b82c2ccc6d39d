/** Sends delta synchronizations over keep-alive connections, as many at a time as there are connections, for a while. */
import { KeepAliveConnection } from '../keep-alive-connection.ts';
import type { PreparedRequest } from './prepared-request.ts';

export interface LoadResult {
  /** Whole conversations of ten requests a second. */
  readonly syncsPerSecond: number;
  readonly requests: number;
  /** Milliseconds of each SyncUpdates. */
  readonly scanLatencies: readonly number[];
}

export interface LoadOptions {
  readonly port: number;
  readonly conversations: readonly (readonly PreparedRequest[])[];
  readonly connections: number;
  readonly seconds: number;
}

/** @throws Error where an answer's status is not 200: a figure of failures would be none */
export async function runLoad({
  port,
  conversations,
  connections,
  seconds,
}: LoadOptions): Promise<LoadResult> {
  const open = await Promise.all(Array.from({ length: connections }, () => KeepAliveConnection.open(port)));
  const scanLatencies: number[] = [];
  let requests = 0;
  let next = 0;
  const start = performance.now();
  const end = start + seconds * 1000;
  const work = async (connection: KeepAliveConnection): Promise<void> => {
    while (performance.now() < end) {
      const conversation = conversations[next % conversations.length] ?? [];
      next += 1;
      for (const request of conversation) {
        const sent = performance.now();
        const { status, body } = await connection.send(request.fresh());
        if (status !== 200) {
          throw new Error(
            `${request.operation} was answered with status ${status}: ${body.toString('utf8', 0, 600)}`,
          );
        }
        if (request.operation === 'SyncUpdates') scanLatencies.push(performance.now() - sent);
        requests += 1;
      }
    }
  };
  try {
    await Promise.all(open.map(work));
  } finally {
    for (const connection of open) connection.close();
  }
  const elapsed = (performance.now() - start) / 1000;
  return { syncsPerSecond: requests / 10 / elapsed, requests, scanLatencies };
}
