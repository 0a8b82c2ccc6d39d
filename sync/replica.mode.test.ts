import { jest } from '@jest/globals';
import { decline } from '../catalog/store/decisions/deployments.ts';
import { ALL_COMPUTERS } from '../catalog/store/groups/group-tree.ts';
import { changeGroup } from '../catalog/store/groups/target-groups.ts';
import { importRevisions } from '../catalog/store/revisions/revisions.ts';
import { decisionsOf, groupsOfComputers } from '../scripts/testing/replica.ts';
import {
  ADA,
  ReplicaScene,
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

describe('a relay that becomes a replica', () => {
  it('keeps computers in groups that bear the name of one of the upstream server, and takes everything else from there', async () => {
    const top = await scene.startTop();
    const upstreamServers = make(top.db, 'SERVERS');
    decide(top.db, 2, upstreamServers);
    const relay = scene.replicaOf(top);
    await relay.synchronize('autonomous');
    const servers = make(relay.db, 'Servers');
    const lab = make(relay.db, 'Lab', servers);
    importRevisions(relay.db, [{ document: documentOf(3), fileUrls: new Map() }], new Date());
    decide(relay.db, 3, lab);
    decline(relay.db, [guidOf(3)], ADA);
    introduce(relay.db, 'one', 'Servers');
    introduce(relay.db, 'two', 'Lab');
    introduce(relay.db, 'three', 'Servers', 'Lab');

    await expectAlike(top, relay);
    expect(groupsOfComputers(relay.db)).toEqual({
      one: ['SERVERS'],
      two: ['Unassigned Computers'],
      three: ['SERVERS'],
    });
    expect(relay.db.prepare('SELECT count(*) FROM computer').pluck().get()).toBe(3);
  });

  it('and autonomous again keeps everything as it was, can change it, and loses only its changes when it becomes a replica once more', async () => {
    const top = await scene.startTop();
    decide(top.db, 2, make(top.db, 'Servers'));
    const relay = scene.replicaOf(top);
    await expectAlike(top, relay);
    introduce(relay.db, 'one', 'Servers');

    const before = decisionsOf(relay.db);
    expect(await relay.synchronize('autonomous')).toMatchObject({
      state: 'succeeded',
      failureMessage: expect.stringContaining('Choose both in the console under Synchronization'),
    });
    expect(decisionsOf(relay.db)).toEqual(before);

    decide(relay.db, 2, idOf(relay.db, 'Servers'), { action: 'Remove' });
    decide(relay.db, 3, ALL_COMPUTERS);
    changeGroup(relay.db, idOf(relay.db, 'Servers'), { name: 'Mine' });
    expect(await relay.synchronize('autonomous')).toMatchObject({ state: 'succeeded' });
    expect(decisionsOf(relay.db)).not.toEqual(before);

    await expectAlike(top, relay);
    expect(groupsOfComputers(relay.db)).toEqual({ one: ['Servers'] });
  });
});
