/** Compresses one block: LZ77 matches in the DIRECT2 encoding ([MS-WUSP] 2.1.1.1; [MS-XCA] 2.3.4 in pseudocode). */
import { SHORTEST_MATCH, WINDOW_BYTES } from './framing.ts';

const HASH_BITS = 13;
/** Matches that are tried at a position, newest first. More of them cost time and shorten XML by little. */
const PROBES = 4;
/** A match of this length is taken without looking for a longer one. */
const GOOD_MATCH = 64;
/** Beyond this the positions inside a match are not remembered. */
const REMEMBERED_MATCH = 32;

/** Bytes that the encoding of a block may take at most: every byte as it is, one flag bit each, and the last flags. */
export const encodedBound = (size: number): number => size + (size >> 3) + 8;

/** Keeps the tables of the match finder between blocks; what one block left there never shows in another. */
export class BlockEncoder {
  /** Newest position, counted over all blocks, whose four bytes hash to the index. */
  readonly #newest = new Int32Array(1 << HASH_BITS).fill(-1);
  /** The position before it with the same hash, by position in the window. */
  readonly #previous = new Int32Array(WINDOW_BYTES);
  /** Where the next block begins in that count. */
  #base = 0;

  /**
   * Encodes `source` from 0 to `size` into `target`.
   *
   * @param size bytes, up to the 65,535 that a block's header can say
   * @param target with room for `encodedBound(size)` from `start`
   * @returns where the encoding ends in `target`
   */
  encode(source: Uint8Array, size: number, target: Uint8Array, start: number): number {
    const base = this.#claim(size);
    const newest = this.#newest;
    const previous = this.#previous;
    const lastHashed = size - 4;
    let flags = 0;
    let flagCount = 0;
    let flagsAt = start;
    let at = start + 4;
    /** Where a length's half byte waits for its other half; 0 for nowhere ([MS-XCA] LastLengthHalfByte). */
    let halfAt = 0;
    let position = 0;

    while (position < size) {
      let length = 0;
      let distance = 0;
      if (position <= lastHashed) {
        const key = hashAt(source, position);
        let candidate = (newest[key] ?? -1) - base;
        newest[key] = base + position;
        previous[position & (WINDOW_BYTES - 1)] = base + candidate;
        const oldest = position > WINDOW_BYTES ? position - WINDOW_BYTES : 0;
        for (let probes = PROBES; probes > 0 && candidate >= oldest; probes -= 1) {
          // A longer match has to agree where the one that is known ends.
          if (source[candidate + length] === source[position + length]) {
            const found = matchLength(source, candidate, position, size);
            if (found > length) {
              length = found;
              distance = position - candidate;
              if (found >= GOOD_MATCH || position + found === size) break;
            }
          }
          const before = (previous[candidate & (WINDOW_BYTES - 1)] ?? -1) - base;
          if (before >= candidate) break;
          candidate = before;
        }
      }

      if (length < SHORTEST_MATCH) {
        target[at++] = source[position++] ?? 0;
        flags <<= 1;
      } else {
        const extra = length - SHORTEST_MATCH;
        const metadata = ((distance - 1) << 3) | (extra < 7 ? extra : 7);
        target[at++] = metadata;
        target[at++] = metadata >> 8;
        if (extra >= 7) {
          const half = extra - 7 < 15 ? extra - 7 : 15;
          if (halfAt === 0) {
            halfAt = at;
            target[at++] = half;
          } else {
            target[halfAt] = (target[halfAt] ?? 0) | (half << 4);
            halfAt = 0;
          }
          if (half === 15) {
            const rest = extra - 22;
            if (rest < 255) target[at++] = rest;
            else {
              target[at++] = 255;
              target[at++] = extra;
              target[at++] = extra >> 8;
            }
          }
        }
        flags = (flags << 1) | 1;
        const end = position + length;
        const remembered = Math.min(end, position + REMEMBERED_MATCH, lastHashed + 1);
        for (let inside = position + 1; inside < remembered; inside += 1) {
          const key = hashAt(source, inside);
          previous[inside & (WINDOW_BYTES - 1)] = newest[key] ?? -1;
          newest[key] = base + inside;
        }
        position = end;
      }
      flagCount += 1;
      if (flagCount === 32) {
        writeFlags(target, flagsAt, flags);
        flags = 0;
        flagCount = 0;
        flagsAt = at;
        at += 4;
      }
    }
    // The bit after the last element says that it was the last; so do all that are left over.
    writeFlags(
      target,
      flagsAt,
      flagCount === 0 ? -1 : (flags << (32 - flagCount)) | (2 ** (32 - flagCount) - 1),
    );
    return at;
  }

  /** Positions of their own for a block, so that the tables need not be emptied for each. */
  #claim(size: number): number {
    if (this.#base > 2 ** 30) {
      this.#newest.fill(-1);
      this.#base = 0;
    }
    const base = this.#base;
    this.#base += size;
    return base;
  }
}

/** Of the four bytes from there: a match of three alone saves a byte, and is rarely worth finding. */
const hashAt = (source: Uint8Array, at: number): number =>
  Math.imul(
    (source[at] ?? 0) |
      ((source[at + 1] ?? 0) << 8) |
      ((source[at + 2] ?? 0) << 16) |
      ((source[at + 3] ?? 0) << 24),
    0x9e3779b1,
  ) >>>
  (32 - HASH_BITS);

function matchLength(source: Uint8Array, earlier: number, position: number, size: number): number {
  let at = position;
  let from = earlier;
  while (at < size && source[from] === source[at]) {
    at += 1;
    from += 1;
  }
  return at - position;
}

function writeFlags(target: Uint8Array, at: number, flags: number): void {
  target[at] = flags;
  target[at + 1] = flags >> 8;
  target[at + 2] = flags >> 16;
  target[at + 3] = flags >> 24;
}
