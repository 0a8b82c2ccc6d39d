/** Keeps reading to so many bytes a second, in the long run. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Bytes of the smallest and largest piece that is read at a time. */
const SMALLEST = 16 * 1024;
const LARGEST = 1024 * 1024;

/** Milliseconds; what is due sooner is not worth a timer. */
const SHORTEST_WAIT = 5;

export interface ReadingPaceOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds; for tests. */
  readonly clock?: () => number;
  /** For tests, whose clock moves by it. */
  readonly sleep?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
}

export class ReadingPace {
  readonly #bytesPerSecond: number;
  readonly #signal: AbortSignal | undefined;
  readonly #clock: () => number;
  readonly #sleep: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
  /** Of the clock; when the bytes so far may have been read. */
  #due: number;

  /** @param bytesPerSecond above 0 */
  constructor(bytesPerSecond: number, options: ReadingPaceOptions = {}) {
    this.#bytesPerSecond = bytesPerSecond;
    this.#signal = options.signal;
    this.#clock = options.clock ?? (() => performance.now());
    this.#sleep = options.sleep ?? sleepFor;
    this.#due = this.#clock();
  }

  /** Bytes to read at a time: some pieces a second, so that the pace is even. */
  get readBytes(): number {
    return Math.max(SMALLEST, Math.min(LARGEST, Math.floor(this.#bytesPerSecond / 4)));
  }

  /**
   * Settles when more may be read.
   *
   * @throws the signal's reason when aborted
   */
  async onRead(bytes: number): Promise<void> {
    this.#signal?.throwIfAborted();
    const now = this.#clock();
    // Time in which nothing was read is not made up for.
    this.#due = Math.max(this.#due, now - 1000) + (bytes / this.#bytesPerSecond) * 1000;
    const wait = this.#due - now;
    if (wait >= SHORTEST_WAIT) await this.#sleep(wait, this.#signal);
  }
}

const sleepFor = (milliseconds: number, signal: AbortSignal | undefined): Promise<void> =>
  sleep(milliseconds, undefined, signal === undefined ? {} : { signal });
