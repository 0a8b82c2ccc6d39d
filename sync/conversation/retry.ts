/**
 * Whether a call that failed is made again, and when: it changes nothing upstream, so what broke on the way or passes by
 * itself is worth another try. Waits grow threefold up to a bound, and differ at random, so that relays that were turned
 * away together do not come back together.
 */
import { SoapFault } from '../../protocol/soap/fault.ts';
import { ConnectionError } from '../connection-error.ts';
import { passesByItself } from './http-status.ts';
import { UpstreamError } from './upstream-error.ts';

/** Further attempts of one call. */
export const MOST_RETRIES = 5;

/** Milliseconds before the second attempt of a call whose connection broke. */
const AFTER_BROKEN = 1000;

/** Milliseconds before the second attempt of a call that the server had no time for ([MS-WSUSSS] 2.2.9.3, ServerBusy). */
const AFTER_BUSY = 5000;

/** Milliseconds; a wait is never longer than this, unless the server asked for it. */
const LONGEST_WAIT = 120_000;

/** Milliseconds; a server that asks for a longer wait is left to the next synchronization. */
const LONGEST_ASKED_WAIT = 600_000;

/**
 * @param retries how many there were already
 * @param random from 0 up to 1
 * @returns milliseconds to wait; undefined where the call is given up
 */
export function retryAfter(error: unknown, retries: number, random: number): number | undefined {
  if (retries >= MOST_RETRIES) return undefined;
  const first = firstWait(error);
  if (first === undefined) return undefined;
  const asked = error instanceof UpstreamError ? error.retryAfter : undefined;
  if (asked !== undefined && asked > LONGEST_ASKED_WAIT) return undefined;
  const wait = Math.min(first * 3 ** retries, LONGEST_WAIT) * (0.5 + random / 2);
  return Math.max(wait, asked ?? 0);
}

function firstWait(error: unknown): number | undefined {
  if (error instanceof ConnectionError) return AFTER_BROKEN;
  if (error instanceof SoapFault) return error.errorCode === 'ServerBusy' ? AFTER_BUSY : undefined;
  if (error instanceof UpstreamError && error.status !== undefined && passesByItself(error.status))
    return AFTER_BUSY;
  return undefined;
}

/**
 * The wait that a Retry-After header asks for, in seconds or until a date (RFC 9110, 10.2.3).
 *
 * @returns milliseconds; undefined where it says nothing that can be understood
 */
export function readRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
