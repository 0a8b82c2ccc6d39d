/** A TLS server that counts what it is sent, and the relay's pinned connections to it: for tests of trust. */
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { connect as netConnect } from 'node:net';
import type { Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { TlsOptions, Server as TlsServer } from 'node:tls';
import type { Revocation } from '../../config/schema.ts';
import { PinnedAgent } from '../../sync/trust/pinned-agent.ts';
import { PinnedConnector } from '../../sync/trust/pinned-connection.ts';
import type { TrustMemory } from '../../sync/trust/pinned-connection.ts';
import { TrustError } from '../../sync/trust/trust-error.ts';
import { makeCertificate, makeKey } from './certificates.ts';
import type { TestCertificate, TestCertificateOptions } from './certificates.ts';
import { portOf } from './port-of.ts';

export const HOST = 'localhost';
export const serverKey = makeKey();
export const root = makeCertificate({ subject: 'Test Root', isAuthority: true });
export const issuing = makeCertificate({ subject: 'Test Issuing', issuer: root, isAuthority: true });
export const otherRoot = makeCertificate({ subject: 'Corporate Inspection Root', isAuthority: true });

/** The right server's certificate, but for what is said. */
export const leaf = (options: Partial<TestCertificateOptions> = {}): TestCertificate =>
  makeCertificate({ subject: HOST, key: serverKey, issuer: issuing, names: [HOST], ...options });

const closers: (() => Promise<void> | void)[] = [];

/** Closes what the test opened; to be called after each. */
export async function closeAll(): Promise<void> {
  for (const close of closers.splice(0)) await close();
}

/** On loopback, until the test ends. */
export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => sockets.add(socket));
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return portOf(server);
}

export interface Listening {
  readonly port: number;
  readonly server: TlsServer;
  /** Application bytes that reached the server. */
  readonly received: () => number;
  /** Connections that were made, whatever became of them. */
  readonly connections: () => number;
  /** Of each connection whose handshake was finished: whether it took a session up again. */
  readonly resumed: boolean[];
}

export interface ServeOptions extends TlsOptions {
  /** The OCSP answer that goes with the certificate. */
  readonly staple?: () => Buffer;
}

/** A TLS server that answers anything with `ok` and counts what it was sent. */
export async function serve(
  chain: readonly TestCertificate[],
  { staple, ...options }: ServeOptions = {},
): Promise<Listening> {
  let received = 0;
  const resumed: boolean[] = [];
  const server = createTlsServer(
    { cert: chain.map(({ certificate }) => certificate).join(''), key: chain[0]?.key, ...options },
    (socket) => {
      resumed.push(socket.isSessionReused());
      socket.on('error', () => undefined);
      socket.on('data', (bytes: Buffer) => {
        received += bytes.length;
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      });
    },
  );
  if (staple !== undefined) {
    server.on('OCSPRequest', (_certificate, _issuer, answer) => answer(null, staple()));
  }
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  server.on('tlsClientError', () => undefined);
  const port = await listen(server);
  return { port, server, received: () => received, connections: () => connections, resumed };
}

export interface Trusting {
  readonly anchors?: readonly TestCertificate[];
  readonly pins?: readonly string[];
  readonly host?: string;
  readonly proxy?: URL;
  readonly timeout?: number;
  readonly now?: Date;
  readonly revocation?: Revocation;
  readonly revocationWithin?: number;
  readonly memory?: TrustMemory;
  readonly warn?: (message: string) => void;
}

/** Connections as the relay makes them. */
export const agentFor = (port: number, trusting: Trusting = {}): PinnedAgent =>
  new PinnedAgent(
    new PinnedConnector({
      host: trusting.host ?? HOST,
      port,
      trustAnchors: (trusting.anchors ?? [root]).map(({ certificate }) => certificate),
      pins: trusting.pins ?? [issuing.pin],
      revocation: trusting.revocation ?? 'prefer',
      timeout: trusting.timeout ?? 5000,
      now: () => trusting.now ?? new Date(),
      ...(trusting.proxy === undefined ? {} : { proxy: trusting.proxy }),
      ...(trusting.revocationWithin === undefined ? {} : { revocationWithin: trusting.revocationWithin }),
      ...(trusting.memory === undefined ? {} : { memory: trusting.memory }),
      ...(trusting.warn === undefined ? {} : { warn: trusting.warn }),
    }),
    2,
  );

/** Posts a request the way the conversation does, and gives the answer's body. */
export async function post(port: number, trusting: Trusting = {}): Promise<string> {
  const agent = agentFor(port, trusting);
  try {
    return await new Promise<string>((resolve, reject) => {
      const outgoing = request({ agent, host: HOST, port, method: 'POST', path: '/secret' }, (response) => {
        response.setEncoding('utf8').on('data', resolve).on('error', reject);
      });
      outgoing.on('error', reject).end('a request body');
    });
  } finally {
    agent.destroy();
  }
}

/**
 * Why the server is refused, once it is sure that no byte of the request reached it.
 *
 * @throws Error where it is not refused, or was sent something
 */
export async function refusal(server: Listening, trusting: Trusting = {}): Promise<TrustError> {
  const before = server.received();
  const error: unknown = await post(server.port, trusting).catch((reason: unknown) => reason);
  const later = netConnect(server.port, '127.0.0.1');
  await Promise.all([once(later, 'connect'), once(server.server, 'connection')]);
  later.destroy();
  if (server.received() !== before) throw new Error('bytes of the request reached the server');
  if (!(error instanceof TrustError)) throw new Error(`no TrustError but ${String(error)}`);
  return error;
}

export interface TestProxy {
  readonly url: URL;
  /** What tunnels were asked for to, and which addresses were fetched. */
  readonly asked: string[];
}

export interface TestProxyOptions {
  /** Sent instead of opening a tunnel. */
  readonly answer?: string;
  /** `user:password`, without which it answers 407. */
  readonly credentials?: string;
}

/** An HTTP proxy that opens tunnels to loopback, whatever the name, and fetches plain HTTP. */
export async function startProxy({ answer, credentials }: TestProxyOptions = {}): Promise<TestProxy> {
  const asked: string[] = [];
  const wanted =
    credentials === undefined ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`;
  const server = createServer((incoming, response) => {
    asked.push(incoming.url ?? '');
    if (wanted !== undefined && incoming.headers['proxy-authorization'] !== wanted) {
      response.writeHead(407).end();
      return;
    }
    const { host: _host, ...headers } = incoming.headers;
    const forwarded = request(incoming.url ?? '', { method: incoming.method, headers }, (answered) => {
      response.writeHead(answered.statusCode ?? 502);
      answered.pipe(response);
    });
    incoming.pipe(forwarded.on('error', () => response.destroy()));
  });
  server.on('connect', (incoming, client) => {
    asked.push(incoming.url ?? '');
    client.on('error', () => undefined);
    if (wanted !== undefined && incoming.headers['proxy-authorization'] !== wanted) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="x"\r\n\r\n');
      return;
    }
    if (answer !== undefined) {
      client.end(answer);
      return;
    }
    const target = netConnect(Number(/\d+$/.exec(incoming.url ?? '')?.[0]), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.pipe(client);
      client.pipe(target);
    });
    target.on('error', () => client.destroy());
    client.on('close', () => target.destroy());
  });
  return { url: new URL(`http://127.0.0.1:${await listen(server)}`), asked };
}

export interface TestAuthority {
  /** Of its OCSP responder and of its list. */
  readonly ocsp: string;
  readonly crl: string;
  /** Requests, by path. */
  readonly asked: string[];
  /** What is answered; undefined: status 503. Replaced by the test. */
  respond: (request: Buffer) => Buffer | undefined;
  list: () => Buffer | undefined;
}

/** An authority's plain HTTP server for revocation. */
export async function startAuthority(): Promise<TestAuthority> {
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { asked, list, respond } = authority;
      asked.push(`${incoming.method ?? ''} ${incoming.url ?? ''}`);
      const answer = incoming.url === '/list.crl' ? list() : respond(Buffer.concat(chunks));
      response.writeHead(answer === undefined ? 503 : 200).end(answer);
    });
  });
  const base = `http://127.0.0.1:${await listen(server)}`;
  const authority: TestAuthority = {
    ocsp: `${base}/ocsp`,
    crl: `${base}/list.crl`,
    asked: [],
    respond: () => undefined,
    list: () => undefined,
  };
  return authority;
}
