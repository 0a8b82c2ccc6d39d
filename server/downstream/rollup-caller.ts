/** Who calls the operations of rollup. */
import { SoapFault } from '../../protocol/soap/fault.ts';
import { instantOf } from '../../protocol/soap/wire-time.ts';
import type { Call } from '../soap/implementation.ts';
import { rollupCallerOf } from './caller.ts';
import type { WireCookie } from './caller.ts';
import type { DownstreamContext } from './context.ts';

/** The guid of the server that calls. @throws SoapFault InvalidCookie, CookieExpired */
export const callerOf = (context: DownstreamContext, cookie: WireCookie, call: Call): string =>
  rollupCallerOf(context, cookie, call).accountGuid;

/** @throws SoapFault InvalidParameters where a caller speaks for another server than itself */
export function checkCaller(callerId: string, parentServerId: string): void {
  if (parentServerId !== callerId) throw new SoapFault('InvalidParameters', 'parentServerId');
}

/** "If the DoDetailedRollup value is FALSE, return a SOAP fault" ([MS-WSUSSS] 3.1.4.15 to 3.1.4.17). */
export function checkDetailed({ config }: DownstreamContext): void {
  if (!config.rollup.detailed) throw new SoapFault('InternalServerError');
}

/**
 * A time of a message, ISO 8601 UTC. One that is still to come tells of another clock, and would count as the latest for
 * as long: it is now.
 *
 * @throws SoapFault InvalidParameters where it is no time
 */
export function timeOf(dateTime: string, parameter: string, now: Date): string {
  const instant = instantOf(dateTime);
  if (Number.isNaN(instant)) throw new SoapFault('InvalidParameters', parameter);
  return new Date(Math.min(instant, now.getTime())).toISOString();
}

/** SusClientIds are guids; others are refused only where they could not be kept or shown. */
const COMPUTER_ID = /^[\x21-\x7e]{1,256}$/;

/** As it is kept. */
export function computerIdOf(computerId: string | undefined, parameter: string): string {
  if (computerId === undefined || !COMPUTER_ID.test(computerId))
    throw new SoapFault('InvalidParameters', parameter);
  return computerId.toLowerCase();
}
