import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { portOf } from '../../scripts/testing/port-of.ts';
import { trustContext } from './pinned-connection.ts';
import { handshake } from './handshake.ts';
import { openTunnel } from './proxy-tunnel.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** A server that says something and goes on saying more, so that it is never silent. */
async function pouring(first: string | Buffer, more: string): Promise<number> {
  const server = createServer((socket: Socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write(first);
      const again = setInterval(() => socket.write(more), 10);
      socket.once('close', () => clearInterval(again));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  return portOf(server);
}

const tunnelThrough = async (port: number): Promise<unknown> =>
  await openTunnel({
    proxy: new URL(`http://127.0.0.1:${port}`),
    host: 'upstream.example',
    port: 443,
    timeout: 500,
    signal: new AbortController().signal,
  });

it('a proxy whose answer comes a byte at a time is given up as if it said nothing', async () => {
  const port = await pouring('HTTP/1.1 200 OK\r\nx-a: ', 'a');
  await expect(tunnelThrough(port)).rejects.toMatchObject({
    check: 'timeout',
    message: expect.stringMatching(/^The proxy .* did not come to the end of its headers/),
  });
});

it('a server that sets up TLS a byte at a time is given up', async () => {
  // The head of a record of the handshake, sixteen thousand bytes long.
  const port = await pouring(Buffer.from('16030340000200', 'hex'), '.');
  await expect(
    handshake({
      host: '127.0.0.1',
      port,
      timeout: 200,
      context: trustContext([]),
      staple: false,
      signal: new AbortController().signal,
    }),
  ).rejects.toMatchObject({ check: 'timeout' });
});
