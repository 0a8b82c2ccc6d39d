/** Sets of ticked rows, as values. */

/** What the selection becomes, from what it is at that moment: keys come faster than the page is drawn. */
export type SelectionChange = (selected: ReadonlySet<string>) => ReadonlySet<string>;

export const nothing: SelectionChange = () => new Set();

export function toggled(selected: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(selected);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** Adds every row from one to the other, both included, in whichever order they stand. */
export function withRange(
  selected: ReadonlySet<string>,
  ids: readonly string[],
  from: string,
  to: string,
): ReadonlySet<string> {
  const a = ids.indexOf(from);
  const b = ids.indexOf(to);
  if (a < 0 || b < 0) return toggled(selected, to);
  return new Set([...selected, ...ids.slice(Math.min(a, b), Math.max(a, b) + 1)]);
}

/** How the checkbox over all rows shows. */
export function allChecked(selected: ReadonlySet<string>, ids: readonly string[]): boolean | 'mixed' {
  const count = ids.filter((id) => selected.has(id)).length;
  if (count === 0) return false;
  return count === ids.length ? true : 'mixed';
}
