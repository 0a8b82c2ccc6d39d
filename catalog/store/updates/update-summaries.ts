/** Updates as one row of a list shows them. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { CategoryRef, UpdateSummary } from '../../../protocol/console/updates.ts';
import { approvalState } from '../decisions/approval-state.ts';
import { HAS_OLDER_APPROVALS, IS_DECLINED, IS_SUPERSEDED } from '../revisions/revision-conditions.ts';
import { statusOfUpdates } from '../reports/status-counts.ts';

const SummaryRow = z.object({
  revision_id: z.int(),
  update_id: z.string(),
  revision_number: z.int(),
  title: z.string(),
  update_type: z.enum(['Software', 'Driver']),
  publication_state: z.string(),
  creation_date: z.string(),
  arrived_at: z.string(),
  kb_article_ids: z.string(),
  msrc_severity: z.string().nullable(),
  is_declined: z.int(),
  is_superseded: z.int(),
  has_older_approvals: z.int(),
});

const CategoryRow = z.object({
  revision_id: z.int(),
  update_id: z.string(),
  category_type: z.string(),
  title: z.string(),
});

const ActionRow = z.object({ update_id: z.string(), group_id: z.string(), action: z.string() });

/** In the order of the ids; ids that are no software or driver here are left out. */
export function summarizeUpdates(db: Database, revisionIds: readonly number[]): UpdateSummary[] {
  const rows = new Map(readRows(db, revisionIds).map((row) => [row.revision_id, row]));
  const updateIds = [...rows.values()].map((row) => row.update_id);
  const categories = categoriesOf(db, revisionIds);
  const actions = actionsOf(db, updateIds);
  const statuses = statusOfUpdates(db, updateIds);
  return revisionIds.flatMap((revisionId) => {
    const row = rows.get(revisionId);
    const status = row === undefined ? undefined : statuses.get(row.update_id);
    if (row === undefined || status === undefined) return [];
    const own = categories.get(revisionId) ?? [];
    const classification = own.find((category) => category.category_type === 'UpdateClassification');
    return [
      {
        updateId: row.update_id,
        revisionNumber: row.revision_number,
        revisionId,
        title: row.title,
        updateType: row.update_type,
        products: own.filter((category) => category.category_type === 'Product').map(refOf),
        kbArticleIds: splitWords(row.kb_article_ids),
        creationDate: row.creation_date,
        arrivedAt: row.arrived_at,
        isExpired: row.publication_state === 'Expired',
        isSuperseded: row.is_superseded !== 0,
        hasOlderApprovals: row.has_older_approvals !== 0,
        approval: approvalState(actions.get(row.update_id) ?? new Map(), row.is_declined !== 0),
        status,
        ...(classification === undefined ? {} : { classification: refOf(classification) }),
        ...(row.msrc_severity === null ? {} : { msrcSeverity: row.msrc_severity }),
      },
    ];
  });
}

export const splitWords = (text: string): string[] => text.split(' ').filter((word) => word !== '');

function readRows(db: Database, revisionIds: readonly number[]): z.infer<typeof SummaryRow>[] {
  const rows = db
    .prepare(
      `SELECT revision_id, update_id, revision_number, title, update_type, publication_state, creation_date, arrived_at,
              kb_article_ids, msrc_severity,
              ${IS_DECLINED} AS is_declined, ${IS_SUPERSEDED} AS is_superseded,
              ${HAS_OLDER_APPROVALS} AS has_older_approvals
       FROM revision
       WHERE revision_id IN (SELECT value FROM json_each(?)) AND update_type IN ('Software', 'Driver')`,
    )
    .all(JSON.stringify(revisionIds));
  return z.array(SummaryRow).parse(rows);
}

function categoriesOf(
  db: Database,
  revisionIds: readonly number[],
): Map<number, z.infer<typeof CategoryRow>[]> {
  const rows = db
    .prepare(
      `SELECT revision_category.revision_id, category.update_id, category.category_type, category.title
       FROM revision_category
         JOIN revision AS category ON category.update_id = category_update_id AND category.is_latest = 1
       WHERE revision_category.revision_id IN (SELECT value FROM json_each(?))
         AND category.category_type IN ('Product', 'UpdateClassification')
       ORDER BY category.title`,
    )
    .all(JSON.stringify(revisionIds));
  return Map.groupBy(z.array(CategoryRow).parse(rows), (row) => row.revision_id);
}

function actionsOf(db: Database, updateIds: readonly string[]): Map<string, Map<string, string>> {
  const rows = db
    .prepare(
      'SELECT update_id, group_id, action FROM deployment WHERE update_id IN (SELECT value FROM json_each(?))',
    )
    .all(JSON.stringify(updateIds));
  const byUpdate = Map.groupBy(z.array(ActionRow).parse(rows), (row) => row.update_id);
  return new Map(
    [...byUpdate].map(([updateId, own]) => [updateId, new Map(own.map((row) => [row.group_id, row.action]))]),
  );
}

const refOf = (row: z.infer<typeof CategoryRow>): CategoryRef => ({
  updateId: row.update_id,
  title: row.title,
});
