/** Finds where bytes occurred before, by chains of places that begin alike. */

/** Bytes that a place is found by: three characters of UTF-16. */
const KEY = 6;
const TABLE_BITS = 15;
/** Places that are looked at; more find little that is longer. */
const MOST_TRIES = 12;
/** A match of so many bytes is good enough to look no further. */
const LONG_ENOUGH = 96;

export interface Match {
  readonly offset: number;
  readonly length: number;
}

export class MatchFinder {
  readonly #bytes: Buffer;
  readonly #window: number;
  readonly #heads = new Int32Array(1 << TABLE_BITS).fill(-1);
  readonly #previous: Int32Array;

  /** @param window how far back a match may lie */
  constructor(bytes: Buffer, window: number) {
    this.#bytes = bytes;
    this.#window = window;
    this.#previous = new Int32Array(bytes.length);
  }

  /** How many bytes at `at` are those that lie `offset` before, `most` at most. */
  lengthOf(at: number, offset: number, most: number): number {
    if (offset > at) return 0;
    const bytes = this.#bytes;
    let length = 0;
    while (length < most && bytes[at + length] === bytes[at + length - offset]) length += 1;
    return length;
  }

  /** The longest match, of 6 bytes at least; the nearest of those. */
  find(at: number, most: number): Match | undefined {
    if (most < KEY) return undefined;
    let best: Match | undefined;
    let place = this.#heads[this.#hash(at)] ?? -1;
    for (let tries = 0; place >= 0 && at - place <= this.#window && tries < MOST_TRIES; tries += 1) {
      const length = this.lengthOf(at, at - place, most);
      if (length >= KEY && length > (best?.length ?? 0)) {
        best = { offset: at - place, length };
        if (length >= LONG_ENOUGH) break;
      }
      place = this.#previous[place] ?? -1;
    }
    return best;
  }

  /** Makes places known, so that later ones find them. */
  add(from: number, to: number): void {
    for (let at = from; at < Math.min(to, this.#bytes.length - KEY + 1); at += 1) {
      const hash = this.#hash(at);
      this.#previous[at] = this.#heads[hash] ?? -1;
      this.#heads[hash] = at;
    }
  }

  #hash(at: number): number {
    const bytes = this.#bytes;
    const first = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
    const second = (bytes[at + 3] ?? 0) | ((bytes[at + 4] ?? 0) << 8) | ((bytes[at + 5] ?? 0) << 16);
    return (Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b)) >>> (32 - TABLE_BITS);
  }
}
