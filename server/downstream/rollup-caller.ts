/** Who calls the operations of rollup. */
import { downstreamServerAt } from '../../catalog/store/rollup/downstream-account.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';
import type { Call } from '../soap/implementation.ts';
import type { DownstreamContext } from './context.ts';
import { openSession } from './session.ts';

type WireCookie = { readonly EncryptedData?: Buffer | undefined } | undefined;

/**
 * The guid of the server that calls. The specification has an empty cookie here, "reserved for future use" ([MS-WSUSSS]
 * 3.1.4.13.2.1), which anybody could send: the cookie of the session is asked for, unless the configuration lets servers
 * be known by the address that they were last authorized from (rollup.reservedCookie).
 *
 * @throws SoapFault InvalidCookie
 */
export function callerOf(
  { db, cookies, config }: DownstreamContext,
  cookie: WireCookie,
  { remoteAddress }: Call,
): string {
  const isReserved = cookie?.EncryptedData === undefined || cookie.EncryptedData.length === 0;
  if (!isReserved || config.rollup.reservedCookie === 'refused')
    return openSession(cookies, cookie).accountGuid;
  const accounts = downstreamServerAt(db, remoteAddress);
  const [only] = accounts;
  if (only === undefined || accounts.length > 1) throw new SoapFault('InvalidCookie');
  return only;
}

/** @throws SoapFault InvalidParameters where a caller speaks for another server than itself */
export function checkCaller(callerId: string, parentServerId: string): void {
  if (parentServerId !== callerId) throw new SoapFault('InvalidParameters', 'parentServerId');
}

/** "If the DoDetailedRollup value is FALSE, return a SOAP fault" ([MS-WSUSSS] 3.1.4.15 to 3.1.4.17). */
export function checkDetailed({ config }: DownstreamContext): void {
  if (!config.rollup.detailed) throw new SoapFault('InternalServerError');
}

const ZONE = /(?:Z|[+-]\d{2}:\d{2})$/;

/**
 * A time of a message, ISO 8601 UTC. One that is still to come tells of another clock, and would count as the latest for
 * as long: it is now.
 *
 * @throws SoapFault InvalidParameters where it is no time
 */
export function timeOf(dateTime: string, parameter: string, now: Date): string {
  const instant = Date.parse(ZONE.test(dateTime) ? dateTime : `${dateTime}Z`);
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
