import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appendAudit, auditHead } from '../../catalog/store/audit/audit-log.ts';
import { lastVerification } from '../../catalog/store/audit/verification-record.ts';
import { openDatabase } from '../../catalog/store/database/database.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { createLogger } from '../../config/logging.ts';
import { AuditWatch } from './audit-watch.ts';
import { KEPT_HEADS, keepHead, readKeptHeads } from './kept-heads.ts';
import { keepPresentHead, signedHead, verifyLog } from './verify-log.ts';

const now = (): Date => new Date('2026-11-30T18:00:00Z');

let folder: string;
let db: Database;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-'));
  db = openDatabase(join(folder, 'sluice.db'));
});
afterEach(() => {
  db.close();
});

const append = (): number =>
  db
    .transaction(() =>
      appendAudit(db, {
        at: now(),
        actor: { kind: 'user', name: 'admin' },
        action: 'group.create',
        subjects: [{ kind: 'group', id: '1' }],
      }),
    )
    .immediate();
const file = (): string => join(folder, KEPT_HEADS);
const lines = (): string[] => readFileSync(file(), 'utf8').split('\n').slice(0, -1);

describe('Heads of the audit log outside of the database', () => {
  it('are kept when the relay starts and when it stops, for its own account alone', async () => {
    const watch = new AuditWatch({
      db,
      config: { dataDirectory: folder },
      now,
      log: createLogger({ level: 'error', terminal: false }),
    });
    watch.start();
    append();
    append();
    await watch.close();
    const { heads, findings } = await readKeptHeads(folder);
    expect(heads.at(-1)).toEqual(auditHead(db));
    expect(findings).toEqual([]);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(await verifyLog(db, folder, { now })).toMatchObject({ entries: 2, heads: heads.length, found: 0 });
    expect(lastVerification(db)).toEqual({
      at: now().toISOString(),
      ...auditHead(db),
      found: 0,
      findings: [],
    });
  });

  it('show that the end of the log was cut off, and that a database was put back from a copy', async () => {
    append();
    const copy = join(folder, 'copy.db');
    db.prepare('VACUUM INTO ?').run(copy);
    append();
    await keepPresentHead(db, folder, now());
    const older = openDatabase(copy);
    const { found, findings } = await verifyLog(older, folder, { now });
    expect([found, findings[0]?.code]).toEqual([1, 'TAIL_MISSING']);
    expect(lastVerification(older)).toMatchObject({ found: 1, findings: [findings[0]?.text] });
    older.close();
  });

  it('count for nothing where a line was altered, made with another key, or the file is gone', async () => {
    append();
    await keepPresentHead(db, folder, now());
    append();
    await keepPresentHead(db, folder, now());
    const [first = '', second = ''] = lines();
    writeFileSync(file(), `${first.replace('"sequence":1', '"sequence":2')}\n${second}\n{}\nno JSON\n`);
    expect(await readKeptHeads(folder)).toEqual({
      heads: [auditHead(db)],
      findings: [{ code: 'KEPT_HEADS_UNUSABLE', text: expect.stringMatching(/: 1, 3, 4\.$/) }],
    });
    rmSync(join(folder, 'pki', 'audit-key.pem'));
    expect(await readKeptHeads(folder)).toMatchObject({
      heads: [],
      findings: [{ text: expect.stringMatching(/1, 2, 3, 4\.$/) }],
    });
    rmSync(file());
    expect(await verifyLog(db, folder, { now })).toMatchObject({
      found: 1,
      findings: [{ code: 'KEPT_HEADS_UNUSABLE' }],
    });
  });

  it('go on behind what a power cut left of a line', async () => {
    append();
    const head = await signedHead(db, folder, now());
    await keepHead(folder, head);
    appendFileSync(file(), '{"at":"2026-11-30T18:00');
    expect((await readKeptHeads(folder)).findings).toEqual([]);
    await keepHead(folder, head);
    expect(lines()).toHaveLength(2);
    expect(await readKeptHeads(folder)).toEqual({ heads: [auditHead(db), auditHead(db)], findings: [] });
  });
});
