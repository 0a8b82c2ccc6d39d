import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { z } from 'zod';
import { AUDIT_ACTOR_KINDS } from '../../../protocol/console/audit.ts';
import { openDatabase } from '../database/database.ts';
import type { Database } from '../database/database.ts';
import { appendAudit, auditHead } from './audit-log.ts';
import type { AuditEntry, AuditHead, JsonValue } from './audit-log.ts';
import { verifyAudit } from './verification.ts';
import type { AuditFindingCode } from './verification.ts';

const RUNS = { numRuns: 60 };

const text = fc.string({ unit: 'binary', maxLength: 40 });
const json: fc.Arbitrary<JsonValue> = fc.json().map((written) => z.json().parse(JSON.parse(written)));
const entry: fc.Arbitrary<AuditEntry> = fc.record(
  {
    at: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') }),
    actor: fc.record({ kind: fc.constantFrom(...AUDIT_ACTOR_KINDS), name: text }),
    remoteAddress: text,
    action: text,
    subjects: fc.array(fc.record({ kind: text, id: text, name: text }, { requiredKeys: ['kind', 'id'] }), {
      maxLength: 4,
    }),
    before: json,
    after: json,
  },
  { requiredKeys: ['at', 'actor', 'action', 'subjects'] },
);
const entries = fc.array(entry, { minLength: 1, maxLength: 12 });

/** A database for all runs: each begins with an empty log, its guards gone, as for somebody who has the file. */
let db: Database;
let guards: string[];
beforeAll(() => {
  db = openDatabase(join(mkdtempSync(join(tmpdir(), 'sluice-')), 'sluice.db'));
  // Hundreds of logs are written, and none has to outlive a power cut.
  db.pragma('synchronous = OFF');
  guards = db
    .prepare<[], string>(
      "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name LIKE 'audit\\_%' ESCAPE '\\'",
    )
    .pluck()
    .all();
});
afterAll(() => {
  db.close();
});

/** Does with the tables what triggers would refuse, and puts the triggers back. */
function unguarded(sql: () => void): void {
  const names = guards.map((guard) => /CREATE TRIGGER (\w+)/.exec(guard)![1]!);
  db.pragma('foreign_keys = OFF');
  for (const name of names) db.exec(`DROP TRIGGER ${name}`);
  try {
    sql();
  } finally {
    for (const guard of guards) db.exec(guard);
    db.pragma('foreign_keys = ON');
  }
}

function write(log: readonly AuditEntry[]): AuditHead[] {
  unguarded(() =>
    db.exec(
      "DELETE FROM audit_subject; DELETE FROM audit_entry; INSERT INTO audit_words (audit_words) VALUES ('rebuild')",
    ),
  );
  return log.map((one) => {
    db.transaction(() => appendAudit(db, one)).immediate();
    return auditHead(db);
  });
}

const codes = async (heads: readonly AuditHead[] = []): Promise<AuditFindingCode[]> =>
  (await verifyAudit(db, heads)).findings.map(({ code }) => code);

describe('Verifying the audit log', () => {
  it('finds nothing in what was written, whatever it was, and knows every head of it again', async () => {
    await fc.assert(
      fc.asyncProperty(entries, async (log) => {
        const heads = write(log);
        expect(await verifyAudit(db, heads)).toEqual({
          head: heads.at(-1),
          entries: log.length,
          heads: log.length,
          findings: [],
          found: 0,
        });
      }),
      RUNS,
    );
  });

  it('finds any one byte of any field that was altered', async () => {
    const columns = [
      'at',
      'actor_kind',
      'actor_name',
      'account_id',
      'remote_address',
      'action',
      'subjects',
      'value_before',
      'value_after',
      'previous_hash',
      'hash',
    ];
    await fc.assert(
      fc.asyncProperty(
        entries,
        fc.nat(),
        fc.constantFrom(...columns),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (log, which, column, place, flip) => {
          write(log);
          const sequence = (which % log.length) + 1;
          const read = db
            .prepare<[number], Buffer | null>(
              `SELECT CAST(${column} AS BLOB) FROM audit_entry WHERE sequence = ?`,
            )
            .pluck();
          const bytes = read.get(sequence);
          if (column === 'account_id')
            unguarded(() =>
              db.prepare('UPDATE audit_entry SET account_id = 77 WHERE sequence = ?').run(sequence),
            );
          else {
            const altered =
              bytes === null || bytes === undefined || bytes.length === 0
                ? Buffer.from('"x"')
                : Buffer.from(bytes);
            if (bytes !== null && bytes !== undefined && bytes.length > 0)
              altered[place % altered.length]! ^= flip;
            // As a text, so that the column takes it; checks of the table are what a file's editor does not ask.
            db.pragma('ignore_check_constraints = ON');
            unguarded(() =>
              db
                .prepare(`UPDATE audit_entry SET ${column} = CAST(? AS TEXT) WHERE sequence = ?`)
                .run(altered, sequence),
            );
            db.pragma('ignore_check_constraints = OFF');
          }
          const { findings } = await verifyAudit(db, []);
          expect(findings.map((finding) => finding.sequence)).toContain(sequence);
          expect(findings.map(({ code }) => code)).toContain(
            column === 'previous_hash' ? 'CHAIN_BROKEN' : 'ENTRY_ALTERED',
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  it('finds an entry that was taken out, and entries that changed places', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { minLength: 3, maxLength: 8 }), fc.nat(), async (log, which) => {
        write(log);
        const sequence = (which % (log.length - 1)) + 1;
        unguarded(() =>
          db.exec(
            `DELETE FROM audit_subject WHERE sequence = ${sequence}; DELETE FROM audit_entry WHERE sequence = ${sequence}`,
          ),
        );
        expect(await codes()).toEqual(['ENTRY_MISSING', 'CHAIN_BROKEN']);
        // Whoever closes the gap by counting anew alters what was hashed.
        unguarded(() => {
          db.exec(`UPDATE audit_entry SET sequence = sequence - 1 WHERE sequence > ${sequence}`);
          db.exec(`UPDATE audit_subject SET sequence = sequence - 1 WHERE sequence > ${sequence}`);
        });
        expect(await codes()).toContain('ENTRY_ALTERED');

        write(log);
        unguarded(() => {
          db.exec(
            `UPDATE audit_entry SET sequence = -1 WHERE sequence = ${sequence + 1}`.replace('-1', '1000000'),
          );
          db.exec(`UPDATE audit_entry SET sequence = ${sequence + 1} WHERE sequence = ${sequence}`);
          db.exec(`UPDATE audit_entry SET sequence = ${sequence} WHERE sequence = 1000000`);
        });
        expect(await codes()).toEqual(expect.arrayContaining(['ENTRY_ALTERED', 'CHAIN_BROKEN']));
      }),
      RUNS,
    );
  });

  it('finds a tail that was cut, and a log that was written anew, by a head that was kept', async () => {
    await fc.assert(
      fc.asyncProperty(entries, fc.nat(), async (log, which) => {
        const heads = write([...log, ...log]);
        const last = heads.at(-1)!;
        const left = which % (heads.length - 1);
        unguarded(() =>
          db.exec(
            `DELETE FROM audit_subject WHERE sequence > ${left}; DELETE FROM audit_entry WHERE sequence > ${left}`,
          ),
        );
        // Nothing in the database shows it.
        expect(await codes()).toEqual([]);
        expect(await codes([last])).toEqual(['TAIL_MISSING']);

        write([...log, ...log].map((one) => ({ ...one, action: `${one.action}?` })));
        expect(await codes()).toEqual([]);
        expect(await codes([last])).toEqual(['HEAD_DIFFERS']);
      }),
      RUNS,
    );
  });
});

describe('What guards and finds entries', () => {
  const log: AuditEntry[] = [1, 2, 3].map((number) => ({
    at: new Date('2026-11-30T18:00:00Z'),
    actor: { kind: 'user', name: 'admin' },
    action: 'group.create',
    subjects: [{ kind: 'group', id: String(number) }],
  }));

  it('is missed where a trigger is gone or altered, or one was added', async () => {
    write(log);
    const [guard] = guards;
    const name = /CREATE TRIGGER (\w+)/.exec(guard!)![1]!;
    db.exec(`DROP TRIGGER ${name}`);
    expect(await verifyAudit(db, [])).toMatchObject({
      findings: [{ code: 'GUARD_ALTERED', text: expect.stringContaining(name) }],
    });
    db.exec(guard!.replace(/WHEN[^]*?BEGIN/, 'WHEN 0 BEGIN'));
    expect(await codes()).toEqual(['GUARD_ALTERED']);
    db.exec(`DROP TRIGGER ${name}`);
    db.exec(guard!);
    expect(await codes()).toEqual([]);
    db.exec('CREATE TRIGGER swallow BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(IGNORE); END');
    expect(await codes()).toEqual(['GUARD_ALTERED']);
    db.exec('DROP TRIGGER swallow');
  });

  it('is missed where a subject cannot be searched for any more, or was made up', async () => {
    write(log);
    unguarded(() => db.exec("UPDATE audit_subject SET id = 'x' WHERE id = '2'"));
    expect(await verifyAudit(db, [])).toMatchObject({ findings: [{ code: 'SUBJECTS_DIFFER', sequence: 2 }] });
    write(log);
    unguarded(() => db.exec("INSERT INTO audit_subject VALUES ('group', 'x', 1)"));
    expect(await codes()).toEqual(['SUBJECTS_DIFFER']);
  });
});
