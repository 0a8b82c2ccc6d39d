/** The attributes of one start tag. */
import { isNoncharacterAt, isPlainTextByte, isSpaceByte } from './characters.ts';
import type { EncodedText } from './encoding.ts';
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

/** Its prefix may be declared after it. */
interface Unresolved extends Attribute {
  namespace: string;
}

/** Attributes that are compared each with each; of more, their names are looked up. */
const FEW = 8;

export const skipSpace = (bytes: Buffer, from: number): number => {
  let position = from;
  while (isSpaceByte(bytes[position])) position++;
  return position;
};

/** Reads the attributes of start tags, one tag after the other. */
export class AttributeReader {
  readonly #bytes: Buffer;
  readonly #ascii: string | undefined;
  readonly #limits: XmlLimits;
  readonly #scope: NamespaceScope;
  readonly #vocabulary: Vocabulary;
  readonly #reference: Reference = { codePoint: 0, end: 0 };
  /** Where each attribute of the tag begins. */
  readonly #offsets: number[] = [];
  #position = 0;
  #hasPrefixes = false;

  constructor(
    { utf8, ascii }: EncodedText,
    limits: XmlLimits,
    scope: NamespaceScope,
    vocabulary: Vocabulary,
  ) {
    this.#bytes = utf8;
    this.#ascii = ascii;
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
    this.#hasPrefixes = false;
    const found: Unresolved[] = [];
    while (this.#nextBegins()) {
      if (found.length === this.#limits.maxAttributes) {
        throw new XmlError(
          'XML_TOO_MANY_ATTRIBUTES',
          this.#position,
          `an element has more than ${String(this.#limits.maxAttributes)} attributes`,
        );
      }
      this.#offsets[found.length] = this.#position;
      found.push(this.#readOne(depth));
    }
    if (this.#hasPrefixes) this.#resolve(found);
    if (found.length > 1) this.#requireDistinct(found);
    return found;
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

  #readOne(depth: number): Unresolved {
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
    const localName = this.#vocabulary.nameAt(bytes, localStart, end);
    const value = this.#readValue();
    if (localStart === offset) {
      if (localName !== 'xmlns') return { prefix: '', localName, namespace: '', value };
      this.#scope.declare('', this.#vocabulary.namespace(value), depth, offset);
      return { prefix: '', localName, namespace: XMLNS_NAMESPACE, value };
    }
    const prefix = this.#vocabulary.nameAt(bytes, offset, localStart - 1);
    if (prefix === 'xmlns') this.#scope.declare(localName, this.#vocabulary.namespace(value), depth, offset);
    else this.#hasPrefixes = true;
    return { prefix, localName, namespace: XMLNS_NAMESPACE, value };
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
    if (!plain) return decode(bytes, start, position, true);
    return this.#ascii?.slice(start, position) ?? bytes.toString('utf8', start, position);
  }

  #isAllowed(byte: number, position: number): boolean {
    if (isPlainTextByte(byte) || isSpaceByte(byte) || byte === 0x5d) return true;
    return byte === 0xef && !isNoncharacterAt(this.#bytes, position);
  }

  #resolve(found: readonly Unresolved[]): void {
    for (const [index, attribute] of found.entries()) {
      const { prefix } = attribute;
      if (prefix !== '' && prefix !== 'xmlns')
        attribute.namespace = this.#scope.resolve(prefix, this.#offsets[index] ?? 0);
    }
  }

  #requireDistinct(found: readonly Attribute[]): void {
    if (found.length > FEW) {
      const names = new Set<string>();
      for (const [index, { localName, namespace }] of found.entries()) {
        // No name holds a space.
        names.add(`${localName} ${namespace}`);
        if (names.size === index) this.#refuseRepeated(localName, index);
      }
      return;
    }
    for (let index = 1; index < found.length; index++) {
      const { localName, namespace } = found[index] ?? {};
      for (let before = 0; before < index; before++) {
        const other = found[before];
        if (localName !== undefined && other?.localName === localName && other.namespace === namespace)
          this.#refuseRepeated(localName, index);
      }
    }
  }

  #refuseRepeated(localName: string, index: number): never {
    throw new XmlError(
      'XML_DUPLICATE_ATTRIBUTE',
      this.#offsets[index] ?? 0,
      `the attribute "${localName}" occurs twice`,
    );
  }
}
