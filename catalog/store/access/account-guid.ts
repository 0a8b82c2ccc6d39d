/** The guid by which servers above and below know this one ([MS-WSUSSS] 3.1.1, ServerID): its account, and its place in the tree. */
import type { Database } from 'better-sqlite3';
import { guidSetting, readGuidSetting } from '../database/guid-setting.ts';

const SETTING = 'sync.account-guid';

/** In lower case; the first call for a database makes it. */
export const accountGuid = (db: Database): string => guidSetting(db, SETTING);

/** Undefined where none was made yet. */
export const readAccountGuid = (db: Database): string | undefined => readGuidSetting(db, SETTING);
