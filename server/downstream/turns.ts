/** Who may do costly work now: few at a time, and each address its share, however often one of them asks. */
export class Turns {
  readonly #most: number;
  #busy = 0;
  /** Who waits, by whose turn it is; the address first in the map is next. */
  readonly #waiting = new Map<string, (() => void)[]>();

  /** @param most how many may work at once */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Does the work once it has a turn.
   *
   * @param whose address of the caller; addresses take turns
   */
  async take<T>(whose: string, work: () => T | Promise<T>): Promise<T> {
    if (this.#busy >= this.#most) await this.#wait(whose);
    else this.#busy += 1;
    try {
      return await work();
    } finally {
      this.#pass();
    }
  }

  async #wait(whose: string): Promise<void> {
    await new Promise<void>((resolve) => {
      const others = this.#waiting.get(whose);
      if (others === undefined) this.#waiting.set(whose, [resolve]);
      else others.push(resolve);
    });
  }

  /** The turn goes to the next; nobody who comes meanwhile takes it. */
  #pass(): void {
    for (const [whose, [next, ...others]] of this.#waiting) {
      this.#waiting.delete(whose);
      if (next === undefined) continue;
      if (others.length > 0) this.#waiting.set(whose, others);
      next();
      return;
    }
    this.#busy -= 1;
  }
}
