/** The bit stream of LZX: 16-bit little-endian words, most significant bit first ([MSDN-CAB]). */
export class LzxBitWriter {
  #bytes = Buffer.alloc(4096);
  #length = 0;
  #word = 0;
  #count = 0;

  /** @param count 0 to 24 */
  put(value: number, count: number): void {
    if (count > 16) {
      this.put(value >>> 16, count - 16);
      this.put(value & 0xffff, 16);
      return;
    }
    this.#word = (this.#word << count) | value;
    this.#count += count;
    if (this.#count < 16) return;
    this.#count -= 16;
    this.#write(this.#word >>> this.#count);
    this.#word &= (1 << this.#count) - 1;
  }

  /** What was put, filled up to a whole word. */
  end(): Buffer {
    if (this.#count > 0) this.put(0, 16 - this.#count);
    return this.#bytes.subarray(0, this.#length);
  }

  #write(word: number): void {
    if (this.#length + 2 > this.#bytes.length)
      this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.#bytes.length)]);
    this.#length = this.#bytes.writeUInt16LE(word & 0xffff, this.#length);
  }
}
