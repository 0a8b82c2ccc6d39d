/** Whether what entries are found by is what the entries say. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';

/** As the trigger that fills the table reads them; what is no JSON any more was altered, and is found by its hash. */
const SPOKEN = `SELECT audit_entry.sequence, value ->> '$.kind' AS kind, value ->> '$.id' AS id
  FROM audit_entry, json_each(CASE WHEN json_valid(subjects) THEN subjects ELSE '[]' END)
  WHERE audit_entry.sequence > ? AND audit_entry.sequence <= ?`;

const Count = z.int();

/** Entries of which a subject is not in the table. @param after and @param upTo sequence numbers */
export function missingSubjects(db: Database, after: number, upTo: number): number[] {
  const rows = db
    .prepare(
      `SELECT DISTINCT sequence FROM (${SPOKEN}) AS spoken WHERE NOT EXISTS (SELECT 1 FROM audit_subject
         WHERE audit_subject.kind = spoken.kind AND audit_subject.id = spoken.id
           AND audit_subject.sequence = spoken.sequence)`,
    )
    .pluck()
    .all(after, upTo);
  return z.array(Count).parse(rows);
}

/** How many rows the table is to have of these entries. */
export function countSubjects(db: Database, after: number, upTo: number): number {
  const count = db
    .prepare(`SELECT count(*) FROM (SELECT DISTINCT sequence, kind, id COLLATE NOCASE FROM (${SPOKEN}))`)
    .pluck()
    .get(after, upTo);
  return Count.parse(count);
}

/** How many it has up to this entry. */
export const storedSubjects = (db: Database, upTo: number): number =>
  Count.parse(db.prepare('SELECT count(*) FROM audit_subject WHERE sequence <= ?').pluck().get(upTo));
