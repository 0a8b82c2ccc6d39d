import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import winston from 'winston';
import { contentPath } from '../../catalog/content-path.ts';
import { findingOf } from '../../catalog/store/content/checks.ts';
import { fileBySha1 } from '../../catalog/store/content/files.ts';
import { openDatabase } from '../../catalog/store/database/database.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { statKey } from '../../catalog/verified-stat.ts';
import { writeSetting } from '../../catalog/store/database/settings.ts';
import { Config } from '../../config/schema.ts';
import type { WorkerMessage } from '../../protocol/channel/messages.ts';
import { sampleOf, storeFile } from '../../scripts/testing/content-files.ts';
import type { ContentSample } from '../../scripts/testing/content-files.ts';
import { portOf } from '../../scripts/testing/port-of.ts';
import { UPSTREAM_CONTENT_SETTING } from '../conversation/upstream-content.ts';
import { Worker } from '../worker.ts';
import { BackgroundCheck } from './background-check.ts';
import { checkStore } from './check-store.ts';
import { ReadingPace } from './reading-pace.ts';

const DAY = 86_400_000;
const LONG_AGO = new Date('2026-01-01T00:00:00Z');
const NOW = new Date('2026-11-01T00:00:00Z');
const silent = winston.createLogger({ silent: true });

let data = '';
let db: Database;
const closers: (() => unknown)[] = [];
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'sluice-check-'));
  db = openDatabase(join(data, 'sluice.db'));
});
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
  db.close();
  rmSync(data, { recursive: true });
});

/** As a disk does it: the bytes are others, and nothing else tells of it. */
function rot(path: string): void {
  const { atime, mtime } = statSync(path);
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(path, bytes);
  utimesSync(path, atime, mtime);
}

const store = (sample: ContentSample, at = LONG_AGO): string => storeFile(db, data, sample, at);
const now = (): Date => NOW;
const checkedAt = (sha1: string): unknown =>
  db.prepare('SELECT checked_at FROM file WHERE sha1 = ?').pluck().get(sha1);

describe('Content that is read again', () => {
  it('stays, and when it was read is noted, where it is what the metadata says', async () => {
    const sample = sampleOf(3_000_000);
    const path = store(sample);
    const { right, bytes, differing, failed } = await checkStore({ db, dataDirectory: data, now });
    expect({ right, bytes, differing, failed }).toEqual({
      right: 1,
      bytes: 3_000_000,
      differing: [],
      failed: [],
    });
    expect(checkedAt(sample.sha1)).toBe(NOW.toISOString());
    expect(existsSync(path)).toBe(true);
    expect(fileBySha1(db, sample.sha1)).toMatchObject({
      contentState: 'present',
      verifiedStat: statKey(statSync(path, { bigint: true })),
    });
  });

  it('is put away with the evidence where one bit differs, though size and time are the same', async () => {
    const sample = sampleOf(100_000);
    const path = store(sample);
    rot(path);
    const rotten = sampleOf(readFileSync(path));
    const { differing } = await checkStore({ db, dataDirectory: data, now });
    const keptAt = join(data, 'quarantine', contentPath(sample.sha1, '.cab'));
    expect(differing).toEqual([
      { file: contentPath(sample.sha1, '.cab'), reason: expect.stringMatching(/has SHA-1/), keptAt },
    ]);
    expect(existsSync(path)).toBe(false);
    expect(readFileSync(keptAt).equals(rotten.bytes)).toBe(true);
    expect(fileBySha1(db, sample.sha1)).toMatchObject({
      contentState: 'quarantined',
      contentError: expect.stringContaining(rotten.sha1),
    });
    expect(findingOf(db, sample.sha1)).toEqual({
      sha1: sample.sha1,
      foundAt: NOW.toISOString(),
      reason: expect.stringContaining(rotten.sha1),
      foundSize: 100_000,
      foundSha1: rotten.sha1,
      foundSha256: rotten.sha256,
      origin: 'http://source.test/file',
      checkedAt: LONG_AGO.toISOString(),
    });
  });

  it('is wanted again where it is missing or shorter, and the others are read all the same', async () => {
    const [missing, short, right] = [sampleOf(10), sampleOf(20), sampleOf(30)];
    rmSync(store(missing));
    writeFileSync(store(short), short.bytes.subarray(1));
    store(right);
    const result = await checkStore({ db, dataDirectory: data, now });
    expect(result.right).toBe(1);
    expect(new Map(result.differing.map(({ file, reason }) => [file, reason]))).toEqual(
      new Map([
        [contentPath(missing.sha1, '.cab'), 'the file is missing on disk'],
        [contentPath(short.sha1, '.cab'), 'the file on disk has 19 bytes, the metadata says 20'],
      ]),
    );
    expect(findingOf(db, missing.sha1)).not.toHaveProperty('foundSize');
  });

  it('is read in the order of its last check, and what was read since it began is not read twice', async () => {
    const samples = [sampleOf(100), sampleOf(200), sampleOf(300)];
    for (const [index, sample] of samples.entries())
      store(sample, new Date(LONG_AGO.getTime() - index * DAY));
    const order: number[] = [];
    const onProgress = ({ files, bytes }: { files: number; bytes: number }): void => {
      if (files > order.length) order.push(bytes);
    };
    await checkStore({ db, dataDirectory: data, now, onProgress });
    expect(order).toEqual([300, 500, 600]);
    expect(await checkStore({ db, dataDirectory: data, now })).toMatchObject({ right: 0 });
  });
});

describe('The pace of reading', () => {
  it('is what was chosen, in the long run', async () => {
    let clock = 0;
    const sleep = (milliseconds: number): Promise<void> => {
      clock += milliseconds;
      return Promise.resolve();
    };
    const pace = new ReadingPace(10_000_000, { clock: () => clock, sleep });
    for (let read = 0; read < 50_000_000; read += 1_000_000) {
      await pace.onRead(1_000_000);
      clock += 20;
    }
    expect(clock).toBeGreaterThan(4900);
    expect(clock).toBeLessThan(5100);
  });

  it('lets go at once when it is aborted', async () => {
    const abort = new AbortController();
    const waiting = new ReadingPace(1, { signal: abort.signal }).onRead(1_000_000);
    abort.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow(/enough|aborted/);
  });
});

interface Background {
  readonly check: BackgroundCheck;
  readonly sent: WorkerMessage[];
  readonly wanted: () => number;
  readonly look: () => Promise<void>;
  readonly later: (milliseconds: number) => void;
}

function backgroundOf(days: number, quiet: () => Promise<void> = () => Promise.resolve()): Background {
  let time = NOW.getTime();
  let wanted = 0;
  const sent: WorkerMessage[] = [];
  const check = new BackgroundCheck({
    db,
    dataDirectory: data,
    log: silent,
    now: () => new Date(time),
    send: (message) => sent.push(message),
    days,
    quiet,
    contentWanted: () => (wanted += 1),
  });
  closers.push(() => check.stop());
  const look = async (): Promise<void> => {
    check.look();
    await check.settled();
  };
  return { check, sent, wanted: () => wanted, look, later: (milliseconds) => (time += milliseconds) };
}

const countSince = (time: Date): unknown =>
  db.prepare('SELECT count(*) FROM file WHERE checked_at >= ?').pluck().get(time.toISOString());

describe('Content in the background', () => {
  it('is all read again within the days that are configured, and not all at once', async () => {
    for (let count = 0; count < 20; count += 1) store(sampleOf(1000), NOW);
    const { look, later } = backgroundOf(20);
    const counts: unknown[] = [];
    for (let day = 0; day <= 20; day += 1) {
      counts.push(countSince(new Date(NOW.getTime() + 1)));
      for (let hour = 0; hour < 24; hour += 1) {
        await look();
        later(DAY / 24);
      }
    }
    expect(counts.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 0));
    expect(counts.slice(11, 19)).toEqual(counts.slice(11, 19).toSorted((a, b) => Number(a) - Number(b)));
    expect(counts[13]).toBeLessThan(20);
    expect(counts[20]).toBe(20);
  });

  it('is told of and fetched again where it differs', async () => {
    const sample = sampleOf(1000);
    rot(store(sample));
    const { look, sent, wanted } = backgroundOf(30);
    await look();
    expect(sent).toEqual([{ type: 'content', sha1: sample.sha1, state: 'quarantined' }]);
    expect(wanted()).toBe(1);
  });

  it('is not read while anything is fetched', async () => {
    const sample = sampleOf(1000);
    store(sample);
    let goOn = (): void => undefined;
    const busy = new Promise<void>((resolve) => (goOn = resolve));
    const { check } = backgroundOf(30, () => busy);
    check.look();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(checkedAt(sample.sha1)).toBe(LONG_AGO.toISOString());
    goOn();
    await check.settled();
    expect(checkedAt(sample.sha1)).toBe(NOW.toISOString());
  });

  it('is not read where that is off', async () => {
    const sample = sampleOf(1000);
    rot(store(sample));
    await backgroundOf(0).look();
    expect(fileBySha1(db, sample.sha1)).toMatchObject({ contentState: 'present' });
  });

  it('heals from a source: the sync worker finds, puts away and fetches it', async () => {
    const sample = sampleOf(50_000);
    const path = store(sample);
    rot(path);
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end(sample.bytes);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => server.close());
    db.prepare('UPDATE file SET mu_url = ?').run(`http://127.0.0.1:${portOf(server)}/a.cab?token=hidden`);
    writeSetting(db, UPSTREAM_CONTENT_SETTING, { catalogOnly: true });
    const healed = Promise.withResolvers<void>();
    const states: string[] = [];
    const worker = new Worker({
      config: Config.parse({
        dataDirectory: data,
        upstream: { url: 'https://127.0.0.1:1', pins: [`sha256/${'A'.repeat(43)}=`] },
      }),
      db,
      log: silent,
      now,
      send: (message) => {
        if (message.type !== 'content') return;
        states.push(message.state);
        if (message.state === 'present') healed.resolve();
      },
    });
    closers.push(() => worker.stop());
    worker.start();
    await healed.promise;
    expect(states).toEqual(['quarantined', 'present']);
    expect(asked).toEqual(['/a.cab?token=hidden']);
    expect(readFileSync(path).equals(sample.bytes)).toBe(true);
    expect(existsSync(join(data, 'quarantine', basename(dirname(path)), basename(path)))).toBe(true);
    expect(db.prepare('SELECT origin FROM file').pluck().get()).toMatch(
      /^http:\/\/127\.0\.0\.1:\d+\/a\.cab$/,
    );
  });
});
