/** From the bytes that arrived to UTF-8 without its mark. */
import { isUtf8 } from 'node:buffer';
import { XmlError } from './error.ts';

/** What the XML declaration may name: nothing else is read. */
export type Encoding = 'utf-8' | 'utf-16';

export interface EncodedText {
  readonly utf8: Buffer;
  readonly encoding: Encoding;
}

const fromUtf16 = (bytes: Buffer, bigEndian: boolean): EncodedText => {
  if (bytes.length % 2 !== 0) {
    throw new XmlError('XML_ENCODING', bytes.length, 'the UTF-16 text ends within a code unit');
  }
  const littleEndian = bigEndian ? Buffer.from(bytes).swap16() : bytes;
  const text = littleEndian.toString('utf16le', 2);
  if (!text.isWellFormed()) {
    throw new XmlError('XML_ENCODING', 0, 'the UTF-16 text holds a surrogate without its other half');
  }
  return { utf8: Buffer.from(text, 'utf8'), encoding: 'utf-16' };
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
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return { utf8: marked ? bytes.subarray(3) : bytes, encoding: 'utf-8' };
};
