/** Reads an update document into a tree: elements by namespace and local name, never by prefix. */
import { SaxesParser } from 'saxes';
import { UpdateDocumentError } from './update-document-error.ts';

export interface XmlAttribute {
  /** Local name; `xmlns` for the declaration of a default namespace. */
  readonly name: string;
  /** Empty where the name has no prefix. */
  readonly namespace: string;
  readonly value: string;
}

export interface XmlElement {
  readonly namespace: string;
  /** Local name. */
  readonly name: string;
  /** In the document's order. Declarations of prefixes are left out; those of a default namespace are not. */
  readonly attributes: readonly XmlAttribute[];
  /** Elements and text in order; white space that only sets elements apart is left out. */
  readonly children: readonly (XmlElement | string)[];
}

/** What no real document comes near: manifests of cumulative updates make the largest, some hundreds of kilobytes. */
export const DOCUMENT_LIMITS = {
  /** UTF-16 code units. */
  length: 32 * 1024 * 1024,
  depth: 128,
  elements: 500_000,
  /** On one element; beyond some millions of them each takes longer than the one before. */
  attributes: 1000,
} as const;

/** Characters of a reason: the parser puts names of the document into it, however long. */
const LONGEST_REASON = 200;

export const XMLNS = 'http://www.w3.org/2000/xmlns/';

/**
 * @throws UpdateDocumentError where the document is too large, is not well-formed, or declares a document type
 */
export function readTree(document: string): XmlElement {
  if (document.length > DOCUMENT_LIMITS.length) {
    throw new UpdateDocumentError(
      'DOCUMENT_TOO_LARGE',
      `The update document has ${document.length} characters; ${DOCUMENT_LIMITS.length} are accepted.`,
    );
  }
  return new TreeReader().read(document);
}

interface OpenElement extends XmlElement {
  readonly children: (XmlElement | string)[];
}

type Parser = SaxesParser<{
  xmlns: true;
  position: false;
  forceXMLVersion: true;
  defaultXMLVersion: '1.0';
}>;

class TreeReader {
  readonly #open: OpenElement[] = [];
  #elements = 0;
  /** Of the element whose start tag is being read. */
  #attributes = 0;
  #root: XmlElement | undefined;
  /** Text comes in pieces, at each CDATA section and reference. */
  #text = '';

  read(document: string): XmlElement {
    const parser: Parser = new SaxesParser({
      xmlns: true,
      position: false,
      forceXMLVersion: true,
      defaultXMLVersion: '1.0',
    });
    this.#listen(parser);
    parser.write(document).close();
    if (this.#root === undefined) throw malformed('it has no element');
    return this.#root;
  }

  #listen(parser: Parser): void {
    parser.on('error', (error) => {
      throw malformed(error.message, error);
    });
    parser.on('doctype', () => {
      throw malformed('a document type declaration is not accepted');
    });
    parser.on('text', (text) => {
      this.#text += text;
    });
    parser.on('cdata', (text) => {
      this.#text += text;
    });
    parser.on('opentagstart', () => {
      this.#attributes = 0;
    });
    parser.on('attribute', () => {
      this.#attributes += 1;
      if (this.#attributes > DOCUMENT_LIMITS.attributes) {
        throw tooLarge(`an element with more than ${DOCUMENT_LIMITS.attributes} attributes`);
      }
    });
    parser.on('opentag', ({ uri, local, attributes }) => {
      this.#takeText();
      const own: XmlAttribute[] = [];
      for (const attribute of Object.values(attributes)) {
        if (attribute.prefix !== 'xmlns') {
          own.push({ name: attribute.local, namespace: attribute.uri, value: attribute.value });
        }
      }
      this.#openElement({ namespace: uri, name: local, attributes: own, children: [] });
    });
    parser.on('closetag', () => {
      this.#takeText();
      const closed = this.#open.pop();
      if (closed !== undefined) dropSeparators(closed.children);
    });
  }

  #openElement(element: OpenElement): void {
    this.#elements += 1;
    if (this.#elements > DOCUMENT_LIMITS.elements || this.#open.length >= DOCUMENT_LIMITS.depth) {
      const { elements, depth } = DOCUMENT_LIMITS;
      throw tooLarge(`more than ${elements} elements, or more than ${depth} inside each other`);
    }
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#root = element;
    else parent.children.push(element);
    this.#open.push(element);
  }

  #takeText(): void {
    if (this.#text === '') return;
    this.#open.at(-1)?.children.push(this.#text);
    this.#text = '';
  }
}

const tooLarge = (what: string): UpdateDocumentError =>
  new UpdateDocumentError('DOCUMENT_TOO_LARGE', `The update document has ${what}.`);

const malformed = (reason: string, cause?: Error): UpdateDocumentError =>
  new UpdateDocumentError(
    'DOCUMENT_MALFORMED',
    `The update document is not acceptable XML: ${reason.slice(0, LONGEST_REASON)}.`,
    cause === undefined ? undefined : { cause },
  );

const WHITE_SPACE = /^[ \t\r\n]*$/;

function dropSeparators(children: (XmlElement | string)[]): void {
  if (children.length < 2) return;
  if (!children.some((child) => typeof child !== 'string')) return;
  if (!children.some((child) => typeof child === 'string' && WHITE_SPACE.test(child))) return;
  const kept = children.filter((child) => typeof child !== 'string' || !WHITE_SPACE.test(child));
  children.splice(0, children.length, ...kept);
}
