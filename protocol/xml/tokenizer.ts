/**
 * A strict pull reader of XML 1.0 with namespaces over bytes: what it accepts is well-formed, has no document type
 * declaration, and stays within the limits. It makes no strings for what nobody asks for.
 */
import { AttributeReader, skipSpace, type Attribute } from './attributes.ts';
import { isNoncharacterAt, isPlainTextByte, isSpaceByte } from './characters.ts';
import { declarationEnd } from './declaration.ts';
import { encodeText, toUtf8 } from './encoding.ts';
import { XmlError } from './error.ts';
import type { XmlLimits } from './limits.ts';
import { nameEnd } from './names.ts';
import { NamespaceScope } from './namespaces.ts';
import { decode, decodeLineEnds, readReference, type Reference } from './references.ts';
import { NO_VOCABULARY, type Vocabulary } from './vocabulary.ts';

/** The end of the document, past its root. */
export const DOCUMENT_END = 0;
export const START_TAG = 1;
/** Follows an empty-element tag too. */
export const END_TAG = 2;
/** A piece of the text of an element: one run of character data, or one CDATA section. */
export const TEXT = 3;
export type Token = typeof DOCUMENT_END | typeof START_TAG | typeof END_TAG | typeof TEXT;

const LESS = 0x3c;
const GREATER = 0x3e;
const SLASH = 0x2f;
const EXCLAMATION = 0x21;
const QUESTION = 0x3f;
const COLON = 0x3a;
const AMPERSAND = 0x26;
const CLOSE_BRACKET = 0x5d;
const CARRIAGE_RETURN = 0x0d;
const HYPHEN = 0x2d;

const NO_ATTRIBUTES: readonly Attribute[] = [];

/** Character data that can be taken as it is, that has references or line ends to resolve, or a CDATA section. */
type TextForm = 'plain' | 'encoded' | 'cdata';

export class Tokenizer {
  /** Of the element whose start tag was read last. */
  localName = '';
  /** Empty for none. */
  namespace = '';
  attributes: readonly Attribute[] = NO_ATTRIBUTES;
  /** Of the element that is open; 0 outside the root. */
  depth = 0;

  readonly #bytes: Buffer;
  readonly #ascii: string | undefined;
  readonly #limits: XmlLimits;
  readonly #vocabulary: Vocabulary;
  readonly #scope = new NamespaceScope();
  readonly #attributeReader: AttributeReader;
  readonly #reference: Reference = { codePoint: 0, end: 0 };
  /** Where the names of the open elements are, by depth. */
  readonly #nameStarts: number[] = [0];
  readonly #nameEnds: number[] = [0];
  #position: number;
  #elements = 0;
  #emptyElement = false;
  #textStart = 0;
  #textEnd = 0;
  #textForm: TextForm = 'plain';

  /**
   * @param document as `toUtf8` takes it; or as text, which was decoded before
   * @param vocabulary names that are expected
   * @throws XmlError at once for size and encoding, and from `next` for everything else
   */
  constructor(document: Buffer | string, limits: XmlLimits, vocabulary: Vocabulary = NO_VOCABULARY) {
    if (document.length > limits.maxBytes) {
      throw new XmlError(
        'XML_TOO_LARGE',
        limits.maxBytes,
        `it has ${String(document.length)} bytes, of ${String(limits.maxBytes)} allowed`,
      );
    }
    const text = typeof document === 'string' ? encodeText(document) : toUtf8(document);
    this.#bytes = text.utf8;
    this.#ascii = text.ascii;
    this.#limits = limits;
    this.#vocabulary = vocabulary;
    this.#attributeReader = new AttributeReader(text, limits, this.#scope, vocabulary);
    this.#position = declarationEnd(text.utf8, text.encoding);
  }

  /** Where the token that was read last ends, in bytes from the start of the document without its mark. */
  get position(): number {
    return this.#position;
  }

  /** Moves to the next token. Comments and processing instructions are passed over. */
  next(): Token {
    if (this.#emptyElement) {
      this.#emptyElement = false;
      return this.#leave();
    }
    const bytes = this.#bytes;
    for (;;) {
      if (this.depth === 0) this.#position = skipSpace(bytes, this.#position);
      if (bytes[this.#position] !== LESS) return this.#text();
      const second = bytes[this.#position + 1];
      if (second === SLASH) return this.#endTag();
      if (second === QUESTION) {
        this.#processingInstruction();
      } else if (second !== EXCLAMATION) {
        return this.#startTag();
      } else if (bytes[this.#position + 2] === HYPHEN) {
        this.#comment();
      } else {
        return this.#cdataSection();
      }
    }
  }

  /** The text of the TEXT token that was read last, references resolved, each line end one LF. */
  text(): string {
    const start = this.#textStart;
    const end = this.#textEnd;
    if (this.#textForm === 'encoded') return decode(this.#bytes, start, end, false);
    const text = this.#ascii?.slice(start, end) ?? this.#bytes.toString('utf8', start, end);
    return this.#textForm === 'plain' ? text : decodeLineEnds(text);
  }

  /**
   * Where the element whose start tag was read last holds nothing but a plain decimal number of at most nine digits,
   * which is nearly always so: its value, and the end tag is passed. Otherwise -1, and nothing has moved.
   */
  wholeNumber(): number {
    const bytes = this.#bytes;
    let position = this.#position;
    let value = 0;
    for (
      let digit = (bytes[position] ?? 0) - 0x30;
      digit >= 0 && digit <= 9;
      digit = (bytes[position] ?? 0) - 0x30
    ) {
      value = value * 10 + digit;
      position++;
    }
    const digits = position - this.#position;
    if (digits === 0 || digits > 9 || this.#emptyElement) return -1;
    const end = this.#matchedEndTag(position);
    if (end === 0) return -1;
    this.#position = end;
    this.#leave();
    return value;
  }

  /**
   * Reads a run of elements that are alike: the one whose start tag was read last, and those that follow it without
   * anything between, with the same name and without attributes, as long as each holds a plain number as `wholeNumber`
   * takes it. This is the shape of nearly all that agents send.
   *
   * @param into receives the numbers, until it holds `maximum`
   * @returns false when it stopped within an element whose start tag is passed and whose content is something else
   */
  wholeNumbers(into: unknown[], maximum: number): boolean {
    const bytes = this.#bytes;
    const name = this.#nameStarts[this.depth] ?? 0;
    const length = (this.#nameEnds[this.depth] ?? 0) - name;
    // An attribute may have declared a namespace that its siblings are not in.
    if (this.attributes.length > 0) return false;
    for (;;) {
      const value = this.wholeNumber();
      if (value < 0) return false;
      into.push(value);
      const start = this.#position + 1;
      const end = start + length;
      if (into.length === maximum || bytes[start - 1] !== LESS || bytes[end] !== GREATER) return true;
      for (let index = 0; index < length; index++) {
        if (bytes[start + index] !== bytes[name + index]) return true;
      }
      this.#enter(start);
      this.#nameEnds[this.depth] = end;
      this.#position = end + 1;
    }
  }

  #syntax(what: string, offset = this.#position): never {
    throw new XmlError('XML_SYNTAX', offset, what);
  }

  #startTag(): Token {
    const bytes = this.#bytes;
    const start = this.#position + 1;
    if (this.depth === 0 && this.#elements > 0) this.#syntax('there is a second root element');
    this.#enter(start);
    let end = nameEnd(bytes, start, this.#limits.maxNameBytes);
    let localStart = start;
    if (bytes[end] === COLON) {
      localStart = end + 1;
      end = nameEnd(bytes, localStart, this.#limits.maxNameBytes - (localStart - start));
    }
    this.#nameEnds[this.depth] = end;
    this.localName = this.#vocabulary.nameAt(bytes, localStart, end);
    if (bytes[end] === GREATER) {
      this.attributes = NO_ATTRIBUTES;
      this.#position = end + 1;
    } else {
      this.#restOfStartTag(end);
    }
    this.namespace =
      localStart === start
        ? this.#scope.default
        : this.#namespaceOf(this.#vocabulary.nameAt(bytes, start, localStart - 1), start);
    return START_TAG;
  }

  #namespaceOf(prefix: string, offset: number): string {
    if (prefix === 'xmlns') this.#syntax('an element must not have the prefix "xmlns"', offset);
    return this.#scope.resolve(prefix, offset);
  }

  #enter(nameStart: number): void {
    if (this.depth === this.#limits.maxDepth) {
      throw new XmlError(
        'XML_TOO_DEEP',
        nameStart,
        `more than ${String(this.#limits.maxDepth)} elements are inside each other`,
      );
    }
    if (this.#elements === this.#limits.maxElements) {
      throw new XmlError(
        'XML_TOO_MANY_ELEMENTS',
        nameStart,
        `there are more than ${String(this.#limits.maxElements)} elements`,
      );
    }
    this.#elements++;
    this.depth++;
    this.#nameStarts[this.depth] = nameStart;
  }

  #restOfStartTag(nameEndsAt: number): void {
    this.attributes = this.#attributeReader.read(nameEndsAt, this.depth);
    const end = this.#attributeReader.end;
    const empty = this.#bytes[end] === SLASH;
    if (empty && this.#bytes[end + 1] !== GREATER)
      this.#syntax('a "/" in a start tag is not at its end', end);
    this.#emptyElement = empty;
    this.#position = empty ? end + 2 : end + 1;
  }

  #leave(): Token {
    this.#scope.leave(this.depth);
    this.depth--;
    return END_TAG;
  }

  /** Where the tag ends that begins at `position`, when it closes the open element; otherwise 0. */
  #matchedEndTag(position: number): number {
    const bytes = this.#bytes;
    if (bytes[position] !== LESS || bytes[position + 1] !== SLASH) return 0;
    const nameStart = this.#nameStarts[this.depth] ?? 0;
    const length = (this.#nameEnds[this.depth] ?? 0) - nameStart;
    const start = position + 2;
    for (let index = 0; index < length; index++) {
      if (bytes[start + index] !== bytes[nameStart + index]) return 0;
    }
    const end = start + length;
    if (bytes[end] === GREATER) return end + 1;
    const afterSpace = skipSpace(bytes, end);
    return bytes[afterSpace] === GREATER && afterSpace > end ? afterSpace + 1 : 0;
  }

  #endTag(): Token {
    const end = this.depth === 0 ? 0 : this.#matchedEndTag(this.#position);
    if (end === 0) this.#syntax('an end tag does not close the element that is open');
    this.#position = end;
    return this.#leave();
  }

  #text(): Token {
    const bytes = this.#bytes;
    let position = this.#position;
    if (this.depth === 0) {
      if (position < bytes.length) this.#syntax('there is text outside the root element');
      if (this.#elements === 0) this.#syntax('there is no root element');
      return DOCUMENT_END;
    }
    this.#textStart = position;
    this.#textForm = 'plain';
    for (;;) {
      while (isPlainTextByte(bytes[position])) position++;
      const byte = bytes[position];
      if (byte === LESS) break;
      position = this.#passSpecial(byte, position);
    }
    this.#textEnd = position;
    this.#position = position;
    return TEXT;
  }

  /** Passes one byte or reference of character data that is not plain. */
  #passSpecial(byte: number | undefined, position: number): number {
    const bytes = this.#bytes;
    switch (byte) {
      case undefined:
        return this.#syntax('the document ends within an element', position);
      case AMPERSAND:
        readReference(bytes, position, this.#reference);
        this.#textForm = 'encoded';
        return this.#reference.end;
      case CARRIAGE_RETURN:
        this.#textForm = 'encoded';
        return position + 1;
      case CLOSE_BRACKET:
        if (bytes[position + 1] === CLOSE_BRACKET && bytes[position + 2] === GREATER) {
          this.#syntax('"]]>" stands outside a CDATA section', position);
        }
        return position + 1;
      default:
        this.#requireCharacter(byte, position);
        return position + 1;
    }
  }

  #requireCharacter(byte: number, position: number): void {
    if (byte < 0x20 ? !isSpaceByte(byte) : isNoncharacterAt(this.#bytes, position)) {
      this.#syntax('a character stands there that XML does not allow', position);
    }
  }

  /** Finds the terminator from `start` on and checks what is before it. */
  #through(start: number, terminator: string): number {
    const end = this.#bytes.indexOf(terminator, start, 'latin1');
    if (end < 0) this.#syntax(`"${terminator}" is missing`);
    for (let position = start; position < end; position++) {
      const byte = this.#bytes[position] ?? 0;
      if (!isPlainTextByte(byte)) this.#requireCharacter(byte, position);
    }
    return end;
  }

  #comment(): void {
    const start = this.#position + 4;
    if (this.#bytes[start - 1] !== HYPHEN) this.#syntax('"<!-" begins no comment');
    const end = this.#through(start, '--');
    if (this.#bytes[end + 2] !== GREATER) this.#syntax('a comment holds "--"', end);
    this.#position = end + 3;
  }

  #processingInstruction(): void {
    const bytes = this.#bytes;
    const start = this.#position + 2;
    const end = nameEnd(bytes, start, this.#limits.maxNameBytes);
    if (bytes.toString('latin1', start, end).toLowerCase() === 'xml') {
      this.#syntax('an XML declaration is not at the start of the document');
    }
    const closesAtOnce = bytes[end] === QUESTION && bytes[end + 1] === GREATER;
    if (!closesAtOnce && !isSpaceByte(bytes[end])) {
      this.#syntax('the target of a processing instruction is not a name', end);
    }
    this.#position = this.#through(end, '?>') + 2;
  }

  #cdataSection(): Token {
    const start = this.#position + 9;
    const opening = this.#bytes.toString('latin1', this.#position, start);
    if (opening === '<!DOCTYPE') {
      throw new XmlError(
        'XML_DOCTYPE',
        this.#position,
        'it has a document type declaration, which is never read',
      );
    }
    if (opening !== '<![CDATA[') this.#syntax('"<!" begins neither a comment nor a CDATA section');
    if (this.depth === 0) this.#syntax('there is text outside the root element');
    const end = this.#through(start, ']]>');
    this.#textStart = start;
    this.#textEnd = end;
    this.#textForm = 'cdata';
    this.#position = end + 3;
    return TEXT;
  }
}
