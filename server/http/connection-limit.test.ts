import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { Endpoint } from '../../config/schema.ts';
import { loggedLines } from '../../scripts/testing/logged-lines.ts';
import { makeAuthority, makeServerCertificate } from '../pki/issue.ts';
import { ConnectionLimit, holderOf } from './connection-limit.ts';
import { listen } from './listener.ts';
import type { Listener } from './listener.ts';

const { log, lines } = loggedLines('debug');
const listeners: Listener[] = [];
const sockets: net.Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(listeners.splice(0).map((listener) => listener.close(0)));
  lines.length = 0;
});

const start = async (
  connections: ConnectionLimit,
  certificate?: Parameters<typeof listen>[0]['certificate'],
) => {
  const listener = await listen({
    endpoint: Endpoint.parse({
      address: '127.0.0.1',
      port: 0,
      protocol: certificate === undefined ? 'http' : 'https',
    }),
    key: 'listeners.client.0',
    handler: (_request, response) => void response.end('ok'),
    connections,
    ...(certificate === undefined ? {} : { certificate }),
  });
  listeners.push(listener);
  return listener.port;
};

/** What a request over a new connection brings; the connection stays open. Empty where it was closed. */
const ask = async (port: number, localAddress = '127.0.0.1'): Promise<string> => {
  const socket = net.connect({ port, host: '127.0.0.1', localAddress });
  sockets.push(socket);
  socket.on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\nHost: relay\r\n\r\n');
  return await new Promise((resolve) => {
    socket.once('data', (chunk: Buffer) => resolve(chunk.toString('latin1', 0, 15)));
    socket.once('close', () => resolve(''));
  });
};

const OK = 'HTTP/1.1 200 OK';

describe('Connections of one address', () => {
  it('are closed where they are too many, over all sockets together, and taken again when others ended', async () => {
    const limit = new ConnectionLimit(3, log);
    const [one, two] = [await start(limit), await start(limit)];
    expect([await ask(one), await ask(two), await ask(one)]).toEqual([OK, OK, OK]);
    expect([await ask(one), await ask(two)]).toEqual(['', '']);
    expect(await ask(one, '127.0.0.2')).toBe(OK);
    const ended = sockets[0];
    if (ended === undefined) throw new Error('no socket');
    ended.destroy();
    await once(ended, 'close');
    let again = '';
    for (let tries = 0; again === '' && tries < 100; tries++) again = await ask(two);
    expect(again).toBe(OK);
  });

  it('are told of once, with the address and the key', async () => {
    const port = await start(new ConnectionLimit(1, log));
    await ask(port);
    for (let count = 0; count < 5; count++) await ask(port);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/limits\.connectionsPerAddress.*127\.0\.0\.1/);
  });

  it('are closed before TLS is spoken', async () => {
    const authority = await makeAuthority('Test', new Date());
    const port = await start(
      new ConnectionLimit(1),
      await makeServerCertificate(['localhost'], authority, new Date()),
    );
    sockets.push(net.connect(port, '127.0.0.1'));
    await once(sockets.at(-1) ?? new net.Socket(), 'connect');
    const socket = tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    sockets.push(socket);
    const reached = await new Promise((resolve) => {
      socket.once('secureConnect', () => resolve('spoken'));
      socket.on('error', () => resolve('closed'));
    });
    expect(reached).toBe('closed');
  });

  it('are not counted where there is no limit, and nothing is remembered of who left', async () => {
    const limit = new ConnectionLimit(0);
    const port = await start(limit);
    for (let count = 0; count < 20; count++) expect(await ask(port)).toBe(OK);
    expect(limit.size).toBe(1);
    for (const socket of sockets.splice(0)) socket.destroy();
    while (limit.size > 0) await new Promise((resolve) => setImmediate(resolve));
  });
});

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['2001:db8:0:1:ffff::7', '2001:db8:0:1::/64'],
  ['2001:db8:0:1::', '2001:db8:0:1::/64'],
  ['2001:0DB8:0:1:2:3:4:5', '2001:db8:0:1::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('%s counts as %s', (address, holder) => {
  expect(holderOf(address)).toBe(holder);
});
