/** Calls operations of the upstream server's web services (SOAP 1.1 over the pinned connection). */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Agent } from 'node:http';
import { MessageError, RESPONSE_LIMITS, readResponse, writeRequest } from '../../protocol/soap/codec.ts';
import type { Operation, RequestToWrite, ResponseOf, Service } from '../../protocol/soap/table.ts';
import { writeSecretHeader } from '../../protocol/wsusss/downstream-refusal.ts';
import { XmlError } from '../../protocol/xml/error.ts';
import { post } from './http-exchange.ts';
import { sentenceOfStatus } from './http-status.ts';
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
  /** Milliseconds without a byte until a connection counts as dead. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  /** What this relay presents where it introduces itself; read when it is needed. Default: nothing. */
  readonly secret?: () => string;
  /** Default: by the clock. */
  readonly pause?: Pause;
}

export interface CallOptions {
  /** Where the service is, below the configured URL; default the service's own. */
  readonly path?: string;
  /** Whether the answer is a list of revisions, which comes in one piece. */
  readonly isList?: boolean;
  /** Whether this relay introduces itself with the call, and so presents its secret. */
  readonly isIntroduction?: boolean;
  /** Gives up this call alone. */
  readonly signal?: AbortSignal;
}

export class SoapClient {
  readonly #options: SoapClientOptions;
  readonly #pause: Pause;

  constructor(options: SoapClientOptions) {
    this.#options = options;
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
    options: CallOptions = {},
  ): Promise<ResponseOf<O>> {
    const signal =
      options.signal === undefined
        ? this.#options.signal
        : AbortSignal.any([this.#options.signal, options.signal]);
    for (let retries = 0; ; retries += 1) {
      try {
        return await this.#callOnce(service, operation, request, { ...options, signal });
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
      isIntroduction = false,
      signal,
    }: CallOptions & { readonly signal: AbortSignal },
  ): Promise<ResponseOf<O>> {
    const { agent, timeout, url } = this.#options;
    const maxBytes = isList ? RESPONSE_LIMITS.maxBytes : MOST_BYTES;
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
    });
    const { status, body } = answer;
    try {
      const response = readResponse(service, operation, body, { ...RESPONSE_LIMITS, maxBytes });
      if (status === 200) return response;
    } catch (error) {
      // Whatever status a fault comes with (500 by SOAP 1.1, 6.2), it says more than the status does.
      if (!(error instanceof XmlError) && !(error instanceof MessageError)) throw error;
      if (status === 200) {
        const message = `The answer of ${url.host} to ${operation.name} (${body.length} bytes) cannot be read: ${error.message}`;
        throw new UpstreamError('response', message, { status, cause: error });
      }
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
