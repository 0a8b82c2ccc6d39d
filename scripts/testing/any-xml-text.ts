/** Any text that an XML 1.0 document can hold, rich in what has to be escaped. */
import fc from 'fast-check';

/** `Char` of XML 1.0, production 2. */
const isXmlCharacter = (code: number): boolean =>
  code === 0x9 ||
  code === 0xa ||
  code === 0xd ||
  (code >= 0x20 && code <= 0xd7ff) ||
  (code >= 0xe000 && code <= 0xfffd) ||
  code >= 0x1_0000;

const anyCharacter = fc.oneof(
  fc.constantFrom('<', '>', '&', '"', "'", ']', ' ', '\t', '\n', '\r', '\u0085', '\u2028', '😀'),
  fc
    .integer({ min: 0x9, max: 0x10_ffff })
    .filter(isXmlCharacter)
    .map((code) => String.fromCodePoint(code)),
);

export const anyXmlText = (limits: { readonly minLength?: number; readonly maxLength?: number } = {}) =>
  fc.string({ ...limits, unit: anyCharacter });
