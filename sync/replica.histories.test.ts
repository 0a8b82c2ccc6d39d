import { jest } from '@jest/globals';
import fc from 'fast-check';
import type { Database } from '../catalog/store/database/database.ts';
import { decline, undoDecision } from '../catalog/store/decisions/deployments.ts';
import type { Undo } from '../catalog/store/decisions/deployments.ts';
import { GroupTree } from '../catalog/store/groups/group-tree.ts';
import { changeGroup, createGroup, deleteGroup } from '../catalog/store/groups/target-groups.ts';
import { RefusalError } from '../catalog/store/database/refusal.ts';
import { importRevisions } from '../catalog/store/revisions/revisions.ts';
import { TestReplica } from '../scripts/testing/replica.ts';
import {
  ADA,
  DOCUMENTS,
  UPDATES,
  decide,
  documentOf,
  expectAlike,
} from '../scripts/testing/replica-scene.ts';
import { guidOf } from '../scripts/testing/update-documents.ts';
import { startTestUpstream } from '../scripts/testing/upstream-server.ts';

/** Milliseconds; a busy machine takes its time, and nothing here depends on it. */
jest.setTimeout(300_000);

/** Histories; each starts a server and a relay of its own. */
const RUNS = 20;

/** What an administrator of the top does; numbers choose among what is there. */
const deed = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constantFrom('approve' as const),
      update: fc.nat(4),
      group: fc.nat(9),
      action: fc.constantFrom(
        'Install' as const,
        'OptionalInstall' as const,
        'NotApproved' as const,
        'Block' as const,
        'PreDeploymentCheck' as const,
        'Remove' as const,
      ),
      deadline: fc.option(fc.nat(3), { nil: undefined }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constantFrom(
        'decline' as const,
        'undo' as const,
        'createGroup' as const,
        'renameGroup' as const,
        'moveGroup' as const,
        'deleteGroup' as const,
        'revise' as const,
      ),
      update: fc.nat(4),
      group: fc.nat(9),
      other: fc.nat(9),
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constantFrom('synchronize' as const) }) },
);
type Deed = typeof deed extends fc.Arbitrary<infer T> ? T : never;

class Administrator {
  readonly #db: Database;
  readonly #undo: Undo[] = [];
  readonly #revisions = new Map<number, number>();
  #names = 0;

  constructor(db: Database) {
    this.#db = db;
  }

  /** What is refused is not done. */
  does(what: Exclude<Deed, { does: 'synchronize' }>): void {
    try {
      this.#does(what);
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error;
    }
  }

  #does(what: Exclude<Deed, { does: 'synchronize' }>): void {
    const db = this.#db;
    const groups = GroupTree.read(db).groups.map(({ groupId }) => groupId);
    const pick = (index: number): string => groups[index % groups.length]!;
    const number = 1 + (what.update % UPDATES.length);
    switch (what.does) {
      case 'approve': {
        const { action, deadline } = what;
        const due =
          action === 'Install' && deadline !== undefined
            ? { deadline: new Date(Date.UTC(2026, 6, 1 + deadline)) }
            : {};
        this.#undo.push(decide(db, number, pick(what.group), { action, ...due }).undo);
        return;
      }
      case 'decline':
        this.#undo.push(decline(db, [guidOf(number)], ADA).undo);
        return;
      case 'undo': {
        const undo = this.#undo.pop();
        if (undo !== undefined) undoDecision(db, undo, ADA);
        return;
      }
      case 'createGroup':
        // Few names, so that those of groups that are gone come back.
        createGroup(db, `Group ${(this.#names += 1) % 4}`, pick(what.group));
        return;
      case 'renameGroup':
        changeGroup(db, pick(what.group), { name: `Group ${what.other % 4}` });
        return;
      case 'moveGroup':
        changeGroup(db, pick(what.group), { parentId: pick(what.other) });
        return;
      case 'deleteGroup':
        deleteGroup(db, pick(what.group));
        return;
      case 'revise': {
        const revision = (this.#revisions.get(number) ?? 1) + 1;
        this.#revisions.set(number, revision);
        importRevisions(db, [{ document: documentOf(number, revision), fileUrls: new Map() }], new Date());
        return;
      }
    }
  }
}

it('a replica is what its upstream server is after each synchronization, whatever happened there in between', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 5, maxLength: 60, size: 'max' }), async (history) => {
      const top = await startTestUpstream(DOCUMENTS);
      const replica = new TestReplica(top);
      try {
        const administrator = new Administrator(top.db);
        for (const what of history) {
          if (what.does === 'synchronize') await expectAlike(top, replica);
          else administrator.does(what);
        }
        await expectAlike(top, replica);
        expect(replica.db.pragma('foreign_key_check')).toEqual([]);
        expect(replica.db.prepare('SELECT count(*) FROM pending_deployment').pluck().get()).toBe(0);
      } finally {
        await top.close();
        replica.db.close();
      }
    }),
    { numRuns: RUNS },
  );
});
