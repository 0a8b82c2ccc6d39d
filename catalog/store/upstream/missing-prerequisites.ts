/** Updates that others need first and that are not here: a filter may have dropped them from the list. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';

/** Days after which a prerequisite that nobody listed is looked up again. */
const LOOK_UP_AGAIN_AFTER = 30;
const DAY = 86_400_000;

/**
 * UpdateIDs that the latest revisions name as prerequisites, categories aside, of which no revision is here. Those that
 * the upstream server did not list lately, or did not deliver, are left out.
 */
export function missingPrerequisites(db: Database, now: Date): string[] {
  const oldest = new Date(now.getTime() - LOOK_UP_AGAIN_AFTER * DAY).toISOString();
  return z.array(z.string()).parse(
    db
      .prepare(
        `SELECT DISTINCT prerequisite.update_id FROM prerequisite JOIN revision USING (revision_id)
         WHERE is_category = 0 AND is_latest = 1 AND publication_state = 'Published'
           AND NOT EXISTS (SELECT 1 FROM revision AS here WHERE here.update_id = prerequisite.update_id)
           AND NOT EXISTS (SELECT 1 FROM unlisted_prerequisite AS unlisted
             WHERE unlisted.update_id = prerequisite.update_id AND looked_up_at >= @oldest)
           AND NOT EXISTS (SELECT 1 FROM sync_pending
             WHERE list = 'prerequisites:refused' AND sync_pending.update_id = prerequisite.update_id)
         ORDER BY prerequisite.update_id`,
      )
      .pluck()
      .all({ oldest }),
  );
}

export function noteUnlisted(db: Database, updateIds: readonly string[], now: Date): void {
  const note = db.prepare(
    `INSERT INTO unlisted_prerequisite VALUES (?, ?)
     ON CONFLICT (update_id) DO UPDATE SET looked_up_at = excluded.looked_up_at`,
  );
  for (const updateId of updateIds) note.run(updateId, now.toISOString());
}

export const forgetUnlisted = (db: Database): void =>
  void db.prepare('DELETE FROM unlisted_prerequisite').run();
