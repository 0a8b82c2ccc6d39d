/** A tunnel through an HTTP proxy (RFC 9110 9.3.6): bytes pass it as they are, so TLS is end to end behind it. */
import { addressOfUrl, hostAndPort } from '../../config/host-and-port.ts';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { boundHead } from '../answer-head.ts';
import { ConnectionError, connectionError } from '../connection-error.ts';

export interface TunnelOptions {
  readonly proxy: URL;
  readonly host: string;
  readonly port: number;
  /** Milliseconds without a byte, and for all of the answer. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/** @throws ConnectionError */
export function openTunnel({ proxy, host, port, timeout, signal }: TunnelOptions): Promise<Duplex> {
  const authority = hostAndPort(host, port);
  return new Promise((resolve, reject) => {
    const outgoing = request({
      ...addressOfUrl(proxy),
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...proxyAuthorization(proxy) },
      agent: false,
      signal,
      timeout,
    });
    const refuse = (reason: string): void =>
      reject(
        new ConnectionError(
          'proxy',
          `The proxy ${proxy.host} did not open a tunnel to ${authority}: ${reason}.`,
        ),
      );
    outgoing.once('connect', (response, socket: Socket, early) => {
      if (response.statusCode === 200 && early.length === 0) {
        socket.setTimeout(0);
        resolve(socket);
        return;
      }
      socket.destroy();
      refuse(
        response.statusCode === 200
          ? 'it spoke before it was spoken to'
          : `it answered ${response.statusCode ?? 'nothing'} ${response.statusMessage ?? ''}`.trimEnd() +
              adviceFor(response, proxy),
      );
    });
    outgoing.once('response', (response) => {
      response.destroy();
      refuse(`it answered ${response.statusCode ?? 'nothing'} without one`);
    });
    outgoing.once('timeout', () => {
      outgoing.destroy(
        new ConnectionError('timeout', `The proxy ${proxy.host} said nothing for ${timeout} ms.`),
      );
    });
    boundHead(outgoing, { host: `The proxy ${proxy.host}`, within: timeout });
    outgoing.once('error', (error) => reject(signal.aborted ? error : connectionError(proxy.host, error)));
    outgoing.end();
  });
}

/** The header that a proxy wants which knows its users by name and password (RFC 7617), where the URL has them. */
export function proxyAuthorization({ username, password }: URL): Record<string, string> {
  if (username === '') return {};
  const credentials = `${plain(username)}:${plain(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
}

/** Percent-decoded; a percent sign that escapes nothing stands for itself, as in the URL standard. */
function plain(escaped: string): string {
  return escaped.replace(/(?:%[\da-f]{2})+/gi, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}

/** What to do about the proxy's answer, where it is known. */
function adviceFor({ statusCode, headers }: IncomingMessage, { username }: URL): string {
  if (statusCode === 403) return '; have it allow this address';
  if (statusCode !== 407) return '';
  const wanted = headers['proxy-authenticate'] ?? '';
  if (wanted !== '' && !/\bbasic\b/i.test(wanted))
    return '; it takes no name and password (Basic), which is all that this relay can give: have it let this relay through';
  return username === ''
    ? '; it asks for a user name and password: upstream.proxy: http://user:password@host:port'
    : '; it does not accept the user name and password of upstream.proxy';
}
