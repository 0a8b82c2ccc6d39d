/** RollupResetGuid ([MS-WSUSSS] 3.1.4.13.3.1). */
import type { Database } from 'better-sqlite3';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { readSetting, writeSetting } from '../database/settings.ts';

const SETTING = 'rollup.reset-guid';

/** Made on first use. Downstream servers that see another one than before report everything anew. */
export function rollupResetGuid(db: Database): string {
  const known = readSetting(db, SETTING, z.guid());
  if (known !== undefined) return known;
  const made = randomUUID();
  writeSetting(db, SETTING, made);
  return made;
}
