import type { RequestListener } from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { once } from 'node:events';
import { Endpoint } from '../../config/schema.ts';
import { makeAuthority, makeServerCertificate } from '../pki/issue.ts';
import type { CertificateAndKey } from '../pki/issue.ts';
import { listen } from './listener.ts';
import type { Listener, ListenerTimeouts } from './listener.ts';

const open: Listener[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((listener) => listener.close(0)));
});

const start = async (
  endpoint: Partial<Endpoint>,
  options: { handler?: RequestListener; certificate?: CertificateAndKey; timeouts?: ListenerTimeouts } = {},
): Promise<Listener> => {
  const listener = await listen({
    endpoint: Endpoint.parse({ address: '127.0.0.1', port: 0, protocol: 'http', ...endpoint }),
    key: 'listeners.client.0',
    handler: (request, response) => void request.resume().on('end', () => response.end('ok')),
    ...options,
  });
  open.push(listener);
  return listener;
};

/** Sends bytes and gives back everything that comes until the connection ends. */
const exchange = async (port: number, send: (socket: net.Socket) => void): Promise<string> => {
  const socket = net.connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => {});
  await once(socket, 'connect');
  // Not `once(socket, 'close')`, which a reset connection rejects: being cut off is what is asked about.
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  send(socket);
  await closed;
  return Buffer.concat(chunks).toString();
};

const BRISK: ListenerTimeouts = { headers: 150, request: 300, keepAlive: 200, idle: 400, check: 50 };

describe('A listener', () => {
  it('says which key and which other program is in the way when its port is taken', async () => {
    const { port } = await start({});
    await expect(start({ port })).rejects.toMatchObject({
      code: 'LISTEN_FAILED',
      message: expect.stringMatching(
        new RegExp(
          `listeners\\.client\\.0: cannot listen on 127\\.0\\.0\\.1 port ${port}, because another program`,
        ),
      ),
    });
  });

  it('says when the machine does not have the address', async () => {
    await expect(start({ address: '192.0.2.1' })).rejects.toMatchObject({
      code: 'LISTEN_FAILED',
      message: expect.stringMatching(/does not have that address.*listeners\.client\.0\.address/),
    });
  });

  it('cuts off who does not finish the header of a request', async () => {
    const { port } = await start({}, { timeouts: BRISK });
    const answer = await exchange(port, (socket) => socket.write('GET / HTTP/1.1\r\nHost: a\r\n'));
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('cuts off who trickles the body of a request', async () => {
    const { port } = await start({}, { timeouts: BRISK });
    let trickle: NodeJS.Timeout | undefined;
    const answer = await exchange(port, (socket) => {
      socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n');
      trickle = setInterval(() => socket.write('x'), 20);
    });
    clearInterval(trickle);
    expect(answer).not.toContain('ok');
  });

  it('cuts off who asks for much and reads nothing', async () => {
    let wasCutOff: (value: boolean) => void;
    const cutOff = new Promise<boolean>((resolve) => (wasCutOff = resolve));
    const { port } = await start(
      {},
      {
        timeouts: BRISK,
        handler: (_request, response) => {
          response.on('close', () => wasCutOff(!response.writableFinished));
          response.end(Buffer.alloc(64 * 1024 * 1024));
        },
      },
    );
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.pause();
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await expect(cutOff).resolves.toBe(true);
    socket.destroy();
  });

  it('refuses what is no HTTP with a bare 400', async () => {
    const { port } = await start({});
    const answer = await exchange(port, (socket) => socket.write('\x16\x03\x01 hello\r\n\r\n'));
    expect(answer).toBe('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  });

  it('finishes the request under way when it closes, and takes no more', async () => {
    const gate = Promise.withResolvers<void>();
    const listener = await start(
      {},
      { handler: (_request, response) => void gate.promise.then(() => response.end('finished')) },
    );
    const answer = exchange(listener.port, (socket) =>
      socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'),
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    const closed = listener.close(5_000);
    gate.resolve();
    await closed;
    await expect(answer).resolves.toContain('finished');
    await expect(exchange(listener.port, () => {})).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('A listener with TLS', () => {
  let authority: CertificateAndKey;
  let certificate: CertificateAndKey;

  beforeAll(async () => {
    authority = await makeAuthority('test', new Date());
    certificate = await makeServerCertificate(['localhost'], authority, new Date());
  });

  const handshake = async (port: number, maxVersion: tls.SecureVersion): Promise<string | null> => {
    const socket = tls.connect({
      port,
      host: '127.0.0.1',
      servername: 'localhost',
      ca: authority.certificate,
      minVersion: 'TLSv1',
      maxVersion,
      // Security level 0 is what a client needs to offer TLS 1.1 at all.
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    try {
      await once(socket, 'secureConnect');
      return socket.getProtocol();
    } finally {
      socket.destroy();
    }
  };

  it('speaks TLS 1.2 and 1.3 and refuses what is older', async () => {
    const { port } = await start({ protocol: 'https' }, { certificate });
    await expect(handshake(port, 'TLSv1.3')).resolves.toBe('TLSv1.3');
    await expect(handshake(port, 'TLSv1.2')).resolves.toBe('TLSv1.2');
    await expect(handshake(port, 'TLSv1.1')).rejects.toMatchObject({
      code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    });
    await expect(handshake(port, 'TLSv1')).rejects.toMatchObject({
      code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    });
  });

  it('refuses TLS 1.2 where it is configured to', async () => {
    const { port } = await start({ protocol: 'https', minimumTls: 'TLSv1.3' }, { certificate });
    await expect(handshake(port, 'TLSv1.3')).resolves.toBe('TLSv1.3');
    await expect(handshake(port, 'TLSv1.2')).rejects.toMatchObject({
      code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    });
  });

  it('presents a renewed certificate without a restart', async () => {
    const listener = await start({ protocol: 'https' }, { certificate });
    const serialNumber = async (): Promise<string> => {
      const socket = tls.connect({ port: listener.port, servername: 'localhost', ca: authority.certificate });
      await once(socket, 'secureConnect');
      const serial = socket.getPeerCertificate().serialNumber;
      socket.destroy();
      return serial;
    };
    const before = await serialNumber();
    listener.useCertificate(await makeServerCertificate(['localhost'], authority, new Date()));
    await expect(serialNumber()).resolves.not.toBe(before);
  });

  it('answers requests of a client that trusts its authority', async () => {
    const { port } = await start({ protocol: 'https' }, { certificate });
    const response = await new Promise<number | undefined>((resolve, reject) => {
      const url = `https://localhost:${port}/`;
      const agent = new https.Agent({ ca: authority.certificate });
      https
        .get(url, { agent, family: 4 }, (message) => {
          message.resume();
          resolve(message.statusCode);
        })
        .on('error', reject);
    });
    expect(response).toBe(200);
  });
});
