import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { openDatabase } from '../database/database.ts';
import type { Database } from '../database/database.ts';
import { appendAudit, auditHead } from './audit-log.ts';
import type { AuditEntry } from './audit-log.ts';
import { LARGEST_VALUE, MOST_SUBJECTS } from './bounded-values.ts';
import { canonicalJson } from './canonical-json.ts';
import type { JsonValue } from './canonical-json.ts';
import { GENESIS_HASH } from './entry-hash.ts';

const APPROVAL: AuditEntry = {
  at: new Date('2026-11-30T18:00:00.000Z'),
  actor: { kind: 'user', name: 'admin', accountId: 1 },
  remoteAddress: '192.0.2.7',
  action: 'update.approve',
  subjects: [
    { kind: 'update', id: 'c0ffee00-0000-4000-8000-000000000001', name: 'Cumulative Update (KB5044284)' },
  ],
  before: { approval: null },
  after: { approval: 'Install' },
};

const newFile = (): string => join(mkdtempSync(join(tmpdir(), 'sluice-')), 'sluice.db');
const append = (db: Database, entry: AuditEntry): number =>
  db.transaction(() => appendAudit(db, entry)).immediate();
const rows = (db: Database): unknown[] => db.prepare('SELECT * FROM audit_entry ORDER BY sequence').all();

describe('The audit log', () => {
  let db: Database;
  beforeEach(() => {
    db = openDatabase(newFile());
  });
  afterEach(() => {
    db.close();
  });

  it('numbers entries from one, and hangs each on the one before', () => {
    expect(auditHead(db)).toEqual({ sequence: 0, hash: GENESIS_HASH });
    expect(append(db, APPROVAL)).toBe(1);
    const first = auditHead(db);
    expect(
      append(db, {
        at: APPROVAL.at,
        actor: { kind: 'system', name: 'clean-up' },
        action: 'x.y',
        subjects: [],
      }),
    ).toBe(2);
    expect(rows(db)).toMatchObject([
      {
        sequence: 1,
        previous_hash: GENESIS_HASH,
        hash: first.hash,
        account_id: 1,
        value_after: '{"approval":"Install"}',
      },
      { sequence: 2, previous_hash: first.hash, account_id: null, remote_address: null, value_before: null },
    ]);
  });

  it('keeps the change and its entry together: what is rolled back leaves no entry and no gap', () => {
    append(db, APPROVAL);
    expect(() =>
      db
        .transaction(() => {
          appendAudit(db, APPROVAL);
          throw new Error('undone');
        })
        .immediate(),
    ).toThrow('undone');
    expect(append(db, APPROVAL)).toBe(2);
    expect(() => appendAudit(db, APPROVAL)).toThrow(/outside the transaction/);
    expect(auditHead(db).sequence).toBe(2);
  });

  it('counts on over two connections that write in turn', () => {
    const other = openDatabase(db.name);
    const sequences = Array.from({ length: 20 }, (_, turn) => append(turn % 3 === 0 ? db : other, APPROVAL));
    expect(sequences).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    other.close();
  });

  it('gives no number to one connection while another is about to commit it', () => {
    const other = openDatabase(db.name);
    other.pragma('busy_timeout = 0');
    db.transaction(() => {
      expect(appendAudit(db, APPROVAL)).toBe(1);
      expect(() => append(other, APPROVAL)).toThrow(/locked/);
    }).immediate();
    expect(append(other, APPROVAL)).toBe(2);
    expect(append(db, APPROVAL)).toBe(3);
    other.close();
  });

  it.each([
    ["UPDATE audit_entry SET actor_name = 'nobody'", /never changed/],
    ['DELETE FROM audit_entry WHERE sequence = 2', /never deleted/],
    ["UPDATE audit_subject SET id = 'x'", /never changed/],
    ['DELETE FROM audit_subject', /never deleted/],
    ["INSERT INTO audit_subject VALUES ('update', 'x', 1)", /appended/],
    [
      `INSERT OR REPLACE INTO audit_entry
         SELECT sequence, at, actor_kind, 'nobody', account_id, remote_address, action, subjects, value_before,
           value_after, previous_hash, hash FROM audit_entry WHERE sequence = 2`,
      /appended/,
    ],
    [
      `INSERT INTO audit_entry SELECT 4, at, actor_kind, actor_name, account_id, remote_address, action, subjects,
         value_before, value_after, hash, 'x' FROM audit_entry WHERE sequence = 2`,
      /appended/,
    ],
    [
      `INSERT INTO audit_entry SELECT 3, at, actor_kind, actor_name, account_id, remote_address, action, subjects,
         value_before, value_after, previous_hash, 'x' FROM audit_entry WHERE sequence = 2`,
      /appended/,
    ],
  ])('refuses %s', (sql, refusal) => {
    append(db, APPROVAL);
    append(db, APPROVAL);
    const before = rows(db);
    expect(() => db.exec(sql)).toThrow(refusal);
    expect(rows(db)).toEqual(before);
  });

  it('keeps the beginning and the digest of a value that is too long, and says so', () => {
    append(db, { ...APPROVAL, before: '가'.repeat(LARGEST_VALUE), after: 'x'.repeat(LARGEST_VALUE - 2) });
    const [row] = db
      .prepare<[], { value_before: string; value_after: string }>('SELECT * FROM audit_entry')
      .all();
    expect(JSON.parse(row!.value_before)).toEqual({
      truncated: {
        beginning: expect.stringMatching(/^"가+$/),
        bytes: 3 * LARGEST_VALUE + 2,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    });
    expect(Buffer.byteLength(row!.value_before)).toBeLessThan(LARGEST_VALUE);
    expect(JSON.parse(row!.value_after)).toHaveLength(LARGEST_VALUE - 2);
  });

  it('says how many subjects there were where there are too many', () => {
    append(db, {
      ...APPROVAL,
      subjects: Array.from({ length: MOST_SUBJECTS + 7 }, (_, id) => ({ kind: 'computer', id: String(id) })),
    });
    expect(db.prepare("SELECT count(*) FROM audit_subject WHERE kind = 'computer'").pluck().get()).toBe(
      MOST_SUBJECTS,
    );
    expect(db.prepare("SELECT id FROM audit_subject WHERE kind = 'truncated'").pluck().all()).toEqual(['7']);
  });

  it('finds an entry by its subject and by words of what was before and after', () => {
    append(db, APPROVAL);
    append(db, { ...APPROVAL, subjects: [], after: { title: 'Définition' } });
    const subject = db.prepare('SELECT sequence FROM audit_subject WHERE kind = ? AND id = ?').pluck();
    expect(subject.all('update', 'C0FFEE00-0000-4000-8000-000000000001')).toEqual([1]);
    const words = db.prepare('SELECT rowid FROM audit_words WHERE audit_words MATCH ?').pluck();
    expect(words.all('KB5044284')).toEqual([1]);
    expect(words.all('definition')).toEqual([2]);
  });
});

describe('Canonical JSON', () => {
  it('is one text for one value, in whatever order its names were given, and reads back as it', () => {
    const turn = (_: string, value: unknown): unknown =>
      value === null || typeof value !== 'object' || Array.isArray(value)
        ? value
        : Object.fromEntries(Object.entries(value).toReversed());
    fc.assert(
      fc.property(fc.json(), (text) => {
        const value: JsonValue = JSON.parse(text);
        const turned: JsonValue = JSON.parse(JSON.stringify(value, turn));
        expect(canonicalJson(turned)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('leaves out what is undefined, and refuses what JSON cannot say', () => {
    expect(canonicalJson({ b: undefined, a: [1e21, -0, 'é\ud800'] })).toBe('{"a":[1e+21,0,"é\ufffd"]}');
    expect(() => canonicalJson([Number.NaN])).toThrow(TypeError);
  });
});
