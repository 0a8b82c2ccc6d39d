/** The catalogue's generation: grows with every change that a scan could notice. Snapshots are built for one. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';

/** Reads it; for who asks with every request, to be prepared once. */
export const GENERATION = "SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'catalogue.generation'";

/** Reads the generation at which anything but decisions last changed; triggers, which see decisions, leave it alone. */
export const REVISED = "SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'catalogue.revised'";

/**
 * To be called within the transaction that makes the change. It says that anything may have changed; decisions,
 * declines, leaves and moved groups are counted by triggers, which name the updates too.
 */
export function advanceGeneration(db: Database): void {
  db.prepare(
    "UPDATE setting SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE name = 'catalogue.generation'",
  ).run();
  db.prepare(
    `INSERT INTO setting SELECT 'catalogue.revised', value FROM setting WHERE name = 'catalogue.generation'
     ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
  ).run();
}

export function readGeneration(db: Database): number {
  return z.int().parse(db.prepare(GENERATION).pluck().get());
}
