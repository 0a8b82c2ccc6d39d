/** What a document may hold before it is refused; each bounds memory and time. */
export interface XmlLimits {
  /** Of the document, as it arrived. */
  readonly maxBytes: number;
  /** Elements inside each other, the root included. */
  readonly maxDepth: number;
  /** In the whole document. */
  readonly maxElements: number;
  /** On one element, namespace declarations included. */
  readonly maxAttributes: number;
  /** Of one name of an element, attribute or processing instruction, prefix included. */
  readonly maxNameBytes: number;
}
