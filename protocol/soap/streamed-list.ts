/**
 * Reads a response that is nearly all one list, while it arrives: items that are whole are handed over and cut out of
 * what is kept. What is left at the end is a small message with the same list, read as any other: whether the document is
 * well-formed up to its end, and says what it must, is judged there.
 */
import { Tokenizer } from '../xml/tokenizer.ts';
import { XmlError } from '../xml/error.ts';
import { readResponse } from './codec.ts';
import { compiledService } from './compiled-service.ts';
import { isNil, nextChild, skipElement } from './element-content.ts';
import { openEnvelope } from './envelope.ts';
import { RESPONSE_LIMITS, type ReadLimits } from './limits.ts';
import { MessageError } from './message-error.ts';
import type { ArrayType, Operation, Read, ResponseOf, Service, Type } from './table.ts';
import { typeReader, type ElementReader } from './type-reader.ts';

/** Bytes that are kept before items are cut out. */
const DEFAULT_WINDOW = 256 * 1024;

export interface StreamedListOptions<O extends Operation, T extends Type> {
  readonly service: Service;
  readonly operation: O;
  /** Names of the elements from the response's down to the list, its own included. */
  readonly path: readonly string[];
  readonly list: ArrayType<T>;
  /** Told of each item that came before the end, in order. */
  readonly onItem: (item: Read<T>) => void;
  /** Default: RESPONSE_LIMITS. `maxBytes` and `maxElements` are of what is in memory, `maxListItems` of the whole list. */
  readonly limits?: ReadLimits;
  /** Default: 256 KiB. */
  readonly window?: number;
}

export class StreamedList<O extends Operation, T extends Type> {
  readonly #options: StreamedListOptions<O, T>;
  readonly #limits: ReadLimits;
  readonly #window: number;
  readonly #readItem: ElementReader;
  #pieces: Buffer[] = [];
  #size = 0;
  #threshold: number;
  #items = 0;
  /** Whether anything may still be cut out: not once the list ended, nor in a document that is not in UTF-8. */
  #isOpen = true;

  constructor(options: StreamedListOptions<O, T>) {
    const { service, operation, path, list, limits = RESPONSE_LIMITS, window = DEFAULT_WINDOW } = options;
    this.#options = options;
    this.#limits = limits;
    this.#window = window;
    this.#threshold = window;
    const where = [operation.response.name, ...path, list.itemName].join('.');
    this.#readItem = typeReader(list.item, operation.namespace, where);
    // Its tables are looked at now, not while the answer is waited for.
    compiledService(service);
  }

  /**
   * Takes the next piece of the document.
   *
   * @throws MessageError for an item that is none, and for more of them than are allowed
   */
  add(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#size += piece.length;
    if (this.#isOpen && this.#size >= this.#threshold) this.#cut();
  }

  /**
   * To be called at the end of the document.
   *
   * @returns the response; the items of its list are those that `onItem` was not told of
   * @throws SoapFault, XmlError, MessageError as `readResponse`
   */
  finish(): ResponseOf<O> {
    const { service, operation } = this.#options;
    const maxListItems = this.#limits.maxListItems - this.#items;
    return readResponse(service, operation, this.#joined(), { ...this.#limits, maxListItems });
  }

  #joined(): Buffer {
    const [only] = this.#pieces;
    if (this.#pieces.length === 1 && only !== undefined) return only;
    const joined = Buffer.concat(this.#pieces, this.#size);
    this.#pieces = [joined];
    return joined;
  }

  #cut(): void {
    const joined = this.#joined();
    // Places are known in UTF-8 alone.
    if (isUtf16(joined)) {
      this.#isOpen = false;
      return;
    }
    const document = withoutMark(joined);
    const whole = document.subarray(0, endOfCharacters(document));
    let from = -1;
    let to = -1;
    try {
      const tokens = new Tokenizer(whole, this.#limits, compiledService(this.#options.service).vocabulary);
      if (this.#enterList(tokens)) {
        from = tokens.position;
        to = from;
        while (nextChild(tokens)) {
          this.#takeChild(tokens);
          to = tokens.position;
        }
        this.#isOpen = false;
      }
    } catch (error) {
      // Where the bytes end within something, there is more to come; what is wrong is found again at the end.
      if (!(error instanceof XmlError)) throw error;
    }
    const kept = to > from ? Buffer.concat([document.subarray(0, from), document.subarray(to)]) : document;
    this.#pieces = [kept];
    this.#size = kept.length;
    // What did not get smaller is looked at again when there is twice as much: the work grows with the document only.
    this.#threshold = Math.max(this.#window, 2 * kept.length);
  }

  #takeChild(tokens: Tokenizer): void {
    const { list, onItem, operation } = this.#options;
    if (tokens.localName !== list.itemName || tokens.namespace !== operation.namespace || isNil(tokens)) {
      skipElement(tokens);
      return;
    }
    const { maxListItems } = this.#limits;
    if (this.#items === maxListItems) {
      const where = [operation.response.name, ...this.#options.path].join('.');
      throw new MessageError('MESSAGE_TOO_MANY', `${where} has more than ${String(maxListItems)} items`);
    }
    const item = this.#readItem({ tokens, maxListItems });
    this.#items += 1;
    // The reader was made of the very table that the type was inferred from, and checks every value against it.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    onItem(item as Read<T>);
  }

  /** Moves into the list; false where this is another message, or it holds no list. */
  #enterList(tokens: Tokenizer): boolean {
    const { operation, path } = this.#options;
    openEnvelope(tokens);
    if (tokens.localName !== operation.response.name || tokens.namespace !== operation.namespace)
      return false;
    return path.every((name) => {
      while (nextChild(tokens)) {
        if (tokens.localName === name && tokens.namespace === operation.namespace && !isNil(tokens))
          return true;
        skipElement(tokens);
      }
      return false;
    });
  }
}

const isUtf16 = (bytes: Buffer): boolean =>
  (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);

const withoutMark = (bytes: Buffer): Buffer =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;

/** Where the last character ends that is whole, in UTF-8 (RFC 3629, 3). */
function endOfCharacters(bytes: Buffer): number {
  let start = bytes.length - 1;
  while (start > bytes.length - 4 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  const first = bytes[start] ?? 0;
  const length = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  return start + length > bytes.length ? start : bytes.length;
}
