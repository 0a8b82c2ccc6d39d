/** Reads an xpress stream ([MS-WUSP] 2.1.1, [MS-XCA] 2.4.4). Strict: whatever the encoding does not say is an error. */
import { XpressError } from './error.ts';
import { HEADER_BYTES, LARGEST_BLOCK } from './framing.ts';

/**
 * The bytes that were compressed.
 *
 * @param limit bytes that they may be at most
 * @throws XpressError XPRESS_DAMAGED, XPRESS_TOO_LARGE
 */
export function decompressXpress(stream: Buffer, limit: number): Buffer {
  const blocks: Buffer[] = [];
  let size = 0;
  for (let at = 0; at < stream.length;) {
    if (stream.length - at < HEADER_BYTES) throw damaged(`ends inside a block's header, at byte ${at}`);
    const original = stream.readInt32LE(at);
    const compressed = stream.readInt32LE(at + 4);
    at += HEADER_BYTES;
    if (!isBlockSize(original) || !isBlockSize(compressed)) {
      throw damaged(`has a block of ${original} bytes in ${compressed}; either may be 1 to ${LARGEST_BLOCK}`);
    }
    if (stream.length - at < compressed) throw damaged(`ends inside a block, ${compressed} bytes from ${at}`);
    size += original;
    if (size > limit) {
      throw new XpressError('XPRESS_TOO_LARGE', `An xpress stream holds more than ${limit} bytes.`);
    }
    const block = stream.subarray(at, at + compressed);
    blocks.push(original === compressed ? block : decompressBlock(block, original));
    at += compressed;
  }
  return Buffer.concat(blocks, size);
}

/**
 * One block's bytes.
 *
 * @param size what they must be
 * @throws XpressError XPRESS_DAMAGED
 */
export function decompressBlock(block: Buffer, size: number): Buffer {
  return new BlockReader(block, size).read();
}

const isBlockSize = (size: number): boolean => size > 0 && size <= LARGEST_BLOCK;

const damaged = (what: string): XpressError => new XpressError('XPRESS_DAMAGED', `An xpress stream ${what}.`);

class BlockReader {
  readonly #input: Buffer;
  readonly #output: Buffer;
  #at = 0;
  #written = 0;
  /** The half of a shared byte that the next long match takes. */
  #spareHalf: number | undefined;

  constructor(input: Buffer, size: number) {
    this.#input = input;
    this.#output = Buffer.alloc(size);
  }

  /** Every turn takes input or ends, so a block ends within as many turns as it has bits. */
  read(): Buffer {
    for (;;) {
      const flags = this.#take(4);
      for (let bit = 31; bit >= 0; bit -= 1) {
        if (((flags >>> bit) & 1) === 0) this.#append(this.#take(1));
        else if (this.#at < this.#input.length) this.#copyMatch();
        else return this.#whole();
      }
    }
  }

  #whole(): Buffer {
    if (this.#written === this.#output.length) return this.#output;
    throw damaged(`has a block that ends after ${this.#written} of ${this.#output.length} bytes`);
  }

  #copyMatch(): void {
    const metadata = this.#take(2);
    const distance = (metadata >>> 3) + 1;
    const short = metadata & 7;
    const length = 3 + (short === 7 ? this.#longLength() : short);
    if (distance > this.#written) {
      throw damaged(`refers to ${distance} bytes back where there are ${this.#written}`);
    }
    if (length > this.#output.length - this.#written) throw this.#tooLong();
    // Byte by byte: a match may run into what it writes itself.
    for (let left = length; left > 0; left -= 1) this.#append(this.#output[this.#written - distance] ?? 0);
  }

  /** Less the three that every match has. */
  #longLength(): number {
    const half = this.#takeHalf();
    if (half < 15) return 7 + half;
    const byte = this.#take(1);
    if (byte < 255) return 7 + 15 + byte;
    // From here on the length is not added up but whole. Zero, which no length is, says that four bytes follow.
    const pair = this.#take(2);
    const length = pair === 0 ? this.#take(4) : pair;
    if (length < 7 + 15) throw damaged(`has a match of ${length + 3} bytes in the form for longer ones`);
    return length;
  }

  #takeHalf(): number {
    const spare = this.#spareHalf;
    if (spare !== undefined) {
      this.#spareHalf = undefined;
      return spare;
    }
    const byte = this.#take(1);
    this.#spareHalf = byte >>> 4;
    return byte & 15;
  }

  #take(bytes: 1 | 2 | 4): number {
    if (this.#input.length - this.#at < bytes) throw damaged('has a block that ends inside an element');
    const value = this.#input.readUIntLE(this.#at, bytes);
    this.#at += bytes;
    return value;
  }

  #append(byte: number): void {
    if (this.#written === this.#output.length) throw this.#tooLong();
    this.#output[this.#written] = byte;
    this.#written += 1;
  }

  #tooLong(): XpressError {
    return damaged(`has a block that goes on after its ${this.#output.length} bytes`);
  }
}
