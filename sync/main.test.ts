import { jest } from '@jest/globals';
import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import winston from 'winston';
import { openDatabase } from '../catalog/store/database/database.ts';
import type { Database } from '../catalog/store/database/database.ts';
import { readPending } from '../catalog/store/upstream/revision-list.ts';
import { importRevisions } from '../catalog/store/revisions/revisions.ts';
import { listRuns, setSelectedCategories } from '../catalog/store/upstream/synchronization.ts';
import { Config } from '../config/schema.ts';
import { syntheticCatalogue } from '../scripts/fixtures/synthetic-catalogue.ts';
import { catalogueDigest } from '../scripts/testing/catalogue-digest.ts';
import { startTestUpstream } from '../scripts/testing/upstream-server.ts';
import type { TestUpstream } from '../scripts/testing/upstream-server.ts';
import { WorkerProcess } from '../scripts/testing/worker-process.ts';
import { Synchronizer } from './synchronizer.ts';

/** Milliseconds; a busy machine takes its time, and nothing here depends on it. */
jest.setTimeout(120_000);

/** An upstream server lists the highest revision of each update only, so the catalogue has no other. */
const catalogue = [
  ...new Map([...syntheticCatalogue(11, 220)].map((update) => [update.updateId, update])).values(),
];

let upstream: TestUpstream;
beforeAll(async () => {
  upstream = await startTestUpstream(catalogue.map(({ document }) => document));
});
afterAll(() => upstream.close());

const workers: WorkerProcess[] = [];
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.kill();
});

function startWorker(config: Config): WorkerProcess {
  const worker = new WorkerProcess(config);
  workers.push(worker);
  return worker;
}

function configOf(folder: string, withUpstream = true): Config {
  const { url, pin, trustAnchorFile } = upstream;
  return Config.parse({
    dataDirectory: folder,
    log: { level: 'error' },
    ...(withUpstream ? { upstream: { url, pins: [pin], trustAnchors: [trustAnchorFile] } } : {}),
  });
}

async function synchronize(worker: WorkerProcess): Promise<void> {
  const before = worker.messages.length;
  worker.send({ type: 'synchronize' });
  await worker.seen((message) => message.type === 'finished' && worker.messages.indexOf(message) >= before);
}

/** A relay that has the categories and chose all of them. */
function preparedRelay(): { folder: string; db: Database } {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-'));
  const db = openDatabase(join(folder, 'sluice.db'));
  const categories = catalogue.filter(({ updateType }) => updateType === 'Category');
  const arrivals = categories.map(({ document }) => ({ document, fileUrls: new Map<string, string>() }));
  importRevisions(db, arrivals, new Date());
  setSelectedCategories(
    db,
    categories.map(({ updateId }) => updateId),
  );
  return { folder, db };
}

/** What a relay holds that nothing disturbed. */
async function undisturbedDigest(): Promise<Record<string, string>> {
  const { folder, db } = preparedRelay();
  const { upstream: configured } = configOf(folder);
  const synchronizer = new Synchronizer({
    db,
    ...(configured === undefined ? {} : { upstream: configured }),
    now: () => new Date(),
    log: winston.createLogger({ silent: true }),
    send: () => undefined,
  });
  await synchronizer.start('manual');
  const digest = catalogueDigest(db);
  db.close();
  return digest;
}

it('a worker that is killed again and again while it synchronizes ends with the catalogue of one that was not', async () => {
  const expected = await undisturbedDigest();
  const { folder, db } = preparedRelay();
  // Small batches, so that there are many instants to be killed at; each is after so many answers of the upstream.
  for (const answers of [5, 8, 11, 16]) {
    const worker = startWorker(configOf(folder));
    let left = answers;
    const { promise: due, resolve: kill } = Promise.withResolvers<void>();
    upstream.spoil = (operation, body) => {
      left -= 1;
      if (left === 0) kill();
      return operation === 'GetConfigData'
        ? { body: Buffer.from(body.toString().replace(/(<MaxNumberOfUpdatesPerRequest>)\d+/, '$18')) }
        : undefined;
    };
    await worker.seen(({ type }) => type === 'ready');
    worker.send({ type: 'synchronize' });
    await Promise.race([due, worker.seen(({ type }) => type === 'finished')]);
    await worker.kill();
  }
  expect(listRuns(db, 20).some(({ state }) => state === 'running')).toBe(true);
  expect(readPending(db, 'updates').length).toBeGreaterThan(0);

  upstream.spoil = undefined;
  const last = startWorker(configOf(folder));
  await last.seen(({ type }) => type === 'ready');
  await synchronize(last);
  const [newest, ...earlier] = listRuns(db, 20);
  expect(newest).toMatchObject({ state: 'succeeded' });
  expect(earlier.some(({ failedCheck }) => failedCheck === 'interrupted')).toBe(true);
  expect(earlier.filter(({ state }) => state === 'running')).toEqual([]);
  expect(readPending(db, 'updates')).toEqual([]);
  expect(catalogueDigest(db)).toEqual(expected);
  db.close();
});

it('a worker whose predecessor died while it synchronized goes on by itself, once', async () => {
  const { folder, db } = preparedRelay();
  db.prepare(
    "INSERT INTO sync_run (trigger, state, started_at) VALUES ('manual', 'running', '2026-01-01T00:00:00Z')",
  ).run();
  const worker = startWorker(configOf(folder));
  await worker.seen(({ type }) => type === 'finished');
  expect(listRuns(db, 2)).toMatchObject([
    { trigger: 'start', state: 'succeeded' },
    { trigger: 'manual', state: 'failed', failedCheck: 'interrupted' },
  ]);
  await worker.kill();
  db.prepare(
    "INSERT INTO sync_run (trigger, state, started_at) VALUES ('start', 'running', '2026-01-01T00:00:00Z')",
  ).run();
  const second = startWorker(configOf(folder));
  await second.seen(({ type }) => type === 'ready');
  expect(listRuns(db, 1)).toMatchObject([{ trigger: 'start', failedCheck: 'interrupted' }]);
  db.close();
});

it('a worker without an upstream server is idle, and starts nothing when asked to synchronize', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-'));
  const worker = startWorker(configOf(folder, false));
  await worker.seen(({ type }) => type === 'ready');
  worker.send({ type: 'synchronize' });
  worker.send({ type: 'content-wanted' });
  worker.send({ type: 'shutdown' });
  expect(await worker.ended()).toBe(0);
  const db = openDatabase(join(folder, 'sluice.db'));
  expect(listRuns(db, 1)).toEqual([]);
  db.close();
});

it('a worker that is told to shut down while it synchronizes ends, and the next one makes up for that run, once', async () => {
  const { folder, db } = preparedRelay();
  for (const repetition of [1, 2]) {
    const worker = startWorker(configOf(folder));
    await worker.seen(({ type }) => type === 'ready');
    upstream.spoil = (operation) => {
      if (operation === 'GetRevisionIdList') worker.send({ type: 'shutdown' });
      return undefined;
    };
    // The second one goes on by itself.
    if (repetition === 1) worker.send({ type: 'synchronize' });
    expect(await worker.ended()).toBe(0);
    expect(listRuns(db, 10)).toHaveLength(repetition);
    expect(listRuns(db, 1)).toMatchObject([{ state: 'failed', failedCheck: 'interrupted' }]);
  }
  upstream.spoil = undefined;

  const worker = startWorker(configOf(folder));
  await worker.seen(({ type }) => type === 'finished');
  const [made, , first] = listRuns(db, 10);
  expect(made).toMatchObject({ state: 'succeeded', trigger: 'start', attempt: 1 });
  expect(made?.notes).toEqual([{ kind: 'resumed', runId: 2, startedAt: expect.any(String) }]);
  expect(first).toMatchObject({ runId: 1, trigger: 'manual' });
  worker.send({ type: 'shutdown' });
  expect(await worker.ended()).toBe(0);

  const calm = startWorker(configOf(folder));
  await calm.seen(({ type }) => type === 'ready');
  calm.send({ type: 'shutdown' });
  expect(await calm.ended()).toBe(0);
  expect(listRuns(db, 10)).toHaveLength(3);
  db.close();
});

it('a run that somebody cancelled is not made up for after a restart', async () => {
  const { folder, db } = preparedRelay();
  const worker = startWorker(configOf(folder));
  await worker.seen(({ type }) => type === 'ready');
  upstream.spoil = (operation) => {
    if (operation === 'GetRevisionIdList') worker.send({ type: 'cancel' });
    return undefined;
  };
  worker.send({ type: 'synchronize' });
  await worker.seen(({ type }) => type === 'finished');
  upstream.spoil = undefined;
  worker.send({ type: 'shutdown' });
  expect(await worker.ended()).toBe(0);
  const next = startWorker(configOf(folder));
  await next.seen(({ type }) => type === 'ready');
  next.send({ type: 'shutdown' });
  expect(await next.ended()).toBe(0);
  expect(listRuns(db, 10)).toMatchObject([{ state: 'cancelled' }]);
  db.close();
});

it('a worker that meets what nobody expected says so in its log and ends, so that the server starts another', async () => {
  const { folder, db } = preparedRelay();
  const worker = startWorker(configOf(folder, true));
  await worker.seen(({ type }) => type === 'ready');
  db.exec('ALTER TABLE setting RENAME TO lost');
  worker.send({ type: 'schedule-changed' });
  expect(await worker.ended()).toBe(1);
  const logs = join(folder, 'logs');
  const text = readdirSync(logs).map((name) => readFileSync(join(logs, name), 'utf8'));
  expect(text.join('')).toContain('ends over an unexpected error');
  db.close();
});
