/** The audit log: read, verified. As a file it is in audit-export.ts. */
import { auditChoices, auditEntry, listAudit } from '../../catalog/store/audit/audit-listing.ts';
import { auditHead } from '../../catalog/store/audit/audit-log.ts';
import { lastVerification } from '../../catalog/store/audit/verification-record.ts';
import type { AuditVerification } from '../../catalog/store/audit/verification.ts';
import type { AuditState } from '../../protocol/console/audit.ts';
import { verifyLog } from '../audit/verify-log.ts';
import type { ConsoleContext } from './context.ts';
import { signedIn, type SomeHandlers } from './handlers.ts';
import { measured } from './measured-answer.ts';

export function auditRoutes({
  db,
  config,
  log,
  now,
}: ConsoleContext): SomeHandlers<'audit' | 'auditState' | 'auditEntry' | 'verifyAudit'> {
  const choices = measured(() => auditChoices(db));
  const state = (): AuditState => {
    const verified = lastVerification(db);
    return {
      ...auditHead(db),
      ...(verified === undefined
        ? {}
        : {
            verified: {
              at: verified.at,
              sequence: verified.sequence,
              found: verified.found,
              findings: verified.findings,
            },
          }),
      ...choices(),
    };
  };

  /** However many ask, the log is read once. */
  let verification: Promise<AuditVerification> | undefined;
  const verify = async (): Promise<AuditVerification> =>
    await (verification ??= verifyLog(db, config.dataDirectory, { now }).finally(() => {
      verification = undefined;
    }));

  return {
    audit: signedIn('audit', ({ query }) => listAudit(db, query)),
    auditState: signedIn('auditState', state),
    auditEntry: signedIn('auditEntry', ({ params }) => auditEntry(db, Number(params.sequence))),
    verifyAudit: signedIn('verifyAudit', async ({ session }) => {
      const { entries, found } = await verify();
      log.info('Verified the audit log', { userName: session.userName, entries, found });
      return state();
    }),
  };
}
