/** Entity and character references, and the text that holds them. */
import { isCharacter, isSpaceByte } from './characters.ts';
import { XmlError } from './error.ts';

const AMPERSAND = 0x26;
const SEMICOLON = 0x3b;
const LESS = 0x3c;
const GREATER = 0x3e;
const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;
const SPACE = 0x20;

/** `&#x` and `;` around more zeros than anyone writes. */
const LONGEST_REFERENCE = 24;

const ENTITIES: ReadonlyMap<string, number> = new Map([
  ['lt', 0x3c],
  ['gt', 0x3e],
  ['amp', 0x26],
  ['quot', 0x22],
  ['apos', 0x27],
]);

const codePointOf = (name: string): number | undefined => {
  const entity = ENTITIES.get(name);
  if (entity !== undefined) return entity;
  const digits = /^#(?:x([0-9A-Fa-f]+)|([0-9]+))$/.exec(name);
  if (digits === null) return undefined;
  const [, hexadecimal, decimal] = digits;
  const codePoint = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16);
  return isCharacter(codePoint) ? codePoint : undefined;
};

/**
 * The entities that make up nearly all that peers send are told by their bytes: `&lt;` and `&gt;` of documents within
 * documents, `&amp;` of hardware ids.
 *
 * @returns 0 where it is none of these
 */
const quickEntity = (bytes: Uint8Array, ampersand: number): number => {
  const first = bytes[ampersand + 1];
  const second = bytes[ampersand + 2];
  const third = bytes[ampersand + 3];
  if (second === 0x74 && third === SEMICOLON) {
    if (first === 0x6c) return LESS;
    if (first === 0x67) return GREATER;
  }
  const isAmp = first === 0x61 && second === 0x6d && third === 0x70 && bytes[ampersand + 4] === SEMICOLON;
  return isAmp ? AMPERSAND : 0;
};

/** What a reference stands for, and where it ends. */
export interface Reference {
  codePoint: number;
  end: number;
}

/**
 * Reads the reference at an ampersand.
 *
 * @param into receives the result, so that reading thousands allocates nothing
 * @throws XmlError XML_REFERENCE
 */
export const readReference = (bytes: Buffer, ampersand: number, into: Reference): void => {
  const quick = quickEntity(bytes, ampersand);
  if (quick !== 0) {
    into.codePoint = quick;
    into.end = ampersand + (quick === AMPERSAND ? 5 : 4);
    return;
  }
  const limit = Math.min(bytes.length, ampersand + LONGEST_REFERENCE);
  let end = ampersand + 1;
  while (end < limit && bytes[end] !== SEMICOLON) end++;
  const name = bytes.toString('latin1', ampersand + 1, end);
  const codePoint = end < limit ? codePointOf(name) : undefined;
  if (codePoint === undefined) {
    throw new XmlError(
      'XML_REFERENCE',
      ampersand,
      `${JSON.stringify(`&${name}`)} is not one of the five entities of XML, nor a reference to a character that XML allows`,
    );
  }
  into.codePoint = codePoint;
  into.end = end + 1;
};

const writeCodePoint = (codePoint: number, out: Buffer, at: number): number => {
  if (codePoint < 0x80) {
    out[at] = codePoint;
    return at + 1;
  }
  return at + out.write(String.fromCodePoint(codePoint), at, 'utf8');
};

/**
 * The text between two places with references resolved and line ends made one LF each (XML 1.0, 2.11); in an attribute,
 * white space becomes spaces (3.3.3). The references were checked when the text was passed over.
 */
export const decode = (bytes: Buffer, start: number, end: number, attribute: boolean): string => {
  const out = Buffer.allocUnsafe(end - start);
  const reference: Reference = { codePoint: 0, end: 0 };
  let length = 0;
  let position = start;
  while (position < end) {
    const byte = bytes[position] ?? 0;
    if (byte === AMPERSAND) {
      readReference(bytes, position, reference);
      length = writeCodePoint(reference.codePoint, out, length);
      position = reference.end;
      continue;
    }
    position++;
    if (byte === CARRIAGE_RETURN) {
      if (position < end && bytes[position] === LINE_FEED) position++;
      out[length++] = attribute ? SPACE : LINE_FEED;
    } else {
      out[length++] = attribute && isSpaceByte(byte) ? SPACE : byte;
    }
  }
  return out.toString('utf8', 0, length);
};

/** Line ends of a CDATA section, which knows no references. */
export const decodeLineEnds = (text: string): string => text.replaceAll(/\r\n?/g, '\n');
