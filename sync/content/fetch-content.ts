/** Fetches one content file over HTTP into a file of its own. Nothing of the way there is trusted: digests decide. */
import { pipeline } from 'node:stream/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { Agent, ProxyAgent, request } from 'undici';
import type { Dispatcher } from 'undici';
import { reasonOf } from '../../config/error-facts.ts';
import { LEAST_PACE, LeastRate } from '../least-rate.ts';
import type { Pace } from '../least-rate.ts';
import { proxyAuthorization } from '../trust/proxy-tunnel.ts';
import type { Bandwidth } from './bandwidth.ts';
import { ContentError } from './content-error.ts';
import type { DigestFile } from './digest-file.ts';
import { lookupOutside } from './internal-addresses.ts';
import { redirection } from './redirection.ts';

export interface DispatcherOptions {
  readonly proxy?: string;
  /** Milliseconds without a byte until a connection counts as dead. */
  readonly timeout: number;
  /** Hosts that may be in this network. Default: none. A proxy looks names up itself. */
  readonly ownHosts?: ReadonlySet<string>;
}

/** Connections for content. Certificates are not looked at, since content is believed by digest alone. */
export function contentDispatcher({ proxy, timeout, ownHosts = new Set() }: DispatcherOptions): Dispatcher {
  const options = { headersTimeout: timeout, bodyTimeout: timeout, connectTimeout: timeout };
  const tls = { rejectUnauthorized: false };
  if (proxy === undefined)
    return new Agent({ ...options, connect: { ...tls, lookup: lookupOutside(ownHosts) } });
  const uri = new URL(proxy);
  const { 'proxy-authorization': token } = proxyAuthorization(uri);
  // The name and password are given apart: the dispatcher would refuse a URL with a percent sign that escapes nothing.
  uri.username = '';
  uri.password = '';
  return new ProxyAgent({
    ...options,
    uri: uri.href,
    ...(token === undefined ? {} : { token }),
    requestTls: tls,
    proxyTunnel: false,
  });
}

export interface FetchOptions {
  readonly dispatcher: Dispatcher;
  readonly signal: AbortSignal;
  /** Of what is slower nothing more is waited for. */
  readonly pace?: Pace;
  /** That the source is sent beside the usual ones; lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Left out: as much as comes. */
  readonly bandwidth?: Bandwidth;
  /** Told what a source says beside an answer that gives nothing. */
  readonly onRefusal?: (headers: IncomingHttpHeaders) => void;
}

/**
 * Receives what is missing of the file, going on by range where there is a beginning already (RFC 9110 14).
 *
 * @throws ContentError; what came is kept in the file where it is `unavailable`
 */
export async function fetchContent(
  source: URL,
  file: DigestFile,
  { dispatcher, signal, pace = LEAST_PACE, headers: more = {}, bandwidth, onRefusal }: FetchOptions,
): Promise<void> {
  try {
    const { body, headers, statusCode } = await requestFollowing(source, {
      dispatcher,
      signal,
      headers: {
        ...more,
        'accept-encoding': 'identity',
        ...(file.size > 0 ? { range: `bytes=${file.size}-` } : {}),
      },
    });
    const rate = new LeastRate(pace, () => {
      const least = `fewer than ${pace.bytes} bytes came in ${pace.within / 1000} s`;
      body.destroy(new ContentError('unavailable', `${source.host} is too slow: ${least}`));
    });
    try {
      if (statusCode >= 400) onRefusal?.(headers);
      await beginAt(source, file, statusCode, headers['content-range']);
      checkLength(file, headers['content-length']);
      await pipeline(body, async (content: AsyncIterable<Buffer>) => {
        for await (const chunk of content) {
          rate.arrived(chunk.length);
          if (bandwidth !== undefined) await rate.hold(bandwidth.take(chunk.length, signal));
          await file.append(chunk);
        }
      });
      // A body in chunks says where it ends; one that ends with its connection may have been cut.
      if (headers['transfer-encoding'] !== undefined) checkLength(file, '0');
    } finally {
      rate.end();
      body.destroy();
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof ContentError) throw error;
    const reason = `the connection to ${source.host} failed: ${reasonOf(error)}`;
    throw new ContentError('unavailable', reason, { cause: error });
  }
}

/** The answer of the source, or of where on its host it points to. */
async function requestFollowing(
  source: URL,
  options: { dispatcher: Dispatcher; signal: AbortSignal; headers: Record<string, string> },
): Promise<Dispatcher.ResponseData> {
  let url = source;
  for (let followed = 0; ; followed += 1) {
    const answer = await request(url, options);
    // A body that is given up emits an error; what made us give it up is what counts.
    answer.body.on('error', () => undefined);
    try {
      const next = redirection(url, answer, followed);
      if (next === undefined) return answer;
      url = next;
    } catch (error) {
      answer.body.destroy();
      throw error;
    }
    answer.body.destroy();
  }
}

async function beginAt(
  source: URL,
  file: DigestFile,
  statusCode: number,
  contentRange: string | string[] | undefined,
): Promise<void> {
  if (statusCode === 206 && String(contentRange).startsWith(`bytes ${file.size}-`)) return;
  if (statusCode === 200) {
    if (file.size > 0) await file.restart();
    return;
  }
  throw new ContentError('unavailable', `${source.host} answered with HTTP status ${statusCode}`, {
    status: statusCode,
  });
}

/** A length that cannot be right is known before its bytes have come. */
function checkLength(file: DigestFile, contentLength: string | string[] | undefined): void {
  if (typeof contentLength !== 'string') return;
  const total = file.size + Number(contentLength);
  if (total !== file.expectedSize) {
    throw new ContentError('altered', `it has ${total} bytes, not ${file.expectedSize}`, {
      found: { size: total },
    });
  }
}
