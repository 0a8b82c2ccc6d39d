import fc from 'fast-check';
import { jest } from '@jest/globals';
import { SchedulePlan } from '../catalog/schedule/schedule.ts';
import type { Database } from '../catalog/store/database/database.ts';
import { importRevisions } from '../catalog/store/revisions/revisions.ts';
import { readSchedule, replacePlan, writeSchedule } from '../catalog/store/upstream/schedule-record.ts';
import { listRuns } from '../catalog/store/upstream/synchronization.ts';
import type { SyncScope } from '../protocol/console/schedule.ts';
import { generateUpdate } from '../scripts/fixtures/catalogue-builder.ts';
import { syntheticCatalogue } from '../scripts/fixtures/synthetic-catalogue.ts';
import { catalogueDigest } from '../scripts/testing/catalogue-digest.ts';
import { chooseAll, openRelay } from '../scripts/testing/test-relay.ts';
import type { TestRelay } from '../scripts/testing/test-relay.ts';
import { faultOf, smallBatches } from '../scripts/testing/upstream-answers.ts';
import { startTestUpstream } from '../scripts/testing/upstream-server.ts';
import type { TestUpstream } from '../scripts/testing/upstream-server.ts';

jest.setTimeout(120_000);

const categories = [...syntheticCatalogue(7, 200)].filter(
  ({ updateType }) => updateType === 'Category' || updateType === 'Detectoid',
);
const base = { creationDate: '2026-01-01T00:00:00.000Z', texts: [{ language: 'en', title: 'An update' }] };

let upstream: TestUpstream;
const relays: TestRelay[] = [];
beforeEach(async () => {
  upstream = await startTestUpstream(categories.map(({ document }) => document));
});
afterEach(async () => {
  for (const relay of relays.splice(0)) relay.close();
  await upstream.close();
});

const idsOfType = (db: Database, type: string): string[] =>
  db
    .prepare<[string], string>(
      "SELECT update_id FROM revision WHERE update_type = 'Category' AND category_type = ? ORDER BY update_id",
    )
    .pluck()
    .all(type);

/** A revision of an update of the one classification or another; `number` tells updates apart. */
function publish(number: number, revisionNumber: number, isFast: boolean): void {
  const [product = ''] = idsOfType(upstream.db, 'Product');
  const [fast = '', other = ''] = idsOfType(upstream.db, 'UpdateClassification');
  const { document } = generateUpdate({
    ...base,
    updateType: 'Software',
    updateId: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    revisionNumber,
    prerequisites: [
      { anyOf: [product], isCategory: true },
      { anyOf: [isFast ? fast : other], isCategory: true },
    ],
  });
  importRevisions(upstream.db, [{ document, fileUrls: new Map() }], new Date());
}

async function openChoosing(): Promise<TestRelay> {
  const relay = openRelay(upstream);
  relays.push(relay);
  await relay.synchronizer.start('manual');
  chooseAll(relay.db);
  const [fast = ''] = idsOfType(relay.db, 'UpdateClassification');
  const plan = SchedulePlan.parse({
    fast: { timing: { mode: 'cron', expression: '0 * * * *' }, classifications: [fast] },
  });
  writeSchedule(relay.db, replacePlan(readSchedule(relay.db), plan, new Date()));
  return relay;
}

const run = async (relay: TestRelay, scope: SyncScope) => {
  await relay.synchronizer.start('schedule', { scope });
  return listRuns(relay.db, 1)[0]!;
};
const updatesOf = (db: Database): number =>
  Number(db.prepare("SELECT count(*) FROM revision WHERE update_type = 'Software'").pluck().get());

describe('the faster schedule', () => {
  it('says where none of its classifications is chosen, since it then asks for nothing', async () => {
    const relay = await openChoosing();
    expect((await run(relay, 'fast')).failureMessage).toBeUndefined();
    const [fast = ''] = idsOfType(relay.db, 'UpdateClassification');
    relay.db.prepare('DELETE FROM selected_category WHERE update_id = ?').run(fast);
    expect(await run(relay, 'fast')).toMatchObject({
      state: 'succeeded',
      failedCheck: 'selection',
      failureMessage: expect.stringMatching(/faster schedule.*Choose one of them in the console/),
    });
    expect((await run(relay, 'main')).failureMessage).toBeUndefined();
  });

  it('brings its classifications only, and leaves the rest to the main one, whose anchor stays right', async () => {
    const relay = await openChoosing();
    publish(1, 1, true);
    publish(2, 1, false);
    expect(await run(relay, 'fast')).toMatchObject({ state: 'succeeded', scope: 'fast', newCount: 1 });
    expect(await run(relay, 'main')).toMatchObject({ state: 'succeeded', scope: 'main', newCount: 1 });
    publish(3, 1, false);
    publish(4, 1, true);
    expect(await run(relay, 'fast')).toMatchObject({ newCount: 1 });
    expect(await run(relay, 'main')).toMatchObject({ newCount: 1 });
    upstream.calls.length = 0;
    await run(relay, 'fast');
    await run(relay, 'main');
    expect(upstream.calls).not.toContain('GetUpdateData');
    expect(catalogueDigest(relay.db)).toEqual(catalogueDigest(upstream.db));
  });

  it('brings nothing of a classification that is not chosen', async () => {
    const relay = await openChoosing();
    publish(1, 1, true);
    const [fast = ''] = idsOfType(relay.db, 'UpdateClassification');
    relay.db.prepare('DELETE FROM selected_category WHERE update_id = ?').run(fast);
    expect(await run(relay, 'fast')).toMatchObject({ state: 'succeeded', newCount: 0 });
  });

  const step = fc.oneof(
    fc.record({
      kind: fc.constant('publish' as const),
      number: fc.integer({ min: 1, max: 6 }),
    }),
    fc.record({
      kind: fc.constant('run' as const),
      scope: fc.constantFrom<SyncScope>('main', 'fast'),
      // Of how many answers the connection is cut; most runs are left alone.
      cutAfter: fc.option(fc.integer({ min: 4, max: 8 }), { freq: 3 }),
    }),
    fc.record({ kind: fc.constant('changed' as const) }),
  );

  it('and the main one, in whatever order and wherever they are cut, end with what main runs alone end with', async () => {
    const counts: number[] = [];
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), async (steps) => {
        const relay = await openChoosing();
        const mainOnly = await openChoosing();
        const highest = (number: number): number =>
          Number(
            upstream.db
              .prepare('SELECT coalesce(max(revision_number), 0) FROM revision WHERE update_id LIKE ?')
              .pluck()
              .get(`%${String(number).padStart(12, '0')}`),
          );
        for (const one of steps) {
          upstream.spoil = undefined;
          if (one.kind === 'publish') {
            // What an update is classified as stays; even numbers are of the fast classification.
            publish(one.number, highest(one.number) + 1, one.number % 2 === 0);
          } else if (one.kind === 'changed') {
            let told = false;
            upstream.spoil = (operation) => {
              if (operation !== 'GetRevisionIdList' || told) return undefined;
              told = true;
              return { status: 500, body: faultOf('ServerChanged') };
            };
            await run(relay, 'main');
          } else {
            let left = one.cutAfter ?? Infinity;
            upstream.spoil = smallBatches(() => (left-- > 0 ? undefined : { cutAt: 0.5 }));
            await run(relay, one.scope);
            upstream.spoil = undefined;
            await run(mainOnly, 'main');
          }
        }
        upstream.spoil = undefined;
        expect(await run(relay, 'main')).toMatchObject({ state: 'succeeded' });
        expect(await run(mainOnly, 'main')).toMatchObject({ state: 'succeeded' });
        expect(currentOf(relay.db)).toEqual(currentOf(mainOnly.db));
        expect(currentOf(relay.db)).toEqual(currentOf(upstream.db));
        // Each revision that is here was counted by one run, once.
        const counted = listRuns(relay.db, 100).reduce(
          (sum, { newCount, revisedCount }) => sum + newCount + revisedCount,
          0,
        );
        expect(counted).toBe(Number(relay.db.prepare('SELECT count(*) FROM revision').pluck().get()));
        counts.push(updatesOf(relay.db));
      }),
      { numRuns: 12 },
    );
    expect(Math.max(...counts)).toBeGreaterThan(2);
  });
});

/** The newest revision of every update: between two runs an upstream server lists no more. */
const currentOf = (db: Database): unknown[] =>
  db
    .prepare('SELECT update_id, revision_number, document FROM revision WHERE is_latest = 1 ORDER BY 1, 2')
    .all();
