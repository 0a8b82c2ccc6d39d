/** Databases for tests of what is in them: migrated once, then copied, since tests ask for hundreds. */
import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, type Database } from '../../catalog/store/database/database.ts';

let template: string | undefined;

/** One with nothing in it, of which nothing is to survive a power cut. */
export function emptyDatabase(): Database {
  if (template === undefined) {
    template = newFile();
    openDatabase(template).close();
  }
  const file = newFile();
  copyFileSync(template, file);
  const db = openDatabase(file);
  db.pragma('synchronous = OFF');
  return db;
}

const newFile = (): string => join(mkdtempSync(join(tmpdir(), 'sluice-')), 'sluice.db');
