/**
 * Names that are expected, or were met before: told by their bytes, so that a message of known elements makes no new
 * strings.
 */

const hashOf = (bytes: Uint8Array, start: number, end: number): number => {
  let hash = 0;
  for (let index = start; index < end; index++) hash = (Math.imul(hash, 31) + (bytes[index] ?? 0)) | 0;
  return hash;
};

interface Entry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Bytes; longer names are hardly met again. */
const LONGEST_LEARNED = 64;

/** Shared by all readers of one kind of document. */
export class Vocabulary {
  readonly #slots: (Entry | undefined)[];
  readonly #mask: number;
  readonly #namespaces: ReadonlyMap<string, string>;
  #room: number;

  /**
   * @param names local names of elements, in ASCII
   * @param learns how many names that are met besides are kept; default: none
   */
  constructor(names: Iterable<string>, namespaces: Iterable<string>, learns = 0) {
    const distinct = [...new Set(names)];
    let size = 16;
    while (size < (distinct.length + learns) * 4) size *= 2;
    this.#mask = size - 1;
    this.#slots = Array.from({ length: size }, () => undefined);
    for (const name of distinct) {
      const bytes = Buffer.from(name, 'latin1');
      let slot = hashOf(bytes, 0, bytes.length) & this.#mask;
      while (this.#slots[slot] !== undefined) slot = (slot + 1) & this.#mask;
      this.#slots[slot] = { name, bytes };
    }
    this.#namespaces = new Map([...namespaces].map((namespace) => [namespace, namespace]));
    this.#room = learns;
  }

  /** The name in bytes from `start` to `end`: the known string, or a new one. */
  nameAt(bytes: Buffer, start: number, end: number): string {
    let slot = hashOf(bytes, start, end) & this.#mask;
    for (let entry = this.#slots[slot]; entry !== undefined; entry = this.#slots[slot]) {
      if (matches(entry.bytes, bytes, start, end)) return entry.name;
      slot = (slot + 1) & this.#mask;
    }
    const name = bytes.toString('utf8', start, end);
    if (this.#room > 0 && end - start <= LONGEST_LEARNED) {
      this.#room -= 1;
      this.#slots[slot] = { name, bytes: Uint8Array.prototype.slice.call(bytes, start, end) };
    }
    return name;
  }

  /** The same text, as the one string that the tables hold where they hold it: comparing that takes no time. */
  namespace(text: string): string {
    return this.#namespaces.get(text) ?? text;
  }
}

const matches = (known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean => {
  const length = known.length;
  if (length !== end - start) return false;
  for (let index = 0; index < length; index++) {
    if (known[index] !== bytes[start + index]) return false;
  }
  return true;
};

export const NO_VOCABULARY = new Vocabulary([], []);
