/** How an operation of a declared service is given its behaviour, and what the behaviour knows of its caller. */
import { writeResponse } from '../../protocol/soap/codec.ts';
import type { SoapVersion } from '../../protocol/soap/codec.ts';
import type { Operation, RequestOf, ResponseToWrite, Service } from '../../protocol/soap/table.ts';

/** The HTTP request around a SOAP request. */
export interface Call {
  readonly remoteAddress: string;
  /** The `Host` header, host and port, checked for form; content URLs are built on it. */
  readonly host: string;
  readonly isHttps: boolean;
  /** The Authorization header. Never to be logged. */
  readonly authorization?: string | undefined;
  /** Of the request; a PreparedEnvelope must be of the same. */
  readonly soapVersion: SoapVersion;
  /** Whether the caller closed the connection: what takes long asks in between, and throws CallerLeft. */
  readonly hasLeft?: () => boolean;
}

/** A whole response envelope, ready to be sent: the hot path writes these without the codec. */
export class PreparedEnvelope {
  readonly chunks: readonly Buffer[];
  /** How many of the first chunks are kept and sent in other answers too: what is compressed of them is kept as well. */
  readonly shared: number;

  /** @param shared bytes of the first so many chunks never change */
  constructor(chunks: readonly Buffer[], shared = 0) {
    this.chunks = chunks;
    this.shared = shared;
  }
}

type Answer<O extends Operation> = ResponseToWrite<O> | PreparedEnvelope;

export interface ImplementedOperation {
  readonly operation: Operation;
  /** `request` was read by the operation's own table. */
  answer(request: unknown, call: Call): unknown;
  /** `response` is what `answer` gave, unless that was a PreparedEnvelope. */
  write(service: Service, response: unknown, soapVersion: SoapVersion): Buffer;
}

/**
 * Ties an operation to its behaviour; the tables make sure that both speak of the same fields.
 *
 * @param answer throws SoapFault for what the protocol names; anything else becomes InternalServerError
 */
export const implement = <O extends Operation>(
  operation: O,
  answer: (request: RequestOf<O>, call: Call) => Answer<O> | Promise<Answer<O>>,
): ImplementedOperation => ({
  operation,
  answer,
  write(service: Service, response: ResponseToWrite<O>, soapVersion: SoapVersion): Buffer {
    return writeResponse(service, operation, response, soapVersion);
  },
});

/** A service with every operation that this server answers. */
export interface ImplementedService {
  readonly service: Service;
  readonly operations: readonly ImplementedOperation[];
}
