import { CabinetError } from './error.ts';
import type { LzxBits } from './lzx-bits.ts';

const MOST_BITS = 16;
const TABLE_BITS = 10;

/**
 * A canonical Huffman code: codes of up to ten bits by table, longer ones by their length's first code. A block brings
 * several, and small documents are a block each: one tree takes one code after the other.
 */
export class LzxTree {
  readonly #symbols: Uint16Array;
  readonly #firstCode = new Int32Array(MOST_BITS + 2);
  readonly #firstIndex = new Int32Array(MOST_BITS + 2);
  readonly #next = new Int32Array(MOST_BITS + 2);
  readonly #counts = new Int32Array(MOST_BITS + 1);
  /** `symbol << 5 | length`, 0 where no code of up to ten bits begins so. */
  readonly #table = new Int32Array(1 << TABLE_BITS);

  /** @param symbols how many there are at most */
  constructor(symbols: number) {
    this.#symbols = new Uint16Array(symbols);
  }

  /** @param lengths code length of each symbol, 0 (unused) to 16 */
  take(lengths: Uint8Array): void {
    const counts = this.#counts;
    counts.fill(0);
    for (let symbol = 0; symbol < lengths.length; symbol += 1) {
      const length = lengths[symbol] ?? 0;
      counts[length] = (counts[length] ?? 0) + 1;
    }
    counts[0] = 0;
    let code = 0;
    let index = 0;
    for (let length = 1; length <= MOST_BITS; length += 1) {
      code <<= 1;
      this.#firstCode[length] = code;
      this.#firstIndex[length] = index;
      this.#next[length] = index;
      code += counts[length] ?? 0;
      index += counts[length] ?? 0;
      if (code > 1 << length) throw new CabinetError('a code table has more codes than fit.');
    }
    this.#fill(lengths);
  }

  read(bits: LzxBits): number {
    const entry = this.#table[bits.peek(TABLE_BITS)] ?? 0;
    if (entry !== 0) {
      bits.take(entry & 31);
      return entry >> 5;
    }
    return this.#readLong(bits);
  }

  #fill(lengths: Uint8Array): void {
    const next = this.#next;
    const table = this.#table;
    table.fill(0);
    for (let symbol = 0; symbol < lengths.length; symbol += 1) {
      const length = lengths[symbol] ?? 0;
      if (length === 0) continue;
      const index = next[length] ?? 0;
      next[length] = index + 1;
      this.#symbols[index] = symbol;
      if (length > TABLE_BITS) continue;
      const code = (this.#firstCode[length] ?? 0) + index - (this.#firstIndex[length] ?? 0);
      const spread = TABLE_BITS - length;
      const end = (code + 1) << spread;
      const entry = (symbol << 5) | length;
      for (let at = code << spread; at < end; at += 1) table[at] = entry;
    }
  }

  #readLong(bits: LzxBits): number {
    const ahead = bits.peek(MOST_BITS);
    for (let length = 1; length <= MOST_BITS; length += 1) {
      const offset = (ahead >>> (MOST_BITS - length)) - (this.#firstCode[length] ?? 0);
      if (offset >= 0 && offset < (this.#counts[length] ?? 0)) {
        bits.take(length);
        return this.#symbols[(this.#firstIndex[length] ?? 0) + offset] ?? 0;
      }
    }
    throw new CabinetError('it holds a code that its table does not name.');
  }
}
