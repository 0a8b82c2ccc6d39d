/** The XML declaration, which only a document's very start may hold (XML 1.0, productions 23 to 26, 32, 77, 80). */
import type { Encoding } from './encoding.ts';
import { XmlError } from './error.ts';

const DECLARATION =
  /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.0"|'1\.0')(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"([A-Za-z][\w.-]*)"|'([A-Za-z][\w.-]*)'))?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*\?>$/;

/** Longer than any declaration that says only what one may say. */
const LONGEST = 200;

/**
 * @param bytes the document in UTF-8
 * @param encoding in which it arrived, which the declaration must name if it names one; undefined: it may name any
 * @returns where the declaration ends; 0 without one
 * @throws XmlError XML_SYNTAX for a declaration that is none or of another version, XML_ENCODING
 */
export const declarationEnd = (bytes: Buffer, encoding: Encoding | undefined): number => {
  if (!/^<\?xml[ \t\r\n?]/.test(bytes.toString('latin1', 0, 6))) return 0;
  const end = bytes.subarray(0, LONGEST).indexOf('?>', 0, 'latin1') + 2;
  const match = DECLARATION.exec(bytes.toString('latin1', 0, end));
  if (match === null) throw new XmlError('XML_SYNTAX', 0, 'the XML declaration is not one of version 1.0');
  const named = match[1] ?? match[2];
  if (named !== undefined && encoding !== undefined && named.toLowerCase() !== encoding) {
    throw new XmlError('XML_ENCODING', 0, `it declares the encoding "${named}" but arrived in ${encoding}`);
  }
  return end;
};
