/** Counts and sizes as people read them. */

const whole = new Intl.NumberFormat('en');
const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

export const formatCount = (count: number): string => whole.format(count);

/** `1 update`, `12 updates`; `plural` where an `s` is not enough. */
export function countOf(count: number, one: string, plural = `${one}s`): string {
  return `${whole.format(count)} ${count === 1 ? one : plural}`;
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
  return `${amount.toFixed(digits)} ${UNITS[unit] ?? 'B'}`;
}

/** A signed HRESULT as it is searched for: `0x80240022`. */
export function formatHresult(hresult: number): string {
  return `0x${(hresult >>> 0).toString(16).toUpperCase().padStart(8, '0')}`;
}
