/** What becomes of decisions when synchronization brings newer revisions, as an administrator set it. */
import type { Database } from 'better-sqlite3';
import { RevisionRules } from '../../../protocol/console/revision-rules.ts';
import { readSetting, writeSetting } from '../database/settings.ts';

const SETTING = 'decisions.revision-rules';

/** As in WSUS, where nobody set anything. */
const DEFAULT_RULES: RevisionRules = { moveApprovals: true, declineExpired: true };

export const readRevisionRules = (db: Database): RevisionRules =>
  readSetting(db, SETTING, RevisionRules) ?? DEFAULT_RULES;

export function writeRevisionRules(db: Database, rules: RevisionRules): void {
  writeSetting(db, SETTING, rules);
}
