/**
 * Driver sets: which drivers a model of computer is to have, as the upstream server describes it. The description's own
 * format is not published, so it is kept as it came; what it speaks of is told by the guids in it.
 */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { restoreText, storeText } from '../database/deflated-text.ts';
import { nextSequence } from './import-sequence.ts';

export interface DriverSet {
  /** Lower-case guid. */
  readonly driverSetId: string;
  readonly xml: string;
}

const GUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** Within the caller's transaction: what is here already as it is does not count as changed. */
export function storeDriverSets(db: Database, sets: readonly DriverSet[]): void {
  const sequence = nextSequence(db);
  const store = db.prepare(
    `INSERT INTO driver_set (driver_set_id, driver_set_xml, changed_sequence) VALUES (?, ?, ?)
     ON CONFLICT (driver_set_id) DO UPDATE SET driver_set_xml = excluded.driver_set_xml, is_removed = 0,
       changed_sequence = excluded.changed_sequence`,
  );
  const forget = db.prepare('DELETE FROM driver_set_guid WHERE driver_set_id = ?');
  const name = db.prepare('INSERT OR IGNORE INTO driver_set_guid VALUES (?, ?)');
  const ids = sets.map(({ driverSetId }) => driverSetId);
  const known = new Map(readDriverSets(db, ids).map(({ driverSetId, xml }) => [driverSetId, xml]));
  for (const { driverSetId, xml } of sets) {
    if (known.get(driverSetId) === xml) continue;
    store.run(driverSetId, storeText(xml), sequence);
    forget.run(driverSetId);
    for (const [guid] of xml.matchAll(GUID)) name.run(driverSetId, guid.toLowerCase());
  }
}

/** Within the caller's transaction. The drivers themselves stay: that they left a set says nothing of them. */
export function removeDriverSets(db: Database, driverSetIds: readonly string[]): void {
  const remove = db.prepare(
    'UPDATE driver_set SET is_removed = 1, changed_sequence = ? WHERE driver_set_id = ? AND is_removed = 0',
  );
  const sequence = nextSequence(db);
  for (const driverSetId of driverSetIds) remove.run(sequence, driverSetId);
}

/** Those of the sets that are here and not removed, in the order of their ids. */
export const readDriverSets = (db: Database, driverSetIds: readonly string[]): DriverSet[] =>
  db
    .prepare(
      `SELECT driver_set_id, driver_set_xml FROM driver_set
       WHERE is_removed = 0 AND driver_set_id IN (SELECT value FROM json_each(?)) ORDER BY driver_set_id`,
    )
    .all(JSON.stringify(driverSetIds))
    .map((value) => {
      const row = z
        .object({ driver_set_id: z.string(), driver_set_xml: z.union([z.string(), z.instanceof(Buffer)]) })
        .parse(value);
      return { driverSetId: row.driver_set_id, xml: restoreText(row.driver_set_xml) };
    });
