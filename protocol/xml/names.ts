/** Passing over names (XML 1.0, productions 4 and 5, without the colon as the namespaces recommendation has it). */
import { isNameByte, isNameCodePoint, isNameStartByte, isNameStartCodePoint } from './characters.ts';
import { XmlError } from './error.ts';

/** Of valid UTF-8, at a byte beyond ASCII. */
const codePointAt = (bytes: Buffer, position: number): number =>
  bytes.toString('utf8', position, position + 4).codePointAt(0) ?? 0;

const utf8Length = (codePoint: number): number => {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
};

/**
 * @returns where the name that begins at `start` ends
 * @throws XmlError XML_SYNTAX when none begins there, XML_NAME_TOO_LONG
 */
export const nameEnd = (bytes: Buffer, start: number, maxBytes: number): number => {
  let position = start;
  const first = bytes[start] ?? 0;
  if (isNameStartByte(first)) {
    position++;
  } else {
    const codePoint = first < 0x80 ? 0 : codePointAt(bytes, start);
    if (!isNameStartCodePoint(codePoint)) throw new XmlError('XML_SYNTAX', start, 'a name was expected');
    position += utf8Length(codePoint);
  }
  const limit = Math.min(bytes.length, start + maxBytes + 1);
  while (position < limit) {
    const byte = bytes[position] ?? 0;
    if (isNameByte(byte)) {
      position++;
    } else if (byte < 0x80) {
      break;
    } else {
      const codePoint = codePointAt(bytes, position);
      if (!isNameCodePoint(codePoint)) break;
      position += utf8Length(codePoint);
    }
  }
  if (position - start > maxBytes) {
    throw new XmlError(
      'XML_NAME_TOO_LONG',
      start,
      `a name has more than the ${String(maxBytes)} bytes that are left for it`,
    );
  }
  return position;
};
