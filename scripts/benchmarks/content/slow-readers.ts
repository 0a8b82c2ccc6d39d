/** Downloads by many at once that each read a little at a time, as computers on thin lines do. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { LOOPBACK } from '../../demo/ports.ts';

/** Bytes that each takes at a time, and how often, in milliseconds. */
const SIP_BYTES = 16_384;
const PAUSE = 200;
/** Milliseconds until the server has given each as much as its socket takes. */
const SETTLING = 2000;

export class SlowReaders {
  readonly #sockets: readonly Socket[];
  readonly #beat: NodeJS.Timeout;

  private constructor(sockets: readonly Socket[]) {
    this.#sockets = sockets;
    this.#beat = setInterval(() => {
      for (const socket of sockets) socket.read(SIP_BYTES);
    }, PAUSE);
  }

  /** Settles when each has received the beginning of the file. */
  static async start(port: number, url: string, count: number): Promise<SlowReaders> {
    const sockets: Socket[] = [];
    for (let index = 0; index < count; index += 1) {
      const socket = connect({ host: LOOPBACK, port });
      socket.on('error', () => undefined);
      // With a listener, and without one for data, nothing is read until it is asked for.
      socket.on('readable', () => undefined);
      await once(socket, 'connect');
      socket.write(`GET ${url} HTTP/1.1\r\nHost: ${LOOPBACK}\r\n\r\n`);
      sockets.push(socket);
    }
    for (const socket of sockets) if (socket.readableLength === 0) await once(socket, 'readable');
    await delay(SETTLING);
    return new SlowReaders(sockets);
  }

  /** Those that the server has not given up. */
  get open(): number {
    return this.#sockets.filter(({ destroyed, readableEnded }) => !destroyed && !readableEnded).length;
  }

  stop(): void {
    clearInterval(this.#beat);
    for (const socket of this.#sockets) socket.destroy();
  }
}
