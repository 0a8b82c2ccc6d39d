/** The list of content files: filtered, sorted and read in pages by the database. */
import type { Database } from 'better-sqlite3';
import { sql, type Expression, type ExpressionBuilder, type SqlBool } from 'kysely';
import { z } from 'zod';
import { SignatureVerdict } from '../../../protocol/console/content.ts';
import type {
  ContentAspect,
  ContentFilesQuery,
  ContentFileSummary,
} from '../../../protocol/console/content.ts';
import { compose, countRows, readAll, type Tables } from '../database/composed-query.ts';
import { cursorsOf } from '../database/page-cursor.ts';
import { wordsToMatch } from '../updates/update-search.ts';
import { FileUses } from './file-uses.ts';
import { NOT_UNDER_THIS_POLICY } from './signatures.ts';

type Condition = Expression<SqlBool>;
type Builder = ExpressionBuilder<Tables, 'file'>;

/** What the store alone cannot know: how much of a file came so far. */
export type StoredSummary = Omit<ContentFileSummary, 'receivedBytes' | 'isArriving'>;

export interface StoredPage {
  readonly items: StoredSummary[];
  readonly total: number;
  readonly nextCursor?: string;
}

type SortColumn = 'retry_at' | 'changed_at' | 'size';

const COLUMN_OF: Readonly<Record<ContentFilesQuery['sort'], SortColumn>> = {
  turn: 'retry_at',
  changed: 'changed_at',
  '-changed': 'changed_at',
  size: 'size',
  '-size': 'size',
};

/** Value of the order, then the digest. */
const Key = z.union([z.string(), z.number()]).nullable();
const Place = z.tuple([Key, z.string()]);
const KeyRow = z.object({ sha1: z.string(), key: Key });

/** @throws RefusalError for a cursor of another list or order */
export function listContentFiles(db: Database, query: ContentFilesQuery): StoredPage {
  const filtered = compose.selectFrom('file').where((eb) => eb.and(conditionsOf(eb, query)));
  const page = pageOf(query);
  const rows = readAll(db, page, KeyRow);
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  return {
    items: summarizeContentFiles(
      db,
      shown.map(({ sha1 }) => sha1),
    ),
    total: countRows(db, filtered),
    ...(rows.length > query.limit && last !== undefined
      ? { nextCursor: cursorsOf(orderName(query), Place).write([last.key, last.sha1]) }
      : {}),
  };
}

const orderName = ({ state, sort }: ContentFilesQuery): string => `content files ${state} ${sort}`;

/** The places of one page, and of one more. */
export function pageOf(query: ContentFilesQuery) {
  const column = COLUMN_OF[query.sort];
  const direction = query.sort.startsWith('-') ? 'desc' : 'asc';
  const page = compose
    .selectFrom('file')
    .where((eb) => eb.and(conditionsOf(eb, query)))
    .select(['sha1', `${column} as key`])
    .orderBy(column, direction)
    .orderBy('sha1', direction)
    .limit(query.limit + 1);
  if (query.cursor === undefined) return page;
  const [value, sha1] = cursorsOf(orderName(query), Place).read(query.cursor);
  // What may be tried now has no time, and comes first.
  if (value === null) return page.where(sql<SqlBool>`(retry_at IS NOT NULL OR sha1 > ${sha1})`);
  return page.where((eb) =>
    eb(eb.refTuple(column, 'sha1'), direction === 'desc' ? '<' : '>', eb.tuple(value, sha1)),
  );
}

/** The beginning of a digest that is long enough to be meant as one. */
const DIGEST = /^[0-9a-f]{6,40}$/i;

function conditionsOf(eb: Builder, { state, aspect, verdict, signer, search }: ContentFilesQuery) {
  const conditions: Condition[] = [
    aspect === 'requested' ? sql<SqlBool>`+content_state = ${state}` : eb('content_state', '=', state),
    // As the indexes have it: a partial one is used where the question says what it is of.
    sql<SqlBool>`content_state <> 'absent'`,
  ];
  if (aspect !== undefined) conditions.push(ASPECTS[aspect]);
  if (verdict !== undefined || signer !== undefined) {
    let signatures = eb.selectFrom('content_signature').select('content_signature.sha1');
    if (verdict !== undefined) signatures = signatures.where('verdict', '=', verdict);
    if (signer !== undefined) signatures = signatures.where('signer', '=', signer);
    conditions.push(eb('sha1', 'in', signatures));
  }
  const words = search?.trim() ?? '';
  if (DIGEST.test(words)) {
    const digest = words.toLowerCase();
    conditions.push(eb('sha1', '>=', digest), eb('sha1', '<', `${digest}g`));
  } else if (words !== '') conditions.push(ofUpdatesMatching(words));
  return conditions;
}

const ASPECTS: Readonly<Record<ContentAspect, Condition>> = {
  later: sql<SqlBool>`retry_at IS NOT NULL`,
  due: sql<SqlBool>`retry_at IS NULL`,
  // They are few: read by themselves, not looked for among all.
  requested: sql<SqlBool>`sha1 IN (SELECT sha1 FROM file WHERE requested_at IS NOT NULL)`,
  refused: sql<SqlBool>`sha1 IN (SELECT sha1 FROM content_signature WHERE refused = 1)`,
  differs: sql<SqlBool>`sha1 NOT IN (SELECT sha1 FROM content_signature WHERE refused = 1)`,
  mended: sql<SqlBool>`sha1 IN (SELECT sha1 FROM content_finding)`,
};

/** Updates whose files are found by words, the newest: a word that most have in their titles finds nothing by it. */
const MOST_MATCHING = 1000;

/** Of updates with these words, and of all that they bundle. */
function ofUpdatesMatching(text: string): Condition {
  const words = wordsToMatch(text);
  if (words === undefined) return sql<SqlBool>`0`;
  return sql<SqlBool>`sha1 IN (
    WITH RECURSIVE whole (revision_id) AS (
      SELECT * FROM (SELECT rowid FROM update_words WHERE update_words MATCH ${words}
        ORDER BY rowid DESC LIMIT ${MOST_MATCHING})
      UNION
      SELECT member.revision_id FROM whole
        JOIN bundled_update ON bundled_update.revision_id = whole.revision_id
        JOIN revision AS member ON member.update_id = bundled_update.member_update_id
          AND member.revision_number = bundled_update.member_revision_number
    )
    SELECT sha1 FROM whole JOIN revision_file USING (revision_id))`;
}

const SummaryRow = z.object({
  sha1: z.string(),
  extension: z.string(),
  file_name: z.string().nullable(),
  size: z.int(),
  content_state: z.enum(['absent', 'wanted', 'present', 'quarantined']),
  content_error: z.string().nullable(),
  attempts: z.int(),
  retry_at: z.string().nullable(),
  requested_at: z.string().nullable(),
  origin: z.string().nullable(),
  changed_at: z.string(),
  verdict: SignatureVerdict.nullable(),
  refused: z.int().nullable(),
});

/** In the order of the digests; unknown ones are left out. */
export function summarizeContentFiles(db: Database, sha1s: readonly string[]): StoredSummary[] {
  const values = db
    .prepare(
      `SELECT file.sha1, extension, size, content_state, content_error, attempts, retry_at, requested_at, origin,
         changed_at, verdict, refused,
         (SELECT min(file_name) FROM (SELECT file_name FROM revision_file WHERE revision_file.sha1 = file.sha1 LIMIT 100))
           AS file_name
       FROM file LEFT JOIN content_signature ON content_signature.sha1 = file.sha1
       WHERE file.sha1 IN (SELECT value FROM json_each(?))`,
    )
    .all(JSON.stringify(sha1s));
  const rows = new Map(
    z
      .array(SummaryRow)
      .parse(values)
      .map((row) => [row.sha1, row]),
  );
  const uses = new FileUses(db);
  return sha1s.flatMap((sha1) => {
    const row = rows.get(sha1);
    if (row === undefined) return [];
    const [use] = uses.of(sha1, 1);
    return [summaryOf(row, use)];
  });
}

function summaryOf(
  row: z.infer<typeof SummaryRow>,
  use: ReturnType<FileUses['of']>[number] | undefined,
): StoredSummary {
  const { sha1, size, attempts } = row;
  const isRefused = row.content_state === 'quarantined' && row.refused === 1;
  return {
    sha1,
    fileName: row.file_name ?? `${sha1}${row.extension}`,
    size,
    state: row.content_state,
    ...(row.content_error === null ? {} : { error: row.content_error }),
    attempts,
    ...(row.retry_at === null || row.retry_at === NOT_UNDER_THIS_POLICY ? {} : { retryAt: row.retry_at }),
    isRefused,
    ...(row.requested_at === null ? {} : { requestedAt: row.requested_at }),
    ...(row.origin === null ? {} : { origin: row.origin }),
    changedAt: row.changed_at,
    ...(use === undefined ? {} : { update: { updateId: use.updateId, title: use.title } }),
    ...(use?.deadline === undefined ? {} : { deadline: use.deadline }),
    ...(row.verdict === null ? {} : { verdict: row.verdict }),
  };
}
