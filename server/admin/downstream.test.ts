import { ComputerStore } from '../../catalog/store/computers/computers.ts';
import { recordDownstreamServer } from '../../catalog/store/downstream/downstream.ts';
import { importRevisions } from '../../catalog/store/revisions/revisions.ts';
import { api } from '../../protocol/console/api.ts';
import { ConsoleHarness } from '../../scripts/fixtures/console-harness.ts';
import type { ConsoleClient } from '../../scripts/fixtures/console-harness.ts';
import { DownstreamTree } from '../../scripts/testing/downstream-tree.ts';
import { guidOf, writeDocument } from '../../scripts/testing/update-documents.ts';

let harness: ConsoleHarness;
let client: ConsoleClient;
let tree: DownstreamTree;

beforeEach(async () => {
  harness = await ConsoleHarness.start({ catalogue: false });
  client = harness.signedInClient();
  tree = new DownstreamTree(harness);
});
afterEach(async () => await harness.close());

it('shows no server while none asked, and where one is to synchronize from', async () => {
  const { servers, addresses, own } = await client.call(api.downstreamServers);
  expect(servers).toEqual([]);
  expect(addresses).toEqual([expect.stringMatching(/^https:\/\/.+:8531$/)]);
  expect(own.computers).toBe(0);
});

it('shows the tree, parents before their children, each with the sums that it tells', async () => {
  tree.keep(tree.server(2, { parentId: guidOf(1) }), tree.server(3, { parentId: guidOf(2) }), tree.server(1));
  const { servers } = await client.call(api.downstreamServers);
  expect(servers.map(({ serverId, parentId }) => [serverId, parentId])).toEqual([
    [guidOf(1), undefined],
    [guidOf(2), guidOf(1)],
    [guidOf(3), guidOf(2)],
  ]);
  expect(servers[0]).toMatchObject({ computers: 7, needing: 3, failed: 1, health: 'well' });
});

it('says in a sentence what is wrong with a server', async () => {
  tree.keep(
    tree.server(2, { parentId: guidOf(1), lastRollup: tree.daysAgo(9) }),
    tree.server(1, { lastSync: tree.daysAgo(4) }),
  );
  const account = { accountGuid: guidOf(5), accountName: 'newcomer', ipAddress: '10.0.0.5' };
  recordDownstreamServer(harness.db, account, harness.clock.now);
  const { servers } = await client.call(api.downstreamServers);
  const byName = new Map(servers.map((one) => [one.name, `${one.health}: ${one.healthText}`]));
  expect(byName.get('server1.example')).toMatch(/^behind: Its last synchronization was 4 days ago\./);
  expect(byName.get('server2.example')).toMatch(/^silent: It has not reported for 9 days\./);
  expect(byName.get('newcomer')).toMatch(
    /^unreported: It has asked for updates and has not reported itself yet/,
  );
});

it('counts the computers that a server tells of, and lists them by name in pages', async () => {
  tree.keep(tree.server(2, { parentId: guidOf(1) }), tree.server(1));
  const [first = ''] = tree.addComputers(5, 2);
  tree.report(first, { [guidOf(90)]: 2, [guidOf(91)]: 5 });
  const { servers } = await client.call(api.downstreamServers);
  expect(servers[1]).toMatchObject({ computers: 5, needing: 1, failed: 1 });
  const params = { serverId: guidOf(2) };
  const page = await client.call(api.downstreamComputers, { params, query: { limit: 3 } });
  expect(page).toMatchObject({ total: 5 });
  expect(page.items[0]).toMatchObject({ dnsName: 'pc0000', status: { NotInstalled: 1, Failed: 1 } });
  const rest = await client.call(api.downstreamComputers, {
    params,
    query: { limit: 3, cursor: page.nextCursor },
  });
  expect([...page.items, ...rest.items].map(({ dnsName }) => dnsName)).toEqual(
    [0, 1, 2, 3, 4].map((index) => `pc000${index}`),
  );
  expect(rest.nextCursor).toBeUndefined();
});

it('tells of an update how it stands on the computers below, each with the server that it reports to', async () => {
  tree.keep(tree.server(2, { parentId: guidOf(1) }), tree.server(1));
  const [first = '', second = '', third = '', silent = ''] = tree.addComputers(4, 2);
  const document = writeDocument({ updateId: guidOf(90), texts: [{ language: 'en', title: 'Update' }] });
  importRevisions(harness.db, [{ document, fileUrls: new Map() }], harness.clock.now);
  for (const [computerId, state] of [
    [third, 4],
    [second, 5],
    [first, 4],
  ] as const)
    tree.report(computerId, { [guidOf(90)]: state, [guidOf(91)]: 2 });
  const params = { updateId: guidOf(90) };
  const page = await client.call(api.updateBelow, { params, query: { limit: 2 } });
  expect(page).toMatchObject({
    total: 3,
    status: { Installed: 2, Failed: 1, NotInstalled: 0, Unknown: 0 },
    items: [
      { computerId: first, dnsName: 'pc0000', state: 'Installed', serverName: 'server2.example' },
      { computerId: second, dnsName: 'pc0001', state: 'Failed', serverId: guidOf(2) },
    ],
  });
  const rest = await client.call(api.updateBelow, { params, query: { limit: 2, cursor: page.nextCursor } });
  expect(rest.items.map(({ computerId }) => computerId)).toEqual([third]);
  expect(rest.nextCursor).toBeUndefined();

  // Seen here since, it is among this relay's own.
  for (const computerId of [second, silent]) {
    const introduction = { computerId, dnsName: 'came', ipAddress: '10.0.0.9', requestedTargetGroup: '' };
    new ComputerStore(harness.db).introduce(introduction, harness.clock.now);
  }
  expect((await client.call(api.updateBelow, { params })).status).toMatchObject({ Installed: 2, Failed: 0 });
  const unknown = await client.refused(api.updateBelow, { params: { updateId: guidOf(92) } });
  expect(unknown).toMatchObject({ status: 404, code: 'UPDATE_UNKNOWN' });
});

it('counts a computer that moved between this relay and one below once, where it was seen last', async () => {
  tree.keep(tree.server(1));
  const [computerId = ''] = tree.addComputers(2, 1);
  const introduce = (days: number): void =>
    new ComputerStore(harness.db).introduce(
      { computerId, dnsName: 'roaming', ipAddress: '10.0.0.9', requestedTargetGroup: '' },
      new Date(tree.daysAgo(days)),
    );
  const counts = async (): Promise<number[]> => {
    const { own, servers } = await client.call(api.downstreamServers);
    return [own.computers, ...servers.map(({ computers }) => computers)];
  };
  introduce(3);
  expect(await counts()).toEqual([0, 2]);
  introduce(0);
  expect(await counts()).toEqual([1, 1]);
});

it('forgets a server that is no more, with what is below it', async () => {
  tree.keep(tree.server(2, { parentId: guidOf(1) }), tree.server(1));
  tree.addComputers(3, 2);
  await client.call(api.forgetDownstreamServer, { params: { serverId: guidOf(1) } });
  expect((await client.call(api.downstreamServers)).servers).toEqual([]);
  expect(harness.db.prepare('SELECT count(*) FROM downstream_computer').pluck().get()).toBe(0);
  const problem = await client.refused(api.forgetDownstreamServer, { params: { serverId: guidOf(1) } });
  expect(problem.code).toBe('DOWNSTREAM_SERVER_UNKNOWN');
});
