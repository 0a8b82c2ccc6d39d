import { jest } from '@jest/globals';
import type { Database } from '../catalog/store/database/database.ts';
import { readRefused } from '../catalog/store/upstream/revision-list.ts';
import { readFailureDetail } from '../catalog/store/upstream/synchronization.ts';
import type { GeneratedUpdate } from '../scripts/fixtures/catalogue-builder.ts';
import { syntheticCatalogue } from '../scripts/fixtures/synthetic-catalogue.ts';
import { catalogueDigest } from '../scripts/testing/catalogue-digest.ts';
import { chooseAll, openRelay, synchronizeWhole } from '../scripts/testing/test-relay.ts';
import type { TestRelay } from '../scripts/testing/test-relay.ts';
import { faultOf, replaceDocument, smallBatches } from '../scripts/testing/upstream-answers.ts';
import { startTestUpstream } from '../scripts/testing/upstream-server.ts';
import type { Spoiled, TestUpstream } from '../scripts/testing/upstream-server.ts';

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

function relayOf(upstream: TestUpstream): TestRelay {
  const relay = openRelay(upstream);
  closers.push(() => relay.close());
  return relay;
}

/** Every revision has its fragments and is one that the upstream server has. */
function expectWholeDocuments(db: Database): void {
  const without = db
    .prepare(
      'SELECT count(*) FROM revision WHERE revision_id NOT IN (SELECT revision_id FROM revision_fragments)',
    )
    .pluck()
    .get();
  expect(without).toBe(0);
}

describe('an upstream server that', () => {
  it('was replaced is asked for everything again', async () => {
    const upstream = freshUpstream();
    const relay = relayOf(upstream);
    await synchronizeWhole(relay);
    let changed = false;
    upstream.spoil = (operation) => {
      if (operation !== 'GetRevisionIdList' || changed) return undefined;
      changed = true;
      return { status: 500, body: faultOf('ServerChanged') };
    };
    expect((await relay.synchronize()).state).toBe('succeeded');
    expect(catalogueDigest(relay.db)).toEqual(catalogueDigest(upstream.db));
  });

  it('is busy for a moment is asked again', async () => {
    const upstream = freshUpstream();
    let busy = 2;
    upstream.spoil = (operation) =>
      operation === 'GetConfigData' && busy-- > 0 ? { status: 500, body: faultOf('ServerBusy') } : undefined;
    expect((await relayOf(upstream).synchronize()).state).toBe('succeeded');
  });

  it.each<[string, Spoiled, string]>([
    ['answers with another status', { status: 404 }, 'http'],
    ['answers with something else than XML', { body: Buffer.from('<html>Welcome') }, 'response'],
    ['answers with a document type', { body: Buffer.from('<!DOCTYPE x [<!ENTITY a "b">]><x/>') }, 'response'],
    ['answers with nothing', { body: Buffer.alloc(0) }, 'response'],
    ['fails', { status: 500, body: faultOf('InternalServerError') }, 'fault'],
  ])('%s fails the synchronization, and the check is named', async (_, spoiled, check) => {
    const upstream = freshUpstream();
    upstream.spoil = (operation) => (operation === 'GetRevisionIdList' ? spoiled : undefined);
    expect(await relayOf(upstream).synchronize()).toMatchObject({ state: 'failed', failedCheck: check });
  });
});

const spoilOne = (identity: GeneratedUpdate) => (operation: string, body: Buffer) =>
  operation === 'GetUpdateData'
    ? { body: Buffer.from(replaceDocument(body.toString(), identity.updateId, '&lt;nonsense/&gt;')) }
    : undefined;

describe('a document that cannot be taken into the catalogue', () => {
  it('holds up no other, is named with its reason, and is asked for again by the next synchronization', async () => {
    const upstream = freshUpstream();
    const bad = catalogue.findLast(({ updateType }) => updateType === 'Software')!;
    upstream.spoil = spoilOne(bad);
    const relay = relayOf(upstream);
    const run = await synchronizeWhole(relay);
    expect(run).toMatchObject({ state: 'succeeded', failedCheck: 'document' });
    const identity = { updateId: bad.updateId, revisionNumber: bad.revisionNumber };
    expect(readFailureDetail(relay.db, run.runId)?.refused).toMatchObject([identity]);
    expect(readRefused(relay.db, 'updates')).toEqual([identity]);
    expect(relay.db.prepare('SELECT count(*) FROM revision').pluck().get()).toBe(catalogue.length - 1);

    upstream.spoil = undefined;
    expect(await relay.synchronize()).not.toHaveProperty('failedCheck');
    expect(readRefused(relay.db, 'updates')).toEqual([]);
    expect(catalogueDigest(relay.db)).toEqual(catalogueDigest(upstream.db));
  });

  it('and one that the server lists but does not have, are told apart from the rest of their batch', async () => {
    const upstream = freshUpstream();
    const gone = catalogue.findLast(({ updateType }) => updateType === 'Driver')!;
    upstream.spoil = (operation, body) =>
      operation === 'GetRevisionIdList' && !body.includes('UpdateIdentity')
        ? undefined
        : operation === 'GetRevisionIdList'
          ? {
              body: Buffer.from(
                body.toString().replace(gone.updateId, '99999999-2222-4333-8444-555555555555'),
              ),
            }
          : undefined;
    const relay = relayOf(upstream);
    const run = await synchronizeWhole(relay);
    expect(run).toMatchObject({ state: 'succeeded', failedCheck: 'document' });
    expect(run.failureMessage).toMatch(/99999999-2222.*InternalServerError/);
    expect(relay.db.prepare('SELECT count(*) FROM revision').pluck().get()).toBe(catalogue.length - 1);
  });

  it('fails the synchronization when there are so many of them that the server must be at fault', async () => {
    const upstream = freshUpstream();
    upstream.spoil = (operation) =>
      operation === 'GetUpdateData' ? { status: 500, body: faultOf('InternalServerError') } : undefined;
    expect(await relayOf(upstream).synchronize()).toMatchObject({
      state: 'failed',
      failedCheck: 'documents',
    });
  });
});

describe('a synchronization whose connection is cut, wherever that is', () => {
  it('stores nothing by half, and one that follows ends as an undisturbed one does', async () => {
    const upstream = freshUpstream();
    const undisturbed = relayOf(upstream);
    await synchronizeWhole(undisturbed);
    const expected = catalogueDigest(undisturbed.db);
    upstream.calls.length = 0;
    const relay = relayOf(upstream);
    let calls = 0;
    upstream.spoil = smallBatches(() => {
      calls += 1;
      return calls % 3 === 0 ? undefined : { cutAt: (calls * 0.37) % 1 };
    });
    let runs = 0;
    for (let state = ''; state !== 'succeeded' && runs < 40; runs += 1)
      ({ state } = await relay.synchronize());
    chooseAll(relay.db);
    for (let state = ''; state !== 'succeeded' && runs < 40; runs += 1) {
      ({ state } = await relay.synchronize());
      expectWholeDocuments(relay.db);
    }
    expect(runs).toBeGreaterThan(2);
    expect(catalogueDigest(relay.db)).toEqual(expected);
  });

  it('after each number of answers: the next one goes on from there and ends as an undisturbed one does', async () => {
    const upstream = freshUpstream();
    const undisturbed = relayOf(upstream);
    await synchronizeWhole(undisturbed);
    const expected = catalogueDigest(undisturbed.db);
    for (const answers of [4, 5, 11, 20]) {
      const relay = relayOf(upstream);
      await relay.synchronize();
      chooseAll(relay.db);
      let left = answers;
      upstream.spoil = smallBatches(() => (left-- > 0 ? undefined : { cutAt: 0.5 }));
      expect(await relay.synchronize()).toMatchObject({ state: 'failed', failedCheck: 'connect' });
      expectWholeDocuments(relay.db);
      upstream.spoil = undefined;
      expect((await relay.synchronize()).state).toBe('succeeded');
      expect(catalogueDigest(relay.db)).toEqual(expected);
    }
  });
});
