/** A message that is being written. */
import { escapeAttribute, escapeText } from '../xml/escape-text.ts';
import { MessageError } from './message-error.ts';

/** Characters that no XML document can hold, not even as a reference. */
// oxlint-disable-next-line no-control-regex
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
const ALL_UNWRITABLE = new RegExp(UNWRITABLE, 'g');

/** The same text with a replacement character for each that XML cannot carry: for what must be sent come what may. */
export const writable = (text: string): string => text.toWellFormed().replaceAll(ALL_UNWRITABLE, '\ufffd');

/** @throws MessageError MESSAGE_VALUE for characters that XML does not allow */
const requireWritable = (text: string, where: string): void => {
  if (UNWRITABLE.test(text) || !text.isWellFormed()) {
    throw new MessageError('MESSAGE_VALUE', `${where} holds a character that XML cannot carry`);
  }
};

export class MessageOutput {
  readonly #chunks: Buffer[] = [];
  #text = '';

  /** Markup, or text that needs no escaping. */
  raw(text: string): void {
    this.#text += text;
  }

  text(text: string, where: string): void {
    requireWritable(text, where);
    this.#text += escapeText(text);
  }

  attribute(text: string, where: string): void {
    requireWritable(text, where);
    this.#text += escapeAttribute(text);
  }

  /** Markup, or text that is escaped already, in UTF-8. */
  bytes(bytes: Buffer): void {
    this.#flush();
    this.#chunks.push(bytes);
  }

  finish(): Buffer {
    const pieces = this.pieces();
    const [only] = pieces;
    return pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces);
  }

  /** The same in the pieces that it was made of: what was given as bytes is one of them, as the very object. */
  pieces(): readonly Buffer[] {
    this.#flush();
    return this.#chunks;
  }

  #flush(): void {
    if (this.#text === '') return;
    this.#chunks.push(Buffer.from(this.#text, 'utf8'));
    this.#text = '';
  }
}
