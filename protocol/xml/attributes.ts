/** The attributes of one start tag. */
import { isNoncharacterAt, isPlainTextByte, isSpaceByte } from './characters.ts';
import { XmlError } from './error.ts';
import type { XmlLimits } from './limits.ts';
import { nameEnd } from './names.ts';
import { XMLNS_NAMESPACE, type NamespaceScope } from './namespaces.ts';
import { decode, readReference, type Reference } from './references.ts';
import type { Vocabulary } from './vocabulary.ts';

const EQUALS = 0x3d;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const LESS = 0x3c;
const AMPERSAND = 0x26;
const COLON = 0x3a;

/** Namespace declarations are attributes too, of the namespace `XMLNS_NAMESPACE`. */
export interface Attribute {
  readonly prefix: string;
  readonly localName: string;
  readonly namespace: string;
  readonly value: string;
}

interface Unresolved {
  readonly prefix: string;
  readonly localName: string;
  readonly value: string;
  readonly offset: number;
}

export const skipSpace = (bytes: Buffer, from: number): number => {
  let position = from;
  while (isSpaceByte(bytes[position])) position++;
  return position;
};

/** Reads the attributes of start tags, one tag after the other. */
export class AttributeReader {
  readonly #bytes: Buffer;
  readonly #limits: XmlLimits;
  readonly #scope: NamespaceScope;
  readonly #vocabulary: Vocabulary;
  readonly #reference: Reference = { codePoint: 0, end: 0 };
  #position = 0;

  constructor(bytes: Buffer, limits: XmlLimits, scope: NamespaceScope, vocabulary: Vocabulary) {
    this.#bytes = bytes;
    this.#limits = limits;
    this.#scope = scope;
    this.#vocabulary = vocabulary;
  }

  /** Where the tag's `>` or `/` is, after `read`. */
  get end(): number {
    return this.#position;
  }

  /**
   * @param start where the element's name ends
   * @param depth of the element, for the namespaces that it declares
   * @throws XmlError for anything but well-formed attributes that differ in name
   */
  read(start: number, depth: number): Attribute[] {
    this.#position = start;
    const found: Unresolved[] = [];
    while (this.#nextBegins()) {
      if (found.length === this.#limits.maxAttributes) {
        throw new XmlError(
          'XML_TOO_MANY_ATTRIBUTES',
          this.#position,
          `an element has more than ${String(this.#limits.maxAttributes)} attributes`,
        );
      }
      found.push(this.#readOne());
    }
    return this.#resolve(found, depth);
  }

  #nextBegins(): boolean {
    const after = skipSpace(this.#bytes, this.#position);
    const byte = this.#bytes[after];
    const spaced = after > this.#position;
    this.#position = after;
    if (byte === 0x3e || byte === 0x2f) return false;
    if (!spaced) throw new XmlError('XML_SYNTAX', after, 'white space was expected before an attribute');
    return true;
  }

  #readOne(): Unresolved {
    const bytes = this.#bytes;
    const { maxNameBytes } = this.#limits;
    const offset = this.#position;
    let localStart = offset;
    let end = nameEnd(bytes, offset, maxNameBytes);
    if (bytes[end] === COLON) {
      localStart = end + 1;
      end = nameEnd(bytes, localStart, maxNameBytes - (localStart - offset));
    }
    const equals = skipSpace(bytes, end);
    if (bytes[equals] !== EQUALS) throw new XmlError('XML_SYNTAX', equals, 'an attribute has no value');
    this.#position = skipSpace(bytes, equals + 1);
    return {
      prefix: localStart === offset ? '' : bytes.toString('utf8', offset, localStart - 1),
      localName: bytes.toString('utf8', localStart, end),
      value: this.#readValue(),
      offset,
    };
  }

  #readValue(): string {
    const bytes = this.#bytes;
    const quote = bytes[this.#position];
    if (quote !== QUOTE && quote !== APOSTROPHE) {
      throw new XmlError('XML_SYNTAX', this.#position, 'the value of an attribute is not in quotes');
    }
    const start = this.#position + 1;
    let position = start;
    let plain = true;
    for (;;) {
      const byte = bytes[position];
      if (byte === quote) break;
      if (byte === AMPERSAND) {
        readReference(bytes, position, this.#reference);
        position = this.#reference.end;
        plain = false;
        continue;
      }
      if (byte === undefined || byte === LESS || !this.#isAllowed(byte, position)) {
        throw new XmlError(
          'XML_SYNTAX',
          position,
          'the value of an attribute ends, or holds what it must not',
        );
      }
      if (byte < 0x20) plain = false;
      position++;
    }
    this.#position = position + 1;
    return plain ? bytes.toString('utf8', start, position) : decode(bytes, start, position, true);
  }

  #isAllowed(byte: number, position: number): boolean {
    if (isPlainTextByte(byte) || isSpaceByte(byte) || byte === 0x5d) return true;
    return byte === 0xef && !isNoncharacterAt(this.#bytes, position);
  }

  #resolve(found: readonly Unresolved[], depth: number): Attribute[] {
    for (const { prefix, localName, value, offset } of found) {
      const declared =
        prefix === 'xmlns' ? localName : prefix === '' && localName === 'xmlns' ? '' : undefined;
      if (declared !== undefined) {
        this.#scope.declare(declared, this.#vocabulary.namespace(value), depth, offset);
      }
    }
    const attributes: Attribute[] = [];
    for (const { prefix, localName, value, offset } of found) {
      const namespace = this.#namespaceOf(prefix, localName, offset);
      if (attributes.some((other) => other.localName === localName && other.namespace === namespace)) {
        throw new XmlError('XML_DUPLICATE_ATTRIBUTE', offset, `the attribute "${localName}" occurs twice`);
      }
      attributes.push({ prefix, localName, namespace, value });
    }
    return attributes;
  }

  #namespaceOf(prefix: string, localName: string, offset: number): string {
    if (prefix === 'xmlns') return XMLNS_NAMESPACE;
    if (prefix === '') return localName === 'xmlns' ? XMLNS_NAMESPACE : '';
    return this.#scope.resolve(prefix, offset);
  }
}
