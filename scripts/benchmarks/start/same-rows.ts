/** The rows that a snapshot is made of, read by SQLite in as few statements as can be and nothing made of them. */
import type { Database } from '../../../catalog/store/database/database.ts';

/** Keys of what is deployed and all it needs; found out beforehand. */
export interface ClosureKeys {
  /** RevisionIDs, as a JSON array. */
  readonly revisionIds: string;
  /** UpdateIDs, as a JSON array. */
  readonly updateIds: string;
}

const AMONG = 'IN (SELECT value FROM json_each(?))';
const OF_REVISIONS = [
  `SELECT revision_id, update_id, revision_number, update_type, arrived_at, is_leaf, core FROM revision
   WHERE revision_id ${AMONG}`,
  `SELECT revision_id, clause, update_id FROM prerequisite WHERE revision_id ${AMONG}`,
  `SELECT revision_id, member_update_id, member_revision_number FROM bundled_update WHERE revision_id ${AMONG}`,
  `SELECT revision_id, category_update_id FROM revision_category WHERE revision_id ${AMONG}`,
  `SELECT revision_id, metadata FROM driver WHERE revision_id ${AMONG}`,
];
const OF_UPDATES = [
  `SELECT update_id, revision_number, revision_id FROM revision WHERE update_id ${AMONG}`,
  `SELECT DISTINCT member_update_id, revision.update_id FROM bundled_update JOIN revision USING (revision_id)
   WHERE member_update_id ${AMONG}`,
];
const OF_ALL = [
  'SELECT * FROM deployment',
  'SELECT * FROM declined_update',
  'SELECT * FROM scan_change',
  'SELECT * FROM target_group',
];

/** @returns how many rows there were */
export function readSameRows(db: Database, { revisionIds, updateIds }: ClosureKeys): number {
  const read = (sql: string, ...keys: string[]): number =>
    db
      .prepare(sql)
      .raw()
      .all(...keys).length;
  return [
    ...OF_ALL.map((sql) => read(sql)),
    ...OF_REVISIONS.map((sql) => read(sql, revisionIds)),
    ...OF_UPDATES.map((sql) => read(sql, updateIds)),
  ].reduce((sum, rows) => sum + rows, 0);
}
