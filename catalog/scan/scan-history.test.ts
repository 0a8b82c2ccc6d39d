/** Agents that scan while the world around them changes: each comes to hold what the reference says it should. */
import fc from 'fast-check';
import { anEvent, ChangingWorld } from '../../scripts/testing/changing-world.ts';
import {
  aDriverScan,
  aPage,
  aWorld,
  someGroups,
  someRevisionIds,
  someUpdates,
} from '../../scripts/testing/random-world.ts';
import { NAMINGS, ScanningAgent, type Held } from '../../scripts/testing/scanning-agent.ts';
import { removeWorld, storeWorld } from '../../scripts/testing/stored-world.ts';
import { referenceNeeded, revisionOf } from './reference-scan.ts';
import type { ReferenceOffer, ReferenceWorld } from './reference-scan.ts';
import type { ScanAnswer, ScanRequest } from './scan.ts';
import { SnapshotKeeper } from './snapshot-keeper.ts';

/** A world with a server that notices its changes. */
function serving(world: ReferenceWorld) {
  const db = storeWorld(world);
  const keeper = new SnapshotKeeper(db);
  return {
    live: new ChangingWorld(db, world),
    scan: async (request: ScanRequest): Promise<ScanAnswer> => (await keeper.refreshed()).scan(request),
    close: () => {
      keeper.close();
      removeWorld(db);
    },
  };
}

const asHeld = (offers: readonly ReferenceOffer[]): [number, Held][] =>
  offers
    .map(({ revisionId, action, deadline, isLeaf }): [number, Held] => [
      revisionId,
      { action, deadline, isLeaf },
    ])
    .sort(([a], [b]) => a - b);
const sorted = (held: ReadonlyMap<number, Held>): [number, Held][] => [...held].sort(([a], [b]) => a - b);

/** What the agent should hold of software, with what it has installed. */
const expectedOf = (world: ReferenceWorld, { groupIds, installed }: ScanningAgent): [number, Held][] =>
  asHeld(
    referenceNeeded(world, {
      groupIds,
      installedNonLeafRevisionIds: installed,
      otherCachedRevisionIds: [],
      cachedDriverRevisionIds: [],
    }),
  );

describe('an agent that scans until nothing is new', () => {
  it('comes to an end with all that it needs and nothing else, in pages of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        aWorld({ circles: true }),
        someGroups,
        someUpdates,
        aPage,
        async (world, groupIds, installable, page) => {
          const { scan, close } = serving(world);
          const agent = new ScanningAgent(groupIds, page, installable);
          await agent.scan('what the scan brought', scan);
          close();
          expect(sorted(agent.software)).toEqual(expectedOf(world, agent));
        },
      ),
      { numRuns: 80 },
    );
  }, 60_000);

  it('does so whatever it held before, garbage included', async () => {
    await fc.assert(
      fc.asyncProperty(
        aWorld({ circles: false }),
        someGroups,
        someUpdates,
        aPage,
        someRevisionIds,
        fc.constantFrom(...NAMINGS),
        async (world, groupIds, installable, page, held, naming) => {
          const { scan, close } = serving(world);
          const agent = new ScanningAgent(groupIds, page, installable);
          for (const id of held) agent.hold(id, revisionOf(world, id)?.updateId ?? 'unknown');
          await agent.scan(naming, scan);
          close();
          expect(sorted(agent.software)).toEqual(expectedOf(world, agent));
        },
      ),
      { numRuns: 80 },
    );
  }, 60_000);

  it('knows all of it as it is deployed now, after any history of changes, also in the midst of a scan', async () => {
    const step = fc.record({
      events: fc.array(anEvent({ circles: false }), { maxLength: 3 }),
      groupIds: fc.option(someGroups, { nil: undefined }),
      midway: fc.array(anEvent({ circles: false }), { maxLength: 2 }),
      naming: fc.constantFrom(...NAMINGS),
    });
    await fc.assert(
      fc.asyncProperty(
        aWorld({ circles: false }),
        someGroups,
        someUpdates,
        aPage,
        fc.array(step, { minLength: 1, maxLength: 6 }),
        async (world, groupIds, installable, page, steps) => {
          const { live, scan, close } = serving(world);
          const agent = new ScanningAgent(groupIds, page, installable);
          for (const { events, groupIds: moved, midway, naming } of steps) {
            for (const event of events) live.happens(event);
            if (moved !== undefined) agent.moveTo(moved);
            const left = [...midway];
            await agent.scan(naming, async (request) => {
              const answer = await scan(request);
              const event = left.shift();
              if (event !== undefined) live.happens(event);
              return answer;
            });
            // What happened while the last answer was on its way is learned in the next scan.
            await agent.scan(naming, scan);
            expect(sorted(agent.software)).toEqual(expectedOf(live.now, agent));
          }
          close();
        },
      ),
      { numRuns: 100 },
    );
  }, 120_000);

  it('hears of a change once: what did not change since is not told again', async () => {
    await fc.assert(
      fc.asyncProperty(
        aWorld({ circles: false }),
        someGroups,
        someUpdates,
        async (world, groupIds, installable) => {
          const { scan, close } = serving(world);
          const agent = new ScanningAgent(groupIds, { pageSize: 30, pageBytes: 1_000_000 }, installable);
          await agent.scan('everything', scan);
          const told: ScanAnswer[] = [];
          await agent.scan('everything', async (request) => {
            const answer = await scan(request);
            told.push(answer);
            return answer;
          });
          close();
          expect(told.map(({ newUpdates, changedUpdates }) => [newUpdates, changedUpdates])).toEqual([
            [[], []],
          ]);
        },
      ),
      { numRuns: 40 },
    );
  }, 60_000);

  it('comes to hold the best drivers for its devices, deployed as they are now', async () => {
    await fc.assert(
      fc.asyncProperty(
        aWorld({ circles: false }),
        someGroups,
        someUpdates,
        aPage,
        fc.array(fc.tuple(fc.array(anEvent({ circles: false }), { maxLength: 3 }), aDriverScan), {
          minLength: 1,
          maxLength: 4,
        }),
        async (world, groupIds, installable, page, steps) => {
          const { live, scan, close } = serving(world);
          const agent = new ScanningAgent(groupIds, page, installable);
          for (const [events, drivers] of steps) {
            for (const event of events) live.happens(event);
            await agent.scan('everything', scan);
            await agent.scanDrivers(drivers, scan);
            const needed = referenceNeeded(live.now, {
              groupIds,
              installedNonLeafRevisionIds: agent.installed,
              otherCachedRevisionIds: [],
              cachedDriverRevisionIds: [],
              drivers,
            });
            expect(sorted(agent.drivers)).toEqual(asHeld(needed));
          }
          close();
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);
});
