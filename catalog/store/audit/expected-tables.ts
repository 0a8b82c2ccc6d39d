/** What guards the log, as the migrations make it: a trigger that is gone or altered guards nothing. */
import SqliteDatabase from 'better-sqlite3';
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { migrate } from '../database/migrate.ts';

const Guards = z.array(z.object({ name: z.string(), sql: z.string() }));

let ofNewDatabase: ReadonlyMap<string, string> | undefined;

/** Tables, indexes and triggers of the log that differ from those of a new database. */
export function alteredGuards(db: Database): string[] {
  const wanted = (ofNewDatabase ??= readOfNewDatabase());
  const found = guardsOf(db);
  const names = new Set([...wanted.keys(), ...found.keys()]);
  return [...names].filter((name) => wanted.get(name) !== found.get(name)).toSorted();
}

function readOfNewDatabase(): ReadonlyMap<string, string> {
  const fresh = new SqliteDatabase(':memory:');
  try {
    migrate(fresh, ':memory:');
    return guardsOf(fresh);
  } finally {
    fresh.close();
  }
}

/** By name. What SQLite makes by itself has no text. */
function guardsOf(db: Database): ReadonlyMap<string, string> {
  const rows = db
    .prepare(
      `SELECT name, sql FROM sqlite_schema
       WHERE (name LIKE 'audit\\_%' ESCAPE '\\' OR tbl_name LIKE 'audit\\_%' ESCAPE '\\') AND sql IS NOT NULL`,
    )
    .all();
  return new Map(Guards.parse(rows).map(({ name, sql }) => [name, sql]));
}
