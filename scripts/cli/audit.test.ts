import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { appendAudit, auditHead } from '../../catalog/store/audit/audit-log.ts';
import { openDatabase } from '../../catalog/store/database/database.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { keepPresentHead } from '../../server/audit/verify-log.ts';
import { sluice } from '../testing/sluice-command.ts';

let folder = '';
let config = '';
let db: Database;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-cli-'));
  config = join(folder, 'sluice.yaml');
  writeFileSync(config, JSON.stringify({ dataDirectory: folder }));
  db = openDatabase(join(folder, 'sluice.db'));
});
afterEach(() => {
  db.close();
});

const append = (day: number, name = 'admin'): number =>
  db
    .transaction(() =>
      appendAudit(db, {
        at: new Date(Date.UTC(2026, 10, day, 18)),
        actor: { kind: 'user', name, accountId: 1 },
        remoteAddress: '192.0.2.7',
        action: 'group.create',
        subjects: [{ kind: 'group', id: String(day), name: '=cmd|"x", y' }],
        after: { name: '본사', number: 1.5 },
      }),
    )
    .immediate();

const Lines = z.array(z.looseObject({ sequence: z.int(), hash: z.string() }));
const readLines = (text: string): z.infer<typeof Lines> =>
  Lines.parse(
    text
      .split('\n')
      .slice(0, -1)
      .map((line): unknown => JSON.parse(line)),
  );

describe('sluice audit', () => {
  it('verifies the log against its kept heads, and ends with 0', async () => {
    append(1);
    append(2);
    await keepPresentHead(db, folder, new Date());
    const { sequence, hash } = auditHead(db);
    expect(await sluice('audit', 'head', '--config', config)).toMatchObject({
      status: 0,
      out: `${sequence}:${hash}\n`,
    });
    const verified = await sluice('audit', 'verify', '--config', config, '--head', `${sequence}:${hash}`);
    expect(verified.out).toMatch(
      /^Entries: 2, compared with 2 heads.*\nThe log ends at 2:[0-9a-f]{64}\nIt is as it was written/,
    );
    expect(verified.status).toBe(0);
  });

  it('ends with 1 and says what is wrong where entries were altered, or the end was cut off', async () => {
    append(1);
    append(2);
    append(3);
    await keepPresentHead(db, folder, new Date());
    const { sequence, hash } = auditHead(db);
    db.exec(`DROP TRIGGER audit_entry_kept; DROP TRIGGER audit_entry_kept_as_it_is; DROP TRIGGER audit_subject_kept;
      UPDATE audit_entry SET actor_name = 'nobody' WHERE sequence = 1;
      DELETE FROM audit_subject WHERE sequence = 3; DELETE FROM audit_entry WHERE sequence = 3`);
    const { status, out } = await sluice(
      'audit',
      'verify',
      '--config',
      config,
      '--head',
      `${sequence}:${hash}`,
      '--json',
    );
    expect(status).toBe(1);
    const { ok, findings } = z
      .object({ ok: z.boolean(), findings: z.array(z.object({ code: z.string() })) })
      .parse(JSON.parse(out));
    expect(ok).toBe(false);
    expect(findings.map(({ code }) => code)).toEqual(['GUARD_ALTERED', 'ENTRY_ALTERED', 'TAIL_MISSING']);
  });

  it('exports JSON lines from which every hash can be made again without Sluice', async () => {
    for (const day of [1, 2, 3, 4]) append(day, 'É "x"');
    const { status, out } = await sluice('audit', 'export', '--config', config);
    expect(status).toBe(0);
    const sorted = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(sorted)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .toSorted(([one], [other]) => (one < other ? -1 : 1))
                .map(([name, member]) => [name, sorted(member)]),
            )
          : value;
    // As docs/audit.md says it.
    const hashes = readLines(out).map((entry) => {
      const text = (name: string): string | undefined =>
        entry[name] === undefined ? undefined : z.coerce.string().parse(entry[name]);
      const value = (name: string): string | undefined =>
        entry[name] === undefined ? undefined : JSON.stringify(sorted(entry[name]));
      const fields = [
        'sluice-audit-1',
        text('sequence'),
        text('at'),
        text('actorKind'),
        text('actorName'),
        text('accountId'),
        text('remoteAddress'),
        text('action'),
        value('subjects'),
        value('before'),
        value('after'),
        text('previousHash'),
      ];
      return createHash('sha256')
        .update(
          fields
            .map((field) => (field === undefined ? '-' : `${Buffer.byteLength(field)}:${field}`))
            .join(''),
        )
        .digest('hex');
    });
    expect(hashes).toEqual(readLines(out).map(({ hash }) => hash));
    expect(hashes.at(-1)).toBe(auditHead(db).hash);
  });

  it('exports what was written in a time, as CSV that a spreadsheet does not run, into a file that was not there', async () => {
    for (const day of [1, 2, 3, 4]) append(day, '=1+1');
    const output = join(folder, 'log.csv');
    const args = [
      'audit',
      'export',
      '--config',
      config,
      '--since',
      '2026-11-02',
      '--until',
      '2026-11-04T00:00:00Z',
      '--format',
      'csv',
      '--output',
      output,
    ];
    expect(await sluice(...args)).toMatchObject({ status: 0, out: '' });
    const lines = readFileSync(output, 'utf8').split('\r\n');
    expect(lines[0]).toBe(
      '\ufeff"sequence","at","actor kind","actor","account","address","action","subjects","before","after","previous hash","hash"',
    );
    expect(lines.slice(1, -1).map((line) => line.slice(0, 1))).toEqual(['2', '3']);
    expect(lines[1]).toContain(`,"user","'=1+1",1,`);
    expect(statSync(output).mode & 0o777).toBe(0o600);
    expect((await sluice(...args)).status).toBe(1);
    expect(readFileSync(output, 'utf8').split('\r\n')).toEqual(lines);
  });

  it.each([
    ['verify', '--head', '12'],
    ['export', '--format', 'xml'],
    ['export', '--since', 'yesterday'],
    ['export', '--since', '2026-11-03', '--until', '2026-11-02'],
  ])('refuses %s %s %s', async (...args) => {
    expect(await sluice('audit', ...args, '--config', config)).toMatchObject({ status: 64, out: '' });
  });

  it('has what commands changed: who ran them, and how they ended', async () => {
    const content = join(folder, 'from');
    mkdirSync(content);
    expect((await sluice('content', 'adopt', content, '--config', config)).status).toBe(0);
    expect((await sluice('content', 'verify', '--config', config)).status).toBe(0);
    expect((await sluice('import', join(folder, 'none.sluice'), '--config', config)).status).toBe(1);
    expect((await sluice('export', folder, '--config', config)).status).toBe(0);
    const entries = readLines((await sluice('audit', 'export', '--config', config)).out);
    expect(entries.map(({ action }) => action)).toEqual([
      'content.adopt',
      'content.adopt.finished',
      'content.verify',
      'content.verify.finished',
      'archive.export',
      'archive.export.finished',
    ]);
    expect(entries[0]).toMatchObject({
      actorKind: 'command',
      actorName: expect.stringContaining(process.env['SUDO_USER'] ?? userInfo().username),
      subjects: [{ kind: 'folder', id: content }],
      after: { all: false, move: false },
    });
    expect(entries[1]).toMatchObject({ after: { linked: 0, failed: 0 } });
    expect(existsSync(join(folder, 'pki', 'archive-key.pem'))).toBe(true);
    await keepPresentHead(db, folder, new Date());
    expect((await sluice('audit', 'verify', '--config', config)).status).toBe(0);
  });
});
