import { jest } from '@jest/globals';
import type { Database } from '../catalog/store/database/database.ts';
import { decline, undoDecision } from '../catalog/store/decisions/deployments.ts';
import { ALL_COMPUTERS, GroupTree } from '../catalog/store/groups/group-tree.ts';
import { changeGroup, deleteGroup } from '../catalog/store/groups/target-groups.ts';
import { followSelection } from '../catalog/store/content/files.ts';
import { importRevisions } from '../catalog/store/revisions/revisions.ts';
import { TestReplica, decisionsOf, groupsOfComputers } from '../scripts/testing/replica.ts';
import {
  ADA,
  ReplicaScene,
  UPDATES,
  decide,
  documentOf,
  expectAlike,
  idOf,
  introduce,
  make,
} from '../scripts/testing/replica-scene.ts';
import { guidOf } from '../scripts/testing/update-documents.ts';

/** Milliseconds; a busy machine takes its time, and nothing here depends on it. */
jest.setTimeout(300_000);

const scene = new ReplicaScene();
afterEach(() => scene.close());

const wantedFiles = (db: Database): unknown =>
  db.prepare("SELECT count(*) FROM file WHERE content_state = 'wanted'").pluck().get();

const answeredDeployments = (body: string): number => body.split('<ServerSyncDeployment>').length - 1;

describe('a replica', () => {
  it('takes over every kind of approval with its deadline and its author, for nested groups, without choosing any category', async () => {
    const top = await scene.startTop();
    const servers = make(top.db, 'Servers');
    const web = make(top.db, 'Web', servers);
    const front = make(top.db, 'Front', web);
    decide(top.db, 1, servers, { deadline: new Date('2026-07-01T18:30:00Z') });
    decide(top.db, 2, web, { action: 'OptionalInstall' });
    decide(top.db, 2, front, { action: 'NotApproved' });
    decide(top.db, 3, ALL_COMPUTERS, { action: 'Block' });
    decide(top.db, 4, front, { action: 'PreDeploymentCheck' });
    const replica = scene.replicaOf(top);
    await expectAlike(top, replica);
    expect(GroupTree.read(replica.db).lineOf(front)).toEqual([front, web, servers, ALL_COMPUTERS]);
    expect(replica.db.prepare('SELECT count(*) FROM deployment').pluck().get()).toBe(5);
  });

  it('counts in the history of its runs what became other than it was, and says nothing where nothing did', async () => {
    const top = await scene.startTop();
    const servers = make(top.db, 'Servers');
    decide(top.db, 1, servers);
    decide(top.db, 2, ALL_COMPUTERS);
    decline(top.db, [guidOf(3)], ADA);
    const replica = scene.replicaOf(top);
    const counts = async () => (await replica.synchronize()).notes;
    expect(await counts()).toEqual([{ kind: 'decisions', approvals: 2, ended: 0, declines: 1, groups: 1 }]);
    expect(await counts()).toEqual([]);
    decide(top.db, 1, servers, { deadline: new Date('2026-07-01T18:30:00Z') });
    decide(top.db, 2, ALL_COMPUTERS, { action: 'Remove' });
    changeGroup(top.db, servers, { name: 'Machines' });
    expect(await counts()).toEqual([{ kind: 'decisions', approvals: 1, ended: 1, declines: 0, groups: 1 }]);
  });

  it('follows a deadline that changes, an approval that is taken away, a decline and its undoing, and accepted terms', async () => {
    const top = await scene.startTop();
    const replica = scene.replicaOf(top);
    const first = decide(top.db, 1, ALL_COMPUTERS, { deadline: new Date('2026-07-01T18:30:00Z') });
    decide(top.db, 2, ALL_COMPUTERS);
    await expectAlike(top, replica);

    decide(top.db, 2, ALL_COMPUTERS, { deadline: new Date('2026-08-01T00:00:00Z') });
    await expectAlike(top, replica);

    decide(top.db, 2, ALL_COMPUTERS, { action: 'Remove' });
    await expectAlike(top, replica);

    const declined = decline(top.db, [guidOf(1), guidOf(3)], ADA);
    await expectAlike(top, replica);
    expect(replica.db.prepare('SELECT count(*) FROM declined_update').pluck().get()).toBe(2);

    undoDecision(top.db, declined.undo, ADA);
    await expectAlike(top, replica);

    undoDecision(top.db, first.undo, ADA);
    await expectAlike(top, replica);
    expect(replica.db.prepare('SELECT count(*) FROM accepted_eula').pluck().get()).toBe(0);
  });

  it('follows groups that are made, renamed, moved and deleted, also where two exchange names and places, and keeps its computers', async () => {
    const top = await scene.startTop();
    const replica = scene.replicaOf(top);
    const a = make(top.db, 'A');
    const b = make(top.db, 'B', a);
    const c = make(top.db, 'C', b);
    decide(top.db, 2, c);
    await expectAlike(top, replica);
    introduce(replica.db, 'one', 'C');
    introduce(replica.db, 'two', 'B', 'C');

    // B goes above A, and takes its name.
    changeGroup(top.db, c, { parentId: ALL_COMPUTERS });
    changeGroup(top.db, b, { parentId: ALL_COMPUTERS, name: 'between' });
    changeGroup(top.db, a, { parentId: b, name: 'B' });
    changeGroup(top.db, b, { name: 'A' });
    changeGroup(top.db, c, { parentId: a });
    await expectAlike(top, replica);
    expect(groupsOfComputers(replica.db)).toEqual({ one: ['C'], two: ['A', 'C'] });

    deleteGroup(top.db, c);
    await expectAlike(top, replica);
    expect(groupsOfComputers(replica.db)).toEqual({ one: ['Unassigned Computers'], two: ['A'] });

    // The name alone does not bring a deleted group's computers back.
    deleteGroup(top.db, a);
    make(top.db, 'B');
    deleteGroup(top.db, b);
    await expectAlike(top, replica);
    expect(groupsOfComputers(replica.db).two).toEqual(['Unassigned Computers']);
  });

  it('is told only what changed since its last synchronization, and nothing twice', async () => {
    const top = await scene.startTop();
    const replica = scene.replicaOf(top);
    for (const number of UPDATES) decide(top.db, number, ALL_COMPUTERS);
    const told: number[] = [];
    top.spoil = (operation, body) => {
      if (operation === 'GetDeployments') told.push(answeredDeployments(body.toString()));
      return undefined;
    };
    await replica.synchronize();
    await replica.synchronize();
    decide(top.db, 2, ALL_COMPUTERS, { deadline: new Date('2026-08-01T00:00:00Z') });
    decide(top.db, 3, ALL_COMPUTERS, { action: 'Remove' });
    await expectAlike(top, replica);
    expect(told).toEqual([4, 0, 1]);
  });

  it('wants the files of what is approved upstream, and no longer those of what is not', async () => {
    const top = await scene.startTop();
    const replica = scene.replicaOf(top);
    decide(top.db, 2, ALL_COMPUTERS);
    decide(top.db, 3, ALL_COMPUTERS);
    await expectAlike(top, replica);
    // As the worker does after each synchronization.
    followSelection(replica.db, { isAll: false, selection: { express: false }, now: new Date() });
    expect(wantedFiles(replica.db)).toBe(2);
    decide(top.db, 3, ALL_COMPUTERS, { action: 'Remove' });
    await expectAlike(top, replica);
    expect(wantedFiles(replica.db)).toBe(1);
  });

  it('follows an approval to the next revision of its update', async () => {
    const top = await scene.startTop();
    const replica = scene.replicaOf(top);
    decide(top.db, 2, ALL_COMPUTERS);
    await expectAlike(top, replica);
    importRevisions(top.db, [{ document: documentOf(2, 2), fileUrls: new Map() }], new Date());
    await expectAlike(top, replica);
    decide(top.db, 2, ALL_COMPUTERS);
    await expectAlike(top, replica);
  });

  it('fetches an older revision that is still the approved one, which no list names', async () => {
    const top = await scene.startTop();
    decide(top.db, 2, ALL_COMPUTERS);
    importRevisions(top.db, [{ document: documentOf(2, 2), fileUrls: new Map() }], new Date());
    const replica = scene.replicaOf(top);
    await expectAlike(top, replica);
    expect(
      replica.db
        .prepare('SELECT revision_number FROM revision WHERE update_id = ? ORDER BY 1')
        .pluck()
        .all(guidOf(2)),
    ).toEqual([1, 2]);
  });

  it('is itself an upstream server whose replica has the same', async () => {
    const top = await scene.startTop();
    const middle = await scene.startTop([]);
    const relay = new TestReplica(top, middle.db);
    const bottom = scene.replicaOf(middle);
    decide(top.db, 2, make(top.db, 'Servers'));
    await expectAlike(top, relay);
    await expectAlike(middle, bottom);
    decide(top.db, 2, idOf(top.db, 'Servers'), { action: 'Remove' });
    decline(top.db, [guidOf(3)], ADA);
    await expectAlike(top, relay);
    await expectAlike(middle, bottom);
    expect(decisionsOf(bottom.db)).toEqual(decisionsOf(top.db));
  });
});
