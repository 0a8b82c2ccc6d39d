/**
 * Compresses by LZX as cabinets hold it: one verbatim block for each frame. Source: [MSDN-CAB], "Microsoft LZX Data
 * Compression Format".
 */
import { canonicalCodes, codeLengths } from './huffman.ts';
import { LzxBitWriter } from './lzx-bit-writer.ts';
import {
  CHARACTERS,
  EXTRA_BITS,
  FRAME,
  LENGTH_SYMBOLS,
  LONGEST_MATCH,
  POSITION_BASE,
  SHORTEST_MATCH,
  SLOTS,
  VERBATIM,
} from './lzx-format.ts';
import { MatchFinder } from './match-finder.ts';
import type { Match } from './match-finder.ts';

/** Two megabytes, the window that [MS-WSUSSS] 3.1.4.6.3.3 names. */
export const WINDOW_ORDER = 21;

const MAIN_SYMBOLS = CHARACTERS + (SLOTS[WINDOW_ORDER] ?? 0) * 8;
/** Matches of more bytes than this say the rest by the tree of lengths. */
const SHORT_LENGTHS = 7;
/** A match by an offset used last costs less: it wins over one that is longer by no more than this. */
const WORTH = 2;
const LONGEST_CODE = 16;
const LONGEST_PRETREE_CODE = 15;
const PRETREE_SYMBOLS = 20;

interface Step {
  readonly symbol: number;
  /** In the tree of lengths. */
  readonly rest?: number;
  readonly extra?: number;
  readonly extraBits?: number;
}

export class LzxEncoder {
  readonly #bytes: Buffer;
  readonly #matches: MatchFinder;
  #mainLengths: Uint8Array = new Uint8Array(MAIN_SYMBOLS);
  #restLengths: Uint8Array = new Uint8Array(LENGTH_SYMBOLS);
  /** The three offsets used last, newest first. */
  #recent: [number, number, number] = [1, 1, 1];

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    // The three furthest places have no formatted offset.
    this.#matches = new MatchFinder(bytes, 2 ** WINDOW_ORDER - 3);
  }

  /** The frame that begins at `start`; frames follow each other in their order, each once. */
  frame(start: number): Buffer {
    const end = Math.min(start + FRAME, this.#bytes.length);
    const out = new LzxBitWriter();
    // No translation of the calls of x86 programs; said once, at the beginning.
    if (start === 0) out.put(0, 1);
    out.put(VERBATIM, 3);
    out.put(end - start, 24);
    const steps = this.#steps(start, end);
    const main = new Uint32Array(MAIN_SYMBOLS);
    const rest = new Uint32Array(LENGTH_SYMBOLS);
    for (const step of steps) {
      main[step.symbol] = (main[step.symbol] ?? 0) + 1;
      if (step.rest !== undefined) rest[step.rest] = (rest[step.rest] ?? 0) + 1;
    }
    const mainLengths = codeLengths(main, LONGEST_CODE);
    const restLengths = codeLengths(rest, LONGEST_CODE);
    putLengths(out, this.#mainLengths.subarray(0, CHARACTERS), mainLengths.subarray(0, CHARACTERS));
    putLengths(out, this.#mainLengths.subarray(CHARACTERS), mainLengths.subarray(CHARACTERS));
    putLengths(out, this.#restLengths, restLengths);
    this.#mainLengths = mainLengths;
    this.#restLengths = restLengths;
    putSteps(out, steps, mainLengths, restLengths);
    return out.end();
  }

  #steps(start: number, end: number): Step[] {
    const steps: Step[] = [];
    for (let at = start; at < end;) {
      const match = this.#bestMatch(at, Math.min(end - at, LONGEST_MATCH));
      const next = at + (match?.length ?? 1);
      steps.push(match === undefined ? { symbol: this.#bytes[at] ?? 0 } : this.#matchStep(match));
      this.#matches.add(at, next);
      at = next;
    }
    return steps;
  }

  #bestMatch(at: number, most: number): Match | undefined {
    let repeated: Match | undefined;
    for (const offset of this.#recent) {
      const length = this.#matches.lengthOf(at, offset, most);
      if (length > SHORTEST_MATCH && length > (repeated?.length ?? 0)) repeated = { offset, length };
    }
    const found = this.#matches.find(at, most);
    if (repeated === undefined) return found;
    return found !== undefined && found.length > repeated.length + WORTH ? found : repeated;
  }

  #matchStep({ offset, length }: Match): Step {
    const header = Math.min(length - SHORTEST_MATCH, SHORT_LENGTHS);
    const rest = header < SHORT_LENGTHS ? {} : { rest: length - SHORTEST_MATCH - SHORT_LENGTHS };
    const place = this.#recent.indexOf(offset);
    if (place >= 0) {
      const [newest] = this.#recent;
      this.#recent[place] = newest;
      this.#recent[0] = offset;
      return { symbol: CHARACTERS + place * 8 + header, ...rest };
    }
    this.#recent = [offset, this.#recent[0], this.#recent[1]];
    const formatted = offset + 2;
    const slot = slotOf(formatted);
    return {
      symbol: CHARACTERS + slot * 8 + header,
      ...rest,
      extra: formatted - (POSITION_BASE[slot] ?? 0),
      extraBits: EXTRA_BITS[slot] ?? 0,
    };
  }
}

/** The last slot that begins at or before this. */
function slotOf(formatted: number): number {
  let low = 0;
  let high = (SLOTS[WINDOW_ORDER] ?? 0) - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((POSITION_BASE[middle] ?? 0) <= formatted) low = middle;
    else high = middle - 1;
  }
  return low;
}

function putSteps(out: LzxBitWriter, steps: readonly Step[], main: Uint8Array, rest: Uint8Array): void {
  const mainCodes = canonicalCodes(main);
  const restCodes = canonicalCodes(rest);
  for (const step of steps) {
    out.put(mainCodes[step.symbol] ?? 0, main[step.symbol] ?? 0);
    if (step.rest !== undefined) out.put(restCodes[step.rest] ?? 0, rest[step.rest] ?? 0);
    if (step.extra !== undefined) out.put(step.extra, step.extraBits ?? 0);
  }
}

interface LengthStep {
  readonly symbol: number;
  readonly extra?: number;
  readonly extraBits?: number;
}

/** Lengths as differences from those of the block before, runs of zeros counted, under a tree of their own. */
function putLengths(out: LzxBitWriter, before: Uint8Array, after: Uint8Array): void {
  const steps = lengthSteps(before, after);
  const frequencies = new Uint32Array(PRETREE_SYMBOLS);
  for (const { symbol } of steps) frequencies[symbol] = (frequencies[symbol] ?? 0) + 1;
  const lengths = codeLengths(frequencies, LONGEST_PRETREE_CODE);
  for (const length of lengths) out.put(length, 4);
  const codes = canonicalCodes(lengths);
  for (const { symbol, extra, extraBits } of steps) {
    out.put(codes[symbol] ?? 0, lengths[symbol] ?? 0);
    if (extra !== undefined) out.put(extra, extraBits ?? 0);
  }
}

/** Symbol 17 stands for 4 to 19 zeros, 18 for 20 to 51; a length itself is said modulo 17. */
function lengthSteps(before: Uint8Array, after: Uint8Array): LengthStep[] {
  const steps: LengthStep[] = [];
  for (let at = 0; at < after.length;) {
    let zeros = 0;
    while (zeros < 51 && at + zeros < after.length && after[at + zeros] === 0) zeros += 1;
    if (zeros >= 20) steps.push({ symbol: 18, extra: zeros - 20, extraBits: 5 });
    else if (zeros >= 4) steps.push({ symbol: 17, extra: zeros - 4, extraBits: 4 });
    else {
      steps.push({ symbol: ((before[at] ?? 0) - (after[at] ?? 0) + 17) % 17 });
      zeros = 1;
    }
    at += zeros;
  }
  return steps;
}
