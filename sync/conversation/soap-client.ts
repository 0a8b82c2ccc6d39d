/** Calls operations of the upstream server's web services (SOAP 1.1 over the pinned connection). */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Agent } from 'node:http';
import { MessageError, RESPONSE_LIMITS, readResponse, writeRequest } from '../../protocol/soap/codec.ts';
import type { ReadLimits } from '../../protocol/soap/codec.ts';
import type { Operation, RequestToWrite, ResponseOf, Service } from '../../protocol/soap/table.ts';
import { writeSecretHeader } from '../../protocol/wsusss/downstream-refusal.ts';
import { XmlError } from '../../protocol/xml/error.ts';
import { post } from './http-exchange.ts';
import { sentenceOfStatus } from './http-status.ts';
import { Places } from './places.ts';
import { readRetryAfter, retryAfter } from './retry.ts';
import { UpstreamError } from './upstream-error.ts';

/** Answers other than the list of all revisions are far below this. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Waits some milliseconds, or less where the signal aborts. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<unknown>;

export interface SoapClientOptions {
  /** `upstream.url`; the services' own paths go below it. */
  readonly url: URL;
  readonly agent: Agent;
  /** Calls on their way at a time; others wait for their end. */
  readonly mostCalls: number;
  /** Milliseconds without a byte until a connection counts as dead. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  /** What this relay presents where it introduces itself; read when it is needed. Default: nothing. */
  readonly secret?: () => string;
  /** Default: by the clock. */
  readonly pause?: Pause;
}

/** Reads one answer, of whose document it is given piece after piece. */
export interface ArrivingAnswer<O extends Operation> {
  readonly add: (piece: Buffer) => void;
  readonly finish: () => ResponseOf<O>;
}

export interface CallOptions<O extends Operation = Operation> {
  /** Where the service is, below the configured URL; default the service's own. */
  readonly path?: string;
  /** Whether the answer is a list of revisions, which comes in one piece. */
  readonly isList?: boolean;
  /** Begins to read the answer of one attempt. Default: it is read when it is whole. */
  readonly begin?: () => ArrivingAnswer<O>;
  /** Whether this relay introduces itself with the call, and so presents its secret. */
  readonly isIntroduction?: boolean;
  /** Gives up this call alone. */
  readonly signal?: AbortSignal;
}

/** Reads an answer when all of it is there. */
class WholeAnswer<O extends Operation> implements ArrivingAnswer<O> {
  readonly #service: Service;
  readonly #operation: O;
  readonly #limits: ReadLimits;
  #pieces: Buffer[] = [];
  readonly #starts: number[] = [];
  #size = 0;

  constructor(service: Service, operation: O, limits: ReadLimits) {
    this.#service = service;
    this.#operation = operation;
    this.#limits = limits;
  }

  add(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#starts.push(this.#size);
    this.#size += piece.length;
  }

  finish(): ResponseOf<O> {
    const body = Buffer.allocUnsafeSlow(this.#size);
    for (const [index, piece] of this.#pieces.entries()) piece.copy(body, this.#starts[index]);
    this.#pieces = [];
    try {
      return readResponse(this.#service, this.#operation, body, this.#limits);
    } finally {
      // What was read of it is copies; the next answer may come before this one is found to be garbage.
      body.buffer.transfer(0);
    }
  }
}

const isUnreadable = (error: unknown): error is XmlError | MessageError =>
  error instanceof XmlError || error instanceof MessageError;

export class SoapClient {
  readonly #options: SoapClientOptions;
  readonly #pause: Pause;
  readonly #places: Places;

  constructor(options: SoapClientOptions) {
    this.#options = options;
    this.#places = new Places(options.mostCalls);
    this.#pause = options.pause ?? ((milliseconds, signal) => sleep(milliseconds, undefined, { signal }));
  }

  /**
   * Makes the call, and again after waits where what failed passes by itself.
   *
   * @throws SoapFault, UpstreamError, ConnectionError, TrustError, the signal's reason when aborted
   */
  async call<O extends Operation>(
    service: Service,
    operation: O,
    request: RequestToWrite<O>,
    options: CallOptions<O> = {},
  ): Promise<ResponseOf<O>> {
    const signal =
      options.signal === undefined
        ? this.#options.signal
        : AbortSignal.any([this.#options.signal, options.signal]);
    for (let retries = 0; ; retries += 1) {
      try {
        return await this.#places.in(() =>
          this.#callOnce(service, operation, request, { ...options, signal }),
        );
      } catch (error) {
        const wait = retryAfter(error, retries, Math.random());
        if (wait === undefined) throw error;
        await this.#pause(wait, signal);
        signal.throwIfAborted();
      }
    }
  }

  async #callOnce<O extends Operation>(
    service: Service,
    operation: O,
    request: RequestToWrite<O>,
    {
      path = service.path,
      isList = false,
      begin,
      isIntroduction = false,
      signal,
    }: CallOptions<O> & { readonly signal: AbortSignal },
  ): Promise<ResponseOf<O>> {
    const { agent, timeout, url } = this.#options;
    const maxBytes = isList ? RESPONSE_LIMITS.maxBytes : MOST_BYTES;
    const limits = { ...RESPONSE_LIMITS, maxBytes };
    const reading = begin?.() ?? new WholeAnswer(service, operation, limits);
    let size = 0;
    const unreadable = (error: Error): UpstreamError =>
      new UpstreamError(
        'response',
        `The answer of ${url.host} to ${operation.name} (${size} bytes) cannot be read: ${error.message}`,
        { status: 200, cause: error },
      );
    const answer = await post({
      agent,
      url: this.#locate(path),
      headers: {
        'content-type': 'text/xml; charset=utf-8',
        soapaction: `"${operation.soapAction}"`,
        ...(isIntroduction ? this.#introduction() : {}),
      },
      body: writeRequest(service, operation, request, '1.1'),
      mostBytes: maxBytes,
      timeout,
      signal,
      take: (piece) => {
        size += piece.length;
        try {
          reading.add(piece);
        } catch (error) {
          throw isUnreadable(error) ? unreadable(error) : error;
        }
      },
    });
    const { status, body } = answer;
    try {
      if (status === 200) return reading.finish();
      readResponse(service, operation, body, limits);
    } catch (error) {
      // Whatever status a fault comes with (500 by SOAP 1.1, 6.2), it says more than the status does.
      if (!isUnreadable(error)) throw error;
      if (status === 200) throw unreadable(error);
    }
    throw new UpstreamError('http', sentenceOfStatus(url.host, operation.name, answer), {
      status,
      retryAfter: readRetryAfter(answer.retryAfter, Date.now()),
    });
  }

  #introduction(): { readonly authorization?: string } {
    const secret = this.#options.secret?.();
    return secret === undefined ? {} : { authorization: writeSecretHeader(secret) };
  }

  /** Never leaves the pinned server, whatever path it named. */
  #locate(path: string): URL {
    const { url } = this.#options;
    const base = new URL(url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/`, url);
    const located = new URL(path.replace(/^\/+/, ''), base);
    if (located.origin !== url.origin) {
      throw new UpstreamError(
        'response',
        `${url.host} names a service on another server, ${located.origin}; it is not asked.`,
      );
    }
    return located;
  }
}
