/** Fetches what an authority publishes: over plain HTTP, bounded in bytes and time, no redirect followed. */
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { reasonOf } from '../../../config/error-facts.ts';
import { addressOfUrl } from '../../../config/host-and-port.ts';
import { proxyAuthorization } from '../proxy-tunnel.ts';
import { RevocationError } from './statement.ts';

export interface RevocationFetch {
  readonly url: URL;
  /** Sent with POST; left out: GET. */
  readonly body?: Buffer;
  readonly mostBytes: number;
  /** Milliseconds for the whole of it. */
  readonly within: number;
  readonly proxy?: URL | undefined;
  readonly signal: AbortSignal;
}

/** @throws RevocationError where nothing usable came, the signal's reason when aborted */
export async function fetchRevocation(options: RevocationFetch): Promise<Buffer> {
  const { url, signal, within } = options;
  const slow = AbortSignal.timeout(within);
  try {
    const response = await ask(options, AbortSignal.any([signal, slow]));
    if (response.statusCode !== 200) {
      response.destroy();
      throw new RevocationError(`${url.host} answered with HTTP status ${response.statusCode ?? 'none'}`);
    }
    return await read(response, options);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RevocationError) throw error;
    const why = slow.aborted ? `it did not answer within ${within} ms` : reasonOf(error);
    throw new RevocationError(`${url.host} could not be asked: ${why}`, { cause: error });
  }
}

function ask({ url, body, proxy }: RevocationFetch, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      ...addressOfUrl(proxy ?? url),
      method: body === undefined ? 'GET' : 'POST',
      // A proxy is told the whole address (RFC 9112 3.2.2).
      path: proxy === undefined ? `${url.pathname}${url.search}` : url.href,
      headers: {
        host: url.host,
        'accept-encoding': 'identity',
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/ocsp-request', 'content-length': body.length }),
        ...(proxy === undefined ? {} : proxyAuthorization(proxy)),
      },
      agent: false,
      signal,
    });
    outgoing.once('response', resolve).once('error', reject).end(body);
  });
}

async function read(response: IncomingMessage, { url, mostBytes }: RevocationFetch): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes)
      throw new RevocationError(`${url.host} answered with more than the ${mostBytes} bytes allowed`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
