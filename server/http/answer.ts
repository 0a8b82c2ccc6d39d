/** Answers that tell nothing but their status: all that an update listener shows to who is not an update client. */
import { hostAndPort } from '../../config/host-and-port.ts';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** Sends the status alone, without a body. */
export function answerBare(
  response: ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders = {},
): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { 'Content-Length': 0, ...headers });
  response.end();
}

/** The peer's address, IPv4 in its own form where the socket speaks both (`::ffff:10.0.0.1` is `10.0.0.1`). */
export const addressOf = (request: IncomingMessage): string =>
  plainAddress(request.socket.remoteAddress ?? '');

/** IPv4 in its own form. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
}

const HOST = /^(?:[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?\.?|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

/**
 * Host and port by which the peer calls us. HTTP/1.0 may leave it out (RFC 9112 3.2); then it is the socket's address.
 *
 * @returns undefined where the header is not a host with an optional port
 */
export function hostOf(request: IncomingMessage): string | undefined {
  const { host } = request.headers;
  if (host === undefined) {
    const { localAddress = 'localhost', localPort = 0 } = request.socket;
    return hostAndPort(localAddress, localPort);
  }
  return HOST.test(host) ? host : undefined;
}
