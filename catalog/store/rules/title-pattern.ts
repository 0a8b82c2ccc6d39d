/**
 * Title patterns as the database matches them. `LIKE` and not regular expressions: its work is bounded by the length of
 * the title times that of the pattern for each `*`, whatever anybody writes.
 */

/** Found anywhere in the title; for `LIKE … ESCAPE '\'`. */
export function likeOf(pattern: string): string {
  const inner = pattern
    .replace(/[\\%_]/g, (special) => `\\${special}`)
    .replaceAll('*', '%')
    .replaceAll('?', '_');
  return `%${inner}%`;
}
