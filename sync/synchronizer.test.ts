import { jest } from '@jest/globals';
import { existsSync } from 'node:fs';
import { Writable } from 'node:stream';
import winston from 'winston';
import { readAnchor, readPending } from '../catalog/store/upstream/revision-list.ts';
import { importRevisions } from '../catalog/store/revisions/revisions.ts';
import { listRuns, setSelectedCategories } from '../catalog/store/upstream/synchronization.ts';
import { Upstream } from '../config/schema.ts';
import { generateUpdate } from '../scripts/fixtures/catalogue-builder.ts';
import type { GeneratedUpdate } from '../scripts/fixtures/catalogue-builder.ts';
import { syntheticCatalogue } from '../scripts/fixtures/synthetic-catalogue.ts';
import { catalogueDigest } from '../scripts/testing/catalogue-digest.ts';
import { makeCertificate } from '../scripts/testing/certificates.ts';
import { chooseAll, openRelay, synchronizeWhole } from '../scripts/testing/test-relay.ts';
import type { TestRelay } from '../scripts/testing/test-relay.ts';
import { dropFromList, faultOf, packDocuments, smallBatches } from '../scripts/testing/upstream-answers.ts';
import { startTestUpstream } from '../scripts/testing/upstream-server.ts';
import type { TestUpstream } from '../scripts/testing/upstream-server.ts';
import { Synchronizer } from './synchronizer.ts';

/** Milliseconds; a busy machine takes its time, and nothing here depends on it. */
const PATIENCE = 60_000;
jest.setTimeout(PATIENCE);

/** An upstream server lists the highest revision of each update only, so the catalogue has no other. */
const catalogue: readonly GeneratedUpdate[] = [
  ...new Map([...syntheticCatalogue(7, 200)].map((update) => [update.updateId, update])).values(),
];

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

let shared: TestUpstream;
beforeAll(async () => {
  shared = await startTestUpstream(catalogue.map(({ document }) => document));
}, PATIENCE);
afterAll(() => shared.close());

/** The upstream server of all tests, as it is at first. */
function freshUpstream(): TestUpstream {
  shared.spoil = undefined;
  shared.calls.length = 0;
  return shared;
}

/** One that the test may change. */
async function ownUpstream(): Promise<TestUpstream> {
  const upstream = await startTestUpstream(catalogue.map(({ document }) => document));
  closers.push(() => upstream.close());
  return upstream;
}

function relayOf(upstream: TestUpstream, changes: Partial<Upstream> = {}): TestRelay {
  const relay = openRelay(upstream, changes);
  closers.push(() => relay.close());
  return relay;
}

const isCategory = ({ updateType }: GeneratedUpdate): boolean =>
  updateType === 'Category' || updateType === 'Detectoid';

describe('a synchronization', () => {
  it('brings the categories and detectoids first, and no update before products and classifications are chosen', async () => {
    const upstream = freshUpstream();
    const relay = relayOf(upstream);
    const run = await relay.synchronize();
    expect(run).toMatchObject({
      state: 'succeeded',
      newCount: catalogue.filter(isCategory).length,
      failedCheck: 'selection',
      failureMessage: expect.stringContaining('No product and no classification is chosen'),
    });
    expect(
      relay.db
        .prepare("SELECT count(*) FROM revision WHERE update_type IN ('Software', 'Driver')")
        .pluck()
        .get(),
    ).toBe(0);
    expect(upstream.calls.slice(0, 5)).toEqual([
      'GetAuthConfig',
      'GetAuthorizationCookie',
      'GetCookie',
      'GetConfigData',
      'GetRevisionIdList',
    ]);
  });

  it('then brings the updates of what is chosen, so that the catalogue equals that of the upstream server', async () => {
    const upstream = freshUpstream();
    const relay = relayOf(upstream);
    const run = await synchronizeWhole(relay);
    expect(run.state).toBe('succeeded');
    expect(run.failureMessage).toBeUndefined();
    expect(catalogueDigest(relay.db)).toEqual(catalogueDigest(upstream.db));
    expect(readPending(relay.db, 'updates')).toEqual([]);
    expect(readAnchor(relay.db, 'updates')).toBeDefined();
  });

  it('asks only for what is new the next time', async () => {
    const upstream = freshUpstream();
    const relay = relayOf(upstream);
    await synchronizeWhole(relay);
    upstream.calls.length = 0;
    expect(await relay.synchronize()).toMatchObject({ state: 'succeeded', newCount: 0, revisedCount: 0 });
    expect(upstream.calls).not.toContain('GetUpdateData');
  });

  it('counts what is new, revised and expired', async () => {
    const upstream = await ownUpstream();
    const relay = relayOf(upstream);
    await synchronizeWhole(relay);
    const category = catalogue.find(({ updateType }) => updateType === 'Category')!;
    const base = { updateType: 'Category', creationDate: '2026-01-01T00:00:00.000Z' } as const;
    const texts = [{ language: 'en', title: 'Changed' }];
    importRevisions(
      upstream.db,
      [
        generateUpdate({ ...base, texts, updateId: category.updateId, revisionNumber: 900 }),
        generateUpdate({
          ...base,
          texts,
          updateId: '11111111-2222-4333-8444-555555555555',
          revisionNumber: 1,
        }),
        generateUpdate({
          ...base,
          texts,
          isExpired: true,
          updateId: '21111111-2222-4333-8444-555555555555',
          revisionNumber: 1,
        }),
      ].map(({ document }) => ({ document, fileUrls: new Map() })),
      new Date(),
    );
    expect(await relay.synchronize()).toMatchObject({ newCount: 1, revisedCount: 1, expiredCount: 1 });
  });

  it('brings the updates of a product that is chosen later, whatever the anchor', async () => {
    const upstream = freshUpstream();
    const relay = relayOf(upstream);
    await relay.synchronize();
    const all = relay.db
      .prepare<[], { update_id: string; category_type: string }>(
        "SELECT update_id, category_type FROM revision WHERE update_type = 'Category'",
      )
      .all();
    const classifications = all.filter((row) => row.category_type === 'UpdateClassification');
    const products = all.filter((row) => row.category_type === 'Product');
    setSelectedCategories(
      relay.db,
      [products[0]!, ...classifications].map((row) => row.update_id),
    );
    await relay.synchronize();
    const before = relay.db.prepare('SELECT count(*) FROM revision').pluck().get();
    setSelectedCategories(
      relay.db,
      all.map((row) => row.update_id),
    );
    expect((await relay.synchronize()).newCount).toBeGreaterThan(0);
    expect(relay.db.prepare('SELECT count(*) FROM revision').pluck().get()).toBeGreaterThan(Number(before));
    expect(catalogueDigest(relay.db)).toEqual(catalogueDigest(upstream.db));
  });

  it('reads documents that come in cabinets', async () => {
    const upstream = freshUpstream();
    upstream.spoil = (operation, body) =>
      operation === 'GetUpdateData' ? { body: packDocuments(body) } : undefined;
    const relay = relayOf(upstream);
    expect((await synchronizeWhole(relay)).state).toBe('succeeded');
    expect(catalogueDigest(relay.db)).toEqual(catalogueDigest(upstream.db));
  });

  it('fetches bundle members that the list left out', async () => {
    const upstream = freshUpstream();
    const members = upstream.db
      .prepare<[], string>('SELECT DISTINCT member_update_id FROM bundled_update')
      .pluck()
      .all();
    expect(members.length).toBeGreaterThan(0);
    upstream.spoil = (operation, body) =>
      operation === 'GetRevisionIdList'
        ? { body: Buffer.from(dropFromList(body.toString(), members)) }
        : undefined;
    const relay = relayOf(upstream);
    await synchronizeWhole(relay);
    expect(catalogueDigest(relay.db)).toEqual(catalogueDigest(upstream.db));
  });

  it('tells its progress and its end', async () => {
    const relay = relayOf(freshUpstream());
    const run = await synchronizeWhole(relay);
    const phases = relay.sent.flatMap((message) =>
      message.type === 'progress' && message.runId === run.runId ? [message.phase] : [],
    );
    expect([...new Set(phases)]).toEqual(['connect', 'categories', 'updates', 'update-data', 'finish']);
    expect(relay.sent.slice(-2)).toEqual([
      { type: 'catalogue-changed' },
      { type: 'finished', runId: run.runId, state: 'succeeded' },
    ]);
  });

  it('never runs twice at once', async () => {
    const relay = relayOf(freshUpstream());
    const first = relay.synchronizer.start('manual');
    expect(relay.synchronizer.start('schedule')).toBeUndefined();
    await first;
    expect(listRuns(relay.db, 10)).toHaveLength(1);
  });

  it('that is cancelled ends as cancelled, and the next one goes on from there', async () => {
    const upstream = freshUpstream();
    const relay = relayOf(upstream);
    await relay.synchronize();
    chooseAll(relay.db);
    let batches = 0;
    upstream.spoil = smallBatches((operation) => {
      if (operation === 'GetUpdateData' && (batches += 1) === 4) void relay.synchronizer.cancel();
      return undefined;
    });
    expect((await relay.synchronize()).state).toBe('cancelled');
    expect(readPending(relay.db, 'updates').length).toBeGreaterThan(0);
    expect((await relay.synchronize()).state).toBe('succeeded');
    expect(catalogueDigest(relay.db)).toEqual(catalogueDigest(upstream.db));
  });
});

describe('the trust in the upstream server', () => {
  it('fails the synchronization before anything is asked, with the check and the chain that was seen in its history', async () => {
    const upstream = freshUpstream();
    const other = makeCertificate({ subject: 'Somebody Else', isAuthority: true });
    const relay = relayOf(upstream, { pins: [other.pin] });
    const run = await relay.synchronize();
    expect(run).toMatchObject({ state: 'failed', failedCheck: 'pin' });
    expect(run.chain?.map(({ subject }) => subject)).toEqual(['CN=localhost', 'CN=Upstream Authority']);
    expect(upstream.calls).toEqual([]);
  });

  it('is asked for again on every connection: a pin that changes stops the next synchronization, and the catalogue stays', async () => {
    const upstream = freshUpstream();
    const relay = relayOf(upstream);
    await synchronizeWhole(relay);
    const before = catalogueDigest(relay.db);
    const distrusting = new Synchronizer({
      db: relay.db,
      upstream: Upstream.parse({
        url: upstream.url,
        pins: [`sha256/${'A'.repeat(43)}=`],
        trustAnchors: [upstream.trustAnchorFile],
      }),
      now: () => new Date(),
      log: winston.createLogger({ silent: true }),
      send: () => undefined,
    });
    await distrusting.start('manual');
    expect(listRuns(relay.db, 1)[0]).toMatchObject({ state: 'failed', failedCheck: 'pin' });
    expect(catalogueDigest(relay.db)).toEqual(before);
  });

  it('that fails is logged in one sentence, once, with the check as a fact beside it', async () => {
    const upstream = freshUpstream();
    const relay = relayOf(upstream);
    const lines: string[] = [];
    const stream = new Writable({
      write: (line: Buffer, _encoding, done) => {
        lines.push(line.toString());
        done();
      },
    });
    const distrusting = new Synchronizer({
      db: relay.db,
      upstream: Upstream.parse({
        url: upstream.url,
        pins: [`sha256/${'A'.repeat(43)}=`],
        trustAnchors: [upstream.trustAnchorFile],
      }),
      now: () => new Date(),
      log: winston.createLogger({ transports: [new winston.transports.Stream({ stream })] }),
      send: () => undefined,
    });
    await distrusting.start('manual');
    const reason = listRuns(relay.db, 1)[0]?.failureMessage ?? '';
    const failed = lines.filter((line) => line.includes('Synchronization failed'));
    expect(failed).toHaveLength(1);
    expect(JSON.parse(failed[0]!)).toMatchObject({
      message: `Synchronization failed: ${reason}`,
      check: 'pin',
    });
  });

  it('cannot begin when the trust anchor is no certificate', async () => {
    const upstream = freshUpstream();
    const run = await relayOf(upstream, { trustAnchors: ['/nowhere/authority.pem'] }).synchronize();
    expect(run).toMatchObject({ state: 'failed', failedCheck: 'chain' });
    expect(run.failureMessage).toMatch(/\/nowhere\/authority\.pem/);
    expect(existsSync('/nowhere')).toBe(false);
  });
});

describe('cookies', () => {
  it('are renewed when the server no longer accepts them', async () => {
    const upstream = freshUpstream();
    let refusals = 0;
    upstream.spoil = (operation) =>
      operation === 'GetRevisionIdList' && (refusals += 1) === 1
        ? { status: 500, body: faultOf('InvalidCookie') }
        : undefined;
    expect((await relayOf(upstream).synchronize()).state).toBe('succeeded');
    expect(upstream.calls.filter((name) => name === 'GetCookie')).toHaveLength(2);
  });

  it('that are refused each time fail the synchronization with a sentence', async () => {
    const upstream = freshUpstream();
    upstream.spoil = (operation) =>
      operation === 'GetConfigData' ? { status: 500, body: faultOf('InvalidCookie') } : undefined;
    expect(await relayOf(upstream).synchronize()).toMatchObject({
      state: 'failed',
      failedCheck: 'fault',
      failureMessage: expect.stringMatching(/InvalidCookie/),
    });
  });

  it('introduce the relay by the same account each time', async () => {
    const upstream = await ownUpstream();
    const relay = relayOf(upstream);
    await relay.synchronize();
    await relay.synchronize();
    expect(upstream.db.prepare('SELECT count(*) FROM downstream_server').pluck().get()).toBe(1);
  });

  it('introduce the relay by the name that is configured, in the rollup too', async () => {
    const upstream = await ownUpstream();
    await relayOf(upstream, { accountName: 'branch.example.org' }).synchronize();
    const names = (table: string, column: string) =>
      upstream.db.prepare(`SELECT ${column} FROM ${table}`).pluck().all();
    expect(names('downstream_server', 'account_name')).toEqual(['branch.example.org']);
    expect(names('rolled_up_server', 'full_domain_name')).toEqual(['branch.example.org']);
  });
});
