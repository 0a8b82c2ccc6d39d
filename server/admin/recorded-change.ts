/** What a call of the console changed, as the audit log has it. */
import { appendAudit } from '../../catalog/store/audit/audit-log.ts';
import type { AuditEntry } from '../../catalog/store/audit/audit-log.ts';
import type { ConsoleContext } from './context.ts';

/** Action, subjects, before and after; who, when and from where are the call's. */
export type RecordedChange = Pick<AuditEntry, 'action' | 'subjects' | 'before' | 'after'>;

/** Within the transaction that makes the change. */
export function recordBy(
  { db, now }: Pick<ConsoleContext, 'db' | 'now'>,
  { userName, accountId }: { readonly userName: string; readonly accountId: number },
  { remoteAddress }: { readonly remoteAddress: string },
  change: RecordedChange,
): void {
  appendAudit(db, {
    at: now(),
    actor: { kind: 'user', name: userName, accountId },
    remoteAddress,
    ...change,
  });
}
