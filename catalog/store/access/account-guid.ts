/** The guid by which servers above and below know this one ([MS-WSUSSS] 3.1.1, ServerID): its account, and its place in the tree. */
import type { Database } from 'better-sqlite3';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { readSetting, writeSetting } from '../database/settings.ts';

const SETTING = 'sync.account-guid';

/** In lower case; the first call for a database makes it. */
export function accountGuid(db: Database): string {
  return db
    .transaction(() => {
      const known = readAccountGuid(db);
      if (known !== undefined) return known;
      const made = randomUUID();
      writeSetting(db, SETTING, made);
      return made;
    })
    .immediate();
}

/** Undefined where none was made yet. */
export const readAccountGuid = (db: Database): string | undefined =>
  readSetting(db, SETTING, z.guid())?.toLowerCase();
