import { ReceivedComputers } from '../../catalog/store/rollup/received-computers.ts';
import { ReceivedServers } from '../../catalog/store/rollup/received-servers.ts';
import type { ReportedServer } from '../../catalog/store/rollup/received-servers.ts';
import { ReceivedStatus } from '../../catalog/store/rollup/received-status.ts';
import { ComputerStore } from '../../catalog/store/computers/computers.ts';
import { recordDownstreamServer } from '../../catalog/store/downstream/downstream.ts';
import { importRevisions } from '../../catalog/store/revisions/revisions.ts';
import { api } from '../../protocol/console/api.ts';
import { ConsoleHarness } from '../../scripts/fixtures/console-harness.ts';
import type { ConsoleClient } from '../../scripts/fixtures/console-harness.ts';
import { writeDocument } from '../../scripts/testing/update-documents.ts';

const guid = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const DAY = 86_400_000;

let harness: ConsoleHarness;
let client: ConsoleClient;

beforeEach(async () => {
  harness = await ConsoleHarness.start({ catalogue: false });
  client = harness.signedInClient();
});
afterEach(async () => await harness.close());

const daysAgo = (days: number): string => new Date(harness.clock.now.getTime() - days * DAY).toISOString();

const server = (number: number, changes: Partial<ReportedServer> = {}): ReportedServer => ({
  serverId: guid(number),
  parentId: undefined,
  fullDomainName: `server${number}.example`,
  version: '0.1.0',
  isReplica: false,
  lastSync: daysAgo(0),
  lastRollup: daysAgo(0),
  summary: {
    ComputerTargetCount: 7,
    ComputerTargetsNeedingUpdatesCount: 3,
    ComputerTargetsWithUpdateErrorsCount: 1,
  },
  clients: [],
  ...changes,
});

const keep = (...servers: ReportedServer[]): void =>
  new ReceivedServers(harness.db).keep(guid(1), 'server1', servers, harness.clock.now);

function addComputers(count: number, parent: number, lastSync = daysAgo(1)): string[] {
  const ids = Array.from({ length: count }, (_, index) => guid(1000 + index));
  new ReceivedComputers(harness.db).keep(
    guid(1),
    ids.map((computerId, index) => ({
      computerId,
      parentId: guid(parent),
      lastSync,
      lastSyncResult: 1,
      lastReboot: lastSync,
      lastStatus: lastSync,
      lastInventory: lastSync,
      details: {
        dnsName: `pc${String(index).padStart(4, '0')}`,
        ipAddress: '10.0.0.9',
        osDescription: 'Windows 11',
        osVersion: '10.0.26100',
        whole: {},
      },
    })),
  );
  return ids;
}

it('shows no server while none asked, and where one is to synchronize from', async () => {
  const { servers, addresses, own } = await client.call(api.downstreamServers);
  expect(servers).toEqual([]);
  expect(addresses).toEqual([expect.stringMatching(/^https:\/\/.+:8531$/)]);
  expect(own.computers).toBe(0);
});

it('shows the tree, parents before their children, each with the sums that it tells', async () => {
  keep(server(2, { parentId: guid(1) }), server(3, { parentId: guid(2) }), server(1));
  const { servers } = await client.call(api.downstreamServers);
  expect(servers.map(({ serverId, parentId }) => [serverId, parentId])).toEqual([
    [guid(1), undefined],
    [guid(2), guid(1)],
    [guid(3), guid(2)],
  ]);
  expect(servers[0]).toMatchObject({ computers: 7, needing: 3, failed: 1, health: 'well' });
});

it('says in a sentence what is wrong with a server', async () => {
  keep(server(2, { parentId: guid(1), lastRollup: daysAgo(9) }), server(1, { lastSync: daysAgo(4) }));
  const account = { accountGuid: guid(5), accountName: 'newcomer', ipAddress: '10.0.0.5' };
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
  keep(server(2, { parentId: guid(1) }), server(1));
  const [first = ''] = addComputers(5, 2);
  const at = daysAgo(1);
  new ReceivedStatus(harness.db).keep(guid(1), [
    {
      computerId: first,
      rollupNumber: 1,
      effectiveDetection: at,
      isFull: true,
      updates: [
        { updateId: guid(90), state: 2, changedAt: at },
        { updateId: guid(91), state: 5, changedAt: at },
      ],
    },
  ]);
  const { servers } = await client.call(api.downstreamServers);
  expect(servers[1]).toMatchObject({ computers: 5, needing: 1, failed: 1 });
  const params = { serverId: guid(2) };
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
  keep(server(2, { parentId: guid(1) }), server(1));
  const [first = '', second = '', third = '', silent = ''] = addComputers(4, 2);
  const document = writeDocument({ updateId: guid(90), texts: [{ language: 'en', title: 'Update' }] });
  importRevisions(harness.db, [{ document, fileUrls: new Map() }], harness.clock.now);
  const stands = (computerId: string, state: number) => ({
    computerId,
    rollupNumber: 1,
    effectiveDetection: daysAgo(1),
    isFull: true,
    updates: [
      { updateId: guid(90), state, changedAt: daysAgo(1) },
      { updateId: guid(91), state: 2, changedAt: daysAgo(1) },
    ],
  });
  new ReceivedStatus(harness.db).keep(guid(1), [stands(third, 4), stands(second, 5), stands(first, 4)]);
  const params = { updateId: guid(90) };
  const page = await client.call(api.updateBelow, { params, query: { limit: 2 } });
  expect(page).toMatchObject({
    total: 3,
    status: { Installed: 2, Failed: 1, NotInstalled: 0, Unknown: 0 },
    items: [
      { computerId: first, dnsName: 'pc0000', state: 'Installed', serverName: 'server2.example' },
      { computerId: second, dnsName: 'pc0001', state: 'Failed', serverId: guid(2) },
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
  const unknown = await client.refused(api.updateBelow, { params: { updateId: guid(92) } });
  expect(unknown).toMatchObject({ status: 404, code: 'UPDATE_UNKNOWN' });
});

it('counts a computer that moved between this relay and one below once, where it was seen last', async () => {
  keep(server(1));
  const [computerId = ''] = addComputers(2, 1);
  const introduce = (days: number): void =>
    new ComputerStore(harness.db).introduce(
      { computerId, dnsName: 'roaming', ipAddress: '10.0.0.9', requestedTargetGroup: '' },
      new Date(daysAgo(days)),
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
  keep(server(2, { parentId: guid(1) }), server(1));
  addComputers(3, 2);
  await client.call(api.forgetDownstreamServer, { params: { serverId: guid(1) } });
  expect((await client.call(api.downstreamServers)).servers).toEqual([]);
  expect(harness.db.prepare('SELECT count(*) FROM downstream_computer').pluck().get()).toBe(0);
  const problem = await client.refused(api.forgetDownstreamServer, { params: { serverId: guid(1) } });
  expect(problem.code).toBe('DOWNSTREAM_SERVER_UNKNOWN');
});
