/** The faults that [MS-WUSP] 2.2.2.4 and [MS-WSUSSS] 2.2.9 name. */
import { randomUUID } from 'node:crypto';

export const ERROR_CODES = [
  'InvalidCookie',
  'CookieExpired',
  'ConfigChanged',
  'RegistrationRequired',
  'RegistrationNotRequired',
  'ServerChanged',
  'InvalidParameters',
  'InvalidAuthorizationCookie',
  'InternalServerError',
  'ServerBusy',
  'FileLocationChanged',
  'FileDigestsMissing',
  'IncompatibleProtocolVersion',
  'TooManyIds',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** Whose fault it is, in the words of SOAP 1.1; SOAP 1.2 says Sender and Receiver. */
export type FaultCode = 'Client' | 'Server';

const SERVER_ERRORS: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['InternalServerError', 'ServerBusy']);

/** A refusal in the protocol's own words: thrown by a handler to answer it, and by the client when it is answered so. */
export class SoapFault extends Error {
  readonly code = 'SOAP_FAULT';
  readonly errorCode: ErrorCode;
  /** Names this occurrence, so that what the peer saw can be found in the log. */
  readonly id: string;
  /** The SOAPAction, without quotes. */
  readonly method?: string;

  /**
   * @param message the fault's `Message`: the name of the parameter that is at fault, for InvalidParameters
   */
  constructor(
    errorCode: ErrorCode,
    message = '',
    options: { method?: string | undefined; id?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'SoapFault';
    this.errorCode = errorCode;
    this.id = options.id ?? randomUUID();
    if (options.method !== undefined) this.method = options.method;
  }

  get faultCode(): FaultCode {
    return SERVER_ERRORS.has(this.errorCode) ? 'Server' : 'Client';
  }
}
