/** What was before beside what was after, a line for each field that either has. */
import type { z } from 'zod';
import type { AuditEntryDetails } from '../../../protocol/console/audit.ts';

export type Json = NonNullable<z.infer<typeof AuditEntryDetails>['before']> | null;

export type DifferenceKind = 'added' | 'removed' | 'changed' | 'same';

export interface Difference {
  /** `schedule.times[1]`; empty for a value that is no object or list. */
  readonly path: string;
  readonly kind: DifferenceKind;
  /** As it is shown; undefined where there was none. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Undefined: the entry has none. */
export function differencesBetween(before: Json | undefined, after: Json | undefined): Difference[] {
  const [was, is] = [leavesOf(before), leavesOf(after)];
  const paths = [...new Set([...was.keys(), ...is.keys()])];
  return paths
    .filter((path) => !isEmptied(path, was, is) && !isEmptied(path, is, was))
    .map((path) => differenceAt(path, was.get(path), is.get(path)));
}

/** A list that was empty and has members now: they say it. */
const isEmptied = (path: string, empty: Leaves, other: Leaves): boolean =>
  ['[]', '{}'].includes(empty.get(path) ?? '') &&
  other
    .keys()
    .some((inner) => inner.startsWith(`${path}[`) || inner.startsWith(path === '' ? '' : `${path}.`)) &&
  !other.has(path);

function differenceAt(path: string, before: string | undefined, after: string | undefined): Difference {
  const kind =
    before === undefined ? 'added' : after === undefined ? 'removed' : before === after ? 'same' : 'changed';
  return { path, kind, before, after };
}

type Leaves = ReadonlyMap<string, string>;

function leavesOf(value: Json | undefined): Leaves {
  const leaves = new Map<string, string>();
  if (value !== undefined) walk(value, '', leaves);
  return leaves;
}

function walk(value: Json, path: string, leaves: Map<string, string>): void {
  if (Array.isArray(value) && value.length > 0) {
    for (const [index, member] of value.entries()) walk(member, `${path}[${index}]`, leaves);
  } else if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) {
    for (const [name, member] of Object.entries(value))
      walk(member, path === '' ? name : `${path}.${name}`, leaves);
  } else leaves.set(path, typeof value === 'string' ? value : JSON.stringify(value));
}

export interface CutValue {
  readonly bytes: number;
  readonly beginning: string;
  readonly sha256: string;
}

/** Where only the beginning of a value was kept (catalog/store/audit/bounded-values.ts). */
export function cutValueOf(value: Json | undefined): CutValue | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { truncated, ...rest } = value;
  if (
    Object.keys(rest).length > 0 ||
    typeof truncated !== 'object' ||
    truncated === null ||
    Array.isArray(truncated)
  )
    return undefined;
  const { bytes, beginning, sha256 } = truncated;
  return typeof bytes === 'number' && typeof beginning === 'string' && typeof sha256 === 'string'
    ? { bytes, beginning, sha256 }
    : undefined;
}
