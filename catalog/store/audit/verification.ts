/**
 * Whether the log is what was written: every hash made again, no number left out, nothing that guards it altered, and
 * every head that was kept outside still in it. What this shows and what it cannot is in docs/audit.md.
 */
import type { Database } from 'better-sqlite3';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { auditHead } from './audit-log.ts';
import type { AuditHead } from './audit-log.ts';
import { GENESIS_HASH, hashOf } from './entry-hash.ts';
import type { HashedFields } from './entry-hash.ts';
import { alteredGuards } from './expected-tables.ts';
import { countSubjects, missingSubjects, storedSubjects } from './subject-check.ts';

export type AuditFindingCode =
  /** Its fields do not make its hash. */
  | 'ENTRY_ALTERED'
  /** It does not hang on the entry before. */
  | 'CHAIN_BROKEN'
  /** Numbers are left out. */
  | 'ENTRY_MISSING'
  /** The table of subjects does not say what the entries say. */
  | 'SUBJECTS_DIFFER'
  /** A trigger, index or table is not as Sluice makes it. */
  | 'GUARD_ALTERED'
  /** A head that was kept outside is beyond the end. */
  | 'TAIL_MISSING'
  /** At a head that was kept outside stands another entry. */
  | 'HEAD_DIFFERS'
  /** What was kept outside is gone, or is not what this relay signed. */
  | 'KEPT_HEADS_UNUSABLE';

export interface AuditFinding {
  readonly code: AuditFindingCode;
  /** A sentence. */
  readonly text: string;
  readonly sequence?: number;
}

export interface AuditVerification {
  /** The end of what was looked at. */
  readonly head: AuditHead;
  /** Entries that were read. */
  readonly entries: number;
  /** Heads that were kept outside and were looked for. */
  readonly heads: number;
  /** The first hundred; whatever is altered at the beginning shows in all that follows. */
  readonly findings: readonly AuditFinding[];
  /** All of them. */
  readonly found: number;
}

const MOST_FINDINGS = 100;

/** Entries between two turns of the event loop. */
const BATCH = 200;

const Bytes = z.instanceof(Uint8Array);
const Row = z.object({
  sequence: z.int(),
  at: Bytes,
  actorKind: Bytes,
  actorName: Bytes,
  accountId: z.int().nullable(),
  remoteAddress: Bytes.nullable(),
  action: Bytes,
  subjects: Bytes,
  before: Bytes.nullable(),
  after: Bytes.nullable(),
  previousHash: Bytes,
  hash: Bytes,
});

/** Bytes, not texts: of bytes that are no UTF-8 several read as the same text. */
const READ = `SELECT sequence, CAST(at AS BLOB) AS at, CAST(actor_kind AS BLOB) AS actorKind,
    CAST(actor_name AS BLOB) AS actorName, account_id AS accountId, CAST(remote_address AS BLOB) AS remoteAddress,
    CAST(action AS BLOB) AS action, CAST(subjects AS BLOB) AS subjects, CAST(value_before AS BLOB) AS before,
    CAST(value_after AS BLOB) AS after, CAST(previous_hash AS BLOB) AS previousHash, CAST(hash AS BLOB) AS hash
  FROM audit_entry WHERE sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ${BATCH}`;

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** The hash that an entry's own fields make; undefined where there is no such entry. */
export function remadeHash(db: Database, sequence: number): string | undefined {
  const row = Row.optional().parse(db.prepare(READ).get(sequence - 1, sequence));
  return row === undefined ? undefined : hashOf(row);
}

/**
 * Reads the whole log, a few entries at a time, so that who shares the thread is answered in between.
 *
 * @param heads that were kept outside of the database
 * @param signal ends it early; it is rejected with the reason then
 */
export async function verifyAudit(
  db: Database,
  heads: readonly AuditHead[],
  signal?: AbortSignal,
): Promise<AuditVerification> {
  const head = auditHead(db);
  const check = new ChainCheck(heads);
  const altered = alteredGuards(db);
  if (altered.length > 0)
    check.note('GUARD_ALTERED', `What guards the log is not as Sluice makes it: ${altered.join(', ')}.`);
  const read = db.prepare(READ);
  let subjects = 0;
  for (let after = -1; ;) {
    const rows = z.array(Row).parse(read.all(after, head.sequence));
    const last = rows.at(-1);
    if (last === undefined) break;
    for (const row of rows) check.look(row);
    for (const sequence of missingSubjects(db, after, last.sequence))
      check.note('SUBJECTS_DIFFER', `A subject of entry ${sequence} cannot be searched for.`, sequence);
    subjects += countSubjects(db, after, last.sequence);
    after = last.sequence;
    await setImmediate();
    signal?.throwIfAborted();
  }
  const stored = storedSubjects(db, head.sequence);
  if (stored > subjects)
    check.note('SUBJECTS_DIFFER', `Searching finds ${stored - subjects} subjects of which no entry speaks.`);
  check.end(head);
  return { head, entries: check.entries, heads: heads.length, findings: check.findings, found: check.found };
}

/** Walks the chain in the order of its numbers. */
class ChainCheck {
  readonly findings: AuditFinding[] = [];
  found = 0;
  entries = 0;
  readonly #heads: ReadonlyMap<number, readonly string[]>;
  #previous: AuditHead = { sequence: 0, hash: GENESIS_HASH };

  constructor(heads: readonly AuditHead[]) {
    const hashes = Map.groupBy(heads, ({ sequence }) => sequence);
    this.#heads = new Map(
      hashes.entries().map(([sequence, same]) => [sequence, same.map(({ hash }) => hash)]),
    );
    if (this.#heads.has(0)) this.#compare({ sequence: 0, hash: GENESIS_HASH });
  }

  note(code: AuditFindingCode, text: string, sequence?: number): void {
    this.found += 1;
    if (this.findings.length < MOST_FINDINGS)
      this.findings.push({ code, text, ...(sequence === undefined ? {} : { sequence }) });
  }

  look(row: HashedFields<Uint8Array> & { readonly hash: Uint8Array }): void {
    const { sequence } = row;
    this.entries += 1;
    const wanted = this.#previous.sequence + 1;
    if (sequence !== wanted) {
      const gap = sequence - 1 > wanted ? `Entries ${wanted} to ${sequence - 1} are` : `Entry ${wanted} is`;
      this.note('ENTRY_MISSING', `${gap} missing.`, wanted);
    }
    const hash = textOf(row.hash);
    if (hashOf(row) !== hash)
      this.note(
        'ENTRY_ALTERED',
        `Entry ${sequence} is not what was written: its fields do not make its hash.`,
        sequence,
      );
    if (textOf(row.previousHash) !== this.#previous.hash)
      this.note('CHAIN_BROKEN', `Entry ${sequence} does not hang on the entry before it.`, sequence);
    this.#previous = { sequence, hash };
    this.#compare(this.#previous);
  }

  #compare({ sequence, hash }: AuditHead): void {
    for (const kept of this.#heads.get(sequence) ?? [])
      if (kept !== hash)
        this.note(
          'HEAD_DIFFERS',
          `Entry ${sequence} had the hash ${kept} when that was kept, and has ${hash} now: it or what was before it was written anew.`,
          sequence,
        );
  }

  /** What was kept outside and is not here. */
  end(head: AuditHead): void {
    for (const sequence of this.#heads.keys())
      if (sequence > head.sequence)
        this.note(
          'TAIL_MISSING',
          `The log ended at entry ${sequence} or later once, and ends at ${head.sequence} now: its end was cut off, or the database was put back from a copy.`,
          sequence,
        );
  }
}
