/**
 * What is too long for an entry is cut, and the entry says so: a change that could not be recorded would be refused, and
 * an entry that was not written would be missed by nobody.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';
import type { JsonValue } from './canonical-json.ts';

/** Bytes of canonical JSON that before and after may have, each. */
export const LARGEST_VALUE = 64 * 1024;

/** Characters of a longer value that are kept. Each is three bytes of UTF-8 at most, and some are escaped. */
const KEPT_OF_VALUE = 8 * 1024;

/** More than any request of the console can name. */
export const MOST_SUBJECTS = 5000;

/** Characters. */
export const LONGEST_NAME = 512;

/**
 * The value as canonical JSON; in place of one that is too long, an object `truncated` with its size in bytes, the SHA-256
 * of its whole text, by which the original is known again, and how it begins.
 */
export function boundedJson(value: JsonValue): string {
  const whole = canonicalJson(value);
  const bytes = Buffer.byteLength(whole);
  if (bytes <= LARGEST_VALUE) return whole;
  const sha256 = createHash('sha256').update(whole).digest('hex');
  return canonicalJson({ truncated: { beginning: whole.slice(0, KEPT_OF_VALUE), bytes, sha256 } });
}

/** Ends in an ellipsis where it was cut. SQLite reads a text up to its first NUL, and would not find it by the rest. */
export function boundedText(text: string): string {
  const whole = text.toWellFormed().replaceAll('\0', '\ufffd');
  return whole.length <= LONGEST_NAME ? whole : `${whole.slice(0, LONGEST_NAME - 1).toWellFormed()}…`;
}

interface Subject {
  readonly kind: string;
  readonly id: string;
  readonly name?: string;
}

/** Where there are too many, the last one says how many more there were. */
export function boundedSubjects(subjects: readonly Subject[]): string {
  const listed = subjects.slice(0, MOST_SUBJECTS).map(({ kind, id, name }) => ({
    kind: boundedText(kind),
    id: boundedText(id),
    ...(name === undefined ? {} : { name: boundedText(name) }),
  }));
  const more = subjects.length - listed.length;
  return canonicalJson(
    more === 0 ? listed : [...listed, { kind: 'truncated', id: String(more), name: `and ${more} more` }],
  );
}
