/** One agent's connections to its server: plain node:http or node:https, kept alive, bodies bounded. */
import * as http from 'node:http';
import * as https from 'node:https';
import { AgentError } from './error.ts';

/** Bytes, before and after decompression. */
export const LARGEST_ANSWER = 64 * 1024 * 1024;
const TIMEOUT = 60_000;

export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface HttpOptions {
  /** PEM of the authority that the server's certificate must come from; left out: Node.js's own. */
  readonly ca?: string | undefined;
  /** Sockets to one server at most. */
  readonly connections?: number;
}

export class HttpConnections {
  readonly #plain: http.Agent;
  readonly #secure: https.Agent;

  constructor({ ca, connections = 4 }: HttpOptions) {
    this.#plain = new http.Agent({ keepAlive: true, maxSockets: connections });
    this.#secure = new https.Agent({
      keepAlive: true,
      maxSockets: connections,
      minVersion: 'TLSv1.2',
      ...(ca === undefined ? {} : { ca }),
    });
  }

  /** Rejects where the connection fails, the certificate does not hold, or the body ends early. */
  send(method: string, url: URL, headers: http.OutgoingHttpHeaders, body?: Buffer): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const answered = (response: http.IncomingMessage): void => collect(response, resolve, reject);
      const request =
        url.protocol === 'https:'
          ? https.request(url, { method, headers, agent: this.#secure, timeout: TIMEOUT }, answered)
          : http.request(url, { method, headers, agent: this.#plain, timeout: TIMEOUT }, answered);
      request.on('error', reject);
      request.on('timeout', () =>
        request.destroy(new Error(`${url.href} said nothing for ${TIMEOUT / 1000} seconds.`)),
      );
      request.end(body);
    });
  }

  close(): void {
    this.#plain.destroy();
    this.#secure.destroy();
  }
}

function collect(
  response: http.IncomingMessage,
  resolve: (answer: HttpAnswer) => void,
  reject: (error: Error) => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > LARGEST_ANSWER)
      response.destroy(new AgentError('HTTP_STATUS', `An answer is longer than ${LARGEST_ANSWER} bytes.`));
    chunks.push(chunk);
  });
  response.on('error', reject);
  response.on('aborted', () => reject(new Error('The connection was cut before the answer was whole.')));
  response.on('end', () =>
    resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
  );
}
