import { CabinetError } from './error.ts';
import type { LzxBits } from './lzx-bits.ts';

const MOST_BITS = 16;
const TABLE_BITS = 10;

/** A canonical Huffman code: codes of up to ten bits by table, longer ones by their length's first code. */
export class LzxTree {
  readonly #symbols: Uint16Array;
  readonly #firstCode = new Int32Array(MOST_BITS + 2);
  readonly #firstIndex = new Int32Array(MOST_BITS + 2);
  readonly #counts = new Int32Array(MOST_BITS + 1);
  /** `symbol << 5 | length`, 0 where no code of up to ten bits begins so. */
  readonly #table = new Int32Array(1 << TABLE_BITS);

  /** @param lengths code length of each symbol, 0 (unused) to 16 */
  constructor(lengths: Uint8Array) {
    for (const length of lengths) if (length > 0) this.#count(length);
    let code = 0;
    let index = 0;
    for (let length = 1; length <= MOST_BITS; length += 1) {
      code <<= 1;
      this.#firstCode[length] = code;
      this.#firstIndex[length] = index;
      code += this.#counts[length] ?? 0;
      index += this.#counts[length] ?? 0;
      if (code > 1 << length) throw new CabinetError('a code table has more codes than fit.');
    }
    this.#symbols = new Uint16Array(index);
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

  #count(length: number): void {
    this.#counts[length] = (this.#counts[length] ?? 0) + 1;
  }

  #fill(lengths: Uint8Array): void {
    const next = this.#firstIndex.slice();
    for (const [symbol, length] of lengths.entries()) {
      if (length === 0) continue;
      const index = next[length] ?? 0;
      next[length] = index + 1;
      this.#symbols[index] = symbol;
      if (length > TABLE_BITS) continue;
      const code = (this.#firstCode[length] ?? 0) + index - (this.#firstIndex[length] ?? 0);
      const spread = TABLE_BITS - length;
      this.#table.fill((symbol << 5) | length, code << spread, (code + 1) << spread);
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
