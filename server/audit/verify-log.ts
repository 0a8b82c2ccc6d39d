/** The whole check of the audit log: the chain in the database, and the heads that were kept outside of it. */
import { auditHead } from '../../catalog/store/audit/audit-log.ts';
import type { AuditHead } from '../../catalog/store/audit/audit-log.ts';
import { noteVerification } from '../../catalog/store/audit/verification-record.ts';
import { verifyAudit } from '../../catalog/store/audit/verification.ts';
import type { AuditVerification } from '../../catalog/store/audit/verification.ts';
import { serverIdentity } from '../../catalog/store/access/server-identity.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { loadAuditKey, keepHead, readKeptHeads } from './kept-heads.ts';
import { signHead } from './signed-head.ts';
import type { SignedHead } from './signed-head.ts';

export interface VerifyLogOptions {
  /** Heads that somebody kept elsewhere. */
  readonly given?: readonly AuditHead[];
  readonly now: () => Date;
  /** Ends it early. */
  readonly signal?: AbortSignal;
}

/**
 * Verifies, and notes when and with what outcome, for the console to show.
 *
 * @throws CertificateError where the key of kept heads cannot be read
 */
export async function verifyLog(
  db: Database,
  dataDirectory: string,
  { given = [], now, signal }: VerifyLogOptions,
): Promise<AuditVerification> {
  const kept = await readKeptHeads(dataDirectory);
  const chain = await verifyAudit(db, [...kept.heads, ...given], signal);
  const result = {
    ...chain,
    findings: [...kept.findings, ...chain.findings],
    found: kept.findings.length + chain.found,
  };
  noteVerification(db, result, now());
  return result;
}

/** Where the log ends, signed. @throws CertificateError */
export async function signedHead(db: Database, dataDirectory: string, at: Date): Promise<SignedHead> {
  const key = await loadAuditKey(dataDirectory);
  return signHead({ ...auditHead(db), at: at.toISOString(), server: serverIdentity(db) }, key);
}

/** Keeps the head outside of the database. @throws CertificateError */
export async function keepPresentHead(db: Database, dataDirectory: string, at: Date): Promise<SignedHead> {
  const head = await signedHead(db, dataDirectory, at);
  await keepHead(dataDirectory, head);
  return head;
}
