/** Scans held against the obvious reference, over random catalogues, approvals, computers and caches. */
import fc from 'fast-check';
import {
  aDriverScan,
  aPage,
  aWorld,
  someCategories,
  someGroups,
  someRevisionIds,
} from '../../scripts/testing/random-world.ts';
import { committed, removeWorld, storeWorld } from '../../scripts/testing/stored-world.ts';
import {
  isLeafIn,
  referenceAnswer,
  referenceOffers,
  referenceOrder,
  referencePage,
  referencePrinters,
  revisionOf,
} from './reference-scan.ts';
import type { ReferenceOffer, ReferenceWorld } from './reference-scan.ts';
import type { OfferedRevision, PageLimits, ScanAnswer, ScanRequest } from './scan.ts';
import type { Snapshot } from './snapshot.ts';

const NO_LIMITS: PageLimits = { pageSize: 1000, pageBytes: 1_000_000 };

const shape = ({ revisionId, deployment, isLeaf, hardwareIds }: OfferedRevision): ReferenceOffer => ({
  revisionId,
  action: deployment.action,
  deadline: deployment.deadline,
  isLeaf,
  ...(hardwareIds === undefined ? {} : { hardwareIds: new Set(hardwareIds) }),
});
const sorted = <T extends { revisionId: number }>(items: readonly T[]): T[] =>
  items.toSorted((a, b) => a.revisionId - b.revisionId);
const idsOf = (items: readonly { readonly revisionId: number }[]): number[] =>
  items.map(({ revisionId }) => revisionId);

/** Scans of one state of a database. */
function answering(world: ReferenceWorld): (request: ScanRequest) => ScanAnswer {
  const snapshot = snapshotOf(world);
  return (request) => snapshot.scan(request);
}

function snapshotOf(world: ReferenceWorld): Snapshot {
  const db = storeWorld(world);
  const snapshot = committed(db);
  removeWorld(db);
  return snapshot;
}

const aScan = fc.record(
  {
    groupIds: someGroups,
    installedNonLeafRevisionIds: someRevisionIds,
    otherCachedRevisionIds: someRevisionIds,
    cachedDriverRevisionIds: someRevisionIds,
    categoryIds: someCategories,
    drivers: fc.option(aDriverScan, { nil: undefined, freq: 1 }),
  },
  { noNullPrototype: true },
);

/** Without the keys that are undefined. */
const asRequest = ({
  categoryIds,
  drivers,
  ...rest
}: Omit<ScanRequest, 'categoryIds' | 'drivers' | keyof PageLimits> & {
  categoryIds: string[] | undefined;
  drivers: ScanRequest['drivers'] | undefined;
}): Omit<ScanRequest, keyof PageLimits> => ({
  ...rest,
  ...(categoryIds === undefined ? {} : { categoryIds }),
  ...(drivers === undefined ? {} : { drivers }),
});

describe('a scan', () => {
  it('answers what the obvious reference answers, for any catalogue, approvals, groups, devices and cache', () => {
    fc.assert(
      fc.property(
        aWorld({ circles: true }),
        fc.array(aScan, { minLength: 1, maxLength: 8 }),
        (world, scans) => {
          const scan = answering(world);
          // Machines made from one image ask alike: each scan is asked twice.
          for (const request of [...scans, ...scans].map(asRequest)) {
            const answer = scan({ ...request, ...NO_LIMITS });
            const expected = referenceAnswer(world, request);
            expect(sorted(answer.newUpdates.map(shape))).toEqual(sorted(expected.newUpdates));
            expect(sorted(answer.changedUpdates.map(shape))).toEqual(sorted(expected.kept));
            expect(new Set(answer.outOfScopeRevisionIds)).toEqual(expected.outOfScope);
            expect(new Set(answer.deployedOutOfScopeRevisionIds)).toEqual(expected.deployedOutOfScope);
            expect(answer.outOfScopeRevisionIds).toHaveLength(expected.outOfScope.size);
            expect(answer.deployedOutOfScopeRevisionIds).toHaveLength(expected.deployedOutOfScope.size);
            expect(answer.driverSyncNotNeeded).toBe(expected.driverSyncNotNeeded);
            expect(answer.truncated).toBe(false);
          }
        },
      ),
      { numRuns: 150 },
    );
  }, 90_000);

  it('sends what is needed before what needs it, circles aside, and says truly which are leaves', () => {
    fc.assert(
      fc.property(aWorld({ circles: true }), aScan, (world, asked) => {
        const scan = answering(world);
        const { newUpdates } = scan({ ...asRequest(asked), ...NO_LIMITS });
        const order = idsOf(newUpdates);
        for (const [first, second] of referenceOrder(world, asked.groupIds, newUpdates))
          expect(order.indexOf(first)).toBeLessThan(order.indexOf(second));
        for (const { updateId, isLeaf } of newUpdates) expect(isLeaf).toBe(isLeafIn(world, updateId));
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  it('brings as much as a page may hold, of updates and of bytes, and says whether more remains', () => {
    // Without prerequisites everything that is deployed is needed: many pages hold less.
    const aLooseWorld = aWorld({ circles: false }).map((world) => ({
      ...world,
      revisions: world.revisions.map((revision) => ({ ...revision, clauses: [] })),
    }));
    let truncated = 0;
    fc.assert(
      fc.property(
        aLooseWorld,
        aScan,
        fc.array(aPage, { minLength: 4, maxLength: 8 }),
        (world, asked, pages) => {
          const scan = answering(world);
          const { categoryIds: _all, drivers: _none, ...request } = asRequest(asked);
          const whole = scan({ ...request, ...NO_LIMITS });
          for (const page of pages) {
            const answer = scan({ ...request, ...page });
            const expected = referencePage(whole.newUpdates, page);
            expect(idsOf(answer.newUpdates)).toEqual(idsOf(expected));
            expect(answer.truncated).toBe(expected.length < whole.newUpdates.length);
            // Only what is new waits for the next answer.
            expect(answer.changedUpdates.map(shape)).toEqual(whole.changedUpdates.map(shape));
            expect(answer.outOfScopeRevisionIds).toEqual(whole.outOfScopeRevisionIds);
            truncated += answer.truncated ? 1 : 0;
          }
        },
      ),
      { numRuns: 100 },
    );
    expect(truncated).toBeGreaterThan(100);
  }, 60_000);

  it('sends the core fragment of the very revision', () => {
    fc.assert(
      fc.property(aWorld({ circles: false }), someGroups, (world, groupIds) => {
        const scan = answering(world);
        const cached = { otherCachedRevisionIds: [], cachedDriverRevisionIds: [] };
        const answer = scan({ groupIds, installedNonLeafRevisionIds: [], ...cached, ...NO_LIMITS });
        for (const { revisionId, core } of answer.newUpdates)
          expect(core.toString()).toBe(
            revisionOf(world, revisionId)?.core.replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
          );
      }),
      { numRuns: 20 },
    );
  }, 60_000);
});

describe('a scan for printer drivers', () => {
  it('answers what the obvious reference answers', () => {
    fc.assert(
      fc.property(
        aWorld({ circles: true }),
        someGroups,
        someRevisionIds,
        someRevisionIds,
        (world, groupIds, installed, cached) => {
          const answer = snapshotOf(world).scanPrinters({
            groupIds,
            installedNonLeafRevisionIds: installed,
            cachedRevisionIds: cached,
            ...NO_LIMITS,
          });
          const needed = referencePrinters(world, groupIds, installed);
          const isCached = ({ revisionId }: ReferenceOffer): boolean => cached.includes(revisionId);
          expect(sorted(answer.newUpdates.map(shape))).toEqual(
            sorted(needed.filter((one) => !isCached(one))),
          );
          expect(sorted(answer.changedUpdates.map(shape))).toEqual(sorted(needed.filter(isCached)));
          const ids = idsOf(needed);
          expect(new Set(answer.outOfScopeRevisionIds)).toEqual(
            new Set(cached.filter((id) => !ids.includes(id))),
          );
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);
});

describe('how a revision is deployed', () => {
  it('is known by its identity exactly where the groups are offered that very revision', () => {
    fc.assert(
      fc.property(aWorld({ circles: true }), someGroups, (world, groupIds) => {
        const snapshot = snapshotOf(world);
        const known = world.revisions.flatMap(
          ({ updateId, revisionNumber }) =>
            snapshot.deploymentOfIdentity(groupIds, updateId, revisionNumber) ?? [],
        );
        expect(sorted(known.map(shape))).toEqual(sorted(referenceOffers(world, groupIds)));
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
