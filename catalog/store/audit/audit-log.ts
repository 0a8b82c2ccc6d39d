/** The audit log: who changed what, from where, what was before and after. Entries are only ever added (docs/audit.md). */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { AuditActorKind } from '../../../protocol/console/audit.ts';
import { boundedJson, boundedSubjects, boundedText } from './bounded-values.ts';
import type { JsonValue } from './canonical-json.ts';
import { GENESIS_HASH, hashOf } from './entry-hash.ts';
import type { HashedFields } from './entry-hash.ts';

export type { JsonValue } from './canonical-json.ts';

export interface AuditActor {
  /** `command`: somebody at the command line, whose name is the operating system's. */
  readonly kind: AuditActorKind;
  readonly name: string;
  readonly accountId?: number;
}

/** What was changed: `{ kind: 'update', id: its GUID, name: its title }`. */
export interface AuditSubject {
  readonly kind: string;
  readonly id: string;
  readonly name?: string;
}

export interface AuditEntry {
  readonly at: Date;
  readonly actor: AuditActor;
  /** Of who asked for it, where it came over the network. */
  readonly remoteAddress?: string;
  /** `noun.verb`, stable: `update.approve`. */
  readonly action: string;
  readonly subjects: readonly AuditSubject[];
  /** Never a secret: the log is read, exported and kept for good. Too long a value is kept as its beginning and digest. */
  readonly before?: JsonValue;
  readonly after?: JsonValue;
}

/** Where the log ends. */
export interface AuditHead {
  /** 0 where nothing was ever recorded. */
  readonly sequence: number;
  /** Lower-case hex. */
  readonly hash: string;
}

const HeadRow = z.object({ sequence: z.int(), hash: z.string() }).optional();

export function auditHead(db: Database): AuditHead {
  const row = db.prepare('SELECT sequence, hash FROM audit_entry ORDER BY sequence DESC LIMIT 1').get();
  return HeadRow.parse(row) ?? { sequence: 0, hash: GENESIS_HASH };
}

/**
 * Adds an entry within the caller's transaction, so that the change and its entry are committed together or not at all.
 * Begin that transaction with `.immediate()` where the entry is the first that it writes.
 *
 * @returns the entry's sequence number
 * @throws Error where no transaction is open; TypeError where a number in before or after is not finite
 */
export function appendAudit(db: Database, entry: AuditEntry): number {
  if (!db.inTransaction)
    throw new Error(`${entry.action} is recorded outside the transaction that makes the change. Open one.`);
  const head = auditHead(db);
  const { actor, remoteAddress, before, after } = entry;
  const fields: HashedFields<string> = {
    sequence: head.sequence + 1,
    at: entry.at.toISOString(),
    actorKind: actor.kind,
    actorName: boundedText(actor.name),
    accountId: actor.accountId ?? null,
    remoteAddress: remoteAddress === undefined ? null : boundedText(remoteAddress),
    action: boundedText(entry.action),
    subjects: boundedSubjects(entry.subjects),
    before: before === undefined ? null : boundedJson(before),
    after: after === undefined ? null : boundedJson(after),
    previousHash: head.hash,
  };
  db.prepare(
    `INSERT INTO audit_entry (sequence, at, actor_kind, actor_name, account_id, remote_address, action, subjects,
       value_before, value_after, previous_hash, hash)
     VALUES (@sequence, @at, @actorKind, @actorName, @accountId, @remoteAddress, @action, @subjects,
       @before, @after, @previousHash, @hash)`,
  ).run({ ...fields, hash: hashOf(fields) });
  return fields.sequence;
}
