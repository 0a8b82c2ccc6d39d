/** What the history keeps of a synchronization that failed: the check, a sentence, and what was seen. */
import type { RunFailure } from '../catalog/store/upstream/synchronization.ts';
import type { ErrorCode } from '../protocol/soap/fault.ts';
import { SoapFault } from '../protocol/soap/fault.ts';
import { readRefusal } from '../protocol/wsusss/downstream-refusal.ts';
import type { DownstreamRefusal } from '../protocol/wsusss/downstream-refusal.ts';
import { ConnectionError } from './connection-error.ts';
import { codeOf, reasonOf } from '../config/error-facts.ts';
import { SecretFileError } from '../config/secret-file.ts';
import { passesByItself } from './conversation/http-status.ts';
import { UpstreamError } from './conversation/upstream-error.ts';
import { TrustAnchorError } from './trust/trust-anchors.ts';
import { TrustError } from './trust/trust-error.ts';

/** What to do about each fault, to end the sentence that names it ([MS-WSUSSS] 2.2.9.3, [MS-WUSP] 2.2.2.4). */
const ADVICE: Readonly<Record<ErrorCode, string>> = {
  InvalidCookie:
    'it refused a cookie that it had just issued; look at its clock, and whether several servers share its address',
  CookieExpired: 'it refused a cookie that it had just issued; set its clock or that of this relay right',
  InvalidAuthorizationCookie:
    'it does not recognize this relay; ask its administrator whether this relay may synchronize from it',
  IncompatibleProtocolVersion:
    'it speaks a version of the protocol that this relay does not; update the older of the two',
  InternalServerError: 'its own log tells more; the next synchronization tries again',
  InvalidParameters:
    'it found a parameter of the request wrong; look whether it is an update server of a known kind, and tell the makers of this relay',
  ServerBusy:
    'it stayed busy; the next synchronization tries again, at an hour of less load if you choose one',
  ServerChanged:
    'it said again and again that it was replaced; synchronize again when its restoring has ended',
  ConfigChanged:
    'its configuration changed again and again while it was asked; synchronize again when that has ended',
  FileDigestsMissing: 'it no longer has files that it had listed; synchronize again to learn what it has now',
  FileLocationChanged: 'its files are elsewhere now; synchronize again to learn where',
  RegistrationRequired:
    'that is an answer for computers; look whether upstream.url names the services for downstream servers',
  RegistrationNotRequired:
    'that is an answer for computers; look whether upstream.url names the services for downstream servers',
  TooManyIds:
    'it allows fewer identifiers in a request than it had said; synchronize again, and tell its administrator',
};

/** What to do where an upstream Sluice keeps this relay out, to end the sentence that says so. */
const REFUSAL_ADVICE: Readonly<Record<DownstreamRefusal, string>> = {
  DSS_NOT_LISTED:
    'it is not on the list there; have its administrator list it under downstream.servers, by the name and identifier that this relay introduces itself with and the address that it comes from (the log there names all three)',
  DSS_SECRET_NEEDS_TLS:
    'it must present its secret, and the connection reached the server as plain HTTP; have what ends TLS before the server pass the connection untouched',
  DSS_SECRET_MISSING:
    'it must present its secret; put the one that was agreed on into a private file, and name that in upstream.secretFile',
  DSS_SECRET_WRONG:
    'it presented another secret than the one there; compare the file in upstream.secretFile with the secretFile of this relay there',
};

/** A little later the server may answer; never one about who may ask, or in which version. */
const PASSING_FAULTS: ReadonlySet<ErrorCode> = new Set(['ServerBusy', 'ServerChanged', 'ConfigChanged']);

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
    const mayPass = error.check === 'http' && passesByItself(error.status ?? 0);
    return { check: error.check, message: error.message, ...detail, mayPass };
  }
  if (error instanceof ConnectionError) {
    return { check: error.check, message: error.message, mayPass: true };
  }
  if (error instanceof SecretFileError) return { check: 'secret', message: error.message };
  if (error instanceof TrustAnchorError) {
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
  const refusal = readRefusal(fault.message);
  if (refusal !== undefined) {
    return {
      check: refusal,
      message: `The upstream server does not let this relay in: ${REFUSAL_ADVICE[refusal]}.`,
      mayPass: false,
      detail: { errorCode: fault.errorCode, reason: refusal },
    };
  }
  const what = said === '' ? fault.errorCode : `${fault.errorCode} (${said})`;
  return {
    check: 'fault',
    message: `The upstream server answered with the fault ${what}: ${ADVICE[fault.errorCode]}.`,
    mayPass: PASSING_FAULTS.has(fault.errorCode),
    detail: {
      errorCode: fault.errorCode,
      ...(fault.method === undefined ? {} : { method: fault.method.slice(0, LONGEST_QUOTE) }),
    },
  };
}
