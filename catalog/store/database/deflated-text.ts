/** Text as the store keeps it: deflated, or as it is where that would save nothing. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Characters; below this the deflated form is hardly smaller, and costs time to make and to read. */
const WORTH_DEFLATING = 300;

/** Bytes. Far above the largest document that is accepted, so that only a damaged database meets it. */
const LARGEST_TEXT = 256 * 1024 * 1024;

/** What a column of deflated text holds. */
export type StoredText = string | Buffer;

export const storeText = (text: string): StoredText =>
  text.length < WORTH_DEFLATING ? text : deflateRawSync(Buffer.from(text), { memLevel: 6 });

export const restoreText = (stored: StoredText): string =>
  typeof stored === 'string'
    ? stored
    : inflateRawSync(stored, { maxOutputLength: LARGEST_TEXT }).toString('utf8');
