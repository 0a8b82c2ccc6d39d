/** What is done at the command line is in the audit log too, under the name of who did it. */
import { userInfo } from 'node:os';
import { appendAudit } from '../../catalog/store/audit/audit-log.ts';
import type { AuditActor, AuditEntry, AuditSubject, JsonValue } from '../../catalog/store/audit/audit-log.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { reasonOf } from '../../config/error-facts.ts';

/**
 * Who runs this, as the operating system has it. Root by sudo is whoever asked sudo: only root could have made that up,
 * who could write any name.
 */
export function commandActor(): AuditActor {
  const name = accountName();
  const asked = process.env['SUDO_USER'];
  return {
    kind: 'command',
    name: process.getuid?.() === 0 && asked !== undefined && asked !== '' ? `${asked} (sudo)` : name,
  };
}

/** An account that only a container knows has no name. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

/** One entry, in the caller's transaction where one is open. */
export function recordCommand(
  db: Database,
  entry: Pick<AuditEntry, 'action' | 'subjects' | 'before' | 'after'>,
): void {
  db.transaction(() => appendAudit(db, { at: new Date(), actor: commandActor(), ...entry })).immediate();
}

interface RecordedRun<T> {
  /** Of its end: `.finished` or `.failed` behind it. */
  readonly action: string;
  readonly subjects: readonly AuditSubject[];
  /** With what options. */
  readonly asked: JsonValue;
  readonly run: () => Promise<T>;
  readonly outcomeOf: (result: T) => JsonValue;
}

/**
 * For what changes things in many transactions: an entry before the first, so that none is without one however the
 * command ends, and one with what came out.
 */
export async function recordedRun<T>(
  db: Database,
  { action, subjects, asked, run, outcomeOf }: RecordedRun<T>,
): Promise<T> {
  recordCommand(db, { action, subjects, after: asked });
  try {
    const result = await run();
    recordCommand(db, { action: `${action}.finished`, subjects, after: outcomeOf(result) });
    return result;
  } catch (error) {
    recordCommand(db, { action: `${action}.failed`, subjects, after: { reason: reasonOf(error) } });
    throw error;
  }
}
