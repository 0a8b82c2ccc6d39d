/** What updates need first is fetched by itself, where the filter dropped it; and what an answer has no room for. */
import { jest } from '@jest/globals';
import { importRevisions } from '../catalog/store/revisions/revisions.ts';
import { readAnchor, readPending } from '../catalog/store/upstream/revision-list.ts';
import { setSelectedCategories } from '../catalog/store/upstream/synchronization.ts';
import { writeResponse } from '../protocol/soap/codec.ts';
import { GetUpdateData, serverSyncService } from '../protocol/wsusss/server-sync.ts';
import { writeUpdateDocument } from '../scripts/fixtures/update-document.ts';
import type { UpdateSpec } from '../scripts/fixtures/update-document.ts';
import { CATEGORY_DOCUMENTS, DRIVERS, OTHER_PRODUCT, PRODUCT } from '../scripts/testing/driver-catalogue.ts';
import { noiseOf } from '../scripts/testing/noise.ts';
import { openRelay } from '../scripts/testing/test-relay.ts';
import type { TestRelay } from '../scripts/testing/test-relay.ts';
import { startTestUpstream } from '../scripts/testing/upstream-server.ts';
import type { TestUpstream } from '../scripts/testing/upstream-server.ts';

jest.setTimeout(60_000);

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const idOf = (number: number): string => `30000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** Update `number` of a product; it needs each of the others first. */
const update = (
  number: number,
  product: string,
  needs: readonly number[],
  more: Partial<UpdateSpec> = {},
): string =>
  writeUpdateDocument({
    updateId: idOf(number),
    revisionNumber: 1,
    updateType: 'Software',
    creationDate: '2026-01-01T00:00:00.000Z',
    explicitlyDeployable: true,
    texts: [{ language: 'en', title: `Update ${number}` }],
    prerequisites: [
      ...[product, DRIVERS].map((id) => ({ anyOf: [id], isCategory: true })),
      ...needs.map((needed) => ({ anyOf: [idOf(needed)] })),
    ],
    ...more,
  });

/** Of the first product alone is asked for. */
async function world(...documents: readonly string[]): Promise<{ upstream: TestUpstream; relay: TestRelay }> {
  const upstream = await startTestUpstream([...CATEGORY_DOCUMENTS, ...documents]);
  closers.push(() => upstream.close());
  const relay = openRelay(upstream);
  closers.push(() => relay.close());
  await relay.synchronize();
  setSelectedCategories(relay.db, [PRODUCT, DRIVERS]);
  return { upstream, relay };
}

const updatesIn = ({ db }: Pick<TestRelay, 'db'>): number[] =>
  db
    .prepare<[], string>("SELECT update_id FROM revision WHERE update_type = 'Software' ORDER BY update_id")
    .pluck()
    .all()
    .map((id) => Number(id.slice(-12)));

const lists = (upstream: TestUpstream): number =>
  upstream.calls.filter((name) => name === 'GetRevisionIdList').length;

describe('an update whose prerequisite is of a product that is not chosen', () => {
  it('has it fetched, and what that needs, but nothing else of the product', async () => {
    const { upstream, relay } = await world(
      update(1, PRODUCT, [2]),
      update(2, OTHER_PRODUCT, [3]),
      update(3, OTHER_PRODUCT, []),
      update(4, OTHER_PRODUCT, []),
    );
    expect(await relay.synchronize()).toMatchObject({ state: 'succeeded', newCount: 3 });
    expect(updatesIn(relay)).toEqual([1, 2, 3]);
    upstream.calls.length = 0;
    await relay.synchronize();
    // The list of categories and that of updates, and no third.
    expect(lists(upstream)).toBe(2);
  });

  it('goes without where the upstream server has it not, which is not asked again every time', async () => {
    const { upstream, relay } = await world(update(1, PRODUCT, [9]));
    upstream.calls.length = 0;
    expect((await relay.synchronize()).state).toBe('succeeded');
    expect(lists(upstream)).toBe(3);
    upstream.calls.length = 0;
    expect((await relay.synchronize()).state).toBe('succeeded');
    expect(lists(upstream)).toBe(2);
    // It is looked up once more after a month, and comes then.
    importRevisions(
      upstream.db,
      [{ document: update(9, OTHER_PRODUCT, []), fileUrls: new Map() }],
      new Date(),
    );
    relay.db.prepare("UPDATE unlisted_prerequisite SET looked_up_at = '2020-01-01T00:00:00.000Z'").run();
    await relay.synchronize();
    expect(updatesIn(relay)).toEqual([1, 9]);
  });

  it('has it looked up again where the upstream server is another', async () => {
    const { upstream, relay } = await world(update(1, PRODUCT, [9]));
    await relay.synchronize();
    relay.db
      .prepare("UPDATE sync_anchor SET filter_hash = 'https://other.test' WHERE list = 'prerequisites'")
      .run();
    upstream.calls.length = 0;
    await relay.synchronize();
    expect(lists(upstream)).toBe(3);
  });

  it('has it fetched by the next synchronization where one was interrupted', async () => {
    const { upstream, relay } = await world(update(1, PRODUCT, [2]), update(2, OTHER_PRODUCT, []));
    let documents = 0;
    upstream.spoil = (operation) =>
      operation === 'GetUpdateData' && documents++ > 0 ? { status: 403 } : undefined;
    expect((await relay.synchronize()).state).toBe('failed');
    expect(updatesIn(relay)).toEqual([1]);
    expect(readPending(relay.db, 'prerequisites')).toHaveLength(1);
    upstream.spoil = undefined;
    expect((await relay.synchronize()).state).toBe('succeeded');
    expect(updatesIn(relay)).toEqual([1, 2]);
    expect(readAnchor(relay.db, 'updates')).toBeDefined();
  });
});

describe('documents that are more than one answer holds', () => {
  it('come in several, and none is set aside', async () => {
    const large = (number: number): string =>
      update(number, PRODUCT, [], {
        texts: [{ language: 'en', title: 'large', description: noiseOf(number, 260_000) }],
      });
    const { upstream, relay } = await world(...[1, 2, 3, 4, 5].map(large));
    upstream.calls.length = 0;
    const run = await relay.synchronize();
    expect(run).toMatchObject({ state: 'succeeded', newCount: 5 });
    expect(run.failedCheck).toBeUndefined();
    expect(upstream.calls.filter((name) => name === 'GetUpdateData').length).toBeGreaterThan(1);
  });
});

it('bundles of bundles without end are given up, and what came of them is kept', async () => {
  const { upstream, relay } = await world(update(1, PRODUCT, []));
  const bundle = (number: number): string =>
    update(number, PRODUCT, [], { bundledUpdates: [[{ updateId: idOf(number + 1), revisionNumber: 1 }]] });
  let asked = 0;
  upstream.spoil = (operation) => {
    if (operation !== 'GetUpdateData') return undefined;
    // However many it is asked for, each document names another that nobody has heard of.
    asked += 1;
    return { status: 200, body: answerOf(idOf(asked), bundle(asked)) };
  };
  const run = await relay.synchronize();
  expect(run).toMatchObject({ state: 'failed', failedCheck: 'response' });
  expect(run.failureMessage).toMatch(/bundles of bundles more than 20 levels deep/);
  expect(asked).toBe(21);
  expect(updatesIn(relay)).toHaveLength(21);
});

it('an anchor that is longer than any is not kept', async () => {
  const { upstream, relay } = await world(update(1, PRODUCT, []));
  upstream.spoil = (operation, body) =>
    operation === 'GetRevisionIdList'
      ? {
          body: Buffer.from(
            body.toString().replace(/<Anchor>.*?<\/Anchor>/, `<Anchor>${'1'.repeat(1001)}</Anchor>`),
          ),
        }
      : undefined;
  const run = await relay.synchronize();
  expect(run).toMatchObject({ state: 'failed', failedCheck: 'response' });
  expect(run.failureMessage).toMatch(/GetRevisionIdList with an anchor of 1001 characters/);
});

/** The answer of GetUpdateData with one document. */
const answerOf = (updateId: string, document: string): Buffer =>
  writeResponse(
    serverSyncService,
    GetUpdateData,
    {
      GetUpdateDataResult: {
        updates: [{ Id: { UpdateID: updateId, RevisionNumber: 1 }, XmlUpdateBlob: document }],
        fileUrls: [],
      },
    },
    '1.1',
  );
