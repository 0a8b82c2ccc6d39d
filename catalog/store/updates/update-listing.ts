/**
 * The list of updates: filtered, searched, sorted and read in pages by the database. What is listed is what can be decided
 * on: the latest revision of software and drivers that are deployed by themselves.
 */
import type { Database } from 'better-sqlite3';
import { sql, type ExpressionBuilder, type Expression, type SqlBool } from 'kysely';
import { z } from 'zod';
import type { UpdateState } from '../../../protocol/console/status.ts';
import type { UpdatesPage, UpdatesQuery } from '../../../protocol/console/updates.ts';
import { hasApprovalState } from '../decisions/approval-state.ts';
import { compose, countRows, readAll, type Tables } from '../database/composed-query.ts';
import { cursorInvalid, cursorsOf } from '../database/page-cursor.ts';
import { IS_LISTED, IS_SUPERSEDED } from '../revisions/revision-conditions.ts';
import { LEFT_OUT, SUM_COLUMN, countComputers } from '../reports/status-counts.ts';
import { articleToMatch, wordsToMatch } from './update-search.ts';
import { summarizeUpdates } from './update-summaries.ts';

type Builder = ExpressionBuilder<Tables, 'revision'>;
type Condition = Expression<SqlBool>;

type SortColumn = 'arrived_at' | 'creation_date' | 'title' | 'severity_rank';

const COLUMN_OF: Readonly<Record<UpdatesQuery['sort'], SortColumn>> = {
  arrived: 'arrived_at',
  '-arrived': 'arrived_at',
  released: 'creation_date',
  '-released': 'creation_date',
  title: 'title',
  '-title': 'title',
  severity: 'severity_rank',
  '-severity': 'severity_rank',
};

const IdRow = z.object({ revision_id: z.int() });
const KeyRow = z.object({ key: z.union([z.string(), z.int()]) });

const isListed = sql<SqlBool>`${sql.raw(IS_LISTED)}`;
const isSuperseded = sql<SqlBool>`${sql.raw(IS_SUPERSEDED)}`;

/** All rows of the list, to be narrowed. */
export const listedUpdates = () => compose.selectFrom('revision').where(isListed);

/** @throws RefusalError for a cursor of another list or order */
export function listUpdates(db: Database, query: UpdatesQuery): UpdatesPage {
  const filtered = listedUpdates().where((eb) => eb.and(conditionsOf(eb, query, countComputers(db))));
  const column = COLUMN_OF[query.sort];
  const direction = query.sort.startsWith('-') ? 'desc' : 'asc';
  const cursors = cursorsOf(`updates ${query.sort}`, z.int());

  let page = filtered
    .select('revision_id')
    .orderBy(column, direction)
    .orderBy('revision_id', direction)
    .limit(query.limit + 1);
  if (query.cursor !== undefined) {
    const lastId = cursors.read(query.cursor);
    const key = keyOf(db, column, lastId);
    page = page.where((eb) =>
      eb(eb.refTuple(column, 'revision_id'), direction === 'desc' ? '<' : '>', eb.tuple(key, lastId)),
    );
  }
  const ids = readAll(db, page, IdRow).map((row) => row.revision_id);
  const shown = ids.slice(0, query.limit);
  const lastShown = shown.at(-1);
  return {
    items: summarizeUpdates(db, shown),
    total: countRows(db, filtered),
    ...(ids.length > query.limit && lastShown !== undefined ? { nextCursor: cursors.write(lastShown) } : {}),
  };
}

/** What a revision is sorted by never changes, so that the id is place enough. */
function keyOf(db: Database, column: SortColumn, revisionId: number): string | number {
  const query = compose
    .selectFrom('revision')
    .select(`${column} as key`)
    .where('revision_id', '=', revisionId);
  const [row] = readAll(db, query, KeyRow);
  if (row === undefined) throw cursorInvalid();
  return row.key;
}

function conditionsOf(eb: Builder, query: UpdatesQuery, computers: number): Condition[] {
  const conditions: Condition[] = [];
  if (query.search !== undefined) conditions.push(...matching(eb, wordsToMatch(query.search)));
  if (query.kb !== undefined) conditions.push(...matching(eb, articleToMatch(query.kb) ?? NO_ARTICLE));
  if (query.classification !== undefined) conditions.push(isInCategory(eb, query.classification));
  if (query.product !== undefined) conditions.push(isInCategory(eb, query.product));
  if (query.approval !== undefined) {
    conditions.push(eb.or(query.approval.map((state) => hasApprovalState(eb, state))));
  }
  if (query.status !== undefined) {
    conditions.push(eb.or(query.status.map((state) => hasReportedState(state, computers))));
  }
  if (query.severity !== undefined) conditions.push(eb('msrc_severity', 'in', query.severity));
  if (query.superseded === 'hide') conditions.push(eb.not(isSuperseded));
  if (query.expired === 'hide') conditions.push(eb('publication_state', '=', 'Published'));
  return conditions;
}

/** A KB number is digits; what has none names no article. */
const NO_ARTICLE = 'kb_article_ids : "none"';

function matching(eb: Builder, words: string | undefined): Condition[] {
  if (words === undefined) return [];
  const found = eb
    .selectFrom('update_words')
    .select('update_words.rowid')
    .where(sql<SqlBool>`update_words match ${words}`);
  return [eb('revision_id', 'in', found)];
}

const isInCategory = (eb: Builder, categoryIds: readonly string[]): Condition =>
  eb.exists(
    eb
      .selectFrom('revision_category')
      .select(sql.lit(1).as('one'))
      .whereRef('revision_category.revision_id', '=', 'revision.revision_id')
      .where(
        'category_update_id',
        'in',
        categoryIds.map((id) => id.toLowerCase()),
      ),
  );

const OF_UPDATE = sql.raw('FROM update_sum WHERE update_sum.update_id = revision.update_id');
const leftOut = sql.raw(LEFT_OUT);
const known = sql.raw(Object.values(SUM_COLUMN).join(' + '));

/** Whether the update has the state on some computer. */
function hasReportedState(state: UpdateState, computers: number): Condition {
  if (state === 'Unknown') {
    return sql<SqlBool>`(SELECT ifnull(sum(${known} + ${leftOut}), 0) ${OF_UPDATE}) < ${computers}`;
  }
  const column = sql.raw(SUM_COLUMN[state]);
  const count = state === 'NotApplicable' ? sql`${column} + ${leftOut}` : column;
  return sql<SqlBool>`EXISTS (SELECT 1 ${OF_UPDATE} AND ${count} > 0)`;
}
