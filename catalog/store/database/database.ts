/** Opens the one SQLite file and brings its tables up to date. */
import SqliteDatabase from 'better-sqlite3';
import type { Database } from 'better-sqlite3';
import { chmodSync, existsSync } from 'node:fs';
import { MigrationError, NEWEST_VERSION, migrate } from './migrate.ts';

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
    setUp(db);
    migrate(db, file);
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
}

/**
 * The same file for a command that works beside a running server: it is neither made nor migrated.
 *
 * @throws MigrationError where another version of Sluice wrote it
 */
export function openBesideServer(file: string): Database {
  const db = new SqliteDatabase(file, { fileMustExist: true, timeout: BUSY_TIMEOUT });
  try {
    const version = db.pragma('user_version', { simple: true });
    if (version !== NEWEST_VERSION)
      throw new MigrationError(
        `${file} has version ${String(version)}, and this Sluice works on version ${NEWEST_VERSION}. Start the relay of the same Sluice as this command once; it brings an older file up to date.`,
      );
    setUp(db);
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
}

function setUp(db: Database): void {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma(`cache_size = -${CACHE_SIZE}`);
}

/** The file as it is, for reading alone: another process may be at work on it, and nothing is migrated. */
export function openToRead(file: string): Database {
  return new SqliteDatabase(file, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT });
}

/**
 * KiB. A reader walks what a scan can speak of in order, and reads it once. What it holds is dropped page by page, while
 * whoever asks waits, as soon as another process has committed: 8 MiB took 50 ms in the midst of a synchronization.
 */
const READER_CACHE_SIZE = 1024;

/** A connection of its own to the same file, which can stay at one state while others write. */
export function openReader(db: Database): Database {
  const reader = openToRead(db.name);
  reader.pragma(`cache_size = -${READER_CACHE_SIZE}`);
  return reader;
}
