import { jest } from '@jest/globals';
import { ALL_COMPUTERS } from '../catalog/store/groups/group-tree.ts';
import { importRevisions } from '../catalog/store/revisions/revisions.ts';
import { ReplicaScene, decide, documentOf, expectAlike } from '../scripts/testing/replica-scene.ts';
import { guidOf } from '../scripts/testing/update-documents.ts';
import { replaceDocument } from '../scripts/testing/upstream-answers.ts';

/** Milliseconds; a busy machine takes its time, and nothing here depends on it. */
jest.setTimeout(300_000);

const scene = new ReplicaScene();
afterEach(() => scene.close());

describe('an approval of an update that did not arrive', () => {
  it('is said in a sentence, kept, and holds as soon as the update is here', async () => {
    const top = await scene.startTop();
    const replica = scene.replicaOf(top);
    decide(top.db, 2, ALL_COMPUTERS);
    top.spoil = (operation, body) =>
      operation === 'GetUpdateData'
        ? { body: Buffer.from(replaceDocument(body.toString(), guidOf(2), 'spoilt')) }
        : undefined;
    const run = await replica.synchronize();
    expect(run).toMatchObject({ state: 'succeeded', failedCheck: 'document' });
    expect(run.failureMessage).toContain(
      `One approval of the upstream server is for an update that is not here: ${guidOf(2)} revision 1. ` +
        'It is kept, and holds once a synchronization has brought the update.',
    );
    expect(replica.db.prepare('SELECT count(*) FROM deployment').pluck().get()).toBe(0);

    top.spoil = undefined;
    await expectAlike(top, replica);
    expect(replica.db.prepare('SELECT count(*) FROM pending_deployment').pluck().get()).toBe(0);
  });

  it('is not told to a replica before the update itself, and told after', async () => {
    const top = await scene.startTop();
    const replica = scene.replicaOf(top);
    decide(top.db, 2, ALL_COMPUTERS);
    // It arrives and is approved while the replica synchronizes, after the list was given.
    top.spoil = (operation) => {
      if (operation !== 'GetUpdateData') return undefined;
      top.spoil = undefined;
      importRevisions(top.db, [{ document: documentOf(5), fileUrls: new Map() }], new Date());
      decide(top.db, 5, ALL_COMPUTERS);
      decide(top.db, 3, ALL_COMPUTERS);
      return undefined;
    };
    expect(await replica.synchronize()).not.toHaveProperty('failedCheck');
    expect(replica.db.prepare('SELECT DISTINCT update_id FROM deployment ORDER BY 1').pluck().all()).toEqual(
      [guidOf(2), guidOf(3)].sort(),
    );
    await expectAlike(top, replica);
  });
});
