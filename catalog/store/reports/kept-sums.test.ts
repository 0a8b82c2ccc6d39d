import fc from 'fast-check';
import { emptyDatabase } from '../../../scripts/testing/empty-database.ts';
import { UPDATE_STATES, type StatusCounts, type UpdateState } from '../../../protocol/console/status.ts';
import { computerDetails, deleteComputer } from '../computers/computer-details.ts';
import type { Database } from '../database/database.ts';
import { approve, decline, undoDecision, type Undo } from '../decisions/deployments.ts';
import { ALL_COMPUTERS, GroupTree } from '../groups/group-tree.ts';
import { assignGroups, changeGroup, createGroup, deleteGroup } from '../groups/target-groups.ts';
import { listUpdateComputers } from '../updates/update-computers.ts';
import { computersInStates, countWithFailures, statusOfComputers, statusOfFleet } from './fleet-status.ts';
import { ReportStore, type ReportedEvent } from './reports.ts';
import { emptyCounts, statusByGroup, statusOfUpdates } from './status-counts.ts';

const guid = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
const UPDATES = [1, 2, 3].map(guid);
const COMPUTERS = ['c0', 'c1', 'c2', 'c3'];
const APPROVING = new Set(['Install', 'OptionalInstall', 'Uninstall']);

/** A pair of computer and update since when the one is deployed to the other, as the order of what happened has it. */
type Since = Map<string, number>;

/** The world and, beside it, what is remembered of its history to say in the obvious way how computers stand. */
class World {
  readonly db: Database = emptyDatabase();
  readonly #reports = new ReportStore(this.db);
  readonly #since: Since = new Map();
  readonly #listed = new Map<string, number>();
  readonly #groups = new Map<string, string>();
  readonly #undo: Undo[] = [];
  #step = 0;

  constructor() {
    for (const updateId of UPDATES)
      this.db
        .prepare(
          `INSERT INTO revision (update_id, revision_number, update_type, publication_state, is_latest, is_leaf,
             explicitly_deployable, creation_date, arrived_at, import_sequence, default_language, title, core,
             document, can_uninstall)
           VALUES (?, 200, 'Software', 'Published', 1, 1, 1, '', '', 1, 'en', ?, '', x'', 1)`,
        )
        .run(updateId, updateId);
  }

  /** Times grow with what happens, far from now, since some changes are stamped by the database's clock. */
  get at(): Date {
    return new Date(Date.UTC(2100, 0, 1) + this.#step * 60_000);
  }

  does(action: (world: this) => void): void {
    this.#step += 1;
    action(this);
    this.#remember();
  }

  get computers(): string[] {
    return this.db.prepare<[], string>('SELECT computer_id FROM computer ORDER BY 1').pluck().all();
  }

  get ownGroups(): string[] {
    return GroupTree.read(this.db).groups.flatMap(({ groupId, isBuiltin }) => (isBuiltin ? [] : [groupId]));
  }

  introduce(computerId: string): void {
    this.db
      .prepare("INSERT OR IGNORE INTO computer (computer_id, first_contact, last_contact) VALUES (?, '', '')")
      .run(computerId);
  }

  report(computerId: string, fields: Pick<ReportedEvent, 'eventId'> & Partial<ReportedEvent>): void {
    if (!this.computers.includes(computerId)) return;
    const event: ReportedEvent = {
      eventInstanceId: `event-${this.#step}`,
      win32HResult: -1,
      appName: '',
      timeAtTarget: this.at.toISOString(),
      replacementStrings: [],
      miscData: [],
      ...fields,
    };
    if (event.eventId === 156) this.#listed.set(computerId, this.#step);
    this.db.transaction(() => this.#reports.keep(computerId, [event], this.at))();
  }

  decide(
    updateIds: string[],
    groupId: string,
    action: 'Install' | 'NotApproved' | 'Uninstall' | 'Remove',
  ): void {
    const decision = { updateIds, groupIds: [groupId], action, acceptEulaIds: [] };
    this.#undo.push(approve(this.db, decision, this.#decider).undo);
  }

  decline(updateIds: string[]): void {
    this.#undo.push(decline(this.db, updateIds, this.#decider).undo);
  }

  /** The last decision, if nothing was decided since. */
  undo(): void {
    const undo = this.#undo.pop();
    if (undo !== undefined) undoDecision(this.db, undo, this.#decider);
  }

  forgetUndo(): void {
    this.#undo.length = 0;
  }

  get #decider() {
    return { adminName: 'ada', now: this.at, storesContent: false };
  }

  groupsOf(computerId: string): string[] {
    return this.db
      .prepare<[string], string>('SELECT group_id FROM membership WHERE computer_id = ? ORDER BY 1')
      .pluck()
      .all(computerId);
  }

  #isDeployed(computerId: string, updateId: string): boolean {
    if (this.db.prepare('SELECT 1 FROM declined_update WHERE update_id = ?').get(updateId) !== undefined)
      return false;
    const own = new Map(
      this.db
        .prepare<[string], [string, string]>('SELECT group_id, action FROM deployment WHERE update_id = ?')
        .raw()
        .all(updateId),
    );
    const tree = GroupTree.read(this.db);
    return this.groupsOf(computerId).some((groupId) =>
      APPROVING.has(tree.inherit(groupId, own)?.decision ?? ''),
    );
  }

  #remember(): void {
    for (const computerId of COMPUTERS) {
      const groups = this.groupsOf(computerId).join();
      if (this.#groups.get(computerId) !== groups) {
        this.#listed.delete(computerId);
        this.#groups.set(computerId, groups);
      }
      for (const updateId of UPDATES) {
        const pair = `${computerId} ${updateId}`;
        if (!this.#isDeployed(computerId, updateId)) this.#since.delete(pair);
        else if (!this.#since.has(pair)) this.#since.set(pair, this.#step);
      }
    }
  }

  stateOf(computerId: string, updateId: string): UpdateState {
    const state = this.db
      .prepare<[string, string], UpdateState>(
        'SELECT state FROM computer_update_status WHERE computer_id = ? AND update_id = ?',
      )
      .pluck()
      .get(computerId, updateId);
    const since = this.sinceOf(computerId, updateId);
    const listed = this.#listed.get(computerId);
    return (
      state ?? (since !== undefined && listed !== undefined && listed > since ? 'NotApplicable' : 'Unknown')
    );
  }

  sinceOf(computerId: string, updateId: string): number | undefined {
    return this.#since.get(`${computerId} ${updateId}`);
  }
}

function counted(states: readonly UpdateState[]): StatusCounts {
  const counts = emptyCounts();
  for (const state of states) counts[state] += 1;
  return counts;
}

function expectSumsToHold(world: World): void {
  const { db, computers } = world;
  const deployed = (computerId: string): string[] =>
    UPDATES.filter((updateId) => world.sinceOf(computerId, updateId) !== undefined);
  const statesOf = (computerId: string): UpdateState[] =>
    deployed(computerId).map((updateId) => world.stateOf(computerId, updateId));

  expect(statusOfFleet(db)).toEqual(counted(computers.flatMap(statesOf)));
  expect(countWithFailures(db)).toBe(computers.filter((id) => statesOf(id).includes('Failed')).length);
  expect(statusOfComputers(db, computers)).toEqual(
    new Map(computers.map((id) => [id, counted(statesOf(id))])),
  );
  for (const state of UPDATE_STATES)
    expect(computersInStates(db, [state]).toSorted()).toEqual(
      computers.filter((id) => statesOf(id).includes(state)),
    );
  expect(statusOfUpdates(db, UPDATES)).toEqual(
    new Map(
      UPDATES.map((updateId) => [updateId, counted(computers.map((id) => world.stateOf(id, updateId)))]),
    ),
  );
  const tree = GroupTree.read(db);
  for (const updateId of UPDATES) {
    const byGroup = statusByGroup(db, updateId);
    for (const { groupId } of tree.groups) {
      const branch = tree.branchOf(groupId);
      const inside = computers.filter((id) => world.groupsOf(id).some((own) => branch.includes(own)));
      expect(byGroup.get(groupId)).toEqual({
        computers: inside.length,
        status: counted(inside.map((id) => world.stateOf(id, updateId))),
      });
    }
    const listed = listUpdateComputers(db, updateId, { limit: 10 }).items;
    expect(listed.map(({ computerId, state }) => [computerId, state])).toEqual(
      computers.map((id) => [id, world.stateOf(id, updateId)]),
    );
  }
  for (const computerId of computers) {
    const { updates } = computerDetails(db, computerId, String);
    expect(updates.map(({ updateId, state }) => [updateId, state])).toEqual(
      deployed(computerId).map((updateId) => [updateId, world.stateOf(computerId, updateId)]),
    );
  }
}

const aComputer = fc.constantFrom(...COMPUTERS);
const anUpdate = fc.constantFrom(...UPDATES);
const someUpdates = fc.subarray(UPDATES, { minLength: 1 });
/** A group that is there when it comes to it: All Computers, or one of those that were made. */
const aGroup = fc.nat(4);
const groupAt = (world: World, index: number): string =>
  [ALL_COMPUTERS, ...world.ownGroups].at(index) ?? ALL_COMPUTERS;
const ownGroupAt = (world: World, index: number): string | undefined => world.ownGroups[index % 4];

/** Whatever an administrator or a computer does; what is refused changes nothing. */
const refusable = (work: () => unknown): void => {
  try {
    work();
  } catch (error) {
    expect(error).toMatchObject({ name: 'RefusalError' });
  }
};

type Action = (world: World) => void;
const aList: fc.Arbitrary<Action> = fc
  .tuple(aComputer, fc.array(fc.tuple(fc.constantFrom('U', 'V', 'W', 'g', 'h'), anUpdate), { maxLength: 2 }))
  .map(
    ([id, named]) =>
      (world) =>
        world.report(id, { eventId: 156, miscData: named.map(([tag, updateId]) => `${tag}=${updateId}`) }),
  );
const anOutcome: fc.Arbitrary<Action> = fc
  .tuple(aComputer, anUpdate, fc.constantFrom(161, 162, 182, 183, 184, 222))
  .map(
    ([id, updateId, eventId]) =>
      (world) =>
        world.report(id, { eventId, updateId, revisionNumber: 200 }),
  );
const aDecision: fc.Arbitrary<Action> = fc
  .tuple(someUpdates, aGroup, fc.constantFrom('Install', 'Install', 'NotApproved', 'Uninstall', 'Remove'))
  .map(
    ([updateIds, group, action]) =>
      (world) =>
        refusable(() => world.decide(updateIds, groupAt(world, group), action)),
  );
const aDecline: fc.Arbitrary<Action> = someUpdates.map((ids) => (world) => world.decline(ids));
const anUndo: fc.Arbitrary<Action> = fc.constant((world) => refusable(() => world.undo()));
const aMove: fc.Arbitrary<Action> = fc
  .tuple(fc.subarray(COMPUTERS, { minLength: 1 }), fc.array(aGroup, { maxLength: 2 }))
  .map(
    ([ids, groups]) =>
      (world) =>
        refusable(() =>
          assignGroups(
            world.db,
            ids.filter((id) => world.computers.includes(id)),
            groups.flatMap((index) => ownGroupAt(world, index) ?? []),
          ),
        ),
  );
const aGroupChange: fc.Arbitrary<Action> = fc
  .tuple(fc.constantFrom('make', 'move', 'move', 'delete'), aGroup, aGroup, fc.nat())
  .map(([change, group, parent, name]) => (world) => {
    // What undoing a decision means once groups changed is the decisions' own matter.
    world.forgetUndo();
    const groupId = ownGroupAt(world, group);
    refusable(() => {
      if (change === 'make') createGroup(world.db, `group ${name}`, groupAt(world, parent));
      else if (groupId === undefined) return;
      else if (change === 'move') changeGroup(world.db, groupId, { parentId: groupAt(world, parent) });
      else deleteGroup(world.db, groupId);
    });
  });
const aComing: fc.Arbitrary<Action> = aComputer.map((id) => (world) => world.introduce(id));
const aGoing: fc.Arbitrary<Action> = aComputer.map(
  (id) => (world) => refusable(() => deleteComputer(world.db, id)),
);

describe('the sums that are kept', () => {
  it('follow a group that moves below another, whose decisions its computers have from then on', () => {
    const world = new World();
    const made = (name: string, parentId: string): string => createGroup(world.db, name, parentId).groupId;
    const [refusing, between, moving] = ['refusing', 'between', 'moving'].map((name) =>
      made(name, ALL_COMPUTERS),
    );
    if (refusing === undefined || between === undefined || moving === undefined)
      throw new Error('No group was made.');
    const steps: Action[] = [
      () => world.introduce('c0'),
      () => void assignGroups(world.db, ['c0'], [moving]),
      () => world.decide(UPDATES, ALL_COMPUTERS, 'Install'),
      () => world.decide(UPDATES.slice(1), refusing, 'NotApproved'),
      () => void changeGroup(world.db, between, { parentId: refusing }),
      () => void changeGroup(world.db, moving, { parentId: between }),
      () => world.report('c0', { eventId: 156 }),
      () => void changeGroup(world.db, moving, { parentId: ALL_COMPUTERS }),
      () => world.report('c0', { eventId: 156 }),
    ];
    for (const step of steps) {
      world.does(step);
      expectSumsToHold(world);
    }
    expect(statusOfFleet(world.db)).toEqual({ ...emptyCounts(), NotApplicable: 3 });
    world.db.close();
  });

  it('are what counting would give, whatever happened: reports, decisions, moves of computers and groups, deletions', () => {
    const histories = fc.array(
      fc.oneof(
        { arbitrary: aList, weight: 6 },
        { arbitrary: anOutcome, weight: 4 },
        { arbitrary: aDecision, weight: 5 },
        { arbitrary: aMove, weight: 3 },
        { arbitrary: aGroupChange, weight: 3 },
        aDecline,
        anUndo,
        aComing,
        aGoing,
      ),
      { minLength: 5, maxLength: 40 },
    );
    fc.assert(
      fc.property(histories, (history) => {
        const world = new World();
        world.does(() => {
          for (const id of COMPUTERS) world.introduce(id);
          for (const name of ['one', 'two']) createGroup(world.db, name, ALL_COMPUTERS);
        });
        for (const action of history) {
          world.does(action);
          expectSumsToHold(world);
        }
        world.db.close();
      }),
      { numRuns: 25 },
    );
  }, 120_000);
});
