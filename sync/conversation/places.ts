/** So many of something at a time; who comes then waits for a place, in the order of coming. */
export class Places {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  /** @param count 1 at least */
  constructor(count: number) {
    this.#free = count;
  }

  /** Runs it in a place, which is free again however it ends. One that asks for a place within its own may wait for ever. */
  async in<T>(run: () => Promise<T>): Promise<T> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#free -= 1;
    try {
      return await run();
    } finally {
      const next = this.#waiting.shift();
      // The place is handed on, so that nobody who comes meanwhile takes it.
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}
