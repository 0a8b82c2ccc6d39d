import fc from 'fast-check';
import { setImmediate as turn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { emptyDatabase } from '../../scripts/testing/empty-database.ts';
import { guidOf, writeDocument } from '../../scripts/testing/update-documents.ts';
import { openDatabase, openReader } from '../store/database/database.ts';
import type { Database } from '../store/database/database.ts';
import { RefusalError } from '../store/database/refusal.ts';
import { approve, decline } from '../store/decisions/deployments.ts';
import { ALL_COMPUTERS, UNASSIGNED_COMPUTERS } from '../store/groups/group-tree.ts';
import { changeGroup, createGroup, deleteGroup } from '../store/groups/target-groups.ts';
import { importRevisions } from '../store/revisions/revisions.ts';
import { ScanRows } from '../store/scan-rows.ts';
import type { RevisionRow, StandingRow, StoredIdentity } from '../store/scan-rows.ts';
import type { OfferedRevision } from './scan.ts';
import { SnapshotBuilder } from './snapshot-builder.ts';
import { SnapshotKeeper } from './snapshot-keeper.ts';
import type { Snapshot } from './snapshot.ts';

const NOW = new Date('2026-06-01T12:00:00Z');
const DECIDER = { adminName: 'ada', now: NOW, storesContent: false };
/** What each update is, for as long as there are revisions of it. */
const AT_FIRST = [
  'Detectoid',
  'Detectoid',
  'Category',
  'Category',
  ...Array<'Software'>(8).fill('Software'),
] as const;
/** Those that a synchronization may bring later, of which some have to do with the others and most do not. */
const STRANGERS = ['Detectoid', 'Category', ...Array<'Software'>(6).fill('Software')] as const;
const TYPES = [...AT_FIRST, ...STRANGERS];
const SIZE = TYPES.length;
const isSoftware = (index: number): boolean => TYPES[index] === 'Software';
const SOFTWARE = TYPES.flatMap((_, index) => (isSoftware(index) ? [index] : []));
const updateId = (index: number): string => guidOf(index + 1);

interface Arrival {
  readonly index: number;
  readonly revisionNumber: number;
  readonly clauses: readonly { readonly isCategory: boolean; readonly items: readonly number[] }[];
  readonly bundled: readonly { readonly index: number; readonly revisionNumber: number }[];
}

function importAll(db: Database, arrivals: readonly Arrival[]): void {
  const documents = arrivals.map(({ index, revisionNumber, clauses, bundled }) => {
    const updateType = TYPES[index] ?? 'Software';
    return writeDocument({
      updateId: updateId(index),
      revisionNumber,
      updateType,
      properties: { ExplicitlyDeployable: String(updateType === 'Software') },
      prerequisites: clauses.map(({ isCategory, items }) => ({ isCategory, updateIds: items.map(updateId) })),
      bundledUpdates: bundled.map((member) => [
        { updateId: updateId(member.index), revisionNumber: member.revisionNumber },
      ]),
      ...(updateType === 'Category' ? { categoryType: 'Product' } : {}),
    });
  });
  importRevisions(
    db,
    documents.map((document) => ({ document, fileUrls: new Map<string, string>() })),
    NOW,
  );
}

type Step =
  | { readonly do: 'import'; readonly arrivals: readonly Arrival[] }
  | {
      readonly do: 'approve';
      readonly updates: readonly number[];
      readonly groups: readonly number[];
      readonly action: Action;
    }
  | { readonly do: 'decline'; readonly updates: readonly number[] }
  | { readonly do: 'create'; readonly below: number }
  | { readonly do: 'move'; readonly group: number; readonly below: number }
  | { readonly do: 'delete'; readonly group: number };

const ACTIONS = [
  'Install',
  'OptionalInstall',
  'PreDeploymentCheck',
  'Block',
  'NotApproved',
  'Remove',
] as const;
type Action = (typeof ACTIONS)[number];

/** A database that history happens to, as administrators and synchronizations make it. */
class World {
  readonly db = emptyDatabase();
  #made = 0;

  get groupIds(): string[] {
    return this.db.prepare<[], string>('SELECT group_id FROM target_group ORDER BY name').pluck().all();
  }

  take(step: Step): void {
    try {
      this.#take(step);
    } catch (error) {
      // Not everything may be decided on or moved; what is refused changed nothing.
      if (!(error instanceof RefusalError)) throw error;
    }
  }

  #take(step: Step): void {
    const group = (index: number): string => this.groupIds[index % this.groupIds.length] ?? ALL_COMPUTERS;
    switch (step.do) {
      case 'import':
        importAll(this.db, step.arrivals);
        break;
      case 'approve':
        approve(
          this.db,
          {
            updateIds: step.updates.map(updateId),
            groupIds: step.groups.map(group),
            action: step.action,
            acceptEulaIds: [],
          },
          DECIDER,
        );
        break;
      case 'decline':
        decline(this.db, step.updates.map(updateId), DECIDER);
        break;
      case 'create':
        this.#made += 1;
        createGroup(this.db, `group ${this.#made}`, group(step.below));
        break;
      case 'move':
        changeGroup(this.db, group(step.group), { parentId: group(step.below) });
        break;
      case 'delete':
        deleteGroup(this.db, group(step.group));
        break;
    }
  }
}

const indexes = (most: number) => fc.nat({ max: most });
const revisionNumbers = fc.constantFrom(1, 1, 2);
const arrival: fc.Arbitrary<Arrival> = fc.record({
  index: indexes(SIZE - 1),
  revisionNumber: revisionNumbers,
  clauses: fc.array(
    fc.record({
      isCategory: fc.boolean(),
      items: fc.uniqueArray(indexes(SIZE - 1), { minLength: 1, maxLength: 2 }),
    }),
    { maxLength: 2 },
  ),
  bundled: fc.uniqueArray(
    fc.record({ index: fc.constantFrom(...SOFTWARE), revisionNumber: revisionNumbers }),
    {
      maxLength: 2,
      selector: ({ index }) => index,
    },
  ),
});
/** What nothing before has to do with, unless it is a category, or what is offered comes to name it. */
const stranger: fc.Arbitrary<Arrival> = fc.record({
  index: fc.integer({ min: AT_FIRST.length, max: SIZE - 1 }),
  revisionNumber: revisionNumbers,
  clauses: fc.array(
    fc.record({
      isCategory: fc.boolean(),
      items: fc.uniqueArray(indexes(SIZE - 1), { minLength: 1, maxLength: 2 }),
    }),
    { maxLength: 1 },
  ),
  bundled: fc.array(
    fc.record({
      index: fc.integer({ min: AT_FIRST.length + 2, max: SIZE - 1 }),
      revisionNumber: revisionNumbers,
    }),
    { maxLength: 1 },
  ),
});
const someUpdates = fc.uniqueArray(fc.constantFrom(...SOFTWARE), { minLength: 1, maxLength: 3 });
const approval: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('approve' as const),
  updates: someUpdates,
  groups: fc.uniqueArray(indexes(6), { minLength: 1, maxLength: 3 }),
  action: fc.constantFrom(...ACTIONS),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: approval },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('import' as const),
      arrivals: fc.array(arrival, { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('import' as const),
      arrivals: fc.array(stranger, { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('decline' as const), updates: someUpdates }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('create' as const), below: indexes(6) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('move' as const), group: indexes(6), below: indexes(6) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), group: indexes(6) }) },
);
/** Several happen before the next snapshot is made. */
const history: fc.Arbitrary<readonly (readonly Step[])[]> = fc.array(
  fc.array(step, { minLength: 1, maxLength: 3 }),
  { minLength: 3, maxLength: 10 },
);

const offered = ({ core, ...rest }: OfferedRevision) => ({ ...rest, core: core.toString('utf8') });

/** What computers in all sorts of groups, in all sorts of states, are answered. */
function answers(snapshot: Snapshot, world: Pick<World, 'groupIds'>): unknown {
  const groups = world.groupIds;
  const sets = [
    ...groups.map((id) => [id]),
    ...groups.slice(1).map((id, index) => [id, groups[index] ?? id]),
    [UNASSIGNED_COMPUTERS],
    ['no-such-group'],
  ];
  const scans = [
    { installed: [], cached: [] },
    ...[1, 2, 8].map((behind) => ({
      installed: [1, 2, 3],
      cached: [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
      knownChange: snapshot.generation - behind,
    })),
    {
      installed: Array.from({ length: 20 }, (_, index) => index + 1),
      cached: [],
      categoryIds: [updateId(2)],
    },
    {
      installed: Array.from({ length: 30 }, (_, index) => index + 1),
      cached: Array.from({ length: 20 }, (_, index) => index + 10),
      categoryIds: [updateId(AT_FIRST.length + 1)],
      knownChange: snapshot.generation - 5,
    },
  ];
  return sets.map((groupIds) =>
    scans.map(({ installed, cached, ...more }) => {
      const answer = snapshot.scan({
        groupIds,
        installedNonLeafRevisionIds: installed,
        otherCachedRevisionIds: cached,
        cachedDriverRevisionIds: [],
        pageSize: 1000,
        pageBytes: 10_000_000,
        ...more,
      });
      return {
        ...answer,
        newUpdates: answer.newUpdates.map(offered),
        changedUpdates: answer.changedUpdates.map(offered),
      };
    }),
  );
}

function madeFromNothing(db: Database): Snapshot {
  const keeper = new SnapshotKeeper(db);
  try {
    return keeper.current();
  } finally {
    keeper.close();
  }
}

const EVERYTHING: readonly Arrival[] = AT_FIRST.map((_, index) => ({
  index,
  revisionNumber: 1,
  clauses:
    index < 4
      ? []
      : [
          { isCategory: false, items: [index % 2] },
          { isCategory: true, items: [2 + (index % 2)] },
        ],
  bundled: index >= 8 ? [{ index: index - 4, revisionNumber: 1 }] : [],
}));

const decideEverywhere = (updates: readonly number[], action: Action): Step => ({
  do: 'approve',
  updates,
  groups: [0],
  action,
});
const installEverywhere = (updates: readonly number[]): Step => decideEverywhere(updates, 'Install');

/** What bundles the very revision is offered already, and nothing else changed, when it arrives. */
const MEMBER_AFTER_ITS_BUNDLE: readonly (readonly Step[])[] = [
  [{ do: 'decline', updates: [9] }],
  [
    {
      do: 'import',
      arrivals: [{ index: 4, revisionNumber: 2, clauses: [], bundled: [{ index: 9, revisionNumber: 2 }] }],
    },
    installEverywhere([4]),
  ],
  [{ do: 'import', arrivals: [{ index: 9, revisionNumber: 2, clauses: [], bundled: [] }] }],
];

/** Update 5, which nothing in category 2 needs, decides there too in which order what it needs is sent. */
const DECLINED_OUTSIDE_OF_THE_FILTER: readonly (readonly Step[])[] = [
  [installEverywhere([4, 8, 10]), { do: 'decline', updates: [9] }],
  [
    {
      do: 'import',
      arrivals: [{ index: 1, revisionNumber: 2, clauses: [], bundled: [{ index: 8, revisionNumber: 1 }] }],
    },
  ],
  [installEverywhere([5])],
  [{ do: 'decline', updates: [5] }],
];

/** Update 7 names it as a prerequisite, which puts it into a category that is not here yet. */
const CATEGORY_AFTER_ITS_MEMBERS: readonly (readonly Step[])[] = [
  [
    {
      do: 'import',
      arrivals: [
        {
          index: 7,
          revisionNumber: 2,
          clauses: [{ isCategory: false, items: [AT_FIRST.length + 1] }],
          bundled: [],
        },
      ],
    },
    installEverywhere([7]),
  ],
  [{ do: 'import', arrivals: [stray(AT_FIRST.length + 2)] }],
  [{ do: 'import', arrivals: [stray(AT_FIRST.length + 1)] }],
];

/** What is offered is a leaf no more, named as a prerequisite by what nobody is offered. */
const PREREQUISITE_OF_A_STRANGER: readonly (readonly Step[])[] = [
  [installEverywhere([9])],
  [{ do: 'import', arrivals: [stray(AT_FIRST.length + 3, [9])] }],
];

/** Approved after snapshots went by it: what was noted of it then is to count. */
const STRANGER_APPROVED_LATER: readonly (readonly Step[])[] = [
  [{ do: 'import', arrivals: [stray(AT_FIRST.length + 2)] }],
  [{ do: 'import', arrivals: [stray(AT_FIRST.length + 3, [AT_FIRST.length + 2])] }],
  [installEverywhere([AT_FIRST.length + 3])],
];

/** What is offered as a member alone is told again when a bundle of it that nobody decided on is declined. */
const OTHER_BUNDLE_DECLINED: readonly (readonly Step[])[] = [
  [
    {
      do: 'import',
      arrivals: [{ index: 4, revisionNumber: 2, clauses: [], bundled: [{ index: 6, revisionNumber: 1 }] }],
    },
    installEverywhere([4]),
  ],
  [{ do: 'decline', updates: [10] }],
];

function stray(index: number, prerequisites: readonly number[] = []): Arrival {
  const clauses = prerequisites.length === 0 ? [] : [{ isCategory: false, items: prerequisites }];
  return { index, revisionNumber: 1, clauses, bundled: [] };
}

/** Counts what is read of what a snapshot is made of. */
class CountedRows extends ScanRows {
  read = 0;

  override revisions(ids: readonly number[]): RevisionRow[] {
    this.read += ids.length;
    return super.revisions(ids);
  }

  override standings(ids: readonly number[]): StandingRow[] {
    this.read += ids.length;
    return super.standings(ids);
  }

  override identitiesOf(ids: readonly string[]): StoredIdentity[] {
    this.read += ids.length;
    return super.identitiesOf(ids);
  }

  override bundling(ids: readonly string[]): [string, string][] {
    this.read += ids.length;
    return super.bundling(ids);
  }
}

function toItsEnd<T>(work: Generator<void, T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

describe('the snapshot that is kept', () => {
  it('answers after any history what one made from nothing answers', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (batches) => {
        const world = new World();
        const keeper = new SnapshotKeeper(world.db);
        world.take({ do: 'create', below: 0 });
        world.take({ do: 'create', below: 2 });
        world.take({ do: 'import', arrivals: EVERYTHING });
        world.take(installEverywhere([4, 9]));
        // Plans that somebody used are what the next snapshot takes over.
        answers(keeper.current(), world);
        for (const steps of batches) {
          for (const each of steps) world.take(each);
          const kept = await keeper.refreshed();
          const fresh = madeFromNothing(world.db);
          expect(kept.generation).toBe(fresh.generation);
          expect(answers(kept, world)).toEqual(answers(fresh, world));
        }
        keeper.close();
        world.db.close();
      }),
      {
        numRuns: 60,
        examples: [
          [DECLINED_OUTSIDE_OF_THE_FILTER],
          [MEMBER_AFTER_ITS_BUNDLE],
          [CATEGORY_AFTER_ITS_MEMBERS],
          [PREREQUISITE_OF_A_STRANGER],
          [STRANGER_APPROVED_LATER],
          [OTHER_BUNDLE_DECLINED],
        ],
      },
    );
  }, 120_000);

  it('is of one state of the database, whatever is committed while it is made', () => {
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.boolean()), (batches, interruptions) => {
        const world = new World();
        world.take({ do: 'import', arrivals: EVERYTHING });
        world.take(installEverywhere([4, 9]));
        const reader = openReader(world.db);
        const builder = new SnapshotBuilder(new ScanRows(reader));
        const steps = batches.flat();
        while (steps.length > 0) {
          const work = builder.next();
          const first = work.next();
          const fresh = madeFromNothing(world.db);
          const expected = answers(fresh, world);
          const groups = world.groupIds;
          let done = first;
          while (done.done !== true) {
            const [interrupts] = interruptions.take(1);
            const next = interrupts === true ? steps.pop() : undefined;
            if (next !== undefined) world.take(next);
            done = work.next();
          }
          expect(done.value.generation).toBe(fresh.generation);
          expect(answers(done.value, { groupIds: groups })).toEqual(expected);
          const left = steps.pop();
          if (left !== undefined) world.take(left);
        }
        reader.close();
        world.db.close();
      }),
      { numRuns: 40 },
    );
  }, 120_000);

  it('reads nothing anew of what is offered where what was imported has to do with none of it', () => {
    const world = new World();
    world.take({ do: 'import', arrivals: EVERYTHING });
    world.take(installEverywhere([4, 9]));
    const reader = openReader(world.db);
    const rows = new CountedRows(reader);
    const builder = new SnapshotBuilder(rows);
    const before = toItsEnd(builder.next());
    rows.read = 0;
    world.take({ do: 'import', arrivals: [stray(AT_FIRST.length + 2), stray(AT_FIRST.length + 3, [0, 2])] });
    const after = toItsEnd(builder.next());
    expect(rows.read).toBe(0);
    expect(after.generation).toBeGreaterThan(before.generation);
    expect(answers(after, world)).toEqual(answers(madeFromNothing(world.db), world));

    world.take({ do: 'import', arrivals: [{ ...stray(9), revisionNumber: 2 }] });
    toItsEnd(builder.next());
    expect(rows.read).toBeGreaterThan(0);
    reader.close();
    world.db.close();
  });

  it('stays the present one until the next is whole, which is made at the first sign of a change', async () => {
    const world = new World();
    const keeper = new SnapshotKeeper(world.db);
    world.take({ do: 'import', arrivals: EVERYTHING });
    const first = keeper.current();
    world.take(installEverywhere([4]));
    expect(keeper.current()).toBe(first);
    expect(answers(first, world)).toEqual(answers(first, world));
    const next = await keeper.refreshed();
    expect(next).not.toBe(first);
    expect(keeper.current()).toBe(next);
    keeper.close();
  });

  it('is followed by newer ones although commits never pause', async () => {
    const world = new World();
    world.take({ do: 'import', arrivals: EVERYTHING });
    const keeper = new SnapshotKeeper(world.db);
    const seen = new Set<number>();
    for (let round = 0; round < 60; round += 1) {
      world.take(decideEverywhere([4 + (round % 8)], round % 16 < 8 ? 'Install' : 'Block'));
      seen.add(keeper.current().generation);
      await turn();
    }
    expect(seen.size).toBeGreaterThan(5);
    keeper.close();
  });

  it('is pressed for by everything that changes what a scan says, other than by arriving', () => {
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.boolean()), (batches, rebuilds) => {
        const world = new World();
        world.take({ do: 'create', below: 0 });
        world.take({ do: 'import', arrivals: EVERYTHING });
        world.take(installEverywhere([4, 9]));
        const reader = openReader(world.db);
        const builder = new SnapshotBuilder(new ScanRows(reader));
        expect(builder.isPressing()).toBe(true);
        toItsEnd(builder.next());
        expect(builder.isPressing()).toBe(false);
        let now = madeFromNothing(world.db);
        for (const each of batches.flat()) {
          world.take(each);
          const before = now;
          now = madeFromNothing(world.db);
          const unchanged = before.at(now.generation);
          // To the groups that there are now: one that was deleted is told nothing any more.
          const isSame = isDeepStrictEqual(answers(unchanged, world), answers(now, world));
          if (each.do !== 'import' && !isSame) expect(builder.isPressing()).toBe(true);
          const [isNext] = rebuilds.take(1);
          if (isNext === true) toItsEnd(builder.next());
        }
        reader.close();
        world.db.close();
      }),
      {
        numRuns: 25,
      },
    );
  }, 120_000);

  it('leaves arrivals that concern nobody for later, and takes them up with the next decision', async () => {
    const world = new World();
    world.take({ do: 'import', arrivals: EVERYTHING });
    world.take(installEverywhere([4]));
    const keeper = new SnapshotKeeper(world.db, { arrivalsInterval: Number.POSITIVE_INFINITY });
    const first = keeper.current();
    for (const index of [2, 3, 4]) {
      world.take({ do: 'import', arrivals: [stray(AT_FIRST.length + index, index === 4 ? [0] : [])] });
      keeper.noticeChange();
      for (let turns = 0; turns < 20; turns += 1) await turn();
      expect(keeper.current()).toBe(first);
    }
    world.take(installEverywhere([AT_FIRST.length + 3]));
    keeper.noticeChange();
    while (keeper.current() === first) await turn();
    expect(answers(keeper.current(), world)).toEqual(answers(madeFromNothing(world.db), world));
    keeper.close();
  });

  it('has arrivals too, with nothing else happening, once some time went by', async () => {
    const world = new World();
    world.take({ do: 'import', arrivals: EVERYTHING });
    world.take(installEverywhere([4]));
    const keeper = new SnapshotKeeper(world.db, { arrivalsInterval: 20 });
    const first = keeper.current();
    keeper.watch();
    world.take({ do: 'import', arrivals: [stray(AT_FIRST.length + 2)] });
    while (keeper.current() === first) await turn();
    expect(keeper.current().generation).toBe(madeFromNothing(world.db).generation);
    keeper.close();
  });

  it('notices what another process commits', async () => {
    const world = new World();
    world.take({ do: 'import', arrivals: EVERYTHING });
    const keeper = new SnapshotKeeper(world.db);
    const before = keeper.current();
    const other = openDatabase(world.db.name);
    approve(
      other,
      { updateIds: [updateId(4)], groupIds: [ALL_COMPUTERS], action: 'Install', acceptEulaIds: [] },
      DECIDER,
    );
    other.close();
    expect((await keeper.refreshed()).generation).toBeGreaterThan(before.generation);
    keeper.close();
  });

  it('shows a new group what its parent is offered, also before anything else changes', async () => {
    const world = new World();
    world.take({ do: 'import', arrivals: EVERYTHING });
    world.take(installEverywhere([4]));
    const keeper = new SnapshotKeeper(world.db);
    keeper.current();
    const { groupId } = createGroup(world.db, 'newcomers', ALL_COMPUTERS);
    const snapshot = await keeper.refreshed();
    const revisionId = world.db
      .prepare<[string], number>('SELECT revision_id FROM revision WHERE update_id = ?')
      .pluck()
      .get(updateId(4));
    expect(snapshot.deploymentOf([groupId], revisionId ?? 0)?.deployment.action).toBe('Install');
    keeper.close();
  });
});

describe('where a snapshot cannot be made', () => {
  const spoil = (db: Database): void => {
    db.exec('ALTER TABLE scan_change RENAME TO scan_change_spoilt');
  };
  const mend = (db: Database): void => {
    db.exec('ALTER TABLE scan_change_spoilt RENAME TO scan_change');
  };

  it('scans go on with the present one, it is told, and tried again until it can', async () => {
    const world = new World();
    world.take({ do: 'import', arrivals: EVERYTHING });
    const failures: unknown[] = [];
    const keeper = new SnapshotKeeper(world.db, { onFailed: (error) => failures.push(error) });
    const before = keeper.current();
    world.take(installEverywhere([4]));
    spoil(world.db);
    await expect(keeper.refreshed()).rejects.toMatchObject({ code: 'SNAPSHOT_FAILED' });
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({ name: 'SqliteError' });
    expect(keeper.current()).toBe(before);
    mend(world.db);
    while (keeper.current() === before) await turn();
    expect(answers(keeper.current(), world)).toEqual(answers(madeFromNothing(world.db), world));
    keeper.close();
  });

  it('and there was none before, who asks is told so, and answered once it can be made', () => {
    const world = new World();
    const keeper = new SnapshotKeeper(world.db);
    spoil(world.db);
    expect(() => keeper.current()).toThrow('No snapshot of what is deployed could be made');
    mend(world.db);
    expect(keeper.current().generation).toBeGreaterThanOrEqual(0);
    keeper.close();
  });
});
