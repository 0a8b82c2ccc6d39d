/** How values of XML Schema's simple types are spelled (XML Schema part 2), and what Windows peers send of that. */
import { ZERO_GUID, isGuid } from '../guid.ts';
import type { ScalarName } from './table.ts';

/** Both ways of one simple type; each gives undefined for what is not of the type. */
export interface ScalarText {
  /** Surrounding white space is gone already, except from a string. */
  readonly parse: (text: string) => unknown;
  readonly format: (value: unknown) => string | undefined;
  /** What a peer means that leaves out a required value; undefined where it must not. */
  readonly zero: unknown;
}

const integer = (minimum: number, maximum: number): ScalarText => {
  const isInRange = (value: number): boolean =>
    Number.isInteger(value) && value >= minimum && value <= maximum;
  return {
    parse: (text) => {
      if (!/^[+-]?\d{1,30}$/.test(text)) return undefined;
      const value = Number(text);
      // Adding zero turns minus zero into zero.
      return isInRange(value) ? value + 0 : undefined;
    },
    format: (value) => (typeof value === 'number' && isInRange(value) ? String(value) : undefined),
    zero: 0,
  };
};

const INT64 = { minimum: -(2n ** 63n), maximum: 2n ** 63n - 1n };
const isInt64 = (value: bigint): boolean => value >= INT64.minimum && value <= INT64.maximum;

const long: ScalarText = {
  parse: (text) => {
    if (!/^[+-]?\d{1,30}$/.test(text)) return undefined;
    const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
    return isInt64(value) ? value : undefined;
  },
  format: (value) => (typeof value === 'bigint' && isInt64(value) ? String(value) : undefined),
  zero: 0n,
};

const boolean: ScalarText = {
  parse: (text) => {
    if (text === 'true' || text === '1') return true;
    return text === 'false' || text === '0' ? false : undefined;
  },
  format: (value) => (typeof value === 'boolean' ? String(value) : undefined),
  zero: false,
};

const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,12})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)?$/;

const isDateTime = (text: string): boolean => {
  const match = DATE_TIME.exec(text);
  if (match === null) return false;
  const [year, month, day] = match.slice(1).map(Number);
  if (year === undefined || month === undefined || day === undefined) return false;
  // Day 0 of the next month is the last of this one; the year 2000 onwards repeats every 400 years.
  const lastDay = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= lastDay;
};

const dateTime: ScalarText = {
  parse: (text) => (isDateTime(text) ? text : undefined),
  format: (value) => (typeof value === 'string' && isDateTime(value) ? value : undefined),
  zero: '0001-01-01T00:00:00',
};

const guid: ScalarText = {
  parse: (text) => (isGuid(text) ? text.toLowerCase() : undefined),
  format: (value) => (typeof value === 'string' && isGuid(value) ? value.toLowerCase() : undefined),
  zero: ZERO_GUID,
};

const base64Binary: ScalarText = {
  parse: (text) => {
    const packed = /\s/.test(text) ? text.replaceAll(/[ \t\r\n]/g, '') : text;
    const isBase64 = packed.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(packed);
    return isBase64 ? Buffer.from(packed, 'base64') : undefined;
  },
  format: (value) =>
    value instanceof Uint8Array
      ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
      : undefined,
  zero: undefined,
};

const string: ScalarText = {
  parse: (text) => text,
  format: (value) => (typeof value === 'string' ? value : undefined),
  zero: undefined,
};

export const SCALARS: Readonly<Record<ScalarName, ScalarText>> = {
  string,
  boolean,
  int: integer(-(2 ** 31), 2 ** 31 - 1),
  short: integer(-(2 ** 15), 2 ** 15 - 1),
  long,
  unsignedByte: integer(0, 2 ** 8 - 1),
  unsignedInt: integer(0, 2 ** 32 - 1),
  dateTime,
  base64Binary,
  guid,
};
