/** What a catalogue holds, without regard to the order in which it came. */
import { createHash } from 'node:crypto';
import type { Database } from '../../catalog/store/database/database.ts';

/** Queries that name revisions by their identities, since their numbers differ from relay to relay. */
const QUERIES = {
  revisions: `SELECT update_id, revision_number, update_type, category_type, publication_state, is_latest, is_leaf,
    title, core, document FROM revision ORDER BY 1, 2`,
  fragments: `SELECT update_id, revision_number, fragments FROM revision_fragments JOIN revision USING (revision_id)
    ORDER BY 1, 2`,
  prerequisites: `SELECT revision.update_id, revision_number, clause, prerequisite.update_id, is_category
    FROM prerequisite JOIN revision USING (revision_id) ORDER BY 1, 2, 3, 4`,
  bundles: `SELECT update_id, revision_number, clause, member_update_id, member_revision_number
    FROM bundled_update JOIN revision USING (revision_id) ORDER BY 1, 2, 3, 4, 5`,
  categories: `SELECT update_id, revision_number, category_update_id FROM revision_category
    JOIN revision USING (revision_id) ORDER BY 1, 2, 3`,
  files: `SELECT update_id, revision_number, sha1, sha256, size, file_name FROM revision_file
    JOIN revision USING (revision_id) JOIN file USING (sha1) ORDER BY 1, 2, 3, 6`,
} as const;

/** A count and a digest for each kind of row; equal catalogues give equal ones. */
export function catalogueDigest(db: Database): Record<string, string> {
  return Object.fromEntries(
    Object.entries(QUERIES).map(([name, query]) => {
      const rows = db.prepare(query).raw().all();
      const hash = createHash('sha256');
      for (const row of rows) hash.update(JSON.stringify(row));
      return [name, `${rows.length} ${hash.digest('hex')}`];
    }),
  );
}
