/** Calls operations of the upstream server's web services (SOAP 1.1 over the pinned connection). */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Agent } from 'node:http';
import { MessageError, RESPONSE_LIMITS, readResponse, writeRequest } from '../../protocol/soap/codec.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';
import type { Operation, RequestToWrite, ResponseOf, Service } from '../../protocol/soap/table.ts';
import { XmlError } from '../../protocol/xml/error.ts';
import { ConnectionError } from '../connection-error.ts';
import { post } from './http-exchange.ts';
import { UpstreamError } from './upstream-error.ts';

/** Answers other than the list of all revisions are far below this. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Milliseconds before each further attempt of a call whose connection broke. A call changes nothing upstream. */
const RECONNECT_AFTER = [1000, 5000];

/** Milliseconds before each further attempt of a call that was answered with ServerBusy ([MS-WSUSSS] 2.2.9.3). */
const BUSY_RETRY_AFTER = [5000, 15_000, 60_000];

/** Waits some milliseconds, or less where the signal aborts. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<unknown>;

export interface SoapClientOptions {
  /** `upstream.url`; the services' own paths go below it. */
  readonly url: URL;
  readonly agent: Agent;
  /** Milliseconds without a byte until a connection counts as dead. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  /** Default: by the clock. */
  readonly pause?: Pause;
}

export class SoapClient {
  readonly #options: SoapClientOptions;
  readonly #pause: Pause;

  constructor(options: SoapClientOptions) {
    this.#options = options;
    this.#pause = options.pause ?? ((milliseconds, signal) => sleep(milliseconds, undefined, { signal }));
  }

  /**
   * @param path where the service is, below the configured URL; default the service's own
   * @param isList whether the answer is a list of revisions, which comes in one piece
   * @throws SoapFault, UpstreamError, ConnectionError, TrustError, the signal's reason when aborted
   */
  async call<O extends Operation>(
    service: Service,
    operation: O,
    request: RequestToWrite<O>,
    options: { readonly path?: string; readonly isList?: boolean } = {},
  ): Promise<ResponseOf<O>> {
    let reconnects = 0;
    let busy = 0;
    for (;;) {
      try {
        return await this.#callOnce(service, operation, request, options);
      } catch (error) {
        const wait = isBusy(error)
          ? BUSY_RETRY_AFTER[busy++]
          : error instanceof ConnectionError
            ? RECONNECT_AFTER[reconnects++]
            : undefined;
        if (wait === undefined) throw error;
        await this.#pause(wait, this.#options.signal);
      }
    }
  }

  async #callOnce<O extends Operation>(
    service: Service,
    operation: O,
    request: RequestToWrite<O>,
    { path = service.path, isList = false }: { readonly path?: string; readonly isList?: boolean },
  ): Promise<ResponseOf<O>> {
    const { agent, timeout, signal } = this.#options;
    const maxBytes = isList ? RESPONSE_LIMITS.maxBytes : MOST_BYTES;
    const { status, body } = await post({
      agent,
      url: this.#locate(path),
      headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: `"${operation.soapAction}"` },
      body: writeRequest(service, operation, request, '1.1'),
      mostBytes: maxBytes,
      timeout,
      signal,
    });
    // A fault comes with status 500 (SOAP 1.1, 6.2); no other status carries a message.
    if (status !== 200 && status !== 500) {
      const message = `${this.#options.url.host} answered ${operation.name} with HTTP status ${status}. Does upstream.url name an update server?`;
      throw new UpstreamError('http', message, { status });
    }
    try {
      return readResponse(service, operation, body, { ...RESPONSE_LIMITS, maxBytes });
    } catch (error) {
      if (!(error instanceof XmlError) && !(error instanceof MessageError)) throw error;
      const message = `The answer of ${this.#options.url.host} to ${operation.name} (HTTP status ${status}, ${body.length} bytes) cannot be read: ${error.message}`;
      throw new UpstreamError('response', message, { status, cause: error });
    }
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

const isBusy = (error: unknown): boolean => error instanceof SoapFault && error.errorCode === 'ServerBusy';
