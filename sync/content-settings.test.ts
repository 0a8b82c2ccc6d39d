/** What `content` in the configuration says is what the sync worker does: which files it fetches, when, how many, how fast. */
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import winston from 'winston';
import { contentPath } from '../catalog/content-path.ts';
import { RequestedFiles } from '../catalog/store/content/requested-files.ts';
import { openDatabase } from '../catalog/store/database/database.ts';
import type { Database } from '../catalog/store/database/database.ts';
import { importRevisions } from '../catalog/store/revisions/revisions.ts';
import { Config } from '../config/schema.ts';
import { portOf } from '../scripts/testing/port-of.ts';
import { decide, make } from '../scripts/testing/replica-scene.ts';
import { digestOf, guidOf, writeDocument } from '../scripts/testing/update-documents.ts';
import { Worker } from './worker.ts';

const APPROVED = 'approved '.repeat(10_000);
const GERMAN = 'auf deutsch '.repeat(10_000);
const EXPRESS = 'express '.repeat(10_000);
const UNAPPROVED = 'not approved '.repeat(10_000);
const ALL = [APPROVED, GERMAN, EXPRESS, UNAPPROVED];

let server: Server;
let closers: (() => Promise<void>)[];
beforeEach(async () => {
  closers = [];
  const files = new Map(ALL.map((text) => [nameOf(text), text]));
  server = createServer((request, response) => {
    const text = files.get(basename(request.url ?? '').toUpperCase());
    if (text === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'Content-Length': Buffer.byteLength(text) }).end(text);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterEach(async () => {
  for (const close of closers) await close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const nameOf = (text: string): string =>
  basename(contentPath(digestOf('sha1', text), text === EXPRESS ? '.psf' : '.cab')).toUpperCase();

interface Scene {
  readonly db: Database;
  readonly worker: Worker;
  has(text: string): boolean;
  /** Settles when they are all here. */
  until(...texts: string[]): Promise<void>;
}

/** Three updates that are approved, of which one is German and one has an express file beside, and one that is not. */
function begin(content: object): Scene {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-settings-'));
  const db = openDatabase(join(folder, 'sluice.db'));
  const config = Config.parse({
    dataDirectory: folder,
    content: { sources: [`http://127.0.0.1:${portOf(server)}`], ...content },
  });
  const properties = { ExplicitlyDeployable: 'true' };
  const documents = [
    {
      files: [
        { fileName: 'a.cab', content: APPROVED },
        { fileName: 'a.psf', content: EXPRESS },
      ],
    },
    { files: [{ fileName: 'b.cab', content: GERMAN }], languages: ['de'] },
    { files: [{ fileName: 'c.cab', content: UNAPPROVED }] },
  ].map((spec, index) => writeDocument({ updateId: guidOf(index + 1), properties, ...spec }));
  importRevisions(
    db,
    documents.map((document) => ({ document, fileUrls: new Map() })),
    new Date('2026-05-01T12:00:00Z'),
  );
  const group = make(db, 'Servers');
  for (const number of [1, 2]) decide(db, number, group);
  const worker = new Worker({
    config,
    db,
    log: winston.createLogger({ silent: true }),
    send: () => undefined,
  });
  closers.push(async () => {
    await worker.stop();
    db.close();
    rmSync(folder, { recursive: true });
  });
  const has = (text: string): boolean =>
    existsSync(
      join(folder, 'content', contentPath(digestOf('sha1', text), text === EXPRESS ? '.psf' : '.cab')),
    );
  return {
    db,
    worker,
    has,
    until: async (...texts) => {
      const state = db.prepare<[string], string>('SELECT content_state FROM file WHERE sha1 = ?').pluck();
      const isHere = (text: string): boolean => state.get(digestOf('sha1', text)) === 'present' && has(text);
      while (!texts.every(isHere)) await sleep(10);
    },
  };
}

const NAMES = new Map([
  [APPROVED, 'approved'],
  [GERMAN, 'german'],
  [EXPRESS, 'express'],
  [UNAPPROVED, 'not approved'],
]);

const held = ({ has }: Scene): string[] => [...NAMES].flatMap(([text, name]) => (has(text) ? [name] : []));

describe('The worker, by its configuration,', () => {
  it('fetches what is approved, in every language, without express files, where nothing is said', async () => {
    const scene = begin({});
    scene.worker.start();
    await scene.until(APPROVED, GERMAN);
    expect(held(scene)).toEqual(['approved', 'german']);
  });

  it('fetches express files beside where they are asked for', async () => {
    const scene = begin({ express: true });
    scene.worker.start();
    await scene.until(APPROVED, EXPRESS, GERMAN);
    expect(held(scene)).toEqual(['approved', 'german', 'express']);
  });

  it('fetches what is for other languages alone for nobody', async () => {
    const scene = begin({ languages: ['en'], store: 'all' });
    scene.worker.start();
    await scene.until(APPROVED, UNAPPROVED);
    expect(held(scene)).toEqual(['approved', 'not approved']);
    expect(scene.db.prepare("SELECT count(*) FROM file WHERE content_state = 'wanted'").pluck().get()).toBe(
      0,
    );
  });

  it('fetches everything, or nothing', async () => {
    const none = begin({ store: 'none' });
    none.worker.start();
    const all = begin({ store: 'all' });
    all.worker.start();
    await all.until(APPROVED, GERMAN, UNAPPROVED);
    expect(held(none)).toEqual([]);
  });

  it('fetches on request what was requested, and what was only approved not', async () => {
    const scene = begin({ fetch: 'on-request' });
    scene.worker.start();
    new RequestedFiles(scene.db).request(digestOf('sha1', GERMAN), new Date());
    scene.worker.handle({ type: 'content-wanted' });
    await scene.until(GERMAN);
    expect(held(scene)).toEqual(['german']);
  });

  it('takes no more room than it may', async () => {
    const scene = begin({ quota: Buffer.byteLength(APPROVED) + 1000 });
    scene.worker.start();
    const waiting = scene.db
      .prepare<[], string>('SELECT content_error FROM file WHERE content_error IS NOT NULL')
      .pluck();
    while (waiting.get() === undefined) await sleep(10);
    expect(waiting.get()).toMatch(/quota/);
    expect(held(scene).length).toBeLessThan(2);
  });

  it('is as fast as it may be', async () => {
    const slow = begin({ bandwidth: { bytesPerSecond: 1000 } });
    slow.worker.start();
    const quick = begin({});
    quick.worker.start();
    await quick.until(APPROVED, GERMAN);
    expect(held(slow)).toEqual([]);
  });
});
