/**
 * The floor: bare better-sqlite3 writes the rows that a synchronization wrote, table by table, in the same transactions,
 * into an empty database of the same tables and indexes.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { openDatabase } from '../../../catalog/store/database/database.ts';
import type { Database } from '../../../catalog/store/database/database.ts';

export interface Written {
  readonly revisions: number;
  readonly rows: number;
  readonly transactions: number;
  /** Of writing and committing alone; what is written was read before. */
  readonly milliseconds: number;
  readonly processorMilliseconds: number;
}

/** What hangs on a revision, found by its key; the tables that a database has beside these are no part of an import. */
const OF_REVISIONS = 'revision_id';

/** @param source a database that was synchronized into, closed by now */
export function writeSameRows(source: string): Written {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-bare-'));
  const from = openDatabase(source);
  const to = openDatabase(join(folder, 'sluice.db'));
  try {
    return copy(from, to);
  } finally {
    from.close();
    to.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function copy(from: Database, to: Database): Written {
  const tables = tablesOfRevisions(from);
  const readers = tables.map((table) => {
    const columns = columnsOf(from, table);
    const named = columns.map((column) => `t."${column}"`).join(', ');
    return {
      rows: from.prepare<[{ batch: number }], unknown[]>(rowsOf(table, named)).raw(),
      insert: to.prepare(
        `INSERT INTO "${table}" (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
      ),
    };
  });
  const batches = from
    .prepare<[], number>('SELECT DISTINCT import_sequence FROM revision ORDER BY import_sequence')
    .pluck()
    .all();
  let rows = 0;
  let milliseconds = 0;
  let processor = 0;
  for (const batch of batches) {
    const work = readers.map(({ rows: read, insert }) => ({ insert, values: read.all({ batch }) }));
    const write = to.transaction(() => {
      for (const { insert, values } of work) for (const row of values) insert.run(...row);
    });
    const begun = performance.now();
    const used = process.cpuUsage();
    write();
    const { user, system } = process.cpuUsage(used);
    milliseconds += performance.now() - begun;
    processor += (user + system) / 1000;
    rows += work.reduce((sum, { values }) => sum + values.length, 0);
  }
  const revisions = z.int().parse(to.prepare('SELECT count(*) FROM revision').pluck().get());
  return { revisions, rows, transactions: batches.length, milliseconds, processorMilliseconds: processor };
}

/** Of one transaction; of a file, where it was named first. */
function rowsOf(table: string, columns: string): string {
  if (table === 'revision') return `SELECT ${columns} FROM revision AS t WHERE import_sequence = :batch`;
  if (table !== 'file')
    return `SELECT ${columns} FROM "${table}" AS t JOIN revision USING (revision_id) WHERE import_sequence = :batch`;
  return `SELECT DISTINCT ${columns} FROM file AS t JOIN revision_file USING (sha1) JOIN revision USING (revision_id)
    WHERE import_sequence = :batch AND NOT EXISTS (SELECT 1 FROM revision_file AS other
      JOIN revision AS earlier USING (revision_id)
      WHERE other.sha1 = t.sha1 AND earlier.import_sequence < :batch)`;
}

/** `revision` and `file` first, which the others refer to. */
function tablesOfRevisions(db: Database): string[] {
  const names = z
    .array(z.string())
    .parse(db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck().all());
  const hanging = names.filter((name) => name !== 'revision' && columnsOf(db, name).includes(OF_REVISIONS));
  const filled = hanging.filter((name) => db.prepare(`SELECT 1 FROM "${name}" LIMIT 1`).get() !== undefined);
  return ['revision', 'file', ...filled];
}

/** Without those that the database works out itself. */
const columnsOf = (db: Database, table: string): string[] =>
  z
    .array(z.string())
    .parse(db.prepare('SELECT name FROM pragma_table_info(?) ORDER BY cid').pluck().all(table));
