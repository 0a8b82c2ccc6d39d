/** One HTTP POST over an agent's connections, its answer bounded, and read whole unless it is taken piece by piece. */
import { request } from 'node:http';
import type { Agent, IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { addressOfUrl } from '../../config/host-and-port.ts';
import { boundHead } from '../answer-head.ts';
import { ConnectionError, connectionError } from '../connection-error.ts';
import { LEAST_PACE, LeastRate } from '../least-rate.ts';
import type { Pace } from '../least-rate.ts';
import { TrustError } from '../trust/trust-error.ts';
import { UpstreamError } from './upstream-error.ts';

export interface Post {
  readonly agent: Agent;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Bytes of the answer, unpacked. */
  readonly mostBytes: number;
  /** Takes the answer piece by piece where its status is 200; its body is empty then. What this throws ends the call. */
  readonly take?: (piece: Buffer) => void;
  /** Milliseconds without a byte until the connection counts as dead. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  /** Default: LEAST_PACE. */
  readonly pace?: Pace;
  /** Milliseconds until the answer's headers are there, the connection included. Default: by `timeout` and `body`. */
  readonly headWithin?: number;
}

/** Milliseconds for a connection, its checks, the request at a byte a millisecond, and thinking about it. */
const headWithinOf = ({ timeout, body }: Post): number => 3 * timeout + 60_000 + body.length;

/** Bytes that packing may add to what does not get smaller. */
const PACKING = 65_536;

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
  /** Of a redirection. */
  readonly location?: string;
  /** As the header has it. */
  readonly retryAfter?: string;
}

/**
 * @throws TrustError from the agent's connection, ConnectionError where the answer did not come whole, UpstreamError where
 * it is too large or wrongly packed, and where `take` throws one
 */
export async function post(options: Post): Promise<Answer> {
  const { agent, url, headers, body, timeout, signal } = options;
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const outgoing = request({
    agent,
    ...addressOfUrl(url),
    method: 'POST',
    path: url.pathname,
    headers: { ...headers, host: url.host, 'content-length': body.length, 'accept-encoding': 'gzip' },
    timeout,
    signal,
  });
  outgoing.once('response', resolve);
  outgoing.on('error', reject);
  let silence: ConnectionError | undefined;
  outgoing.once('timeout', () => {
    silence = new ConnectionError('timeout', `${url.host} sent nothing for ${timeout} ms.`);
    outgoing.destroy(silence);
  });
  boundHead(outgoing, { host: url.host, within: options.headWithin ?? headWithinOf(options) });
  outgoing.end(body);
  try {
    const response = await promise;
    const { location, 'retry-after': retryAfter } = response.headers;
    return {
      status: response.statusCode ?? 0,
      body: await readBody(response, options),
      ...(location === undefined ? {} : { location }),
      ...(retryAfter === undefined ? {} : { retryAfter }),
    };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (silence !== undefined) throw silence;
    if (error instanceof TrustError || error instanceof UpstreamError) throw error;
    throw connectionError(url.host, error);
  } finally {
    outgoing.destroy();
  }
}

async function readBody(
  response: IncomingMessage,
  { url, mostBytes, signal, take, pace = LEAST_PACE }: Post,
): Promise<Buffer> {
  const encoding = response.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip') {
    throw new UpstreamError(
      'response',
      `${url.host} packed its answer as ${encoding}, which was not asked for.`,
    );
  }
  const tooMuch = (): UpstreamError =>
    new UpstreamError('size', `${url.host} answered with more than the ${mostBytes} bytes allowed.`);
  const isTaken = take !== undefined && response.statusCode === 200;
  const chunks: Buffer[] = [];
  let size = 0;
  const collect = async (source: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of source) {
      size += chunk.length;
      if (size > mostBytes) throw tooMuch();
      if (isTaken) take(chunk);
      else chunks.push(chunk);
    }
  };
  const rate = new LeastRate(pace, () => {
    const least = `fewer than ${pace.bytes} bytes came in ${pace.within / 1000} s`;
    response.destroy(new ConnectionError('timeout', `${url.host} answers too slowly: ${least}.`));
  });
  // By what comes over the line, packed as it is: of that there may also be much which unpacks to nothing.
  let packed = 0;
  response.on('data', (chunk: Buffer) => {
    rate.arrived(chunk.length);
    packed += chunk.length;
    if (packed > mostBytes + PACKING) response.destroy(tooMuch());
  });
  try {
    if (encoding === 'gzip') await pipeline(response, createGunzip(), collect, { signal });
    else await pipeline(response, collect, { signal });
  } finally {
    rate.end();
  }
  return Buffer.concat(chunks);
}
