/**
 * Counts and sizes as people read them. Every language of the console groups digits alike, which its test holds, so
 * these are not told the language.
 */

const whole = new Intl.NumberFormat('en');
const byDigits = [0, 1, 2].map(
  (digits) => new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }),
);
const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

const plurals = new Intl.PluralRules('en');

export const formatCount = (count: number): string => whole.format(count);

/** The English form for a count: `isOne(count) ? 'has' : 'have'`. */
export const isOne = (count: number): boolean => plurals.select(count) === 'one';

/** In English: `1 update`, `12 updates`; `plural` where an `s` is not enough. */
export function countOf(count: number, one: string, plural = `${one}s`): string {
  return `${whole.format(count)} ${isOne(count) ? one : plural}`;
}

/** Bytes in units of 1024, as Windows shows them, with three significant digits. */
export function formatBytes(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  while (amount >= 1024 && unit < UNITS.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || amount >= 100 ? 0 : amount >= 10 ? 1 : 2;
  return `${(byDigits[digits] ?? whole).format(amount)} ${UNITS[unit] ?? 'B'}`;
}

/** A signed HRESULT as it is searched for: `0x80240022`. */
export function formatHresult(hresult: number): string {
  return `0x${(hresult >>> 0).toString(16).toUpperCase().padStart(8, '0')}`;
}
