import { CabinetError } from './error.ts';

/**
 * The bit stream of LZX: 16-bit little-endian words, most significant bit first ([MSDN-CAB], LZX data compression
 * format, section "Bitstream").
 */
export class LzxBits {
  readonly #bytes: Uint8Array;
  #at = 0;
  #buffer = 0;
  #count = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The next `count` (1 to 16) bits without taking them; past the end they read as zero. */
  peek(count: number): number {
    while (this.#count < count) this.#load();
    return (this.#buffer >>> (this.#count - count)) & ((1 << count) - 1);
  }

  /** Takes `count` bits that were peeked. */
  take(count: number): void {
    if (this.#count < count) this.#load();
    this.#count -= count;
    this.#buffer &= (1 << this.#count) - 1;
    // Two words of zeros are allowed to be peeked past the end, none may be taken as data.
    if (this.#at - (this.#count >> 3) > this.#bytes.length + 1)
      throw new CabinetError('its compressed data ends too early.');
  }

  /** Reads up to 24 bits. */
  read(count: number): number {
    if (count === 0) return 0;
    if (count > 16) return this.read(count - 16) * 0x10000 + this.read(16);
    const value = this.peek(count);
    this.take(count);
    return value;
  }

  /** Goes on at the next 16-bit word, where it is not at the beginning of one. */
  alignToWord(): void {
    const over = this.#count & 15;
    if (over > 0) this.take(over);
  }

  /** Before an uncompressed block: 1 to 16 bits of padding, then bytes. */
  beginBytes(): void {
    if ((this.#count & 15) === 0) this.read(16);
    else this.alignToWord();
    // Words that were loaded ahead are given back.
    this.#at -= this.#count >> 3;
    this.#count = 0;
    this.#buffer = 0;
  }

  readUint32(): number {
    const bytes = this.readBytes(4);
    return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  }

  readBytes(count: number): Uint8Array {
    if (this.#at + count > this.#bytes.length) throw new CabinetError('its compressed data ends too early.');
    const bytes = this.#bytes.subarray(this.#at, this.#at + count);
    this.#at += count;
    return bytes;
  }

  #load(): void {
    const low = this.#bytes[this.#at] ?? 0;
    const high = this.#bytes[this.#at + 1] ?? 0;
    this.#buffer = ((this.#buffer & 0xffff) << 16) | (high << 8) | low;
    this.#at += 2;
    this.#count += 16;
  }
}
