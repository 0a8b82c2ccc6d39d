/** Tells of downstream servers that come or are refused, without letting them fill the log. */
import { BoundedCache } from '../../catalog/bounded-cache.ts';
import type { Logger } from '../../config/logging.ts';

/** Milliseconds in which one address is told of once, and all together so many times. */
const PERIOD = 60_000;
const MOST_OF_ALL = 20;
/** Addresses that are remembered. */
const MOST_ADDRESSES = 1000;

export interface Visit {
  readonly accountName: string;
  readonly accountGuid: string;
  readonly remoteAddress: string;
}

export interface RefusedVisit extends Visit {
  readonly operation: string;
  readonly refusal: string;
  readonly why: string;
}

export class VisitLog<V extends Visit> {
  readonly #tell: (facts: object) => void;
  readonly #now: () => Date;
  /** When the address was told of last, in milliseconds since 1970. */
  readonly #toldAt = new BoundedCache<number>(MOST_ADDRESSES);
  #periodFrom = 0;
  #told = 0;
  #untold = 0;

  /** @param tell writes one line of the log */
  constructor(tell: (facts: object) => void, now: () => Date) {
    this.#tell = tell;
    this.#now = now;
  }

  note(visit: V): void {
    const now = this.#now().getTime();
    if (Math.abs(now - this.#periodFrom) >= PERIOD) {
      this.#periodFrom = now;
      this.#told = 0;
    }
    const last = this.#toldAt.get(visit.remoteAddress);
    const isToldAlready = last !== undefined && Math.abs(now - last) < PERIOD;
    if (isToldAlready || this.#told >= MOST_OF_ALL) {
      this.#untold += 1;
      return;
    }
    this.#told += 1;
    this.#toldAt.set(visit.remoteAddress, now);
    this.#tell({
      ...visit,
      ...(this.#untold === 0 ? {} : { othersSinceTheLastLine: this.#untold }),
    });
    this.#untold = 0;
  }
}

/** The log of those that are refused. */
export const refusalLog = (log: Logger, now: () => Date): VisitLog<RefusedVisit> =>
  new VisitLog((facts) => log.warn('A downstream server was refused', facts), now);
