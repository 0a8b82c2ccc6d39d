/** The audit log as a file: the oldest entry first, a part of it at a time, so that a log of years fits through. */
import type { Database } from 'better-sqlite3';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import type { AuditExportQuery, AuditFilters } from '../../../protocol/console/audit.ts';
import { CSV_BEGINNING, csvLine } from '../../../protocol/csv/csv-line.ts';
import { compose, readAll } from '../database/composed-query.ts';
import { conditionsOf } from './audit-listing.ts';
import { canonicalJson } from './canonical-json.ts';
import { auditHead } from './audit-log.ts';

/** Entries between two turns of the event loop; each may be a hundred kilobytes. */
const BATCH = 100;

const HEADINGS = [
  'sequence',
  'at',
  'actor kind',
  'actor',
  'account',
  'address',
  'action',
  'subjects',
  'before',
  'after',
  'previous hash',
  'hash',
];

/**
 * What is written while it is read is left out. JSON lines have every field that the hash is made of; in CSV, what a
 * spreadsheet would run is made harmless, so that hashes are checked with JSON lines.
 */
export async function* exportAudit(
  db: Database,
  { format, ...filters }: AuditExportQuery,
): AsyncGenerator<string, void, undefined> {
  const write = format === 'csv' ? csvOf : lineOf;
  const end = auditHead(db).sequence;
  if (format === 'csv') yield CSV_BEGINNING + csvLine(HEADINGS);
  for (let after = 0; ;) {
    const entries = readBatch(db, filters, after, end);
    const last = entries.at(-1);
    if (last === undefined) return;
    yield entries.map(write).join('');
    after = last.sequence;
    await setImmediate();
  }
}

/** As it is stored: what was altered must leave as it is, too. */
const Row = z.object({
  sequence: z.int(),
  at: z.string(),
  actor_kind: z.string(),
  actor_name: z.string(),
  account_id: z.int().nullable(),
  remote_address: z.string().nullable(),
  action: z.string(),
  subjects: z.string(),
  value_before: z.string().nullable(),
  value_after: z.string().nullable(),
  previous_hash: z.string(),
  hash: z.string(),
});
type Row = z.infer<typeof Row>;

function readBatch(db: Database, filters: AuditFilters, after: number, end: number): Row[] {
  const page = compose
    .selectFrom('audit_entry')
    .selectAll()
    .where((eb) => eb.and(conditionsOf(eb, filters)))
    .where('sequence', '>', after)
    .where('sequence', '<=', end)
    .orderBy('sequence')
    .limit(BATCH);
  return readAll(db, page, Row);
}

/** Subjects, before and after are canonical JSON already, and go in as the texts that were hashed. */
function lineOf(row: Row): string {
  const members: readonly (readonly [string, string | null])[] = [
    ['accountId', row.account_id === null ? null : String(row.account_id)],
    ['action', canonicalJson(row.action)],
    ['actorKind', canonicalJson(row.actor_kind)],
    ['actorName', canonicalJson(row.actor_name)],
    ['after', row.value_after],
    ['at', canonicalJson(row.at)],
    ['before', row.value_before],
    ['hash', canonicalJson(row.hash)],
    ['previousHash', canonicalJson(row.previous_hash)],
    ['remoteAddress', row.remote_address === null ? null : canonicalJson(row.remote_address)],
    ['sequence', String(row.sequence)],
    ['subjects', row.subjects],
  ];
  return `{${members.flatMap(([name, text]) => (text === null ? [] : [`"${name}":${text}`])).join(',')}}\n`;
}

const csvOf = (row: Row): string =>
  csvLine([
    row.sequence,
    row.at,
    row.actor_kind,
    row.actor_name,
    row.account_id ?? undefined,
    row.remote_address ?? undefined,
    row.action,
    row.subjects,
    row.value_before ?? undefined,
    row.value_after ?? undefined,
    row.previous_hash,
    row.hash,
  ]);
