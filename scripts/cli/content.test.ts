import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentPath } from '../../catalog/content-path.ts';
import { fileBySha1 } from '../../catalog/store/content/files.ts';
import { openDatabase } from '../../catalog/store/database/database.ts';
import { knowFile, putFile, sampleOf, storeFile } from '../testing/content-files.ts';
import { sluice } from '../testing/sluice-command.ts';

let folder = '';
let data = '';
let config = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-cli-'));
  data = join(folder, 'data');
  mkdirSync(data);
  config = join(folder, 'sluice.yaml');
  writeFileSync(config, 'dataDirectory: data\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('sluice content adopt', () => {
  it('ends with 0 when all that fits was taken over, with the database in use by the relay', async () => {
    const db = openDatabase(join(data, 'sluice.db'));
    try {
      const sample = sampleOf(10_000);
      const path = contentPath(sample.sha1, '.cab');
      knowFile(db, sample);
      const old = join(folder, 'WsusContent');
      putFile(join(old, path), sample.bytes);
      const { status, out, err } = await sluice('content', 'adopt', old, '--config', config);
      expect(out).toMatch(/^Taken over: 1 \(0\.0 MB; 1 linked, 0 copied, 0 in their place already\)\n/);
      expect([status, err]).toEqual([0, '']);
      expect(fileBySha1(db, sample.sha1)).toMatchObject({ contentState: 'present' });
      expect(existsSync(join(data, 'content', path))).toBe(true);
    } finally {
      db.close();
    }
  });

  it('ends with 1 when a file is not what the catalogue says, and names it in JSON', async () => {
    const db = openDatabase(join(data, 'sluice.db'));
    const sample = sampleOf(10_000);
    const path = contentPath(sample.sha1, '.cab');
    knowFile(db, sample);
    db.close();
    const old = join(folder, 'WsusContent');
    putFile(join(old, path), 'something else');
    const { status, out } = await sluice('content', 'adopt', old, '--config', config, '--json');
    expect(status).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      linked: 0,
      differing: [
        { path: join(old, path), reason: 'the file on disk has 14 bytes, the metadata says 10000' },
      ],
    });
  });

  it('ends with 64 without a folder, and with 1 where there is no relay, which it does not make', async () => {
    expect((await sluice('content', 'adopt', '--config', config)).status).toBe(64);
    expect((await sluice('content', 'adopt', join(folder, 'nowhere'), '--config', config)).status).toBe(64);
    const { status, err } = await sluice('content', 'adopt', folder, '--config', config);
    expect([status, err]).toEqual([1, expect.stringMatching(/has no database of a relay/)]);
    expect(existsSync(join(data, 'sluice.db'))).toBe(false);
  });

  it('leaves a database of another version alone, and says what to do', async () => {
    const db = openDatabase(join(data, 'sluice.db'));
    db.pragma('user_version = 3');
    db.close();
    const { status, err } = await sluice('content', 'adopt', folder, '--config', config);
    expect([status, err]).toEqual([1, expect.stringMatching(/has version 3, .*Start the relay/)]);
  });
});

describe('sluice content verify', () => {
  it('ends with 0 when all is right, and with 1 and the place of the bytes when a file is not', async () => {
    const db = openDatabase(join(data, 'sluice.db'));
    try {
      const sample = sampleOf(20_000);
      const path = storeFile(db, data, sample, new Date('2026-01-01T00:00:00Z'));
      const args = ['content', 'verify', '--config', config, '--pace', '100000'];
      expect(await sluice(...args)).toEqual({ status: 0, out: 'Right: 1 (0.0 MB)\n', err: '' });
      writeFileSync(path, 'something else');
      const { status, out } = await sluice(...args, '--json');
      expect(status).toBe(1);
      expect(JSON.parse(out)).toEqual({
        ok: false,
        right: 0,
        bytes: 0,
        failed: [],
        differing: [
          {
            file: contentPath(sample.sha1, '.cab'),
            reason: 'the file on disk has 14 bytes, the metadata says 20000',
            keptAt: join(data, 'quarantine', contentPath(sample.sha1, '.cab')),
          },
        ],
      });
      expect(fileBySha1(db, sample.sha1)).toMatchObject({ contentState: 'quarantined' });
    } finally {
      db.close();
    }
  });

  it('ends with 64 for a pace that is none', async () => {
    const { status, err } = await sluice('content', 'verify', '--config', config, '--pace', 'fast');
    expect([status, err]).toEqual([64, expect.stringMatching(/Bytes a second, 10000 or more/)]);
  });
});
