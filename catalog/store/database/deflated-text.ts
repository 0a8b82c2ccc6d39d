/** Text as the store keeps it: deflated, or as it is where that would save nothing. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Characters; below this the deflated form is hardly smaller, and costs time to make and to read. */
const WORTH_DEFLATING = 300;

/** Bytes. Far above the largest document that is accepted, so that only a damaged database meets it. */
const LARGEST_TEXT = 256 * 1024 * 1024;

/** What a column of deflated text holds. */
export type StoredText = string | Buffer;

/** Bytes up to which a window of that size reaches over all of the text. */
const SMALL_TEXT = 8192;
const SMALL_WINDOW_BITS = 13;

/** zlib's own makes texts a fiftieth smaller, and takes half as long again. */
const LEVEL = 3;

export function storeText(text: string): StoredText {
  if (text.length < WORTH_DEFLATING) return text;
  const bytes = Buffer.from(text);
  return deflateRawSync(bytes, {
    level: LEVEL,
    memLevel: 6,
    // Most texts are small: clearing the memory for a larger window takes as long as deflating them.
    ...(bytes.length <= SMALL_TEXT ? { windowBits: SMALL_WINDOW_BITS } : {}),
    // What comes out lies in a buffer of this size, which would otherwise be 16 KiB for every text.
    chunkSize: bytes.length,
  });
}

export const restoreText = (stored: StoredText): string =>
  typeof stored === 'string'
    ? stored
    : inflateRawSync(stored, { maxOutputLength: LARGEST_TEXT }).toString('utf8');
