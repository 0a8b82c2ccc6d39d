/** The audit log as it is read: filtered and in pages, one entry whole, and what can be filtered by. */
import type { Database } from 'better-sqlite3';
import { sql, type Expression, type ExpressionBuilder, type SqlBool } from 'kysely';
import { z } from 'zod';
import {
  AuditActorKind,
  AuditSubject,
  type AuditEntryDetails,
  type AuditFilters,
  type AuditPage,
  type AuditQuery,
  type AuditState,
} from '../../../protocol/console/audit.ts';
import { compose, countRows, readAll, type Tables } from '../database/composed-query.ts';
import { cursorsOf } from '../database/page-cursor.ts';
import { RefusalError } from '../database/refusal.ts';
import { anywhereToMatch } from '../updates/update-search.ts';
import { GENESIS_HASH } from './entry-hash.ts';
import { remadeHash } from './verification.ts';

type Condition = Expression<SqlBool>;
type Builder = ExpressionBuilder<Tables, 'audit_entry'>;

const cursors = cursorsOf('audit', z.int());

/** What is no JSON was altered, which is said where it is shown; the rest of the log must stay readable. */
const parsedJson = z.string().transform((text): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
});

const Common = {
  sequence: z.int(),
  at: z.string(),
  actor_kind: AuditActorKind,
  actor_name: z.string(),
  account_id: z.int().nullable(),
  remote_address: z.string().nullable(),
  action: z.string(),
};

const SummaryRow = z.object({
  ...Common,
  subject: parsedJson.pipe(AuditSubject).nullable().catch(null),
  subject_count: z.int(),
});

const COLUMNS = [
  'sequence',
  'at',
  'actor_kind',
  'actor_name',
  'account_id',
  'remote_address',
  'action',
] as const;

/** The newest first. @throws RefusalError for a cursor of another list */
export function listAudit(db: Database, query: AuditQuery): AuditPage {
  const filtered = compose.selectFrom('audit_entry').where((eb) => eb.and(conditionsOf(eb, query)));
  let page = filtered
    .select([
      ...COLUMNS,
      sql<string | null>`CASE WHEN json_valid(subjects) THEN subjects -> '$[0]' END`.as('subject'),
      sql<number>`CASE WHEN json_valid(subjects) THEN json_array_length(subjects) ELSE 0 END`.as(
        'subject_count',
      ),
    ])
    .orderBy('sequence', 'desc')
    .limit(query.limit + 1);
  if (query.cursor !== undefined) page = page.where('sequence', '<', cursors.read(query.cursor));
  const rows = readAll(db, page, SummaryRow);
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  return {
    items: shown.map(({ subject, subject_count, ...row }) => ({
      ...factsOf(row),
      ...(subject === null ? {} : { subject }),
      subjects: subject_count,
    })),
    total: countRows(db, filtered),
    ...(rows.length > query.limit && last !== undefined ? { nextCursor: cursors.write(last.sequence) } : {}),
  };
}

const factsOf = (
  row: z.infer<z.ZodObject<typeof Common>>,
): Omit<AuditPage['items'][number], 'subject' | 'subjects'> => ({
  sequence: row.sequence,
  at: row.at,
  actor: {
    kind: row.actor_kind,
    name: row.actor_name,
    ...(row.account_id === null ? {} : { accountId: row.account_id }),
  },
  ...(row.remote_address === null ? {} : { remoteAddress: row.remote_address }),
  action: row.action,
});

/** Times are stored with milliseconds, in UTC. */
const stored = (time: string): string => new Date(time).toISOString();

export function conditionsOf(eb: Builder, filters: AuditFilters): Condition[] {
  const { from, to, actorKind, actor, action, subjectKind, subjectId, search } = filters;
  const words = search?.trim() ?? '';
  return [
    ...(from === undefined ? [] : [eb('at', '>=', stored(from))]),
    ...(to === undefined ? [] : [eb('at', '<', stored(to))]),
    ...(actorKind === undefined ? [] : [eb('actor_kind', 'in', actorKind)]),
    ...(actor === undefined
      ? []
      : [eb.or(actor.map((name) => sql<SqlBool>`actor_name = ${name} COLLATE NOCASE`))]),
    ...(action === undefined ? [] : [eb.or(action.map((name) => isAction(eb, name)))]),
    ...(subjectKind === undefined && subjectId === undefined ? [] : [isOf(subjectKind, subjectId)]),
    ...(words === '' ? [] : [hasWords(words)]),
  ];
}

/** `update` is `update.approve` too: from the full stop up to the sign that comes next. */
const isAction = (eb: Builder, action: string): Condition =>
  eb.or([
    eb('action', '=', action),
    eb.and([eb('action', '>=', `${action}.`), eb('action', '<', `${action}/`)]),
  ]);

function isOf(kind: string | undefined, id: string | undefined): Condition {
  const conditions = [
    ...(kind === undefined ? [] : [sql<SqlBool>`kind = ${kind}`]),
    ...(id === undefined ? [] : [sql<SqlBool>`id = ${id}`]),
  ];
  return sql<SqlBool>`sequence IN (SELECT sequence FROM audit_subject WHERE ${sql.join(conditions, sql` AND `)})`;
}

function hasWords(text: string): Condition {
  const words = anywhereToMatch(text);
  if (words === undefined) return sql<SqlBool>`0`;
  return sql<SqlBool>`sequence IN (SELECT rowid FROM audit_words WHERE audit_words MATCH ${words})`;
}

const WholeRow = z.object({
  ...Common,
  subjects: parsedJson.pipe(z.array(AuditSubject)).catch([]),
  value_before: parsedJson.pipe(z.json()).nullable(),
  value_after: parsedJson.pipe(z.json()).nullable(),
  previous_hash: z.string(),
  hash: z.string(),
});

/** @throws RefusalError where there is no such entry */
export function auditEntry(db: Database, sequence: number): AuditEntryDetails {
  const row = WholeRow.optional().parse(
    db.prepare('SELECT * FROM audit_entry WHERE sequence = ?').get(sequence),
  );
  if (row === undefined) {
    throw new RefusalError(
      'unknown',
      'AUDIT_ENTRY_UNKNOWN',
      `There is no entry ${sequence} in the audit log. Read GET /api/audit again.`,
    );
  }
  const before = z
    .string()
    .optional()
    .parse(
      db
        .prepare('SELECT hash FROM audit_entry WHERE sequence = ?')
        .pluck()
        .get(sequence - 1),
    );
  const isIntact =
    remadeHash(db, sequence) === row.hash &&
    row.previous_hash === (before ?? (sequence === 1 ? GENESIS_HASH : undefined));
  return {
    ...factsOf(row),
    subjects: row.subjects,
    ...(row.value_before === null ? {} : { before: row.value_before }),
    ...(row.value_after === null ? {} : { after: row.value_after }),
    previousHash: row.previous_hash,
    hash: row.hash,
    isIntact,
  };
}

/** More than a list to choose from is good for. */
const MOST_CHOICES = 300;

/** What there is to filter by. Each value is one step in its index, however many entries have it. */
export const auditChoices = (db: Database): Pick<AuditState, 'actors' | 'actions' | 'subjectKinds'> => ({
  actors: distinct(db, 'audit_entry', 'actor_name', 'COLLATE NOCASE'),
  actions: distinct(db, 'audit_entry', 'action', ''),
  subjectKinds: distinct(db, 'audit_subject', 'kind', ''),
});

function distinct(
  db: Database,
  table: 'audit_entry' | 'audit_subject',
  column: 'actor_name' | 'action' | 'kind',
  order: 'COLLATE NOCASE' | '',
): string[] {
  const rows = db
    .prepare(
      `WITH RECURSIVE step (value) AS (
         SELECT * FROM (SELECT ${column} FROM ${table} ORDER BY ${column} ${order} LIMIT 1)
         UNION ALL
         SELECT (SELECT ${column} FROM ${table} WHERE ${column} > step.value ${order} ORDER BY ${column} ${order} LIMIT 1)
           FROM step WHERE step.value IS NOT NULL
       ) SELECT value FROM step WHERE value IS NOT NULL LIMIT ${MOST_CHOICES}`,
    )
    .pluck()
    .all();
  return z.array(z.string()).parse(rows);
}
