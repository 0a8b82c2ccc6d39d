/** Finds what is deployed and all it needs, as SQL alone can say it: not by the code that is measured. */
import type { Database } from '../../../catalog/store/database/database.ts';
import type { ClosureKeys } from './same-rows.ts';

export function closureKeys(db: Database): ClosureKeys {
  const revisionIds = JSON.stringify(
    db
      .prepare<[], number>(
        `WITH RECURSIVE needed (revision_id) AS (
         SELECT revision_id FROM deployment
         WHERE action <> 'NotApproved' AND update_id NOT IN (SELECT update_id FROM declined_update)
         UNION
         SELECT other.revision_id FROM needed
           JOIN prerequisite USING (revision_id)
           JOIN revision AS other ON other.update_id = prerequisite.update_id AND other.is_latest = 1
         UNION
         SELECT other.revision_id FROM needed
           JOIN bundled_update USING (revision_id)
           JOIN revision AS other ON other.update_id = member_update_id AND other.revision_number = member_revision_number
       )
       SELECT revision_id FROM needed ORDER BY revision_id`,
      )
      .pluck()
      .all(),
  );
  const updateIds = JSON.stringify(
    db
      .prepare<[string], string>(
        'SELECT DISTINCT update_id FROM revision WHERE revision_id IN (SELECT value FROM json_each(?))',
      )
      .pluck()
      .all(revisionIds),
  );
  return { revisionIds, updateIds };
}
