/** Which bytes and code points may stand where (XML 1.0, fifth edition, productions 2 to 5). */

const NAME = 1;
const NAME_START = 2;
const SPACE = 4;
/** In character data: needs no attention. Not so `<`, `&`, `]`, CR, control characters, and what may begin U+FFFE. */
const PLAIN_TEXT = 8;

const CLASSES = new Uint8Array(256);
for (let byte = 0x20; byte < 0x100; byte++) CLASSES[byte] = PLAIN_TEXT;
for (const byte of Buffer.from('\t\n')) CLASSES[byte] = PLAIN_TEXT;
for (const byte of Buffer.from('<&]')) CLASSES[byte] = 0;
CLASSES[0xef] = 0;
const mark = (characters: string, flags: number): void => {
  for (const byte of Buffer.from(characters)) CLASSES[byte] = (CLASSES[byte] ?? 0) | flags;
};
mark(' \t\r\n', SPACE);
mark('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_', NAME | NAME_START);
mark('0123456789-.', NAME);

const has = (byte: number | undefined, flag: number): boolean =>
  byte !== undefined && ((CLASSES[byte] ?? 0) & flag) !== 0;

/** An ASCII character of a name without its colon. */
export const isNameByte = (byte: number | undefined): boolean => has(byte, NAME);
export const isNameStartByte = (byte: number | undefined): boolean => has(byte, NAME_START);
export const isSpaceByte = (byte: number | undefined): boolean => has(byte, SPACE);
export const isPlainTextByte = (byte: number | undefined): boolean => has(byte, PLAIN_TEXT);

/** First and last code points beyond ASCII that may begin a name. */
const NAME_START_RANGES: readonly (readonly [number, number])[] = [
  [0xc0, 0xd6],
  [0xd8, 0xf6],
  [0xf8, 0x2ff],
  [0x370, 0x37d],
  [0x37f, 0x1fff],
  [0x200c, 0x200d],
  [0x2070, 0x218f],
  [0x2c00, 0x2fef],
  [0x3001, 0xd7ff],
  [0xf900, 0xfdcf],
  [0xfdf0, 0xfffd],
  [0x10000, 0xeffff],
];

/** Those that may only follow. */
const NAME_ONLY_RANGES: readonly (readonly [number, number])[] = [
  [0xb7, 0xb7],
  [0x300, 0x36f],
  [0x203f, 0x2040],
];

const within = (ranges: readonly (readonly [number, number])[], codePoint: number): boolean =>
  ranges.some(([first, last]) => codePoint >= first && codePoint <= last);

/** For code points beyond ASCII. */
export const isNameStartCodePoint = (codePoint: number): boolean => within(NAME_START_RANGES, codePoint);
export const isNameCodePoint = (codePoint: number): boolean =>
  isNameStartCodePoint(codePoint) || within(NAME_ONLY_RANGES, codePoint);

/** Production 2, `Char`. */
export const isCharacter = (codePoint: number): boolean =>
  codePoint >= 0x20
    ? codePoint <= 0xd7ff ||
      (codePoint >= 0xe000 && codePoint <= 0xfffd) ||
      (codePoint >= 0x10000 && codePoint <= 0x10ffff)
    : codePoint === 0x9 || codePoint === 0xa || codePoint === 0xd;

/** U+FFFE and U+FFFF, in UTF-8, are no characters of XML. */
export const isNoncharacterAt = (bytes: Uint8Array, position: number): boolean =>
  bytes[position] === 0xef &&
  bytes[position + 1] === 0xbf &&
  (bytes[position + 2] === 0xbe || bytes[position + 2] === 0xbf);
