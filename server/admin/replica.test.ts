import { api } from '../../protocol/console/api.ts';
import { ConsoleHarness, type ConsoleClient } from '../../scripts/fixtures/console-harness.ts';
import { guidOf } from '../../scripts/testing/update-documents.ts';

const ALL_COMPUTERS = 'a0a08746-4dbe-4a37-9adf-9e7652c0b421';
const UPSTREAM = { url: 'https://top.example:8531', pins: [`sha256/${'A'.repeat(43)}=`] };

describe('the console of a replica', () => {
  let harness: ConsoleHarness;
  let admin: ConsoleClient;
  const servers = guidOf(50);
  beforeAll(async () => {
    harness = await ConsoleHarness.start({ config: { upstream: { ...UPSTREAM, mode: 'replica' } } });
    admin = harness.signedInClient();
    harness.db
      .prepare("INSERT INTO target_group (group_id, parent_id, name) VALUES (?, ?, 'Servers')")
      .run(servers, ALL_COMPUTERS);
    harness.db.exec("INSERT INTO computer (computer_id, first_contact, last_contact) VALUES ('one', '', '')");
  }, 60_000);
  afterAll(() => harness.close());

  it('refuses every decision that the upstream server makes, and to show what it would do, says whose replica it is and where to decide, and changes nothing', async () => {
    const updateId = (await admin.call(api.updates, { query: { limit: 1 } })).items[0]?.updateId ?? '';
    const decision = { updateIds: [updateId], groupIds: [servers], action: 'Install' };
    const refusals = [
      admin.refused(api.approve, { body: decision }),
      admin.refused(api.previewApproval, { body: decision }),
      admin.refused(api.decline, { body: { updateIds: [updateId] } }),
      admin.refused(api.previewDecline, { body: { updateIds: [updateId] } }),
      admin.refused(api.undoDecision, { body: { undoToken: 'x'.repeat(43) } }),
      admin.refused(api.createGroup, { body: { name: 'Mine', parentId: ALL_COMPUTERS } }),
      admin.refused(api.changeGroup, { params: { groupId: servers }, body: { name: 'Mine' } }),
      admin.refused(api.deleteGroup, { params: { groupId: servers } }),
      admin.refused(api.selectCategories, { body: { updateIds: [] } }),
      admin.refused(api.setRevisionRules, { body: { moveApprovals: false, declineExpired: false } }),
    ];
    for (const problem of await Promise.all(refusals)) {
      expect(problem).toMatchObject({ status: 409, code: 'REPLICA_READ_ONLY' });
      expect(problem.detail).toBe(
        'This relay is a replica of top.example:8531: approvals, declines, target groups and what is synchronized are decided there. Change it on top.example:8531; the next synchronization brings it here.',
      );
    }
    expect(harness.db.prepare('SELECT count(*) FROM deployment').pluck().get()).toBe(0);
    expect(await admin.call(api.revisionRules)).toEqual({ moveApprovals: true, declineExpired: true });
    expect((await admin.call(api.groups)).map(({ name }) => name)).toContain('Servers');
  });

  it('moves computers into groups, which is decided where they are', async () => {
    await admin.call(api.assignGroups, { body: { computerIds: ['one'], groupIds: [servers] } });
    const { items } = await admin.call(api.computers, { query: {} });
    expect(items[0]?.groups.map(({ name }) => name)).toEqual(['Servers']);
  });

  it('says on the page about synchronization whose replica it is, where an autonomous one says nothing', async () => {
    expect(await admin.call(api.synchronization)).toMatchObject({ replicaOf: 'top.example:8531' });
    const autonomous = await ConsoleHarness.start({ config: { upstream: UPSTREAM }, catalogue: false });
    expect(await autonomous.signedInClient().call(api.synchronization)).not.toHaveProperty('replicaOf');
    await autonomous.close();
  });
});
