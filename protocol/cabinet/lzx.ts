/**
 * Decompresses LZX as cabinets hold it. Source: [MSDN-CAB], "Microsoft LZX Data Compression Format".
 */
import { CabinetError } from './error.ts';
import { LzxBits } from './lzx-bits.ts';
import {
  ALIGNED,
  CHARACTERS,
  EXTRA_BITS,
  FRAME,
  LENGTH_SYMBOLS,
  POSITION_BASE,
  SHORTEST_MATCH,
  SLOTS,
  UNCOMPRESSED,
  VERBATIM,
} from './lzx-format.ts';
import { LzxTree } from './lzx-tree.ts';

const PRETREE_SYMBOLS = 20;
const ALIGNED_SYMBOLS = 8;

/** Made once: nothing else runs while a folder is decompressed, and each block brings codes of its own. */
const TREES = {
  main: new LzxTree(CHARACTERS + 8 * Math.max(...Object.values(SLOTS))),
  length: new LzxTree(LENGTH_SYMBOLS),
  aligned: new LzxTree(ALIGNED_SYMBOLS),
  pretree: new LzxTree(PRETREE_SYMBOLS),
};

/**
 * @param compressed the folder's blocks joined
 * @param size how many bytes come out
 * @param windowOrder 15 to 21, the window being 2^windowOrder bytes
 * @throws CabinetError where the data is cut short or breaks the format
 */
export function decompressLzx(compressed: Uint8Array, size: number, windowOrder: number): Buffer {
  return new LzxDecoder(compressed, size, windowOrder).run();
}

/** Blocks in one frame of what comes out, on average: each may bring trees of its own, which cost more than its bytes. */
const MOST_BLOCKS_A_FRAME = 32;

class LzxDecoder {
  readonly #bits: LzxBits;
  readonly #out: Buffer;
  readonly #window: number;
  readonly #mainLengths: Uint8Array;
  readonly #lengthLengths = new Uint8Array(LENGTH_SYMBOLS);
  readonly #mainTree = TREES.main;
  readonly #lengthTree = TREES.length;
  #alignedTree: LzxTree | undefined;
  #position = 0;
  #blockType = 0;
  #blockLeft = 0;
  #blocksLeft: number;
  /** The three offsets used last, newest first. */
  #recent0 = 1;
  #recent1 = 1;
  #recent2 = 1;

  constructor(compressed: Uint8Array, size: number, windowOrder: number) {
    const slots = SLOTS[windowOrder];
    if (slots === undefined)
      throw new CabinetError(`its LZX window order is ${windowOrder}; 15 to 21 exist.`);
    this.#bits = new LzxBits(compressed);
    this.#out = Buffer.alloc(size);
    this.#blocksLeft = MOST_BLOCKS_A_FRAME * Math.ceil(size / FRAME);
    this.#window = 2 ** windowOrder;
    this.#mainLengths = new Uint8Array(CHARACTERS + slots * 8);
  }

  run(): Buffer {
    const translationSize =
      this.#bits.read(1) === 1 ? this.#bits.read(16) * 0x10000 + this.#bits.read(16) : 0;
    for (let frameEnd = FRAME; this.#position < this.#out.length; frameEnd += FRAME) {
      this.#decodeUpTo(Math.min(frameEnd, this.#out.length));
      this.#bits.alignToWord();
    }
    if (translationSize > 0) undoCallTranslation(this.#out, translationSize);
    return this.#out;
  }

  #decodeUpTo(end: number): void {
    while (this.#position < end) {
      if (this.#blockLeft === 0) this.#beginBlock();
      const before = this.#position;
      const stop = Math.min(end, before + this.#blockLeft);
      if (this.#blockType === UNCOMPRESSED) this.#copyBytes(stop);
      else this.#decodeSymbols(stop);
      this.#blockLeft -= this.#position - before;
      if (this.#blockLeft < 0) throw new CabinetError('a match runs past the end of its block.');
    }
  }

  #beginBlock(): void {
    if (this.#blocksLeft === 0) throw new CabinetError('it is cut into more blocks than any encoder makes.');
    this.#blocksLeft -= 1;
    this.#endUncompressedBlock();
    this.#blockType = this.#bits.read(3);
    this.#blockLeft = this.#bits.read(24);
    if (this.#blockLeft === 0) throw new CabinetError('it holds an empty block.');
    if (this.#blockType === UNCOMPRESSED) this.#beginUncompressed();
    else if (this.#blockType === VERBATIM || this.#blockType === ALIGNED) this.#beginCompressed();
    else throw new CabinetError(`it holds a block of unknown type ${this.#blockType}.`);
  }

  #oddBytes = false;

  #endUncompressedBlock(): void {
    if (this.#oddBytes) this.#bits.readBytes(1);
    this.#oddBytes = false;
  }

  #beginUncompressed(): void {
    this.#oddBytes = this.#blockLeft % 2 === 1;
    this.#bits.beginBytes();
    this.#recent0 = this.#bits.readUint32();
    this.#recent1 = this.#bits.readUint32();
    this.#recent2 = this.#bits.readUint32();
  }

  #beginCompressed(): void {
    this.#alignedTree = this.#blockType === ALIGNED ? this.#readAlignedTree() : undefined;
    this.#readLengths(this.#mainLengths, 0, CHARACTERS);
    this.#readLengths(this.#mainLengths, CHARACTERS, this.#mainLengths.length);
    this.#mainTree.take(this.#mainLengths);
    this.#readLengths(this.#lengthLengths, 0, LENGTH_SYMBOLS);
    this.#lengthTree.take(this.#lengthLengths);
  }

  #readAlignedTree(): LzxTree {
    return this.#readTree(TREES.aligned, ALIGNED_SYMBOLS, 3);
  }

  /** Of code lengths that are sent as they are. @param bits of each */
  #readTree(tree: LzxTree, symbols: number, bits: number): LzxTree {
    const lengths = new Uint8Array(symbols);
    for (let symbol = 0; symbol < symbols; symbol += 1) lengths[symbol] = this.#bits.read(bits);
    tree.take(lengths);
    return tree;
  }

  /** Code lengths are sent as differences to those of the block before, under a small code of their own. */
  #readLengths(lengths: Uint8Array, from: number, to: number): void {
    const pretree = this.#readTree(TREES.pretree, PRETREE_SYMBOLS, 4);
    const changed = (at: number, code: number): number => ((lengths[at] ?? 0) - code + 17) % 17;
    for (let at = from; at < to;) {
      const code = pretree.read(this.#bits);
      if (code <= 16) {
        lengths[at] = changed(at, code);
        at += 1;
        continue;
      }
      const run = this.#readRun(code);
      const value = code === 19 ? changed(at, pretree.read(this.#bits)) : 0;
      if (at + run > to) throw new CabinetError('a run of code lengths runs past its table.');
      lengths.fill(value, at, at + run);
      at += run;
    }
  }

  #readRun(code: number): number {
    if (code === 17) return 4 + this.#bits.read(4);
    if (code === 18) return 20 + this.#bits.read(5);
    return 4 + this.#bits.read(1);
  }

  #copyBytes(stop: number): void {
    this.#out.set(this.#bits.readBytes(stop - this.#position), this.#position);
    this.#position = stop;
  }

  #decodeSymbols(stop: number): void {
    const out = this.#out;
    while (this.#position < stop) {
      const symbol = this.#mainTree.read(this.#bits);
      if (symbol < CHARACTERS) {
        out[this.#position] = symbol;
        this.#position += 1;
      } else this.#copyMatch(symbol - CHARACTERS);
    }
  }

  #copyMatch(symbol: number): void {
    let length = symbol & 7;
    if (length === 7) length += this.#lengthTree.read(this.#bits);
    length += SHORTEST_MATCH;
    const offset = this.#readOffset(symbol >> 3);
    const from = this.#position - offset;
    if (from < 0 || offset > this.#window)
      throw new CabinetError('a match points before the beginning of the data.');
    if (this.#position + length > this.#out.length)
      throw new CabinetError('a match runs past the end of the data.');
    for (let index = 0; index < length; index += 1)
      this.#out[this.#position + index] = this.#out[from + index] ?? 0;
    this.#position += length;
  }

  #readOffset(slot: number): number {
    if (slot === 0) return this.#recent0;
    if (slot === 1) {
      [this.#recent0, this.#recent1] = [this.#recent1, this.#recent0];
      return this.#recent0;
    }
    if (slot === 2) {
      [this.#recent0, this.#recent2] = [this.#recent2, this.#recent0];
      return this.#recent0;
    }
    const offset = (POSITION_BASE[slot] ?? 0) - 2 + this.#readExtraBits(EXTRA_BITS[slot] ?? 0);
    this.#recent2 = this.#recent1;
    this.#recent1 = this.#recent0;
    this.#recent0 = offset;
    return offset;
  }

  #readExtraBits(count: number): number {
    if (this.#alignedTree === undefined || count < 3) return this.#bits.read(count);
    const high = this.#bits.read(count - 3);
    return high * 8 + this.#alignedTree.read(this.#bits);
  }
}

/** The encoder may have made the targets of x86 calls absolute, frame by frame; this makes them relative again. */
function undoCallTranslation(out: Buffer, translationSize: number): void {
  for (let start = 0; start < out.length && start < FRAME * FRAME; start += FRAME) {
    const end = Math.min(start + FRAME, out.length) - 10;
    for (let at = start; at < end; at += 1) {
      if (out[at] !== 0xe8) continue;
      const target = out.readInt32LE(at + 1);
      if (target >= -at && target < translationSize)
        out.writeInt32LE((target >= 0 ? target - at : target + translationSize) | 0, at + 1);
      at += 4;
    }
  }
}
