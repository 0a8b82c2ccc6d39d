import fc from 'fast-check';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../store/database/database.ts';
import type { Database } from '../store/database/database.ts';
import { advanceGeneration } from '../store/database/generation.ts';
import type { DecisionRow } from '../store/scan-rows.ts';
import { referenceNeeded, referenceOffers } from './reference-scan.ts';
import type { ReferenceRevision, ReferenceWorld } from './reference-scan.ts';
import type { OfferedRevision, ScanAnswer } from './scan.ts';
import { SnapshotKeeper } from './snapshot-keeper.ts';

const ALL_COMPUTERS = 'a0a08746-4dbe-4a37-9adf-9e7652c0b421';
const UNASSIGNED = 'b73ca6ed-5727-47f3-84de-015e03f6a88a';
const AT = '2026-11-10T18:00:00.000Z';
const EMPTY = { installedNonLeafRevisionIds: [], otherCachedRevisionIds: [] };

const openEmpty = (): Database => openDatabase(join(mkdtempSync(join(tmpdir(), 'sluice-')), 'sluice.db'));

function insertRevision(db: Database, revision: ReferenceRevision, isLeaf: boolean): void {
  db.prepare(
    `INSERT INTO revision (revision_id, update_id, revision_number, update_type, publication_state, is_latest, is_leaf,
       explicitly_deployable, creation_date, arrived_at, import_sequence, default_language, title, core, document)
     VALUES (?, ?, ?, ?, 'Published', 0, ?, 1, ?, ?, 1, 'en', ?, ?, x'')`,
  ).run(
    revision.revisionId,
    revision.updateId,
    revision.revisionNumber,
    revision.updateType,
    isLeaf ? 1 : 0,
    AT,
    AT,
    `update ${revision.updateId}`,
    `<UpdateIdentity UpdateID="${revision.updateId}" />`,
  );
  for (const [index, clause] of revision.clauses.entries())
    for (const updateId of new Set(clause))
      db.prepare('INSERT INTO prerequisite VALUES (?, ?, ?, 0)').run(revision.revisionId, index, updateId);
  for (const [index, member] of revision.bundled.entries())
    db.prepare('INSERT INTO bundled_update VALUES (?, ?, ?, ?)').run(
      revision.revisionId,
      index,
      member.updateId,
      member.revisionNumber,
    );
  for (const categoryId of new Set(revision.categoryIds))
    db.prepare('INSERT INTO revision_category VALUES (?, ?)').run(revision.revisionId, categoryId);
}

function insertDecision(db: Database, row: DecisionRow): void {
  db.prepare('INSERT INTO deployment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)').run(
    row.deploymentId,
    `guid-${row.deploymentId}`,
    row.revisionId,
    row.updateId,
    row.groupId,
    row.action,
    row.deadline,
    'tester',
    row.changedAt,
  );
}

const isLeafIn = (world: ReferenceWorld, updateId: string): boolean =>
  !world.revisions.some(({ clauses }) => clauses.flat().includes(updateId));

function storeWorld(world: ReferenceWorld): Database {
  const db = openEmpty();
  db.transaction(() => {
    for (const group of world.groups)
      if (group.groupId !== ALL_COMPUTERS)
        db.prepare('INSERT INTO target_group VALUES (?, ?, ?, 0)').run(
          group.groupId,
          group.parentId,
          group.groupId,
        );
    for (const revision of world.revisions) insertRevision(db, revision, isLeafIn(world, revision.updateId));
    for (const row of world.decisions) insertDecision(db, row);
    for (const updateId of world.declined)
      db.prepare('INSERT INTO declined_update VALUES (?, ?, ?)').run(updateId, 'tester', AT);
  })();
  return db;
}

const UPDATES = Array.from({ length: 10 }, (_, index) => `u${index}`);
const GROUPS = ['g1', 'g2', 'g3', 'g4'];

const revisionOf = (revisionId: number, updateId: string, revisionNumber: number) =>
  fc.record({
    revisionId: fc.constant(revisionId),
    updateId: fc.constant(updateId),
    revisionNumber: fc.constant(revisionNumber),
    updateType: fc.constantFrom('Software', 'Software', 'Detectoid', 'Category', 'Driver'),
    clauses: fc.array(fc.array(fc.constantFrom(...UPDATES, 'unknown'), { minLength: 1, maxLength: 3 }), {
      maxLength: 2,
    }),
    bundled: fc.uniqueArray(
      fc.record({ updateId: fc.constantFrom(...UPDATES), revisionNumber: fc.constantFrom(1, 2) }),
      { maxLength: 2, selector: (member) => `${member.updateId}/${member.revisionNumber}` },
    ),
    categoryIds: fc.array(fc.constantFrom(...UPDATES), { maxLength: 2 }),
  }) satisfies fc.Arbitrary<ReferenceRevision>;

const world: fc.Arbitrary<ReferenceWorld> = fc
  .record({
    first: fc.tuple(...UPDATES.map((updateId, index) => revisionOf(index + 1, updateId, 1))),
    second: fc.tuple(
      ...UPDATES.map((updateId, index) =>
        fc.option(revisionOf(index + 101, updateId, 2), { nil: undefined }),
      ),
    ),
    parents: fc.tuple(...GROUPS.map((_, index) => fc.constantFrom(ALL_COMPUTERS, ...GROUPS.slice(0, index)))),
    decisions: fc.uniqueArray(
      fc.record({
        update: fc.nat({ max: UPDATES.length - 1 }),
        wantsSecond: fc.boolean(),
        groupId: fc.constantFrom(ALL_COMPUTERS, ...GROUPS),
        action: fc.constantFrom(
          'Install',
          'OptionalInstall',
          'Uninstall',
          'PreDeploymentCheck',
          'Block',
          'NotApproved',
        ),
        deadline: fc.constantFrom(null, '2026-12-01T00:00:00.000Z', '2026-12-02T00:00:00.000Z'),
      }),
      { maxLength: 14, selector: ({ update, groupId }) => `${update}/${groupId}` },
    ),
    declined: fc.uniqueArray(fc.constantFrom(...UPDATES), { maxLength: 2 }),
  })
  .map(({ first, second, parents, decisions, declined }) => ({
    revisions: [...first, ...second.filter((revision) => revision !== undefined)],
    groups: [
      { groupId: ALL_COMPUTERS, parentId: null },
      ...GROUPS.map((groupId, index) => ({ groupId, parentId: parents[index] ?? ALL_COMPUTERS })),
    ],
    declined,
    decisions: decisions.map(({ update, wantsSecond, ...row }, index) => ({
      ...row,
      deploymentId: index + 1,
      updateId: UPDATES[update] ?? '',
      revisionId: (wantsSecond ? second[update]?.revisionId : undefined) ?? update + 1,
      changedAt: AT,
    })),
  }));

const memberships = fc.uniqueArray(fc.constantFrom(...GROUPS), { minLength: 1, maxLength: 3 });
const someRevisionIds = fc.uniqueArray(
  fc.oneof(
    fc.integer({ min: 1, max: 10 }),
    fc.integer({ min: 101, max: 110 }),
    fc.constantFrom(-5, 0, 999_999),
  ),
  { maxLength: 12 },
);

const shape = ({ revisionId, deployment }: OfferedRevision) => ({
  revisionId,
  action: deployment.action,
  deadline: deployment.deadline,
});
const ascending = (a: number, b: number): number => a - b;
const sorted = <T extends { revisionId: number }>(items: readonly T[]): T[] =>
  items.toSorted((a, b) => a.revisionId - b.revisionId);

describe('a software scan', () => {
  it('answers what the obvious reference answers, for any catalogue, approvals, groups and cache', () => {
    fc.assert(
      fc.property(
        world,
        memberships,
        someRevisionIds,
        someRevisionIds,
        fc.option(fc.uniqueArray(fc.constantFrom(...UPDATES), { maxLength: 3 }), { nil: undefined }),
        (state, groupIds, installed, otherCached, categoryIds) => {
          const db = storeWorld(state);
          const answer = new SnapshotKeeper(db).current().scan({
            groupIds,
            installedNonLeafRevisionIds: installed,
            otherCachedRevisionIds: otherCached,
            ...(categoryIds === undefined ? {} : { categoryIds }),
            pageSize: 1000,
          });
          db.close();
          const cached = [...installed, ...otherCached];
          const offers = referenceOffers(state, groupIds, categoryIds);
          const needed = referenceNeeded(state, offers, installed);
          const isNeeded = (id: number) => needed.some(({ revisionId }) => revisionId === id);
          expect(sorted(answer.newUpdates.map(shape))).toEqual(
            sorted(needed.filter(({ revisionId }) => !cached.includes(revisionId))),
          );
          expect(sorted(answer.changedUpdates.map(shape))).toEqual(
            sorted(needed.filter(({ revisionId }) => cached.includes(revisionId))),
          );
          const unneeded = [...new Set(cached)].filter((id) => !isNeeded(id));
          const deployed = referenceOffers(state, groupIds).map(({ revisionId }) => revisionId);
          const isDeployed = (id: number) => categoryIds !== undefined && deployed.includes(id);
          expect(answer.deployedOutOfScopeRevisionIds.toSorted(ascending)).toEqual(
            unneeded.filter(isDeployed).toSorted(ascending),
          );
          expect(answer.outOfScopeRevisionIds.toSorted(ascending)).toEqual(
            unneeded.filter((id) => !isDeployed(id)).toSorted(ascending),
          );
          for (const { updateId, isLeaf } of answer.newUpdates)
            expect(isLeaf).toBe(isLeafIn(state, updateId));
        },
      ),
      { numRuns: 150 },
    );
  }, 60_000);

  it('sends no more than a page, and an agent that scans until nothing is new always comes to an end with all of it', () => {
    fc.assert(
      fc.property(
        world,
        memberships,
        fc.uniqueArray(fc.constantFrom(...UPDATES)),
        fc.integer({ min: 1, max: 4 }),
        (state, groupIds, installable, pageSize) => {
          const db = storeWorld(state);
          const snapshot = new SnapshotKeeper(db).current();
          const installed: number[] = [];
          const other: number[] = [];
          const seen = new Set<number>();
          let answer: ScanAnswer;
          do {
            answer = snapshot.scan({
              groupIds,
              installedNonLeafRevisionIds: installed,
              otherCachedRevisionIds: other,
              pageSize,
            });
            expect(answer.newUpdates.length).toBeLessThanOrEqual(pageSize);
            for (const { revisionId, updateId, isLeaf } of answer.newUpdates) {
              expect(seen.has(revisionId)).toBe(false);
              seen.add(revisionId);
              (!isLeaf && installable.includes(updateId) ? installed : other).push(revisionId);
            }
          } while (answer.newUpdates.length > 0);
          expect(answer.truncated).toBe(false);
          db.close();
          const needed = referenceNeeded(state, referenceOffers(state, groupIds), installed);
          expect([...seen].toSorted(ascending)).toEqual(
            needed.map(({ revisionId }) => revisionId).toSorted(ascending),
          );
        },
      ),
      { numRuns: 80 },
    );
  }, 60_000);
});

const plain = (
  revisionId: number,
  updateId: string,
  more: Partial<ReferenceRevision> = {},
): ReferenceRevision => ({
  revisionId,
  updateId,
  revisionNumber: 1,
  updateType: 'Software',
  clauses: [],
  bundled: [],
  categoryIds: [],
  ...more,
});

const install = (
  deploymentId: number,
  revisionId: number,
  updateId: string,
  groupId: string,
): DecisionRow => ({
  deploymentId,
  revisionId,
  updateId,
  groupId,
  action: 'Install',
  deadline: null,
  changedAt: AT,
});

describe('what changed since a computer last asked', () => {
  const revisions = [
    plain(1, 'bundle', { bundled: [{ updateId: 'member', revisionNumber: 1 }] }),
    plain(2, 'member'),
  ];
  const begin = (decisions: readonly DecisionRow[]) => {
    const db = storeWorld({
      revisions,
      groups: [
        { groupId: ALL_COMPUTERS, parentId: null },
        { groupId: 'pilot', parentId: ALL_COMPUTERS },
      ],
      decisions,
      declined: [],
    });
    const keeper = new SnapshotKeeper(db);
    const scan = (cached: number[], knownChange?: number, installed: number[] = []) =>
      keeper.current().scan({
        groupIds: ['pilot'],
        installedNonLeafRevisionIds: installed,
        otherCachedRevisionIds: cached,
        pageSize: 30,
        ...(knownChange === undefined ? {} : { knownChange }),
      });
    return { db, scan };
  };

  it('is told once, and the same cookie asks again in vain', () => {
    const { scan } = begin([install(1, 1, 'bundle', 'pilot')]);
    const first = scan([1, 2]);
    expect(first.changedUpdates.map(shape)).toHaveLength(2);
    expect(scan([1, 2], first.knownChange).changedUpdates).toEqual([]);
  });

  it('is not forgotten when a scan begins with empty lists and names what it holds only later', () => {
    const { db, scan } = begin([]);
    insertRevision(db, plain(4, 'detectoid', { updateType: 'Detectoid' }), false);
    insertRevision(db, plain(3, 'dependant', { clauses: [['detectoid']] }), true);
    insertDecision(db, install(1, 3, 'dependant', 'pilot'));
    const before = scan([3], 0, [4]).knownChange;
    db.prepare("UPDATE deployment SET deadline = '2026-12-01T00:00:00.000Z'").run();
    const cold = scan([], before);
    expect(cold.newUpdates.map(({ updateId }) => updateId)).toEqual(['detectoid']);
    const warm = scan([3], cold.knownChange, [4]);
    expect(warm.changedUpdates.map(shape)).toEqual([
      { revisionId: 3, action: 'Install', deadline: '2026-12-01T00:00:00.000Z' },
    ]);
    expect(scan([3], warm.knownChange, [4]).changedUpdates).toEqual([]);
  });

  it('is nothing in the scan after a first one, which ended with what nobody depends on', () => {
    const { scan } = begin([install(1, 1, 'bundle', 'pilot')]);
    const first = scan([]);
    expect(first.newUpdates).toHaveLength(2);
    expect(scan([1, 2], first.knownChange).changedUpdates).toEqual([]);
  });

  it('includes the older approval of the parent group that a removed one uncovers', () => {
    const { db, scan } = begin([
      {
        ...install(1, 2, 'member', ALL_COMPUTERS),
        action: 'PreDeploymentCheck',
        changedAt: '2020-01-01T00:00:00.000Z',
      },
      install(2, 2, 'member', 'pilot'),
    ]);
    const { knownChange } = scan([2]);
    db.prepare("DELETE FROM deployment WHERE group_id = 'pilot'").run();
    expect(scan([2], knownChange).changedUpdates.map(shape)).toEqual([
      { revisionId: 2, action: 'PreDeploymentCheck', deadline: undefined },
    ]);
  });

  it('includes a member that is a member no more because its bundle was declined', () => {
    const needsMember = plain(3, 'dependant', { clauses: [['member']] });
    const { db, scan } = begin([install(1, 1, 'bundle', 'pilot')]);
    insertRevision(db, needsMember, true);
    insertDecision(db, install(2, 3, 'dependant', 'pilot'));
    const { knownChange } = scan([1, 2]);
    db.prepare("INSERT INTO declined_update VALUES ('bundle', 'tester', ?)").run(AT);
    const answer = scan([1, 2], knownChange);
    expect(answer.changedUpdates.map(shape)).toEqual([
      { revisionId: 2, action: 'Evaluate', deadline: undefined },
    ]);
    expect(answer.outOfScopeRevisionIds).toEqual([1]);
  });

  it('includes an update that became a leaf no more', () => {
    const { db, scan } = begin([install(1, 2, 'member', 'pilot')]);
    const { knownChange } = scan([2]);
    db.prepare("UPDATE revision SET is_leaf = 0 WHERE update_id = 'member'").run();
    const [changed] = scan([2], knownChange).changedUpdates;
    expect(changed?.isLeaf).toBe(false);
  });

  it('includes everything for a computer that knows of a later state than a restored server', () => {
    const { scan } = begin([install(1, 1, 'bundle', 'pilot')]);
    expect(scan([1], 1_000_000).changedUpdates.map(shape)).toHaveLength(1);
  });

  it('includes the category that an update turned out to be in after it was first scanned', () => {
    const { db } = begin([install(1, 1, 'bundle', 'pilot')]);
    const keeper = new SnapshotKeeper(db);
    const scan = () =>
      keeper.current().scan({ groupIds: ['pilot'], ...EMPTY, categoryIds: ['product'], pageSize: 30 });
    expect(scan().newUpdates).toEqual([]);
    db.prepare("INSERT INTO revision_category VALUES (1, 'product')").run();
    advanceGeneration(db);
    expect(scan().newUpdates.map(shape)).toContainEqual({
      revisionId: 1,
      action: 'Install',
      deadline: undefined,
    });
  });

  it('reaches computers in no group through All Computers only', () => {
    const { db } = begin([install(1, 1, 'bundle', ALL_COMPUTERS), install(2, 2, 'member', 'pilot')]);
    const answer = new SnapshotKeeper(db).current().scan({ groupIds: [UNASSIGNED], ...EMPTY, pageSize: 30 });
    expect(sorted(answer.newUpdates.map(shape))).toEqual([
      { revisionId: 1, action: 'Install', deadline: undefined },
      { revisionId: 2, action: 'Bundle', deadline: undefined },
    ]);
  });
});
