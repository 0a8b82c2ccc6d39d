/** Opens the one SQLite file and brings its tables up to date. */
import SqliteDatabase from 'better-sqlite3';
import type { Database } from 'better-sqlite3';
import { chmodSync, existsSync } from 'node:fs';
import { migrate } from './migrate.ts';

export type { Database } from 'better-sqlite3';

/** Milliseconds a statement waits for another process's write to end. */
const BUSY_TIMEOUT = 10_000;

/** KiB. SQLite's own 2 MiB hold not even the indexes that an import walks. */
const CACHE_SIZE = 32 * 1024;

/**
 * Opens (and creates, mode 0600) the database, sets WAL, `synchronous=FULL` and foreign keys, and migrates it forward.
 *
 * @param file path of the database file; its folder exists
 * @throws MigrationError where a newer Sluice wrote the file, or a migration fails
 */
export function openDatabase(file: string): Database {
  const isNew = !existsSync(file);
  const db = new SqliteDatabase(file, { timeout: BUSY_TIMEOUT });
  try {
    if (isNew) chmodSync(file, 0o600);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    db.pragma(`cache_size = -${CACHE_SIZE}`);
    migrate(db, file);
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
}
