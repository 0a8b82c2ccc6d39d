import { jest } from '@jest/globals';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { approve, decline } from '../catalog/store/decisions/deployments.ts';
import { ALL_COMPUTERS } from '../catalog/store/groups/group-tree.ts';
import { changeGroup, deleteGroup } from '../catalog/store/groups/target-groups.ts';
import { Config } from '../config/schema.ts';
import { WorkerProcess } from '../scripts/testing/worker-process.ts';
import { decisionsOf, groupsOfComputers } from '../scripts/testing/replica.ts';
import {
  ADA,
  EULA,
  ReplicaScene,
  UPDATES,
  decide,
  expectAlike,
  idOf,
  introduce,
  make,
} from '../scripts/testing/replica-scene.ts';
import { guidOf } from '../scripts/testing/update-documents.ts';
import type { TestUpstream } from '../scripts/testing/upstream-server.ts';

/** Milliseconds; a busy machine takes its time, and nothing here depends on it. */
jest.setTimeout(300_000);

const scene = new ReplicaScene();
afterEach(() => scene.close());

function configOf(top: TestUpstream, dataDirectory: string): Config {
  const { url, pin, trustAnchorFile } = top;
  const upstream = { url, pins: [pin], trustAnchors: [trustAnchorFile], mode: 'replica' as const };
  return Config.parse({ dataDirectory, log: { level: 'error' }, upstream });
}

describe('a synchronization that does not come to its end', () => {
  it('leaves what was before, wherever it stops while decisions are carried out, and the next one brings all of it', async () => {
    const top = await scene.startTop();
    const replica = scene.replicaOf(top);
    make(top.db, 'Gone');
    make(top.db, 'Renamed');
    decide(top.db, 2, ALL_COMPUTERS);
    decide(top.db, 3, ALL_COMPUTERS);
    await expectAlike(top, replica);
    introduce(replica.db, 'one', 'Gone');

    deleteGroup(top.db, idOf(top.db, 'Gone'));
    changeGroup(top.db, idOf(top.db, 'Renamed'), { name: 'Made anew' });
    make(top.db, 'Below', idOf(top.db, 'Made anew'));
    decide(top.db, 2, ALL_COMPUTERS, { deadline: new Date('2026-08-01T00:00:00Z') });
    decide(top.db, 1, idOf(top.db, 'Below'));
    decline(top.db, [guidOf(3)], ADA);
    const before = decisionsOf(replica.db);
    const steps = [
      ...['INSERT', 'UPDATE', 'DELETE'].map((change) => `${change} ON target_group`),
      ...['INSERT', 'UPDATE', 'DELETE'].map((change) => `${change} ON deployment`),
      'INSERT ON declined_update',
      'INSERT ON accepted_eula',
      'INSERT ON pending_deployment',
      'DELETE ON pending_deployment',
      'DELETE ON computer_group',
      "UPDATE ON sync_anchor WHEN NEW.list = 'deployments'",
    ];
    for (const step of steps) {
      replica.db.exec(
        `CREATE TRIGGER breaks AFTER ${step} BEGIN SELECT RAISE(ABORT, 'the disk is full'); END`,
      );
      expect([step, await replica.synchronize()]).toMatchObject([
        step,
        { state: 'failed', failedCheck: 'store' },
      ]);
      replica.db.exec('DROP TRIGGER breaks');
      expect([step, decisionsOf(replica.db)]).toEqual([step, before]);
      expect(groupsOfComputers(replica.db)).toEqual({ one: ['Gone'] });
    }
    await expectAlike(top, replica);
    expect(groupsOfComputers(replica.db)).toEqual({ one: ['Unassigned Computers'] });
  });

  it('since its process is killed leaves what was before or has all of it, whenever that is', async () => {
    const top = await scene.startTop();
    const replica = scene.replicaOf(top);
    const folder = dirname(replica.db.name);
    await expectAlike(top, replica);
    // Many, so that carrying them out takes its time.
    const groups = Array.from({ length: 60 }, (_, index) => make(top.db, `Group ${index}`));
    let worker: WorkerProcess | undefined;
    scene.closeLater(() => worker?.kill());
    for (const milliseconds of [0, 80, 160, 320]) {
      const deadline = new Date(Date.UTC(2026, 7, 1, 0, 0, 0, milliseconds));
      const everywhere = { updateIds: UPDATES.map(guidOf), groupIds: groups, acceptEulaIds: [EULA] };
      approve(top.db, { ...everywhere, action: 'Install', deadline }, ADA);
      const before = decisionsOf(replica.db);
      const after = decisionsOf(top.db);
      const { promise: answered, resolve: tell } = Promise.withResolvers<void>();
      top.spoil = (operation) => {
        if (operation === 'GetDeployments') tell();
        return undefined;
      };
      worker = new WorkerProcess(configOf(top, folder));
      await worker.seen(({ type }) => type === 'ready');
      worker.send({ type: 'synchronize' });
      await answered;
      await sleep(milliseconds);
      await worker.kill();
      const now = decisionsOf(replica.db);
      expect([before, after]).toContainEqual(now);
      expect(replica.db.pragma('foreign_key_check')).toEqual([]);
    }
    await expectAlike(top, replica);
  });

  it('because the connection breaks or it is cancelled leaves what was before', async () => {
    const top = await scene.startTop();
    const replica = scene.replicaOf(top);
    await expectAlike(top, replica);
    const before = decisionsOf(replica.db);
    decide(top.db, 2, make(top.db, 'Servers'));

    top.spoil = (operation) => (operation === 'GetDeployments' ? { cutAt: 0.5 } : undefined);
    expect((await replica.synchronize()).state).toBe('failed');
    expect(decisionsOf(replica.db)).toEqual(before);

    const cancelled = replica.synchronizer();
    top.spoil = (operation) => {
      if (operation === 'GetDeployments') void cancelled.cancel();
      return undefined;
    };
    await cancelled.start('manual');
    expect(decisionsOf(replica.db)).toEqual(before);

    top.spoil = undefined;
    await expectAlike(top, replica);
  });
});
