/** Ends what arrives so slowly that it would hold a connection and a place in the queue for days. */

/** How much must arrive in how long, once the first byte is there. */
export interface Pace {
  readonly bytes: number;
  /** Milliseconds. */
  readonly within: number;
}

/** One kibibyte a second: slower than the thinnest line that updates are fetched over. */
export const LEAST_PACE: Pace = { bytes: 120 * 1024, within: 120_000 };

export class LeastRate {
  readonly #timer: NodeJS.Timeout;
  #arrived = 0;
  /** Waits of our own, under way. */
  #holding = 0;

  /** @param tooSlow called once when in some period less arrived */
  constructor({ bytes, within }: Pace, tooSlow: () => void) {
    this.#timer = setInterval(() => {
      if (this.#holding === 0 && this.#arrived < bytes) {
        this.end();
        tooSlow();
      }
      this.#arrived = 0;
    }, within);
  }

  arrived(bytes: number): void {
    this.#arrived += bytes;
  }

  /** What we do not take yet is not slow. */
  async hold(waiting: Promise<void>): Promise<void> {
    this.#holding += 1;
    try {
      await waiting;
    } finally {
      this.#holding -= 1;
      this.#arrived = Number.POSITIVE_INFINITY;
    }
  }

  /** To be called when everything is there, or nothing more is waited for. */
  end(): void {
    clearInterval(this.#timer);
  }
}
