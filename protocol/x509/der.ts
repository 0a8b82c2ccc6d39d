/**
 * Reads DER (ITU-T X.690), as little of it as certificates, revocation lists and OCSP answers need. Strict: one encoding
 * for each value, every length inside what holds it; there is no recursion that the bytes could drive.
 */

/** The bytes are not the DER that was expected; nothing in them is believed. */
export class DerError extends Error {
  readonly code = 'DER_INVALID';

  constructor(message: string) {
    super(message);
    this.name = 'DerError';
  }
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  enumerated: 0x0a,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The tag of a context-specific element that holds others, `[n]`. */
export const constructed = (n: number): number => 0xa0 | n;

/** The tag of a context-specific element that holds a value itself, `[n] IMPLICIT`. */
export const primitive = (n: number): number => 0x80 | n;

export interface DerElement {
  readonly tag: number;
  readonly content: Buffer;
  /** With tag and length, as it was signed or compared. */
  readonly whole: Buffer;
}

const LONGEST_OID = 64;

/** Goes through the elements in some bytes, one after the other. Every method throws DerError. */
export class DerReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** Whether the next element has this tag. */
  isNext(tag: number): boolean {
    return this.#bytes[this.#at] === tag;
  }

  /** The next element, whatever it is. */
  element(): DerElement {
    const start = this.#at;
    const tag = this.#byte();
    if ((tag & 0x1f) === 0x1f) throw new DerError('a tag of more than one byte');
    const length = this.#length();
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new DerError('an element longer than what holds it');
    const content = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return { tag, content, whole: this.#bytes.subarray(start, end) };
  }

  /** The next element, which must have this tag. */
  expect(tag: number): DerElement {
    if (!this.isNext(tag)) throw new DerError(`no element with tag ${tag} where one must be`);
    return this.element();
  }

  /** A reader of what is inside the next element. */
  inside(tag: number): DerReader {
    return new DerReader(this.expect(tag).content);
  }

  /** The same where the next element has this tag; else undefined, and nothing is read. */
  insideIfNext(tag: number): DerReader | undefined {
    return this.isNext(tag) ? this.inside(tag) : undefined;
  }

  /** What is inside each of the elements that are left, all of which must have this tag. */
  *each(tag: number): Generator<DerReader, void, undefined> {
    while (!this.isAtEnd) yield this.inside(tag);
  }

  /** All that are left. */
  *elements(): Generator<DerElement, void, undefined> {
    while (!this.isAtEnd) yield this.element();
  }

  /** Nothing may follow. */
  end(): void {
    if (!this.isAtEnd) throw new DerError('something behind the end');
  }

  /** Lower-case hex without leading zeros, so that equal numbers are equal strings. */
  integer(): string {
    const { content } = this.expect(TAG.integer);
    if (content.length === 0) throw new DerError('an empty number');
    return content.toString('hex').replace(/^(?:00)+(?=.)/, '');
  }

  enumerated(): number {
    const { content } = this.expect(TAG.enumerated);
    const [value] = content;
    if (content.length !== 1 || value === undefined) throw new DerError('a choice out of bounds');
    return value;
  }

  boolean(): boolean {
    return booleanOf(this.expect(TAG.boolean).content);
  }

  /** Dotted. */
  oid(): string {
    return oidOf(this.expect(TAG.oid).content);
  }

  octets(): Buffer {
    return this.expect(TAG.octetString).content;
  }

  /** Of whole bytes; keys and signatures are. */
  bits(): Buffer {
    const { content } = this.expect(TAG.bitString);
    if (content[0] !== 0) throw new DerError('bits that are no whole bytes');
    return content.subarray(1);
  }

  get isTimeNext(): boolean {
    return this.isNext(TAG.utcTime) || this.isNext(TAG.generalizedTime);
  }

  time(): Date {
    const { tag, content } = this.element();
    return timeOf(tag, content);
  }

  /** A GeneralizedTime that may have a fraction of a second, as timestamps have (RFC 3161 2.4.2); to the millisecond. */
  fractionalTime(): Date {
    const { content } = this.expect(TAG.generalizedTime);
    const parts = content.length > LONGEST_TIME ? null : FRACTIONAL_TIME.exec(content.toString('latin1'));
    if (parts === null) throw new DerError('a time in another form than YYYYMMDDHHMMSS.fZ');
    const [, seconds = '', fraction = ''] = parts;
    const whole = timeOf(TAG.generalizedTime, Buffer.from(`${seconds}Z`, 'latin1'));
    return new Date(whole.getTime() + Number(fraction.slice(0, 3).padEnd(3, '0')));
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new DerError('the end in the middle of an element');
    this.#at += 1;
    return byte;
  }

  #length(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    const count = first & 0x7f;
    if (count === 0 || count > 4) throw new DerError('a length that is open or out of bounds');
    let length = 0;
    for (let index = 0; index < count; index++) length = length * 256 + this.#byte();
    if (length < 0x80 || length < 256 ** (count - 1)) throw new DerError('a length not in its shortest form');
    return length;
  }
}

/** TRUE is all ones in DER. */
export function booleanOf(content: Buffer): boolean {
  const [value] = content;
  if (content.length !== 1 || (value !== 0 && value !== 0xff)) throw new DerError('neither true nor false');
  return value === 0xff;
}

function oidOf(content: Buffer): string {
  const last = content.at(-1);
  if (last === undefined || content.length > LONGEST_OID || last >= 0x80)
    throw new DerError('an object identifier out of bounds');
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const byte of content) {
    arc = arc * 128n + BigInt(byte & 0x7f);
    if (byte >= 0x80) continue;
    arcs.push(arc);
    arc = 0n;
  }
  const [first = 0n, ...rest] = arcs;
  const top = first < 80n ? first / 40n : 2n;
  return [top, first - top * 40n, ...rest].join('.');
}

const LONGEST_TIME = 32;
const FRACTIONAL_TIME = /^(\d{14})(?:\.(\d*[1-9]))?Z$/;
const TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;

/** UTCTime and GeneralizedTime as RFC 5280 4.1.2.5 allows them: to the second, in UTC. */
function timeOf(tag: number, content: Buffer): Date {
  if ((tag !== TAG.utcTime && tag !== TAG.generalizedTime) || content.length > 15)
    throw new DerError('no time where one must be');
  const text = content.toString('latin1');
  const century = Number(text.slice(0, 2)) >= 50 ? '19' : '20';
  const parts = TIME.exec(tag === TAG.utcTime ? century + text : text);
  if (parts === null) throw new DerError('a time in another form than YYMMDDHHMMSSZ');
  const [, year, month, day, hour, minute, second] = parts;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const time = new Date(iso);
  if (Number.isNaN(time.getTime()) || time.toISOString() !== iso)
    throw new DerError('a time that does not exist');
  return time;
}
