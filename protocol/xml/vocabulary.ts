/** Names that are expected: told by their bytes, so that a message of known elements makes no new strings. */

const hashOf = (bytes: Uint8Array, start: number, end: number): number => {
  let hash = 0;
  for (let index = start; index < end; index++) hash = (Math.imul(hash, 31) + (bytes[index] ?? 0)) | 0;
  return hash;
};

interface Entry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Immutable; shared by all readers of a service's messages. */
export class Vocabulary {
  readonly #slots: (Entry | undefined)[];
  readonly #mask: number;
  readonly #namespaces: ReadonlyMap<string, string>;

  /** @param names local names of elements, in ASCII */
  constructor(names: Iterable<string>, namespaces: Iterable<string>) {
    const distinct = [...new Set(names)];
    let size = 16;
    while (size < distinct.length * 4) size *= 2;
    this.#mask = size - 1;
    this.#slots = Array.from({ length: size }, () => undefined);
    for (const name of distinct) {
      const bytes = Buffer.from(name, 'latin1');
      let slot = hashOf(bytes, 0, bytes.length) & this.#mask;
      while (this.#slots[slot] !== undefined) slot = (slot + 1) & this.#mask;
      this.#slots[slot] = { name, bytes };
    }
    this.#namespaces = new Map([...namespaces].map((namespace) => [namespace, namespace]));
  }

  /** The name in bytes from `start` to `end`: the known string, or a new one. */
  nameAt(bytes: Buffer, start: number, end: number): string {
    let slot = hashOf(bytes, start, end) & this.#mask;
    for (let entry = this.#slots[slot]; entry !== undefined; entry = this.#slots[slot]) {
      if (matches(entry.bytes, bytes, start, end)) return entry.name;
      slot = (slot + 1) & this.#mask;
    }
    return bytes.toString('utf8', start, end);
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
