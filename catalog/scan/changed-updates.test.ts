/** What a computer hears of what it holds already, and that it hears of each change once. */
import type { DecisionRow } from '../store/scan-rows.ts';
import { advanceGeneration } from '../store/database/generation.ts';
import {
  ALL_COMPUTERS,
  approval,
  committed,
  insertDecision,
  insertDecline,
  insertRevision,
  plain,
  storeWorld,
  UNASSIGNED,
} from '../../scripts/testing/stored-world.ts';
import type { OfferedRevision, ScanRequest } from './scan.ts';

const EMPTY = {
  installedNonLeafRevisionIds: [],
  otherCachedRevisionIds: [],
  cachedDriverRevisionIds: [],
  pageSize: 30,
  pageBytes: 1_000_000,
} satisfies Partial<ScanRequest>;

const shape = ({ revisionId, deployment }: OfferedRevision) => ({
  revisionId,
  action: deployment.action,
  deadline: deployment.deadline,
});
const sorted = <T extends { revisionId: number }>(items: readonly T[]): T[] =>
  items.toSorted((a, b) => a.revisionId - b.revisionId);

const install = (deploymentId: number, revisionId: number, updateId: string, groupId: string): DecisionRow =>
  approval(deploymentId, { revisionId, updateId }, groupId);

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
    const scan = (cached: number[], knownChange?: number, installed: number[] = []) =>
      committed(db).scan({
        ...EMPTY,
        groupIds: ['pilot'],
        installedNonLeafRevisionIds: installed,
        otherCachedRevisionIds: cached,
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
    insertDecline(db, 'bundle');
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
    const scan = () => committed(db).scan({ groupIds: ['pilot'], ...EMPTY, categoryIds: ['product'] });
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
    const answer = committed(db).scan({ groupIds: [UNASSIGNED], ...EMPTY });
    expect(sorted(answer.newUpdates.map(shape))).toEqual([
      { revisionId: 1, action: 'Install', deadline: undefined },
      { revisionId: 2, action: 'Bundle', deadline: undefined },
    ]);
  });
});
