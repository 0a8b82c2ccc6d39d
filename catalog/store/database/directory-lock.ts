/** One server a data directory: a lock that the system takes back by itself when the process dies, however it dies. */
import SqliteDatabase from 'better-sqlite3';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDatabaseBusy } from './database-busy.ts';

export class DirectoryLockedError extends Error {
  readonly code = 'DATA_DIRECTORY_LOCKED';

  constructor(directory: string, holder: string | undefined) {
    super(
      `Another Sluice${holder === undefined ? '' : ` (process ${holder})`} is running on ${directory}. Stop it, or give this one a dataDirectory of its own.`,
    );
    this.name = 'DirectoryLockedError';
  }
}

export interface DirectoryLock {
  release(): void;
}

/** Locks that are held: SQLite would let go of one whose handle the garbage collector found unused. */
const held = new Set<SqliteDatabase.Database>();

/**
 * Takes the lock for as long as this process lives. SQLite's own file lock serves: it works alike on Linux and Windows,
 * and no file that a crash left behind can pretend to be a running server.
 *
 * @param directory exists
 * @throws DirectoryLockedError
 */
export function lockDirectory(directory: string): DirectoryLock {
  const holderFile = join(directory, 'sluice.pid');
  const lock = takeLock(join(directory, 'sluice.lock'));
  if (lock === undefined) throw new DirectoryLockedError(directory, readHolder(holderFile));
  writeFileSync(holderFile, `${process.pid}\n`, { mode: 0o600 });
  return lock;
}

/**
 * Takes a lock of that name, for what one process does at a time beside the server.
 *
 * @param file in a folder that exists
 * @returns undefined where another process has it
 */
export function takeLock(file: string): DirectoryLock | undefined {
  const lock = new SqliteDatabase(file, { timeout: 0 });
  try {
    lock.pragma('journal_mode = MEMORY');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (isDatabaseBusy(error)) return undefined;
    throw error;
  }
  held.add(lock);
  return {
    release: () => {
      held.delete(lock);
      lock.close();
    },
  };
}

/** For the message only; the lock does not depend on it. */
function readHolder(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
