/** A line between two places that counts the bytes which come over it: a relay in the middle of TCP connections. */
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { portOf } from './port-of.ts';

const LOOPBACK = '127.0.0.1';

export interface CountedLine {
  /** Where it begins. */
  readonly port: number;
  /** That came from the far end so far. */
  readonly bytes: number;
  close(): Promise<void>;
}

/** @param port at the far end of the line, on loopback */
export async function openLine(port: number): Promise<CountedLine> {
  let bytes = 0;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect({ host: LOOPBACK, port });
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      // The other half says why; both end together.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    far.on('data', (chunk: Buffer) => (bytes += chunk.length));
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  return {
    port: portOf(server),
    get bytes() {
      return bytes;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
