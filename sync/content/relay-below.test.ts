import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { contentPath } from '../../catalog/content-path.ts';
import { openDatabase } from '../../catalog/store/database/database.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { Downstream } from '../../config/downstream.ts';
import { startRealRelay } from '../../scripts/testing/real-relay.ts';
import type { RealRelay } from '../../scripts/testing/real-relay.ts';
import { loggedLines } from '../../scripts/testing/logged-lines.ts';
import { ContentDownloads } from './content-downloads.ts';

let above: RealRelay;
let folder: string;
let db: Database;
let now: number;
let downloads: ContentDownloads;
const { log, lines } = loggedLines('debug');
const wasSaid = (message: string): boolean => lines.some((line) => line.includes(message));

beforeEach(async () => {
  above = await startRealRelay();
  folder = mkdtempSync(join(tmpdir(), 'sluice-below-'));
  db = openDatabase(join(folder, 'sluice.db'));
  now = Date.now();
  lines.length = 0;
  downloads = new ContentDownloads({
    db,
    log,
    now: () => new Date(now),
    send: () => undefined,
    upstream: above.upstream(),
    folder: join(folder, 'content'),
    isStored: true,
    onRequest: false,
    parallelDownloads: 2,
  });
});
afterEach(async () => {
  await downloads.stop();
  db.close();
  rmSync(folder, { recursive: true });
  await above.close();
});

const digestOf = (algorithm: string, bytes: Buffer): string =>
  createHash(algorithm).update(bytes).digest('hex');
const content = randomBytes(700_000);
const sha1 = digestOf('sha1', content);

function insert(where: Database, state: string, bytes: Buffer): void {
  where
    .prepare(
      `INSERT INTO file (sha1, sha256, size, extension, content_state, changed_at) VALUES (?, ?, ?, '.cab', ?, '')`,
    )
    .run(digestOf('sha1', bytes), digestOf('sha256', bytes), bytes.length, state);
}

const put = (file: string, bytes: Buffer): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
};

const run = async (): Promise<void> => {
  downloads.wake();
  await downloads.settled();
};

const path = contentPath(sha1, '.cab');
const received = (): Buffer => readFileSync(join(folder, 'content', path));
const stateAt = (where: Database): unknown => where.prepare('SELECT content_state FROM file').pluck().get();

describe('A relay below another', () => {
  it('fetches a file from where the upstream relay has it', async () => {
    insert(above.db, 'present', content);
    put(join(above.config.dataDirectory, 'content', path), content);
    insert(db, 'wanted', content);
    await run();
    expect(received().equals(content)).toBe(true);
    expect(stateAt(db)).toBe('present');
  });

  it('goes on by range with what an interrupted attempt left', async () => {
    insert(above.db, 'present', content);
    put(join(above.config.dataDirectory, 'content', path), content);
    insert(db, 'wanted', content);
    put(join(folder, 'content', '.incoming', sha1), content.subarray(0, 300_000));
    // A whole answer would begin anew, so that more bytes came than are missing.
    const answer = await fetch(`${above.upstream().contentUrl}/${path}`, {
      headers: { range: 'bytes=300000-' },
    });
    expect([answer.status, answer.headers.get('content-range')]).toEqual([206, 'bytes 300000-699999/700000']);
    await answer.body?.cancel();
    await run();
    expect(received().equals(content)).toBe(true);
  });

  it('has the upstream relay fetch what that one does not have yet, and finds it there later', async () => {
    insert(above.db, 'absent', content);
    insert(db, 'wanted', content);
    await run();
    expect(stateAt(db)).toBe('wanted');
    while (!wasSaid('Asked the upstream server to fetch content files')) {
      if (wasSaid('Could not ask the upstream server for content')) throw new Error(lines.join('\n'));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(stateAt(above.db)).toBe('wanted');
    put(join(above.config.dataDirectory, 'content', path), content);
    above.db.prepare(`UPDATE file SET content_state = 'present'`).run();
    now += 3_600_000;
    await run();
    expect(received().equals(content)).toBe(true);
  });

  it('asks for many files with few calls, and for the rest where the upstream relay does not know some', async () => {
    const files = Array.from({ length: 130 }, (_, index) => Buffer.from(`file ${index}`));
    for (const file of files) insert(db, 'wanted', file);
    for (const file of files.slice(2)) insert(above.db, 'absent', file);
    await run();
    const wanted = (): unknown =>
      above.db.prepare("SELECT count(*) FROM file WHERE content_state = 'wanted'").pluck().get();
    const counts = (): number[] =>
      lines
        .filter((line) => line.includes('Asked the upstream server'))
        .map((line) => Number(/"files":(\d+)/.exec(line)?.[1]));
    const sum = (): number => counts().reduce((total, count) => total + count, 0);
    while (sum() < 128) await new Promise((resolve) => setTimeout(resolve, 20));
    expect([sum(), wanted()]).toEqual([128, 128]);
    expect(counts().length).toBeLessThan(20);
    expect(Math.max(...counts())).toBeLessThanOrEqual(100);
    expect(wasSaid('does not know content files')).toBe(true);
  });

  it('that is not on the list there cannot have it fetch anything', async () => {
    above.config.downstream = Downstream.parse({ access: 'listed' });
    insert(above.db, 'absent', content);
    insert(db, 'wanted', content);
    await run();
    while (!wasSaid('Could not ask the upstream server for content'))
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(stateAt(above.db)).toBe('absent');
  });
});
