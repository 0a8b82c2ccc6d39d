/** How long to wait before a child process that died is started again: longer with each death that follows soon. */

/** Milliseconds. */
const FIRST = 1_000;
const LONGEST = 60_000;
/** A process that lived this long did not die of its start: the delay begins anew. */
const SETTLED = 60_000;

export class RestartDelay {
  readonly #first: number;
  #next: number;
  #startedAt = 0;

  /** @param first milliseconds before the first restart */
  constructor(first = FIRST) {
    this.#first = first;
    this.#next = first;
  }

  /** To be called when the process is started. */
  started(): void {
    this.#startedAt = performance.now();
  }

  /** To be called when it died. @returns milliseconds */
  next(): number {
    if (performance.now() - this.#startedAt > SETTLED) this.#next = this.#first;
    const delay = this.#next;
    this.#next = Math.min(delay * 2, LONGEST);
    return delay;
  }
}
