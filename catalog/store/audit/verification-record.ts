/** When the audit log was last verified, and what came out. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { readSetting, writeSetting } from '../database/settings.ts';
import type { AuditVerification } from './verification.ts';

const VERIFIED = 'audit.verified';

/** Findings of which the sentence is kept; how many there were is kept besides. */
const MOST_KEPT = 10;

const VerifiedAudit = z.object({
  /** ISO 8601 UTC. */
  at: z.string(),
  /** The end of what was verified. */
  sequence: z.int(),
  hash: z.string(),
  found: z.int(),
  findings: z.array(z.string()),
});
export type VerifiedAudit = z.infer<typeof VerifiedAudit>;

/** Undefined where it never was. */
export const lastVerification = (db: Database): VerifiedAudit | undefined =>
  readSetting(db, VERIFIED, VerifiedAudit);

export function noteVerification(db: Database, { head, found, findings }: AuditVerification, at: Date): void {
  const record: VerifiedAudit = {
    at: at.toISOString(),
    ...head,
    found,
    findings: findings.slice(0, MOST_KEPT).map(({ text }) => text),
  };
  writeSetting(db, VERIFIED, record);
}
