/** Writes an xpress stream ([MS-WUSP] 2.1.1) block by block, from bytes that lie in pieces. */
import { BlockEncoder, encodedBound } from './block-encoder.ts';
import { HEADER_BYTES } from './framing.ts';

/**
 * Bytes that a block holds before it is compressed: as many as Windows Server 2025 was seen to send. Larger ones would
 * be allowed, and shorten XML by a tenth at most.
 */
export const BLOCK_BYTES = 16_352;

/** For one block at a time; nothing lies here while a caller has a turn. */
const encoder = new BlockEncoder();
const gathered = Buffer.alloc(BLOCK_BYTES);
const encoded = Buffer.alloc(HEADER_BYTES + encodedBound(BLOCK_BYTES));

/**
 * The stream for the pieces' bytes, one block with its header a turn: who has other things to do may do them between.
 * Nothing for no bytes.
 */
export function* xpressBlocks(pieces: readonly Buffer[]): Generator<Buffer, void, undefined> {
  let filled = 0;
  for (const piece of pieces) {
    for (let from = 0; from < piece.length;) {
      const taken = piece.copy(gathered, filled, from);
      filled += taken;
      from += taken;
      if (filled === BLOCK_BYTES) {
        yield writeBlock(filled);
        // Another stream may have been written meanwhile: what was gathered is gone, and is not needed any more.
        filled = 0;
      }
    }
  }
  if (filled > 0) yield writeBlock(filled);
}

function writeBlock(size: number): Buffer {
  const end = encoder.encode(gathered, size, encoded, HEADER_BYTES);
  const isShorter = end - HEADER_BYTES < size;
  const body = isShorter ? encoded.subarray(HEADER_BYTES, end) : gathered.subarray(0, size);
  const block = Buffer.allocUnsafe(HEADER_BYTES + body.length);
  block.writeInt32LE(size, 0);
  block.writeInt32LE(body.length, 4);
  body.copy(block, HEADER_BYTES);
  return block;
}
