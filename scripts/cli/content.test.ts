import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { contentPath } from '../../catalog/content-path.ts';
import { fileBySha1 } from '../../catalog/store/content/files.ts';
import { openDatabase } from '../../catalog/store/database/database.ts';
import type { Database } from '../../catalog/store/database/database.ts';
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

/** A wanted file of the catalogue, and its bytes. */
function knownFile(db: Database): { sha1: string; bytes: Buffer; path: string } {
  const bytes = randomBytes(10_000);
  const digest = (algorithm: string): string => createHash(algorithm).update(bytes).digest('hex');
  const sha1 = digest('sha1');
  db.prepare(
    `INSERT INTO file (sha1, sha256, size, extension, content_state, changed_at)
     VALUES (?, ?, ?, '.cab', 'wanted', '')`,
  ).run(sha1, digest('sha256'), bytes.length);
  return { sha1, bytes, path: contentPath(sha1, '.cab') };
}

function put(path: string, bytes: Buffer | string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

describe('sluice content adopt', () => {
  it('ends with 0 when all that fits was taken over, with the database in use by the relay', async () => {
    const db = openDatabase(join(data, 'sluice.db'));
    try {
      const { sha1, bytes, path } = knownFile(db);
      const old = join(folder, 'WsusContent');
      put(join(old, path), bytes);
      const { status, out, err } = await sluice('content', 'adopt', old, '--config', config);
      expect(out).toMatch(/^Taken over: 1 \(0\.0 MB; 1 linked, 0 copied, 0 in their place already\)\n/);
      expect([status, err]).toEqual([0, '']);
      expect(fileBySha1(db, sha1)).toMatchObject({ contentState: 'present' });
      expect(existsSync(join(data, 'content', path))).toBe(true);
    } finally {
      db.close();
    }
  });

  it('ends with 1 when a file is not what the catalogue says, and names it in JSON', async () => {
    const db = openDatabase(join(data, 'sluice.db'));
    const { path } = knownFile(db);
    db.close();
    const old = join(folder, 'WsusContent');
    put(join(old, path), 'something else');
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
