/** One text for one value, so that its hash can be made again from what was exported. */

/** What is left out of an object where it is undefined, as `JSON.stringify` does. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue | undefined };

const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);

/**
 * As RFC 8785 (JSON Canonicalization Scheme) writes it: no spaces, names in the order of their UTF-16 units, numbers as
 * ECMAScript writes them. Half a surrogate pair, which has no UTF-8, becomes U+FFFD.
 *
 * @throws TypeError where a number is not finite
 */
export function canonicalJson(value: JsonValue): string {
  if (typeof value === 'string') return JSON.stringify(value.toWellFormed());
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new TypeError(`${value} has no place in JSON. Leave it out, or write it as a text.`);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value)
    .filter((member): member is [string, JsonValue] => member[1] !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, member]) => `${canonicalJson(name)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
