/** How an update is tied to others: prerequisites, bundles, supersedence. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { RelatedUpdate, UpdateDetails } from '../../../protocol/console/updates.ts';

export type UpdateRelations = Pick<
  UpdateDetails,
  'prerequisites' | 'bundledUpdates' | 'bundledIn' | 'supersedes' | 'supersededBy'
>;

const RelatedRow = z
  .object({
    update_id: z.string(),
    title: z.string().nullable(),
    revision_number: z.int().nullable(),
    update_type: z.enum(['Software', 'Driver', 'Category', 'Detectoid']).nullable(),
  })
  .transform((row): RelatedUpdate => ({
    updateId: row.update_id,
    ...(row.title === null ? {} : { title: row.title }),
    ...(row.revision_number === null ? {} : { revisionNumber: row.revision_number }),
    ...(row.update_type === null ? {} : { updateType: row.update_type }),
  }));

const ClauseRow = z.object({ clause: z.int(), is_category: z.int(), update_id: z.string() });

export function relationsOf(db: Database, updateId: string, revisionId: number): UpdateRelations {
  const read = (query: string, ...parameters: unknown[]): RelatedUpdate[] =>
    readRelated(db, query, ...parameters);
  return {
    prerequisites: prerequisitesOf(db, revisionId),
    bundledUpdates: read(
      `SELECT member_update_id AS update_id, title, member_revision_number AS revision_number, update_type
       FROM bundled_update LEFT JOIN revision AS member
         ON member.update_id = member_update_id AND member.revision_number = member_revision_number
       WHERE bundled_update.revision_id = ? ORDER BY clause, member_update_id`,
      revisionId,
    ),
    bundledIn: bundlesOf(db, updateId),
    supersedes: read(
      `SELECT superseded_update_id AS update_id, title, revision_number, update_type
       FROM superseded_update LEFT JOIN revision AS older
         ON older.update_id = superseded_update_id AND older.is_latest = 1
       WHERE superseded_update.revision_id = ? ORDER BY title, superseded_update_id`,
      revisionId,
    ),
    supersededBy: supersedersOf(db, updateId),
  };
}

/** Updates whose latest revision bundles it. */
export const bundlesOf = (db: Database, updateId: string): RelatedUpdate[] =>
  readRelated(
    db,
    `SELECT DISTINCT update_id, title, revision_number, update_type
     FROM bundled_update JOIN revision USING (revision_id)
     WHERE member_update_id = ? AND is_latest = 1 ORDER BY title, update_id`,
    updateId,
  );

/** Updates whose latest revision supersedes it. */
export const supersedersOf = (db: Database, updateId: string): RelatedUpdate[] =>
  readRelated(
    db,
    `SELECT update_id, title, revision_number, update_type
     FROM superseded_update JOIN revision USING (revision_id)
     WHERE superseded_update_id = ? AND is_latest = 1 ORDER BY title, update_id`,
    updateId,
  );

const readRelated = (db: Database, query: string, ...parameters: unknown[]): RelatedUpdate[] =>
  z.array(RelatedRow).parse(db.prepare(query).all(...parameters));

/** A prerequisite names no revision: the highest that is here is shown. */
function prerequisitesOf(db: Database, revisionId: number): UpdateRelations['prerequisites'] {
  const clauses = z
    .array(ClauseRow)
    .parse(
      db
        .prepare(
          'SELECT clause, is_category, update_id FROM prerequisite WHERE revision_id = ? ORDER BY clause',
        )
        .all(revisionId),
    );
  const related = relatedUpdates(db, [...new Set(clauses.map((row) => row.update_id))]);
  return [...Map.groupBy(clauses, (row) => row.clause).values()].map((rows) => ({
    isCategory: rows.some((row) => row.is_category !== 0),
    anyOf: rows.map((row) => related.get(row.update_id) ?? { updateId: row.update_id }),
  }));
}

/** Those of which a revision is here, as their latest one calls them. */
export function relatedUpdates(db: Database, updateIds: readonly string[]): Map<string, RelatedUpdate> {
  const rows = db
    .prepare(
      `SELECT update_id, title, revision_number, update_type FROM revision
       WHERE is_latest = 1 AND update_id IN (SELECT value FROM json_each(?))`,
    )
    .all(JSON.stringify(updateIds));
  return new Map(
    z
      .array(RelatedRow)
      .parse(rows)
      .map((related) => [related.updateId, related]),
  );
}
