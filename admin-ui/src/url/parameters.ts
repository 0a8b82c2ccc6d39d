/** Reading and changing what the address bar says, as values. */

/** The values of a key that are among those known; others are dropped. */
export function knownValues<T extends string>(
  params: URLSearchParams,
  key: string,
  known: readonly T[],
): T[] {
  const given = new Set(params.getAll(key));
  return known.filter((value) => given.has(value));
}

export function knownValue<T extends string, D extends T | undefined>(
  params: URLSearchParams,
  key: string,
  known: readonly T[],
  otherwise: D,
): T | D {
  const given = params.get(key);
  return known.find((value) => value === given) ?? otherwise;
}

/** Undefined where the key is absent or empty. */
export function textValue(params: URLSearchParams, key: string): string | undefined {
  const given = params.get(key);
  return given === null || given === '' ? undefined : given;
}

export type Change = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A copy in which the keys of `change` have the values given, and none where that is undefined or empty. */
export function withChange(params: URLSearchParams, change: Change): URLSearchParams {
  const next = new URLSearchParams(params);
  for (const [key, value] of Object.entries(change)) {
    next.delete(key);
    const values = value === undefined || value === '' ? [] : typeof value === 'string' ? [value] : value;
    for (const one of values) next.append(key, one);
  }
  return next;
}

const SELECTED = 'selected';

/**
 * The rows that are ticked stand behind the `#`: there may be a thousand of them, and that part of an address is never
 * sent to the server, whose request lines are bounded.
 */
export function readSelection(hash: string): ReadonlySet<string> {
  const text = new URLSearchParams(hash.replace(/^#/, '')).get(SELECTED) ?? '';
  return new Set(text.split(',').filter((id) => id !== ''));
}

export const writeSelection = (selected: ReadonlySet<string>): string =>
  selected.size === 0 ? '' : `#${SELECTED}=${[...selected].join(',')}`;
