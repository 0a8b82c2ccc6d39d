/**
 * The hardware that there is: ids of devices and of computers' models, as agents name them when they scan for drivers.
 * Drivers are synchronized for these ([MS-WSUSSS] 3.1.4.7); whose they are is not kept.
 */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';

export type HardwareKind = 'device' | 'computer';

/** Ids kept of each kind, those that were reported last: an office has some thousands. */
export const MOST_HARDWARE_IDS = 20_000;

/**
 * Notes that these were reported; within the caller's transaction.
 *
 * @param ids lower case
 */
export function noteHardware(db: Database, kind: HardwareKind, ids: readonly string[], now: Date): void {
  const note = db.prepare(
    `INSERT INTO reported_hardware (kind, hardware_id, reported_on) VALUES (?, ?, ?)
     ON CONFLICT (kind, hardware_id) DO UPDATE SET reported_on = max(reported_on, excluded.reported_on)`,
  );
  const day = now.toISOString().slice(0, 10);
  for (const id of ids) note.run(kind, id, day);
  db.prepare(
    `DELETE FROM reported_hardware WHERE kind = @kind AND hardware_id IN (
       SELECT hardware_id FROM reported_hardware WHERE kind = @kind
       ORDER BY reported_on DESC, hardware_id LIMIT -1 OFFSET @most)`,
  ).run({ kind, most: MOST_HARDWARE_IDS });
}

/** In the order of the ids. */
export const readHardware = (db: Database, kind: HardwareKind): string[] =>
  z
    .array(z.string())
    .parse(
      db
        .prepare('SELECT hardware_id FROM reported_hardware WHERE kind = ? ORDER BY hardware_id')
        .pluck()
        .all(kind),
    );
