import { ALL_COMPUTERS, approval, plain } from '../../scripts/testing/stored-world.ts';
import { committed, removeWorld, storeWorld } from '../../scripts/testing/stored-world.ts';
import { NeededLists } from './needed-lists.ts';
import type { Plan } from './plan.ts';
import type { PlanEntry } from './plan-entries.ts';
import type { Snapshot } from './snapshot.ts';

/** The lists look at nothing of a plan but its serial, and hand entries out as they were found. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const planOf = (serial: number): Plan => ({ serial }) as Plan;
const entries = (count: number): PlanEntry[] =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  Array.from({ length: count }, () => ({})) as PlanEntry[];

describe('what is needed with which updates installed', () => {
  it('is gone through once for a list, and again for another list, order or plan', () => {
    const lists = new NeededLists();
    const [one, other] = [planOf(1), planOf(2)];
    const found: string[] = [];
    const ask = (plan: Plan, installed: number[]): void => {
      lists.of(plan, installed, () => {
        found.push(`${plan.serial}: ${installed.join()}`);
        return entries(3);
      });
    };
    for (let round = 0; round < 2; round += 1) {
      ask(one, [1, 2]);
      ask(one, [2, 1]);
      ask(other, [1, 2]);
      ask(one, []);
    }
    expect(found).toEqual(['1: 1,2', '1: 2,1', '2: 1,2', '1: ']);
  });

  it('is never mistaken for that of a list with the same hash', () => {
    const lists = new NeededLists();
    const plan = planOf(1);
    const [first, second] = [entries(1), entries(1)];
    for (let round = 0; round < 3; round += 1) {
      // 31 · 5 + 40 = 31 · 6 + 9
      expect(lists.of(plan, [5, 40], () => first)).toBe(first);
      expect(lists.of(plan, [6, 9], () => second)).toBe(second);
    }
  });

  it('is forgotten, the least recently used first, where memory runs out', () => {
    const lists = new NeededLists(40);
    const plan = planOf(1);
    const isKnown = (id: number): boolean => {
      let isFound = true;
      lists.of(plan, [id], () => {
        isFound = false;
        return entries(8);
      });
      return isFound;
    };
    expect([1, 2, 3, 4].map(isKnown)).toEqual([false, false, false, false]);
    expect(isKnown(1)).toBe(true);
    expect(isKnown(5)).toBe(false);
    expect([1, 2].map(isKnown)).toEqual([true, false]);
    for (let id = 0; id < 500; id += 1) isKnown(id);
    expect(lists.items).toBeLessThanOrEqual(40);
  });

  it('is not kept where a single list is too long', () => {
    const lists = new NeededLists(40);
    lists.of(
      planOf(1),
      Array.from({ length: 50 }, (_, id) => id),
      () => entries(1),
    );
    expect(lists.items).toBe(0);
  });

  it('is asked anew of each snapshot', () => {
    const revisions = [plain(1, 'first'), plain(2, 'second')];
    const groups = [{ groupId: ALL_COMPUTERS, parentId: null }];
    const scan = (snapshot: Snapshot): string[] =>
      snapshot
        .scan({
          groupIds: [ALL_COMPUTERS],
          installedNonLeafRevisionIds: [],
          otherCachedRevisionIds: [],
          cachedDriverRevisionIds: [],
          pageSize: 30,
          pageBytes: 1_000_000,
        })
        .newUpdates.map(({ updateId }) => updateId);
    for (const revision of revisions) {
      const db = storeWorld({
        revisions,
        groups,
        decisions: [approval(1, revision, ALL_COMPUTERS)],
        declined: [],
      });
      const snapshot = committed(db);
      removeWorld(db);
      for (let round = 0; round < 2; round += 1) expect(scan(snapshot)).toEqual([revision.updateId]);
    }
  });
});
