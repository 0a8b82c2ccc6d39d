/** From the bytes that arrived to UTF-8 without its mark. */
import { isUtf8 } from 'node:buffer';
import { XmlError } from './error.ts';

/** What the XML declaration may name: nothing else is read. */
export type Encoding = 'utf-8' | 'utf-16';

export interface EncodedText {
  readonly utf8: Buffer;
  /** Undefined where it was decoded elsewhere: what a declaration says of it is about what it was before. */
  readonly encoding: Encoding | undefined;
  /** The same where it is all ASCII, so that places in both are the same; undefined where that is not known. */
  readonly ascii: string | undefined;
}

const withoutMark = (utf8: Buffer): Buffer =>
  utf8[0] === 0xef && utf8[1] === 0xbb && utf8[2] === 0xbf ? utf8.subarray(3) : utf8;

/**
 * @param text a document that was decoded, with or without its mark
 * @throws XmlError XML_ENCODING
 */
export const encodeText = (text: string): EncodedText => {
  if (!text.isWellFormed()) {
    throw new XmlError('XML_ENCODING', 0, 'the UTF-16 text holds a surrogate without its other half');
  }
  const utf8 = Buffer.from(text, 'utf8');
  // A copy with a byte a character, which a text that came in UTF-16 has not: its pieces are small and quickly compared.
  if (utf8.length === text.length) return { utf8, encoding: undefined, ascii: utf8.toString('latin1') };
  return { utf8: withoutMark(utf8), encoding: undefined, ascii: undefined };
};

const fromUtf16 = (bytes: Buffer, bigEndian: boolean): EncodedText => {
  if (bytes.length % 2 !== 0) {
    throw new XmlError('XML_ENCODING', bytes.length, 'the UTF-16 text ends within a code unit');
  }
  const littleEndian = bigEndian ? Buffer.from(bytes).swap16() : bytes;
  const text = littleEndian.toString('utf16le', 2);
  return { ...encodeText(text), encoding: 'utf-16' };
};

/**
 * @param bytes a document in UTF-8, with or without its mark, or in UTF-16 of either order with its mark; left as it is
 * @throws XmlError XML_ENCODING
 */
export const toUtf8 = (bytes: Buffer): EncodedText => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return fromUtf16(bytes, false);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return fromUtf16(bytes, true);
  if (!isUtf8(bytes)) {
    throw new XmlError(
      'XML_ENCODING',
      0,
      'the document is neither UTF-8 nor UTF-16 with its byte order mark',
    );
  }
  return { utf8: withoutMark(bytes), encoding: 'utf-8', ascii: undefined };
};
