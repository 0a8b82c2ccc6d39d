/** Which rule of the message's table was broken. */
export type MessageErrorCode =
  /** The document is not a SOAP envelope with one message in its body. */
  | 'MESSAGE_ENVELOPE'
  /** The body holds a message that the service does not have. */
  | 'MESSAGE_UNKNOWN'
  /** Something that the table requires is missing. */
  | 'MESSAGE_MISSING'
  /** Something occurs twice that the table allows once. */
  | 'MESSAGE_REPEATED'
  /** A value is not of the declared type. */
  | 'MESSAGE_VALUE'
  /** A list has more items than the limit allows. */
  | 'MESSAGE_TOO_MANY';

/** Errors quote at most this many characters of what a peer sent. */
const LONGEST_QUOTATION = 80;

export const quote = (text: string): string =>
  text.length > LONGEST_QUOTATION ? `"${text.slice(0, LONGEST_QUOTATION).toWellFormed()}…"` : `"${text}"`;

/** A well-formed document that is not the declared message, or a value that the declared message cannot carry. */
export class MessageError extends Error {
  readonly code: MessageErrorCode;

  constructor(code: MessageErrorCode, message: string) {
    super(message);
    this.name = 'MessageError';
    this.code = code;
  }
}
