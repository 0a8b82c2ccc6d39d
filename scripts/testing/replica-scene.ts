/** A top whose administrator decides about four updates, and relays that are replicas of it. */
import { approve } from '../../catalog/store/decisions/deployments.ts';
import type { Approval } from '../../catalog/store/decisions/decision-plan.ts';
import type { Decision } from '../../catalog/store/decisions/deployments.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { ALL_COMPUTERS, GroupTree } from '../../catalog/store/groups/group-tree.ts';
import { assignGroups, createGroup } from '../../catalog/store/groups/target-groups.ts';
import { TestReplica, decisionsOf } from './replica.ts';
import { guidOf, writeDocument } from './update-documents.ts';
import { startTestUpstream } from './upstream-server.ts';
import type { TestUpstream } from './upstream-server.ts';

/** Who decides at the top. */
export const ADA = { adminName: 'ada', now: new Date('2026-06-01T12:00:00Z'), storesContent: true };
/** Licence terms that update 1 has. */
export const EULA = guidOf(900);
export const UPDATES = [1, 2, 3, 4];

export const documentOf = (number: number, revisionNumber = 1): string =>
  writeDocument({
    updateId: guidOf(number),
    revisionNumber,
    properties: { ExplicitlyDeployable: 'true', ...(number === 1 ? { EulaID: EULA } : {}) },
    texts: [{ language: 'en', title: `Update ${number}` }],
    files: [{ fileName: 'a.cab', content: `content ${number} ${revisionNumber}` }],
  });

export const DOCUMENTS = UPDATES.map((number) => documentOf(number));

/** The servers and stores of one test; close() closes them, the last one first. */
export class ReplicaScene {
  readonly #closers: (() => unknown)[] = [];

  closeLater(close: () => unknown): void {
    this.#closers.push(close);
  }

  async startTop(documents: readonly string[] = DOCUMENTS): Promise<TestUpstream> {
    const top = await startTestUpstream(documents);
    this.closeLater(() => top.close());
    return top;
  }

  replicaOf(top: TestUpstream): TestReplica {
    const replica = new TestReplica(top);
    this.closeLater(() => replica.db.close());
    return replica;
  }

  async close(): Promise<void> {
    for (const close of this.#closers.splice(0).toReversed()) await close();
  }
}

/** An installation unless said otherwise; licence terms are accepted. */
export const decide = (
  db: Database,
  number: number,
  groupId: string,
  more: Partial<Approval> = {},
): Decision =>
  approve(
    db,
    { updateIds: [guidOf(number)], groupIds: [groupId], action: 'Install', acceptEulaIds: [EULA], ...more },
    ADA,
  );

/** @returns the new group's id */
export const make = (db: Database, name: string, parentId = ALL_COMPUTERS): string =>
  createGroup(db, name, parentId).groupId;

export const idOf = (db: Database, name: string): string =>
  GroupTree.read(db).groups.find((group) => group.name === name)?.groupId ?? `no ${name}`;

/** A computer of that relay, in these groups. */
export function introduce(db: Database, computerId: string, ...groupNames: string[]): void {
  db.prepare("INSERT INTO computer (computer_id, first_contact, last_contact) VALUES (?, '', '')").run(
    computerId,
  );
  assignGroups(
    db,
    [computerId],
    groupNames.map((name) => idOf(db, name)),
  );
}

/** The replica has just synchronized and is what the top is. */
export async function expectAlike(top: TestUpstream, replica: TestReplica): Promise<void> {
  expect(await replica.synchronize()).toMatchObject({ state: 'succeeded' });
  expect(decisionsOf(replica.db)).toEqual(decisionsOf(top.db));
}
