/** What is told of an error that somebody else threw, whose class is not known here. */
import { types } from 'node:util';

/** Node's and SQLite's word for it, `ENOENT`, `SQLITE_BUSY`; undefined where it has none. */
export function codeOf(error: unknown): string | undefined {
  // By its form alone: an error of another realm is no instance of ours.
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

/** Its first line, for a sentence of ours. */
export function reasonOf(error: unknown): string {
  const text = types.isNativeError(error) ? error.message : String(error);
  return text.split('\n')[0] ?? text;
}

/** All there is of it, for the log of a bug. */
export const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

/**
 * What the person at a command's terminal is told. Errors with a code say what to do; anything else, and what Node itself
 * throws, is a bug and shows where it is.
 */
export const explanationOf = (error: unknown): string =>
  error instanceof Error && !(codeOf(error) ?? 'ERR_').startsWith('ERR_') ? error.message : stackOf(error);
