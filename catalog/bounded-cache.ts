/** What was made once and may be asked for again, within bounds: what was not asked for longest is forgotten first. */

/** Entries are a list in the order in which they were last asked for, so that asking writes nothing into the map. */
interface Entry<V> {
  readonly key: string;
  readonly value: V;
  readonly weight: number;
  /** Asked for before this one; undefined for the oldest. */
  older: Entry<V> | undefined;
  newer: Entry<V> | undefined;
}

export class BoundedCache<V> {
  readonly #most: number;
  readonly #weigh: (value: V, key: string) => number;
  readonly #entries = new Map<string, Entry<V>>();
  #oldest: Entry<V> | undefined;
  #newest: Entry<V> | undefined;
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
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry !== this.#newest) {
      this.#unlink(entry);
      this.#append(entry);
    }
    return entry.value;
  }

  set(key: string, value: V): void {
    this.forget(key);
    const weight = this.#weigh(value, key);
    // Nothing makes room for what has none.
    if (weight > this.#most) return;
    const entry: Entry<V> = { key, value, weight, older: undefined, newer: undefined };
    this.#entries.set(key, entry);
    this.#append(entry);
    this.#weight += weight;
    while (this.#weight > this.#most && this.#oldest !== undefined) this.forget(this.#oldest.key);
  }

  forget(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#unlink(entry);
    this.#weight -= entry.weight;
  }

  #append(entry: Entry<V>): void {
    entry.older = this.#newest;
    entry.newer = undefined;
    if (this.#newest === undefined) this.#oldest = entry;
    else this.#newest.newer = entry;
    this.#newest = entry;
  }

  #unlink({ older, newer }: Entry<V>): void {
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
  }
}
