/** What was made once and may be asked for again, within bounds: what was not asked for longest is forgotten first. */
export class BoundedCache<V> {
  readonly #most: number;
  readonly #weigh: (value: V, key: string) => number;
  readonly #entries = new Map<string, V>();
  #weight = 0;

  /**
   * @param most what all values together may weigh
   * @param weigh what one weighs, its key included; a value heavier than `most` is not kept. Default: 1, so that `most`
   *   is how many there may be
   */
  constructor(most: number, weigh: (value: V, key: string) => number = () => 1) {
    this.#most = most;
    this.#weigh = weigh;
  }

  /** What all values together weigh now. */
  get weight(): number {
    return this.#weight;
  }

  get(key: string): V | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    // A map keeps the order in which keys were set: the first is the one to forget.
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  set(key: string, value: V): void {
    this.forget(key);
    const weight = this.#weigh(value, key);
    // Nothing makes room for what has none.
    if (weight > this.#most) return;
    this.#entries.set(key, value);
    this.#weight += weight;
    for (const oldest of this.#entries.keys()) {
      if (this.#weight <= this.#most) break;
      this.forget(oldest);
    }
  }

  forget(key: string): void {
    const value = this.#entries.get(key);
    if (value === undefined) return;
    this.#entries.delete(key);
    this.#weight -= this.#weigh(value, key);
  }
}
