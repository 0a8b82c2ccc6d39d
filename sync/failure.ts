/** What the history keeps of a synchronization that failed: the check, a sentence, and what was seen. */
import type { RunFailure } from '../catalog/store/upstream/synchronization.ts';
import type { ErrorCode } from '../protocol/soap/fault.ts';
import { SoapFault } from '../protocol/soap/fault.ts';
import { ConnectionError } from './connection-error.ts';
import { codeOf, reasonOf } from '../config/error-facts.ts';
import { UpstreamError } from './conversation/upstream-error.ts';
import { TrustAnchorError } from './trust/trust-anchors.ts';
import { TrustError } from './trust/trust-error.ts';

/** What to do about a fault, where there is something ([MS-WSUSSS] 2.2.9.3). */
const ADVICE: Partial<Record<ErrorCode, string>> = {
  InvalidCookie: 'It refused a cookie that it had just issued; its clock or its state may be wrong.',
  CookieExpired: 'It refused a cookie that it had just issued; its clock may be wrong.',
  InvalidAuthorizationCookie: 'It does not recognize this relay; ask its administrator.',
  IncompatibleProtocolVersion: 'It speaks a version of the protocol that this relay does not.',
  InternalServerError: 'Its own log tells more; the next synchronization tries again.',
  InvalidParameters: 'It found something wrong with what this relay asked for.',
  ServerBusy: 'It is busy; the next synchronization tries again.',
  ServerChanged: 'It was changed again and again while it was asked; try again later.',
};

export function toRunFailure(error: unknown): RunFailure {
  if (error instanceof TrustError) {
    return {
      check: error.check,
      message: error.message,
      detail: { reason: error.reason, chain: [...error.chain] },
    };
  }
  if (error instanceof SoapFault) return faultFailure(error);
  if (error instanceof UpstreamError) {
    const detail = error.status === undefined ? {} : { detail: { status: error.status } };
    return { check: error.check, message: error.message, ...detail };
  }
  if (error instanceof ConnectionError || error instanceof TrustAnchorError) {
    return { check: error.check, message: error.message };
  }
  const code = codeOf(error);
  if (code?.startsWith('SQLITE_') === true) {
    return {
      check: 'store',
      message: `What was received could not be stored: ${reasonOf(error)} (${code}).`,
    };
  }
  return {
    check: 'internal',
    message: `The synchronization stopped on an unexpected error: ${String(error)}`,
  };
}

/** Characters of what the server wrote that are kept: the history is read, and sent to every console. */
const LONGEST_QUOTE = 500;

function faultFailure(fault: SoapFault): RunFailure {
  const said = fault.message.slice(0, LONGEST_QUOTE);
  const what = said === '' ? fault.errorCode : `${fault.errorCode} (${said})`;
  const advice = ADVICE[fault.errorCode];
  return {
    check: 'fault',
    message: `The upstream server answered with the fault ${what}.${advice === undefined ? '' : ` ${advice}`}`,
    detail: {
      errorCode: fault.errorCode,
      ...(fault.method === undefined ? {} : { method: fault.method.slice(0, LONGEST_QUOTE) }),
    },
  };
}
