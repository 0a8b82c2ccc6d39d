/** How many connections one address may have open at a time: each costs memory and a file, whatever it asks or does not. */
import type { Server, Socket } from 'node:net';
import type { Logger } from '../../config/logging.ts';
import { plainAddress } from './answer.ts';

/** Milliseconds between two lines in the log. */
const QUIET = 60_000;

export class ConnectionLimit {
  readonly #most: number;
  readonly #log: Logger | undefined;
  readonly #clock: () => number;
  readonly #open = new Map<string, number>();
  #toldAt = Number.NEGATIVE_INFINITY;

  /**
   * @param most of one address; 0 for no limit
   * @param clock milliseconds that never run backwards
   */
  constructor(most: number, log?: Logger, clock: () => number = () => performance.now()) {
    this.#most = most;
    this.#log = log;
    this.#clock = clock;
  }

  /** Closes each connection to the server that is one too many, before a byte of it is read; several servers may share. */
  watch(server: Server): void {
    server.prependListener('connection', (socket: Socket) => this.#admit(socket));
  }

  /** Addresses that have any open. */
  get size(): number {
    return this.#open.size;
  }

  #admit(socket: Socket): void {
    const { remoteAddress } = socket;
    // It has left already.
    if (remoteAddress === undefined) {
      socket.destroy();
      return;
    }
    const whose = holderOf(plainAddress(remoteAddress));
    const open = this.#open.get(whose) ?? 0;
    if (this.#most !== 0 && open >= this.#most) {
      socket.destroy();
      this.#tell(whose);
      return;
    }
    this.#open.set(whose, open + 1);
    socket.once('close', () => {
      const left = (this.#open.get(whose) ?? 1) - 1;
      if (left === 0) this.#open.delete(whose);
      else this.#open.set(whose, left);
    });
  }

  #tell(whose: string): void {
    const now = this.#clock();
    if (now - this.#toldAt < QUIET) return;
    this.#toldAt = now;
    this.#log?.warn(
      `An address has as many connections open as one may, so others of it are closed. Where many computers come from there, raise limits.connectionsPerAddress.`,
      { remoteAddress: whose, most: this.#most },
    );
  }
}

/** Who holds an IPv6 address holds the /64 around it, so that counts as one (RFC 6177). */
export function holderOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: gap }, () => '0'), ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
