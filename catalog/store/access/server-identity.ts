/** Who this server is to its clients: made once, kept with the data, so that a restored database is the same server. */
import type { Database } from 'better-sqlite3';
import { guidSetting } from '../database/guid-setting.ts';

/** A guid in lower case; the first call for a database makes it. */
export const serverIdentity = (db: Database): string => guidSetting(db, 'server.identity');
