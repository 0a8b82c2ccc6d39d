/** The catalogue's generation: grows with every change that a scan could notice. Snapshots are built for one. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';

/** Reads it; for who asks with every request, to be prepared once. */
export const GENERATION = "SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'catalogue.generation'";

/** Reads the generation at which anything but decisions last changed; triggers, which see decisions, leave it alone. */
export const REVISED = "SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'catalogue.revised'";

/** Reads the generation at which anything but decisions last changed, and it was more than that revisions arrived. */
export const REWRITTEN = "SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'catalogue.rewritten'";

/**
 * To be called within the transaction that makes the change. It says that anything may have changed; decisions,
 * declines, leaves and moved groups are counted by triggers, which name the updates too.
 */
export function advanceGeneration(db: Database): void {
  countArrivals(db);
  noteGeneration(db, 'catalogue.rewritten');
}

/**
 * The same for who did nothing but import revisions: rows were added that hang on new RevisionIDs, and of what was here
 * only categories changed, because revisions of categories are among the new ones, and leaves, which triggers count.
 */
export function countArrivals(db: Database): void {
  db.prepare(
    "UPDATE setting SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE name = 'catalogue.generation'",
  ).run();
  noteGeneration(db, 'catalogue.revised');
}

function noteGeneration(db: Database, name: 'catalogue.revised' | 'catalogue.rewritten'): void {
  db.prepare(
    `INSERT INTO setting SELECT ?, value FROM setting WHERE name = 'catalogue.generation'
     ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
  ).run(name);
}

export function readGeneration(db: Database): number {
  return z.int().parse(db.prepare(GENERATION).pluck().get());
}
