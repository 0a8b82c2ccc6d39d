/** The page of the audit log as the address bar has it. */
import type { z } from 'zod';
import {
  AUDIT_ACTOR_KINDS,
  type AuditActorKind,
  type AuditFilters,
} from '../../../protocol/console/audit.ts';
import { knownValue, knownValues, textValue } from '../url/parameters.ts';

export const ENTRY_PARTS = ['change', 'evidence'] as const;
export type EntryPart = (typeof ENTRY_PARTS)[number];

export interface AuditView {
  readonly search: string;
  readonly actorKind: readonly AuditActorKind[];
  readonly actor: readonly string[];
  readonly action: readonly string[];
  readonly subjectKind: string | undefined;
  readonly subjectId: string | undefined;
  /** A day of the reader's, 2026-11-30. */
  readonly from: string | undefined;
  /** The last day that counts. */
  readonly until: string | undefined;
  /** A sequence number. */
  readonly open: string | undefined;
  readonly part: EntryPart;
}

/** What clears every filter. */
export const NO_FILTERS = {
  search: undefined,
  actorKind: undefined,
  actor: undefined,
  action: undefined,
  subjectKind: undefined,
  subjectId: undefined,
  from: undefined,
  until: undefined,
} as const;

export function readAuditView(params: URLSearchParams): AuditView {
  return {
    search: textValue(params, 'search') ?? '',
    actorKind: knownValues(params, 'actorKind', AUDIT_ACTOR_KINDS),
    actor: params.getAll('actor'),
    action: params.getAll('action'),
    subjectKind: textValue(params, 'subjectKind'),
    subjectId: textValue(params, 'subjectId'),
    from: dayValue(params, 'from'),
    until: dayValue(params, 'until'),
    open: textValue(params, 'open'),
    part: knownValue(params, 'part', ENTRY_PARTS, 'change'),
  };
}

function dayValue(params: URLSearchParams, key: string): string | undefined {
  const day = textValue(params, key);
  return day !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day))
    ? day
    : undefined;
}

/** When the reader's day begins, some days on; ISO 8601 UTC. */
function beginningOf(day: string, later: number): string {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}

const MOST_VALUES = 50;

const listed = <T>(values: readonly T[]): T[] | undefined =>
  values.length === 0 ? undefined : values.slice(0, MOST_VALUES);

/** What to ask the relay for, cursor aside. */
export function auditFilters(view: AuditView): z.input<typeof AuditFilters> {
  return {
    search: view.search === '' ? undefined : view.search.slice(0, 200),
    actorKind: listed(view.actorKind),
    actor: listed(view.actor),
    action: listed(view.action),
    subjectKind: view.subjectKind,
    subjectId: view.subjectId,
    from: view.from === undefined ? undefined : beginningOf(view.from, 0),
    to: view.until === undefined ? undefined : beginningOf(view.until, 1),
  };
}
