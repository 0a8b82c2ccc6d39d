export type XmlErrorCode =
  | 'XML_TOO_LARGE'
  | 'XML_TOO_DEEP'
  | 'XML_TOO_MANY_ELEMENTS'
  | 'XML_TOO_MANY_ATTRIBUTES'
  | 'XML_NAME_TOO_LONG'
  /** Not UTF-8, nor UTF-16 with its mark, or declared as something else. */
  | 'XML_ENCODING'
  /** A document type declaration, which is refused whatever it holds. */
  | 'XML_DOCTYPE'
  /** A reference to an entity other than the five, or to a character that XML does not allow. */
  | 'XML_REFERENCE'
  /** An undeclared prefix, or a declaration that the namespaces recommendation forbids. */
  | 'XML_NAMESPACE'
  | 'XML_DUPLICATE_ATTRIBUTE'
  /** Not well-formed in any other way. */
  | 'XML_SYNTAX';

/** A document that is not well-formed XML 1.0 with namespaces, uses what we refuse, or exceeds a limit. */
export class XmlError extends Error {
  readonly code: XmlErrorCode;
  /** Bytes from the start of the document, in UTF-8, to what is wrong. */
  readonly offset: number;

  constructor(code: XmlErrorCode, offset: number, what: string) {
    super(`The XML document is refused at byte ${String(offset)}: ${what}`);
    this.name = 'XmlError';
    this.code = code;
    this.offset = offset;
  }
}
