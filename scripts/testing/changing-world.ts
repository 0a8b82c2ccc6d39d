/** A world that changes: the same event happens in its database and in the plain values that the reference reads. */
import fc from 'fast-check';
import { isLeafIn, revisionOf } from '../../catalog/scan/reference-scan.ts';
import type { ReferenceRevision, ReferenceWorld } from '../../catalog/scan/reference-scan.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { advanceGeneration } from '../../catalog/store/database/generation.ts';
import type { DecisionRow } from '../../catalog/store/scan-rows.ts';
import { ACTIONS, anArrival, DEADLINES, GROUPS, UPDATES } from './random-world.ts';
import { ALL_COMPUTERS, AT, insertDecision, insertDecline, insertRevision } from './stored-world.ts';

export type WorldEvent =
  | ({ readonly what: 'decided' } & Pick<DecisionRow, 'updateId' | 'groupId' | 'action' | 'deadline'>)
  | ({ readonly what: 'removed' } & Pick<DecisionRow, 'updateId' | 'groupId'>)
  | { readonly what: 'declined'; readonly updateId: string }
  | { readonly what: 'undeclined'; readonly updateId: string }
  | { readonly what: 'moved'; readonly groupId: string; readonly parentId: string }
  | { readonly what: 'arrived'; readonly revision: ReferenceRevision };

const anUpdate = fc.constantFrom(...UPDATES);
const aGroup = fc.constantFrom(ALL_COMPUTERS, ...GROUPS);

/** Of whichever revision of an update is the highest then. */
export const anEvent = ({ circles }: { readonly circles: boolean }): fc.Arbitrary<WorldEvent> =>
  fc.oneof(
    fc.record({
      what: fc.constant('decided' as const),
      updateId: anUpdate,
      groupId: aGroup,
      action: fc.constantFrom(...ACTIONS),
      deadline: fc.constantFrom(...DEADLINES),
    }),
    fc.record({ what: fc.constant('removed' as const), updateId: anUpdate, groupId: aGroup }),
    fc.record({ what: fc.constant('declined' as const), updateId: anUpdate }),
    fc.record({ what: fc.constant('undeclined' as const), updateId: anUpdate }),
    // Below a group before it: the tree stays one.
    fc.nat({ max: GROUPS.length - 1 }).chain((index) =>
      fc.record({
        what: fc.constant('moved' as const),
        groupId: fc.constant(GROUPS[index] ?? ''),
        parentId: fc.constantFrom(ALL_COMPUTERS, ...GROUPS.slice(0, index)),
      }),
    ),
    fc.record({ what: fc.constant('arrived' as const), revision: anArrival({ circles }) }),
  );

export class ChangingWorld {
  readonly #db: Database;
  #world: ReferenceWorld;
  #nextDeploymentId = 1000;

  /** @param db that holds the world as it is now */
  constructor(db: Database, world: ReferenceWorld) {
    this.#db = db;
    this.#world = world;
  }

  get now(): ReferenceWorld {
    return this.#world;
  }

  happens(event: WorldEvent): void {
    this.#db
      .transaction(() => {
        switch (event.what) {
          case 'decided':
            return this.#decide(event);
          case 'removed':
            return this.#remove(event);
          case 'declined':
            return this.#decline(event.updateId);
          case 'undeclined':
            return this.#undecline(event.updateId);
          case 'moved':
            return this.#move(event);
          case 'arrived':
            return this.#arrive(event.revision);
        }
      })
      .immediate();
  }

  #decide(decision: Pick<DecisionRow, 'updateId' | 'groupId' | 'action' | 'deadline'>): void {
    const { updateId, groupId, action, deadline } = decision;
    const [newest] = this.#world.revisions
      .filter((revision) => revision.updateId === updateId)
      .sort((a, b) => b.revisionNumber - a.revisionNumber);
    if (newest === undefined) return;
    this.#remove({ updateId, groupId });
    this.#nextDeploymentId += 1;
    const row: DecisionRow = {
      deploymentId: this.#nextDeploymentId,
      revisionId: newest.revisionId,
      updateId,
      groupId,
      action,
      deadline,
      changedAt: AT,
    };
    insertDecision(this.#db, row);
    this.#world = { ...this.#world, decisions: [...this.#world.decisions, row] };
  }

  #remove({ updateId, groupId }: Pick<DecisionRow, 'updateId' | 'groupId'>): void {
    this.#db.prepare('DELETE FROM deployment WHERE update_id = ? AND group_id = ?').run(updateId, groupId);
    const decisions = this.#world.decisions.filter(
      (row) => row.updateId !== updateId || row.groupId !== groupId,
    );
    this.#world = { ...this.#world, decisions };
  }

  #decline(updateId: string): void {
    if (this.#world.declined.includes(updateId)) return;
    insertDecline(this.#db, updateId);
    this.#world = { ...this.#world, declined: [...this.#world.declined, updateId] };
  }

  #undecline(updateId: string): void {
    this.#db.prepare('DELETE FROM declined_update WHERE update_id = ?').run(updateId);
    this.#world = { ...this.#world, declined: this.#world.declined.filter((id) => id !== updateId) };
  }

  #move({ groupId, parentId }: { readonly groupId: string; readonly parentId: string }): void {
    this.#db.prepare('UPDATE target_group SET parent_id = ? WHERE group_id = ?').run(parentId, groupId);
    const groups = this.#world.groups.map((group) =>
      group.groupId === groupId ? { groupId, parentId } : group,
    );
    this.#world = { ...this.#world, groups };
  }

  #arrive(revision: ReferenceRevision): void {
    if (revisionOf(this.#world, revision.revisionId) !== undefined) return;
    this.#world = { ...this.#world, revisions: [...this.#world.revisions, revision] };
    insertRevision(this.#db, revision, isLeafIn(this.#world, revision.updateId));
    for (const updateId of revision.clauses.flat())
      this.#db.prepare('UPDATE revision SET is_leaf = 0 WHERE update_id = ? AND is_leaf = 1').run(updateId);
    advanceGeneration(this.#db);
  }
}
