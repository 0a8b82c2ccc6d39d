/** Reads an update document into a tree: elements by namespace and local name, never by prefix. */
import { XmlError } from '../../protocol/xml/error.ts';
import { DOCUMENT_END, END_TAG, START_TAG, TEXT, Tokenizer } from '../../protocol/xml/tokenizer.ts';
import type { Attribute } from '../../protocol/xml/attributes.ts';
import { Vocabulary } from '../../protocol/xml/vocabulary.ts';
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
  /** On one element. */
  attributes: 1000,
  /** Bytes of a name with its prefix. */
  name: 1000,
} as const;

/** Characters of a reason: names of the document are in it, however long. */
const LONGEST_REASON = 200;

/** Names of elements, attributes and prefixes that are met in one document after the other. */
const NAMES = new Vocabulary([], [], 1000);

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
  try {
    return readRoot(
      new Tokenizer(
        document,
        {
          maxBytes: DOCUMENT_LIMITS.length,
          maxDepth: DOCUMENT_LIMITS.depth,
          maxElements: DOCUMENT_LIMITS.elements,
          maxAttributes: DOCUMENT_LIMITS.attributes,
          maxNameBytes: DOCUMENT_LIMITS.name,
        },
        NAMES,
      ),
    );
  } catch (error) {
    if (error instanceof XmlError) throw refusal(error);
    throw error;
  }
}

interface OpenElement extends XmlElement {
  readonly children: (XmlElement | string)[];
}

function readRoot(tokens: Tokenizer): XmlElement {
  const document: OpenElement = { namespace: '', name: '', attributes: [], children: [] };
  const outer: OpenElement[] = [];
  let open = document;
  /** Comes in pieces, at each CDATA section, comment and reference. */
  let text = '';
  for (;;) {
    switch (tokens.next()) {
      case START_TAG: {
        if (text !== '' && !isWhiteSpace(text)) open.children.push(text);
        text = '';
        const element: OpenElement = {
          namespace: tokens.namespace,
          name: tokens.localName,
          attributes: ownAttributes(tokens.attributes),
          children: [],
        };
        open.children.push(element);
        outer.push(open);
        open = element;
        break;
      }
      case END_TAG:
        // What stands before an end tag alone is the element's text, if only of white space.
        if (text !== '' && (open.children.length === 0 || !isWhiteSpace(text))) open.children.push(text);
        text = '';
        open = outer.pop() ?? document;
        break;
      case TEXT:
        text += tokens.text();
        break;
      case DOCUMENT_END: {
        const [root] = document.children;
        if (root === undefined || typeof root === 'string') throw malformed('it has no element');
        return root;
      }
    }
  }
}

const NO_ATTRIBUTES: readonly XmlAttribute[] = [];

function ownAttributes(attributes: readonly Attribute[]): readonly XmlAttribute[] {
  if (attributes.length === 0) return NO_ATTRIBUTES;
  const own: XmlAttribute[] = [];
  for (const { prefix, localName, namespace, value } of attributes) {
    if (prefix !== 'xmlns') own.push({ name: localName, namespace, value });
  }
  return own;
}

const WHITE_SPACE = /^[ \t\r\n]*$/;

const isWhiteSpace = (text: string): boolean => text.charCodeAt(0) <= 0x20 && WHITE_SPACE.test(text);

function refusal(error: XmlError): UpdateDocumentError {
  const { code } = error;
  const { attributes, depth, elements } = DOCUMENT_LIMITS;
  if (code === 'XML_TOO_MANY_ATTRIBUTES')
    return tooLarge(`an element with more than ${attributes} attributes`);
  if (code === 'XML_TOO_DEEP' || code === 'XML_TOO_MANY_ELEMENTS')
    return tooLarge(`more than ${elements} elements, or more than ${depth} inside each other`);
  if (code === 'XML_DOCTYPE') return malformed('a document type declaration is not accepted', error);
  return malformed(error.message, error);
}

const tooLarge = (what: string): UpdateDocumentError =>
  new UpdateDocumentError('DOCUMENT_TOO_LARGE', `The update document has ${what}.`);

const malformed = (reason: string, cause?: Error): UpdateDocumentError =>
  new UpdateDocumentError(
    'DOCUMENT_MALFORMED',
    `The update document is not acceptable XML: ${reason.slice(0, LONGEST_REASON)}.`,
    cause === undefined ? undefined : { cause },
  );
