/**
 * Stands between a downstream server and its upstream with a certificate that is valid in every respect but comes from
 * an authority of its own. Whatever gets through the handshake is passed on and written down.
 */
import { connect, createServer } from 'node:tls';
import type { Server } from 'node:tls';
import { makeAuthority, makeServerCertificate } from '../../server/pki/issue.ts';
import { portOf } from './port-of.ts';

export class ManInTheMiddle {
  /** PEM of its authority. */
  readonly authority: string;
  /** Connections tried. */
  connections = 0;
  /** Bytes of requests that were entrusted to it. */
  received = 0;
  readonly #server: Server;

  private constructor(authority: string, certificate: string, key: string, target: URL) {
    this.authority = authority;
    this.#server = createServer({ cert: certificate, key }, (client) => {
      const upstream = connect({
        host: target.hostname,
        port: Number(target.port),
        rejectUnauthorized: false,
      });
      client.on('data', (chunk: Buffer) => {
        this.received += chunk.length;
        upstream.write(chunk);
      });
      upstream.on('data', (chunk: Buffer) => client.write(chunk));
      client.on('close', () => upstream.destroy());
      upstream.on('close', () => client.destroy());
      // Either side may hang up at any time; that is the other side's news, not ours.
      client.on('error', () => upstream.destroy());
      upstream.on('error', () => client.destroy());
    });
    this.#server.on('connection', () => {
      this.connections += 1;
    });
    // A client that refuses the certificate.
    this.#server.on('tlsClientError', () => undefined);
  }

  /** @param target the upstream server that it pretends to be */
  static async start(target: URL): Promise<ManInTheMiddle> {
    const now = new Date();
    const authority = await makeAuthority('Example Inspection Authority', now);
    const own = await makeServerCertificate(['localhost', '127.0.0.1'], authority, now);
    const middle = new ManInTheMiddle(authority.certificate, own.certificate, own.key, target);
    await new Promise<void>((resolve) => middle.#server.listen(0, '127.0.0.1', resolve));
    return middle;
  }

  get url(): string {
    return `https://127.0.0.1:${portOf(this.#server)}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}
