/** Values as update documents write them. Each reader takes the part's name for the error. */
import { invalid } from './element-reading.ts';

const GUID = /^\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?$/;

/** Documents spell guids in upper and lower case; they come out in lower. */
export function readGuid(part: string, value: string): string {
  const found = GUID.exec(value.trim().toLowerCase())?.[1];
  if (found === undefined) throw invalid(part, value, 'a guid');
  return found;
}

export function readBoolean(part: string, value: string): boolean {
  switch (value.trim()) {
    case 'true':
    case '1':
      return true;
    case 'false':
    case '0':
      return false;
    default:
      throw invalid(part, value, 'true or false');
  }
}

/** @param largest of the type that the schema names */
export function readInteger(part: string, value: string, largest: number): number {
  const text = value.trim();
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number <= largest)) throw invalid(part, value, `a number from 0 to ${largest}`);
  return number;
}

/** Of a size in bytes. */
export const LARGEST_SIZE = Number.MAX_SAFE_INTEGER;
/** Of `xs:int`. */
export const LARGEST_INT = 0x7fff_ffff;

const DIGESTS = {
  SHA1: { pattern: /^[A-Za-z0-9+/]{27}=$/, bytes: 20 },
  SHA256: { pattern: /^[A-Za-z0-9+/]{43}=$/, bytes: 32 },
} as const;

/** Base64 in the document, lower-case hex here. */
export function readDigest(part: string, algorithm: keyof typeof DIGESTS, value: string): string {
  const { pattern, bytes } = DIGESTS[algorithm];
  const text = value.trim();
  if (!pattern.test(text)) throw invalid(part, value, `the base64 of ${bytes} bytes`);
  return Buffer.from(text, 'base64').toString('hex');
}

/** ISO 8601 in UTC, as in the document; that there is such a time is all that is asked. */
export function readTime(part: string, value: string): string {
  const text = value.trim();
  if (!/^\d{4}-\d{2}-\d{2}(T|$)/.test(text) || Number.isNaN(Date.parse(text))) {
    throw invalid(part, value, 'a date and time as in 2026-11-10T18:00:00Z');
  }
  return text;
}

export function readOneOf<const T extends string>(part: string, accepted: readonly T[], value: string): T {
  const found = accepted.find((candidate) => candidate === value);
  if (found === undefined) throw invalid(part, value, accepted.join(', '));
  return found;
}
