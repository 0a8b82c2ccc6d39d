/** Guids among the settings: made on first use, and kept with the data, so that a database put back is the same server. */
import type { Database } from 'better-sqlite3';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { readSetting, writeSetting } from './settings.ts';

/** In lower case; undefined where none was made yet. */
export const readGuidSetting = (db: Database, name: string): string | undefined =>
  readSetting(db, name, z.guid())?.toLowerCase();

/** In lower case; the first call for a database makes it. */
export function guidSetting(db: Database, name: string): string {
  return db
    .transaction(() => {
      const known = readGuidSetting(db, name);
      if (known !== undefined) return known;
      const made = randomUUID();
      writeSetting(db, name, made);
      return made;
    })
    .immediate();
}
