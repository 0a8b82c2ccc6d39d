/** Updates that a computer would be sent at once if they were approved. */
import type { Database } from '../../../catalog/store/database/database.ts';

/**
 * Those not decided on whose prerequisites are, to the letter, the prerequisites of something that the computer was
 * sent already.
 *
 * @param knownIds RevisionIDs that the computer holds
 */
export function fittingUpdates(db: Database, knownIds: readonly number[], count: number): string[] {
  return db
    .prepare<[string, number], string>(
      `WITH spelled AS (
         SELECT revision_id, group_concat(clause || ' ' || update_id, ' ' ORDER BY clause, update_id) AS prerequisites
         FROM prerequisite GROUP BY revision_id),
       known AS (
         SELECT DISTINCT prerequisites FROM spelled JOIN revision USING (revision_id)
         WHERE revision_id IN (SELECT value FROM json_each(?)) AND explicitly_deployable = 1)
       SELECT update_id FROM revision JOIN spelled USING (revision_id)
       WHERE explicitly_deployable = 1 AND is_latest = 1 AND update_type = 'Software'
         AND prerequisites IN (SELECT prerequisites FROM known)
         AND update_id NOT IN (SELECT update_id FROM deployment)
       ORDER BY revision_id LIMIT ?`,
    )
    .pluck()
    .all(JSON.stringify(knownIds), count);
}
