import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { Server } from 'node:net';
import { createServer as createNetServer, connect as netConnect } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { TlsOptions } from 'node:tls';
import { portOf } from '../../scripts/testing/port-of.ts';
import { makeCertificate, makeKey } from '../../scripts/testing/certificates.ts';
import type { TestCertificate } from '../../scripts/testing/certificates.ts';
import { ConnectionError } from '../connection-error.ts';
import { pinOf } from '../../config/pin.ts';
import { PinnedAgent } from './pinned-agent.ts';
import { PinnedConnector } from './pinned-connection.ts';
import { TrustError } from './trust-error.ts';

const HOST = 'localhost';
const DAY = 86_400_000;
const serverKey = makeKey();
const root = makeCertificate({ subject: 'Test Root', isAuthority: true });
const issuing = makeCertificate({ subject: 'Test Issuing', issuer: root, isAuthority: true });
const otherRoot = makeCertificate({ subject: 'Corporate Inspection Root', isAuthority: true });

const leaf = (options: Partial<Parameters<typeof makeCertificate>[0]> = {}): TestCertificate =>
  makeCertificate({ subject: HOST, key: serverKey, issuer: issuing, names: [HOST], ...options });

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

interface Listening {
  readonly port: number;
  /** Application bytes that reached the server. */
  readonly received: () => number;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => sockets.add(socket));
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return portOf(server);
}

/** A TLS server that answers anything with an empty 200 and counts what it was sent. */
async function serve(chain: readonly TestCertificate[], options: TlsOptions = {}): Promise<Listening> {
  let received = 0;
  const server = createTlsServer(
    { cert: chain.map(({ certificate }) => certificate).join(''), key: chain[0]!.key, ...options },
    (socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (bytes) => {
        received += bytes.length;
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      });
    },
  );
  server.on('tlsClientError', () => undefined);
  return { port: await listen(server), received: () => received };
}

interface Trusting {
  readonly anchors?: readonly TestCertificate[];
  readonly pins?: readonly string[];
  readonly host?: string;
  readonly proxy?: URL;
  readonly timeout?: number;
  readonly now?: Date;
}

const agentFor = (port: number, trusting: Trusting = {}): PinnedAgent =>
  new PinnedAgent(
    new PinnedConnector({
      host: trusting.host ?? HOST,
      port,
      trustAnchors: (trusting.anchors ?? [root]).map(({ certificate }) => certificate),
      pins: trusting.pins ?? [issuing.pin],
      timeout: trusting.timeout ?? 5000,
      now: () => trusting.now ?? new Date(),
      ...(trusting.proxy === undefined ? {} : { proxy: trusting.proxy }),
    }),
    2,
  );

/** Posts a request the way the conversation does, and gives the answer's body. */
async function post(port: number, trusting: Trusting = {}): Promise<string> {
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

async function refusal(server: Listening, trusting: Trusting = {}): Promise<TrustError> {
  const error: unknown = await post(server.port, trusting).catch((reason: unknown) => reason);
  const later = netConnect(server.port, '127.0.0.1');
  await once(later, 'connect');
  later.destroy();
  expect(server.received()).toBe(0);
  if (!(error instanceof TrustError)) throw new Error(`no TrustError but ${String(error)}`);
  return error;
}

/** Opens tunnels to loopback, whatever the name. */
async function proxy(
  answer = 'HTTP/1.1 200 Connection established\r\n\r\n',
): Promise<{ url: URL; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer();
  server.on('connect', (incoming, client) => {
    asked.push(incoming.url ?? '');
    client.on('error', () => undefined);
    const target = netConnect(Number(/\d+$/.exec(incoming.url ?? '')![0]), '127.0.0.1', () => {
      client.write(answer);
      target.pipe(client);
      client.pipe(target);
    });
    target.on('error', () => client.destroy());
    client.on('close', () => target.destroy());
  });
  return { url: new URL(`http://127.0.0.1:${await listen(server)}`), asked };
}

describe('a server with the right certificate', () => {
  it('is spoken to when an intermediate issuer is pinned', async () => {
    const server = await serve([leaf(), issuing]);
    expect(await post(server.port)).toBe('ok');
    expect(server.received()).toBeGreaterThan(0);
  });

  it('is spoken to when the root is pinned, or one of several backup pins fits', async () => {
    const server = await serve([leaf(), issuing]);
    expect(await post(server.port, { pins: [root.pin] })).toBe('ok');
    expect(await post(server.port, { pins: [otherRoot.pin, issuing.pin] })).toBe('ok');
  });

  it('is spoken to by its address when the certificate names the address', async () => {
    const server = await serve([leaf({ names: [], addresses: ['127.0.0.1'] }), issuing]);
    expect(await post(server.port, { host: '127.0.0.1' })).toBe('ok');
  });

  it('is spoken to when an intermediate authority is the trust anchor', async () => {
    const server = await serve([leaf()]);
    expect(await post(server.port, { anchors: [issuing] })).toBe('ok');
  });
});

describe('before a byte of a request is sent, a server is refused and the check is named, when its certificate', () => {
  it('is expired', async () => {
    const expired = leaf({ validFrom: new Date(Date.now() - 9 * DAY), validTo: new Date(Date.now() - DAY) });
    const error = await refusal(await serve([expired, issuing]));
    expect(error.check).toBe('dates');
    expect(error.message).toMatch(/expired at/);
    expect(error.chain.map(({ subject }) => subject)).toEqual([
      'CN=localhost',
      'CN=Test Issuing',
      'CN=Test Root',
    ]);
  });

  it('is not valid yet', async () => {
    const early = leaf({ validFrom: new Date(Date.now() + DAY) });
    expect((await refusal(await serve([early, issuing]))).check).toBe('dates');
  });

  it('comes from an authority that is expired', async () => {
    const old = makeCertificate({
      ...issuing,
      issuer: root,
      isAuthority: true,
      validTo: new Date(Date.now() - 1000),
    });
    const error = await refusal(await serve([leaf({ issuer: old }), old]));
    expect(error.check).toBe('dates');
    expect(error.message).toMatch(/"Test Issuing"/);
  });

  it('is outside its dates by the clock of the relay, whatever the system says', async () => {
    const error = await refusal(await serve([leaf(), issuing]), { now: new Date(Date.now() + 400 * DAY) });
    expect(error.check).toBe('dates');
  });

  it('is for another server', async () => {
    const error = await refusal(await serve([leaf({ names: ['elsewhere.example'] }), issuing]));
    expect(error.check).toBe('name');
    expect(error.message).toMatch(/elsewhere\.example/);
  });

  it('names the server in its common name only', async () => {
    const error = await refusal(await serve([leaf({ names: [] }), issuing]));
    expect(error.check).toBe('name');
    expect(error.message).toMatch(/no subject alternative name/);
  });

  it('names the host while the address was asked for', async () => {
    expect((await refusal(await serve([leaf(), issuing]), { host: '127.0.0.1' })).check).toBe('name');
  });

  it('leads to a root that is not trusted', async () => {
    const error = await refusal(await serve([leaf(), issuing]), { anchors: [otherRoot] });
    expect(error.check).toBe('chain');
    expect(error.message).toMatch(/TLS interception/);
    expect(error.message).toMatch(/"Test Root"/);
  });

  it('is self-signed', async () => {
    const lone = makeCertificate({ subject: HOST, names: [HOST] });
    const error = await refusal(await serve([lone]), { pins: [lone.pin] });
    expect(error.check).toBe('chain');
    expect(error.message).toMatch(/self-signed/);
  });

  it('is self-signed and made a trust anchor, since then nothing issued it', async () => {
    const lone = makeCertificate({ subject: HOST, names: [HOST] });
    expect((await refusal(await serve([lone]), { anchors: [lone], pins: [lone.pin] })).check).toBe('pin');
  });

  it('leads to the right root, none of whose keys is pinned', async () => {
    const error = await refusal(await serve([leaf(), issuing]), { pins: [otherRoot.pin] });
    expect(error.check).toBe('pin');
    expect(error.chain.map(({ pin }) => pin)).toEqual([leaf().pin, issuing.pin, root.pin]);
  });

  it('is itself what is pinned', async () => {
    const error = await refusal(await serve([leaf(), issuing]), { pins: [leaf().pin] });
    expect(error.check).toBe('pin');
    expect(error.message).toMatch(/Pin an issuer/);
  });

  it('is a valid one of another trusted authority: a man in the middle', async () => {
    const forged = leaf({ issuer: otherRoot });
    const error = await refusal(await serve([forged]), { anchors: [root, otherRoot] });
    expect(error.check).toBe('pin');
    expect(error.message).toMatch(/issued by "Corporate Inspection Root"/);
    expect(error.message).toMatch(/TLS interception/);
    expect(error.chain.at(-1)).toMatchObject({ subject: 'CN=Corporate Inspection Root', pin: otherRoot.pin });
  });

  it('comes with the pinned certificate, which did not sign it', async () => {
    const forged = leaf({ issuer: otherRoot });
    const error = await refusal(await serve([forged, issuing]), { anchors: [root, otherRoot] });
    expect(error.check).toBe('pin');
  });

  it('was signed by another authority that took the name of the pinned one', async () => {
    const impostor = makeCertificate({ subject: issuing.subject, issuer: otherRoot, isAuthority: true });
    const forged = leaf({ issuer: impostor });
    for (const sent of [
      [forged, impostor],
      [forged, issuing, impostor],
      [forged, impostor, issuing],
    ]) {
      const error = await refusal(await serve(sent), { anchors: [root, otherRoot] });
      expect(['pin', 'chain']).toContain(error.check);
    }
  });

  it('is made for clients only', async () => {
    expect((await refusal(await serve([leaf({ usages: ['clientAuth'] }), issuing]))).check).toBe('usage');
  });

  it('says nothing of its extended usage', async () => {
    expect((await refusal(await serve([leaf({ usages: [] }), issuing]))).check).toBe('usage');
  });

  it('was signed by a certificate that is no authority', async () => {
    const notAuthority = makeCertificate({
      subject: 'Some Server',
      issuer: issuing,
      names: ['some.example'],
    });
    const server = await serve([leaf({ issuer: notAuthority }), notAuthority, issuing]);
    expect(['usage', 'chain']).toContain((await refusal(server)).check);
  });

  it('was signed by an authority whose key usage does not allow signing certificates', async () => {
    const clerk = makeCertificate({ subject: 'Clerk', issuer: root, isAuthority: true, maySign: false });
    const server = await serve([leaf({ issuer: clerk }), clerk]);
    const { check } = await refusal(server, { pins: [root.pin] });
    expect(['usage', 'chain']).toContain(check);
  });

  it('comes from an authority deeper down than the one above it allows, which OpenSSL finds', async () => {
    const narrow = makeCertificate({ subject: 'Narrow', issuer: root, isAuthority: true, pathLength: 0 });
    const deeper = makeCertificate({ subject: 'Deeper', issuer: narrow, isAuthority: true });
    const server = await serve([leaf({ issuer: deeper }), deeper, narrow]);
    const error = await refusal(server, { pins: [root.pin] });
    expect(error.check).toBe('chain');
    expect(error.message).toContain('refused by the TLS library');
  });

  it('is signed with SHA-1', async () => {
    const server = await serve([leaf({ digest: 'sha1' }), issuing], { ciphers: 'DEFAULT@SECLEVEL=0' });
    expect((await refusal(server)).check).toBe('strength');
  });

  it('has a key of 1024 bits', async () => {
    const server = await serve([leaf({ key: makeKey(1024) }), issuing], { ciphers: 'DEFAULT@SECLEVEL=0' });
    expect(['strength', 'protocol']).toContain((await refusal(server)).check);
  });

  it('is shown under a TLS version older than 1.2', async () => {
    const server = await serve([leaf(), issuing], {
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    expect((await refusal(server)).check).toBe('protocol');
  });
});

describe('a second connection', () => {
  it('is checked as the first was, and no session of the first stands in for it', async () => {
    const good = leaf();
    const bad = leaf({ issuer: otherRoot });
    const server = createTlsServer(
      { cert: good.certificate + issuing.certificate, key: good.key },
      (socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () =>
          socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok'),
        );
      },
    );
    const port = await listen(server);
    const agent = agentFor(port, { anchors: [root, otherRoot] });
    closers.push(() => Promise.resolve(agent.destroy()));
    const ask = (): Promise<string> =>
      new Promise((resolve, reject) => {
        request({ agent, host: HOST, port }, (response) => {
          response.setEncoding('utf8').on('data', resolve).on('error', reject);
        })
          .on('error', reject)
          .end();
      });
    expect(await ask()).toBe('ok');
    server.setSecureContext({ cert: bad.certificate, key: bad.key });
    await expect(ask()).rejects.toMatchObject({ code: 'UPSTREAM_NOT_TRUSTED', check: 'pin' });
  });
});

describe('through an HTTP proxy', () => {
  it('the right server is spoken to', async () => {
    const { url, asked } = await proxy();
    const server = await serve([leaf(), issuing]);
    expect(await post(server.port, { proxy: url })).toBe('ok');
    expect(asked).toEqual([`localhost:${server.port}`]);
  });

  it('every check is kept: a proxy that inspects TLS is refused and named', async () => {
    const { url } = await proxy();
    const error = await refusal(await serve([leaf({ issuer: otherRoot })]), {
      anchors: [root, otherRoot],
      proxy: url,
    });
    expect(error.check).toBe('pin');
    expect(error.message).toMatch(/Corporate Inspection Root/);
  });

  it('a refusal of the proxy is told apart from one of the server', async () => {
    const { url } = await proxy('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    const server = await serve([leaf(), issuing]);
    await expect(post(server.port, { proxy: url })).rejects.toMatchObject({
      check: 'proxy',
      message: expect.stringMatching(/407/),
    });
  });
});

describe('a server that', () => {
  it('never answers the handshake counts as dead after the configured silence', async () => {
    const port = await listen(createNetServer(() => undefined));
    await expect(post(port, { timeout: 100 })).rejects.toMatchObject({ check: 'timeout' });
  });

  it('does not listen is named as not reached', async () => {
    const port = await listen(createNetServer());
    for (const close of closers.splice(0)) await close();
    await expect(post(port)).rejects.toBeInstanceOf(ConnectionError);
  });

  it('closes the connection in the handshake is named as not reached', async () => {
    const port = await listen(createNetServer((socket) => socket.end()));
    await expect(post(port)).rejects.toMatchObject({ check: 'connect' });
  });
});

it('a pin is the SHA-256 of the public key, as OpenSSL and RFC 7469 compute it', () => {
  expect(pinOf(new X509Certificate(root.certificate))).toBe(root.pin);
});
