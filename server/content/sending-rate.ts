/** How fast content goes out: to all clients together, and to each address, so that one office leaves room for others. */
import { BoundedCache } from '../../catalog/bounded-cache.ts';
import { holderOf } from '../http/connection-limit.ts';
import type { Pace } from './content-sender.ts';

/** Milliseconds' worth of bytes that may go at once after a pause. */
const BURST = 1000;
/** Addresses that are remembered; beyond them the one that was quiet longest is forgotten. */
const ADDRESSES = 20_000;

export interface SendingRateOptions {
  /** Bytes a second to all together; 0 for no limit. */
  readonly total: number;
  /** Bytes a second to one address (of IPv6: to one /64); 0 for no limit. */
  readonly perAddress: number;
  /** Milliseconds that never run backwards. */
  readonly clock?: () => number;
}

export class SendingRate {
  readonly #options: Required<SendingRateOptions>;
  readonly #total: Allowance;
  readonly #addresses = new BoundedCache<Allowance>(ADDRESSES);

  constructor({ total, perAddress, clock = () => performance.now() }: SendingRateOptions) {
    this.#options = { total, perAddress, clock };
    this.#total = new Allowance(total);
  }

  /** Undefined where nothing limits it. */
  paceFor(address: string): Pace | undefined {
    const { total, perAddress, clock } = this.#options;
    if (total === 0 && perAddress === 0) return undefined;
    const holder = holderOf(address);
    const own = this.#addresses.get(holder) ?? new Allowance(perAddress);
    this.#addresses.set(holder, own);
    return {
      take: (bytes) => {
        const now = clock();
        return Math.max(own.take(bytes, now), this.#total.take(bytes, now));
      },
    };
  }
}

/** Bytes are reserved in the order in which they are asked for: each waits until those before it have gone. */
class Allowance {
  readonly #perSecond: number;
  /** Milliseconds of the clock at which all that was reserved has gone. */
  #usedUntil = Number.NEGATIVE_INFINITY;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** @returns milliseconds to wait */
  take(bytes: number, now: number): number {
    if (this.#perSecond === 0) return 0;
    const begins = Math.max(this.#usedUntil, now - BURST);
    this.#usedUntil = begins + (bytes / this.#perSecond) * 1000;
    return Math.max(0, this.#usedUntil - now);
  }
}
