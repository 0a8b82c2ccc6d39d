/** Numbered forward migrations: `migrations/NNNN_what_it_does.sql`, each run once, in order, in one transaction. */
import type { Database } from 'better-sqlite3';
import { chmodSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { z } from 'zod';

const FOLDER = new URL('./migrations/', import.meta.url);

export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** In the order of their numbers, which have no gaps: the n-th makes version n. */
const MIGRATIONS: readonly Migration[] = readdirSync(FOLDER)
  .filter((name) => /^\d{4}_\w+\.sql$/.test(name))
  .sort()
  .map((name) => ({ name, sql: readFileSync(new URL(name, FOLDER), 'utf8') }));

/** The version that a database has after `migrate`. */
export const NEWEST_VERSION = MIGRATIONS.length;

export class MigrationError extends Error {
  readonly code = 'MIGRATION_FAILED';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MigrationError';
  }
}

const UserVersion = z.int();

/**
 * Brings the database to the newest version; a backup `<file>.before-<version>` is made first where there is data.
 *
 * @param migrations Sluice's own, other than in tests
 * @throws MigrationError
 */
export function migrate(db: Database, file: string, migrations: readonly Migration[] = MIGRATIONS): void {
  const version = readVersion(db);
  if (version > migrations.length) {
    throw new MigrationError(
      `${file} was written by a newer Sluice (version ${version}; this one knows ${migrations.length}). Start the newer one, or restore the backup made before its migration.`,
    );
  }
  if (version > 0 && version < migrations.length) backUp(db, `${file}.before-${version + 1}`);
  for (const [index, migration] of migrations.entries()) run(db, file, index + 1, migration);
}

const readVersion = (db: Database): number => UserVersion.parse(db.pragma('user_version', { simple: true }));

/** Under its name only once it is whole; one of an earlier try is replaced. As private as the database. */
function backUp(db: Database, target: string): void {
  const partial = `${target}.partial`;
  rmSync(partial, { force: true });
  db.prepare('VACUUM INTO ?').run(partial);
  chmodSync(partial, 0o600);
  renameSync(partial, target);
}

/** Does nothing where another process, starting at the same time, was first. */
function run(db: Database, file: string, version: number, { name, sql }: Migration): void {
  if (readVersion(db) >= version) return;
  try {
    db.transaction(() => {
      if (readVersion(db) >= version) return;
      db.exec(sql);
      db.pragma(`user_version = ${version}`);
    }).immediate();
  } catch (error) {
    throw new MigrationError(
      `Migration ${name} of ${file} failed; nothing of it was kept: ${String(error)}`,
      { cause: error },
    );
  }
}
