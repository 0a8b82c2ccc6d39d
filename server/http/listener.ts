/** One listening socket: its TLS, its timeouts against slow peers, its errors said in the administrator's words. */
import http from 'node:http';
import type { RequestListener } from 'node:http';
import https from 'node:https';
import { codeOf, reasonOf } from '../../config/error-facts.ts';
import type { Endpoint } from '../../config/schema.ts';
import type { CertificateAndKey } from '../pki/issue.ts';
import type { ConnectionLimit } from './connection-limit.ts';

/** Milliseconds. */
export interface ListenerTimeouts {
  /** From the first byte of a request to the last of its header. */
  readonly headers: number;
  /** From the first byte of a request to the last of its body. */
  readonly request: number;
  /** Between requests on one connection. */
  readonly keepAlive: number;
  /** Without any byte in or out while a request is under way; a peer that reads nothing of a download. */
  readonly idle: number;
  /** How often connections are looked at. */
  readonly check: number;
}

const DEFAULT_TIMEOUTS: ListenerTimeouts = {
  headers: 20_000,
  request: 120_000,
  keepAlive: 65_000,
  idle: 120_000,
  check: 5_000,
};

export class ListenError extends Error {
  readonly code = 'LISTEN_FAILED';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ListenError';
  }
}

export interface Listener {
  readonly address: string;
  readonly port: number;
  /** Serves connections to come with another certificate. */
  useCertificate(certificate: CertificateAndKey): void;
  /** Takes no more connections; settles when every request under way is answered, or cut off after `grace` milliseconds. */
  close(grace: number): Promise<void>;
}

export interface ListenOptions {
  readonly endpoint: Endpoint;
  /** The configuration's key path, for messages. */
  readonly key: string;
  /** For https. */
  readonly certificate?: CertificateAndKey;
  readonly handler: RequestListener;
  readonly timeouts?: ListenerTimeouts;
  /** Shared by the sockets of a process. Default: none. */
  readonly connections?: ConnectionLimit;
}

/** @throws ListenError with the key path and the address */
export async function listen(options: ListenOptions): Promise<Listener> {
  const { endpoint, key, timeouts = DEFAULT_TIMEOUTS } = options;
  const server = createServer(options, timeouts);
  server.keepAliveTimeout = timeouts.keepAlive;
  server.timeout = timeouts.idle;
  options.connections?.watch(server);
  await start(server, endpoint, key);
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new ListenError(`${key} is bound to no port.`);
  return {
    address: bound.address,
    port: bound.port,
    useCertificate: (certificate) => {
      if (server instanceof https.Server) server.setSecureContext(secureContext(endpoint, certificate));
    },
    close: async (grace) => {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      server.closeIdleConnections();
      const cutOff = setTimeout(() => server.closeAllConnections(), grace);
      await closed;
      clearTimeout(cutOff);
    },
  };
}

function createServer(options: ListenOptions, timeouts: ListenerTimeouts): http.Server | https.Server {
  const common = {
    headersTimeout: timeouts.headers,
    requestTimeout: timeouts.request,
    connectionsCheckingInterval: timeouts.check,
  };
  if (options.endpoint.protocol === 'http') return http.createServer(common, options.handler);
  if (options.certificate === undefined)
    throw new ListenError(`${options.key} is https and has no certificate.`);
  return https.createServer(
    {
      ...common,
      ...secureContext(options.endpoint, options.certificate),
      handshakeTimeout: timeouts.headers,
    },
    options.handler,
  );
}

const secureContext = (endpoint: Endpoint, { certificate, key }: CertificateAndKey) => ({
  cert: certificate,
  key,
  minVersion: endpoint.minimumTls,
});

async function start(server: http.Server | https.Server, endpoint: Endpoint, key: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ host: endpoint.address, port: endpoint.port }, resolve);
  try {
    await promise;
  } catch (error) {
    throw new ListenError(explain(error, endpoint, key), { cause: error });
  } finally {
    server.off('error', reject);
  }
}

function explain(error: unknown, { address, port }: Endpoint, key: string): string {
  const where = `${key}: cannot listen on ${address} port ${port}`;
  switch (codeOf(error) ?? '') {
    case 'EADDRINUSE':
      return `${where}, because another program does already. Stop it, or choose another port under ${key}.port.`;
    case 'EACCES':
      return `${where}, because this account may not. Choose a port above 1023 under ${key}.port, or allow the account low ports.`;
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'ENOTFOUND':
      return `${where}, because this machine does not have that address. Give one of its own under ${key}.address; 0.0.0.0 is every IPv4 address, :: every address.`;
    default:
      return `${where} (${reasonOf(error)}).`;
  }
}
