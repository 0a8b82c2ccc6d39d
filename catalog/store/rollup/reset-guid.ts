/** RollupResetGuid ([MS-WSUSSS] 3.1.4.13.3.1). */
import type { Database } from 'better-sqlite3';
import { guidSetting } from '../database/guid-setting.ts';

/** Made on first use. Downstream servers that see another one than before report everything anew. */
export const rollupResetGuid = (db: Database): string => guidSetting(db, 'rollup.reset-guid');
