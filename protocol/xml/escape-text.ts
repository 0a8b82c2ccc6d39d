/** Escapes for writing XML. References are spelled as .NET spells them, so that what is written equals what WSUS writes. */
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};

const escape = (found: string): string => ESCAPES[found] ?? found;

/** Character data for element content; a carriage return too, which a reader would otherwise normalize. */
export const escapeText = (text: string): string => text.replace(/[&<>\r]/g, escape);

/** A value for double quotes; all white space too, which a reader would otherwise normalize. */
export const escapeAttribute = (value: string): string => value.replace(/[&<>"\t\n\r]/g, escape);
