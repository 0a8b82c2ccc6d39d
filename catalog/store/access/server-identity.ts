/** Who this server is to its clients: made once, kept with the data, so that a restored database is the same server. */
import type { Database } from 'better-sqlite3';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { readSetting, writeSetting } from '../database/settings.ts';

const SETTING = 'server.identity';

/** A guid in lower case; the first call for a database makes it. */
export function serverIdentity(db: Database): string {
  return db
    .transaction(() => {
      const known = readSetting(db, SETTING, z.guid());
      if (known !== undefined) return known;
      const made = randomUUID();
      writeSetting(db, SETTING, made);
      return made;
    })
    .immediate();
}
