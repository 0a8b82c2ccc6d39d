/** A token bucket for each address, in a map that cannot grow without bound. */
import { BoundedCache } from '../../catalog/bounded-cache.ts';

/** Seconds' worth of requests that an address may send at once after being quiet. */
const BURST_SECONDS = 5;
/** Addresses that are remembered; beyond them the one that was quiet longest is forgotten. */
const DEFAULT_ADDRESSES = 20_000;

interface Bucket {
  tokens: number;
  /** Milliseconds of the clock. */
  filledAt: number;
}

export class RateLimit {
  readonly #perSecond: number;
  readonly #capacity: number;
  readonly #clock: () => number;
  readonly #buckets: BoundedCache<Bucket>;

  /**
   * @param perSecond requests a second in the long run; 0 for no limit
   * @param clock milliseconds that never run backwards
   */
  constructor(
    perSecond: number,
    clock: () => number = () => performance.now(),
    maximumAddresses = DEFAULT_ADDRESSES,
  ) {
    this.#perSecond = perSecond;
    this.#capacity = perSecond * BURST_SECONDS;
    this.#clock = clock;
    this.#buckets = new BoundedCache(maximumAddresses);
  }

  /**
   * Takes one request from the address's allowance.
   *
   * @returns 0 where it may pass, else the whole seconds after which it may be tried again
   */
  take(address: string): number {
    if (this.#perSecond === 0) return 0;
    const now = this.#clock();
    const bucket = this.#buckets.get(address) ?? { tokens: this.#capacity, filledAt: now };
    bucket.tokens = Math.min(
      this.#capacity,
      bucket.tokens + ((now - bucket.filledAt) / 1000) * this.#perSecond,
    );
    bucket.filledAt = now;
    this.#buckets.set(address, bucket);
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1;
      return 0;
    }
    return Math.max(1, Math.ceil((1 - bucket.tokens) / this.#perSecond));
  }

  /** Addresses that are remembered now. */
  get size(): number {
    return this.#buckets.weight;
  }
}
