import { randomUUID } from 'node:crypto';
import { SoapFault } from '../../protocol/soap/fault.ts';
import type { Operation, RequestToWrite, ResponseOf } from '../../protocol/soap/table.ts';
import { readResponse, writeRequest } from '../../protocol/soap/codec.ts';
import { Cookie } from '../../protocol/wusp/authorization.ts';
import { GetAuthorizationCookie, dssAuthService } from '../../protocol/wsusss/dss-auth.ts';
import {
  GetOutOfSyncComputers,
  GetRollupConfiguration,
  NO_SERVER,
  RollupComputers,
  RollupComputerStatus,
  RollupDownstreamServers,
  rollupService,
  type DownstreamServerRollupInfo,
} from '../../protocol/wsusss/rollup.ts';
import { GetCookie, serverSyncService } from '../../protocol/wsusss/server-sync.ts';
import type { Service, Read } from '../../protocol/soap/table.ts';
import { Agent, request } from 'node:https';
import { gunzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { MOST_COMPUTERS, ReceivedComputers } from '../../catalog/store/rollup/received-computers.ts';
import { forgetDownstreamServer } from '../../catalog/store/rollup/server-tree.ts';
import { startTestUpstream } from '../../scripts/testing/upstream-server.ts';
import type { TestUpstream } from '../../scripts/testing/upstream-server.ts';

/** "Expiration = 9999-12-31 23:59:59.9999999, EncryptedData = zero length array" (3.1.4.13.2.1). */
const RESERVED = { Expiration: '9999-12-31T23:59:59.9999999', EncryptedData: Buffer.alloc(0) };
const COMPUTER = '0aa1b2c3-0000-4000-8000-00000000000A';
const UPDATE = randomUUID();
const CLIENT_TIME = '2026-06-01T12:00:00Z';

let upstream: TestUpstream;
let serverId: string;
let cookie: Read<typeof Cookie> | undefined;

async function call<O extends Operation>(
  service: Service,
  operation: O,
  content: RequestToWrite<O>,
): Promise<ResponseOf<O>> {
  const url = new URL(service.path, upstream.url);
  const agent = new Agent({ ca: readFileSync(upstream.trustAnchorFile) });
  const body = await new Promise<Buffer>((resolve, reject) => {
    const post = request(
      url,
      {
        method: 'POST',
        agent,
        headers: { 'content-type': 'text/xml', soapaction: `"${operation.soapAction}"` },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve(Buffer.concat(chunks)));
      },
    );
    post.on('error', reject);
    post.end(writeRequest(service, operation, content, '1.1'));
  });
  agent.destroy();
  return readResponse(service, operation, gunzipSync(body));
}

async function authorize(accountGuid: string): Promise<typeof cookie> {
  const { GetAuthorizationCookieResult: authorization } = await call(dssAuthService, GetAuthorizationCookie, {
    accountName: 'branch.corp.example',
    accountGuid,
  });
  const { GetCookieResult } = await call(serverSyncService, GetCookie, {
    authCookies: authorization === undefined ? [] : [authorization],
    protocolVersion: '1.20',
  });
  return GetCookieResult;
}

async function start(config: object = {}): Promise<void> {
  upstream = await startTestUpstream([], config);
  serverId = randomUUID();
  cookie = await authorize(serverId);
}
afterEach(async () => await upstream.close());

const serverInfo = (
  changes: Partial<Read<typeof DownstreamServerRollupInfo>> = {},
): Read<typeof DownstreamServerRollupInfo> => ({
  ServerId: serverId,
  FullDomainName: 'branch.corp.example',
  LastSyncTime: '2026-06-01T11:00:00Z',
  ParentServerId: NO_SERVER,
  Version: '10.0',
  IsReplica: false,
  LastRollupTime: '2026-06-01T11:30:00Z',
  ...changes,
});

const rollUpServers = async (
  ...downstreamServers: Read<typeof DownstreamServerRollupInfo>[]
): Promise<unknown> =>
  await call(rollupService, RollupDownstreamServers, { cookie, clientTime: CLIENT_TIME, downstreamServers });

const computerInfo = (LastSyncTime: string, ParentServerId = serverId) => ({
  ComputerId: COMPUTER,
  LastSyncTime,
  LastSyncResult: 1,
  LastReportedRebootTime: '1753-01-01T00:00:00',
  LastReportedStatusTime: '1753-01-01T00:00:00',
  LastInventoryTime: '1753-01-01T00:00:00',
  ParentServerId,
});

const rollUpComputer = async (...args: Parameters<typeof computerInfo>): Promise<unknown> =>
  (
    await call(rollupService, RollupComputers, {
      cookie,
      clientTime: CLIENT_TIME,
      computers: [computerInfo(...args)],
    })
  ).RollupComputersResult ?? [];

async function rollUpStatus(
  RollupNumber: number,
  IsFullRollup: boolean,
  ...states: (readonly [string, number, string])[]
): Promise<void> {
  const computers = [
    {
      InstanceId: randomUUID(),
      ComputerId: COMPUTER,
      EffectiveLastDetectionTime: '1753-01-01T00:00:00',
      RollupNumber,
      IsFullRollup,
      UpdateStatus: states.map(([UpdateId, SummarizationState, LastChangeTime]) => ({
        UpdateId,
        SummarizationState,
        LastChangeTime,
      })),
    },
  ];
  await call(rollupService, RollupComputerStatus, {
    cookie,
    clientTime: CLIENT_TIME,
    parentServerId: serverId,
    computers,
  });
}

const rows = (sql: string): unknown[] => upstream.db.prepare(sql).raw().all();
const refused = async (promise: Promise<unknown>): Promise<unknown> =>
  await promise.then(
    () => 'not refused',
    (error: unknown) => (error instanceof SoapFault ? error.errorCode : error),
  );

it('is for servers that show the cookie of their session', async () => {
  await start();
  const operations = [GetRollupConfiguration, RollupDownstreamServers, RollupComputers];
  for (const operation of operations) {
    for (const wrong of [undefined, RESERVED, { ...RESERVED, EncryptedData: Buffer.from('made up') }]) {
      expect(await refused(call(rollupService, operation, { cookie: wrong, clientTime: CLIENT_TIME }))).toBe(
        'InvalidCookie',
      );
    }
  }
});

it('takes the empty cookie for the one server of its address where that is configured', async () => {
  await start({ rollup: { reservedCookie: 'by-address' } });
  cookie = RESERVED;
  await rollUpServers(serverInfo());
  expect(rows('SELECT server_id FROM rolled_up_server')).toEqual([[serverId]]);
  await authorize(randomUUID());
  expect(await refused(rollUpServers(serverInfo()))).toBe('InvalidCookie');
});

it('bounds batches to what a request may hold', async () => {
  await start({ limits: { requestBytes: 100_000 } });
  const { GetRollupConfigurationResult: answer } = await call(rollupService, GetRollupConfiguration, {
    cookie,
  });
  expect(answer).toMatchObject({
    DoDetailedRollup: true,
    RollupDownstreamServersMaxBatchSize: 50,
    RollupComputersMaxBatchSize: 40,
    GetOutOfSyncComputersMaxBatchSize: 500,
    RollupComputerStatusMaxBatchSize: 1,
  });
  await rollUpServers(serverInfo());
  const computers = Array.from({ length: 41 }, () => computerInfo(CLIENT_TIME));
  expect(
    await refused(call(rollupService, RollupComputers, { cookie, clientTime: CLIENT_TIME, computers })),
  ).toBe('InvalidParameters');
});

it('has no place for servers that are not below their reporter', async () => {
  await start();
  const child = randomUUID();
  expect(await refused(rollUpServers(serverInfo({ ServerId: child, ParentServerId: randomUUID() })))).toBe(
    'InvalidParameters',
  );
  expect(await refused(rollUpServers(serverInfo({ ServerId: child })))).toBe('InvalidParameters');
  await rollUpServers(serverInfo({ ServerId: child, ParentServerId: serverId }), serverInfo());
  // A circle.
  expect(await refused(rollUpServers(serverInfo({ ParentServerId: child })))).toBe('InvalidParameters');
  expect(rows('SELECT server_id, parent_id FROM rolled_up_server ORDER BY parent_id')).toEqual([
    [serverId, null],
    [child, serverId],
  ]);
});

it('keeps what was rolled up last, and adds what computers did once', async () => {
  await start();
  const kind = {
    OSMajorVersion: 10,
    OSMinorVersion: 0,
    OSBuildNumber: 26100,
    OSServicePackMajorNumber: 0,
    OSServicePackMinorNumber: 0,
    SuiteMask: 256,
    OldProductType: 1,
    NewProductType: 48,
    SystemMetrics: 0,
    Count: 3,
    ActivitySummaries: [
      { UpdateId: UPDATE, RevisionNumber: 1, InstallSuccessCount: 2, InstallFailureCount: 1 },
    ],
  };
  const at = (minute: number) => `2026-06-01T11:${minute}:00Z`;
  const info = (minute: number) =>
    serverInfo({ LastRollupTime: at(minute), Version: `at ${minute}`, ClientSummaries: [kind] });
  await rollUpServers(info(30));
  await rollUpServers(info(30));
  expect(rows('SELECT successes, failures FROM downstream_activity')).toEqual([[2, 1]]);
  await rollUpServers(info(40));
  await rollUpServers(info(20));
  expect(rows('SELECT successes, failures FROM downstream_activity')).toEqual([[4, 2]]);
  expect(rows('SELECT version FROM rolled_up_server')).toEqual([['at 40']]);
});

it('refuses computers of servers that were not rolled up', async () => {
  await start();
  expect(await refused(rollUpComputer(CLIENT_TIME))).toBe('InternalServerError');
});

it('asks for the details of a computer that is new', async () => {
  await start();
  await rollUpServers(serverInfo());
  expect(await rollUpComputer('2026-06-01T10:00:00Z')).toEqual([
    { ComputerId: COMPUTER, Change: 'NewParent' },
  ]);
  expect(await rollUpComputer('2026-06-01T11:00:00Z')).toEqual([]);
});

it('passes over what is older than what is known of a computer', async () => {
  await start();
  const child = randomUUID();
  await rollUpServers(serverInfo({ ServerId: child, ParentServerId: serverId }), serverInfo());
  await rollUpComputer('2026-06-01T11:00:00Z', child);
  expect(await rollUpComputer('2026-06-01T10:00:00Z')).toEqual([]);
  expect(rows('SELECT parent_id FROM downstream_computer')).toEqual([[child]]);
  expect(await rollUpComputer('2026-06-01T12:00:00Z')).toEqual([
    { ComputerId: COMPUTER, Change: 'NewParent' },
  ]);
  expect(rows('SELECT parent_id FROM downstream_computer')).toEqual([[serverId]]);
});

it('names computers that stand at another number, and lets the newest change of a state stand', async () => {
  await start();
  await rollUpServers(serverInfo());
  await rollUpComputer('2026-06-01T11:00:00Z');
  await rollUpStatus(1, true, [UPDATE, 2, '2026-06-01T10:00:00Z']);
  await rollUpStatus(2, false, [UPDATE, 4, '2026-06-01T09:00:00Z']);
  expect(rows('SELECT state FROM downstream_status')).toEqual([[2]]);
  expect(rows('SELECT not_installed, installed FROM downstream_computer')).toEqual([[1, 0]]);
  const outOfSync = async (RollupNumber: number): Promise<unknown> =>
    (
      await call(rollupService, GetOutOfSyncComputers, {
        cookie,
        parentServerId: serverId,
        lastRollupNumbers: [{ ComputerId: COMPUTER, RollupNumber }],
      })
    ).GetOutOfSyncComputersResult ?? [];
  expect(await outOfSync(2)).toEqual([]);
  expect(await outOfSync(1)).toEqual([COMPUTER]);
  await rollUpStatus(3, true);
  expect(rows('SELECT state FROM downstream_status')).toEqual([]);
});

it('lets no server speak for the computers of another', async () => {
  await start();
  await rollUpServers(serverInfo());
  await rollUpComputer('2026-06-01T11:00:00Z');
  const victim = serverId;
  serverId = randomUUID();
  cookie = await authorize(serverId);
  await rollUpServers(serverInfo());
  expect(await rollUpComputer('2026-06-01T11:30:00Z', victim)).toEqual([]);
  expect(rows('SELECT parent_id, last_sync FROM downstream_computer')).toEqual([
    [victim, '2026-06-01T11:00:00.000Z'],
  ]);
  await rollUpStatus(1, true, [UPDATE, 4, CLIENT_TIME]);
  expect(rows('SELECT * FROM downstream_status')).toEqual([]);
  serverId = victim;
  expect(await refused(rollUpStatus(1, true))).toBe('InvalidParameters');
});

const ANOTHER = '0aa1b2c3-0000-4000-8000-00000000000b';

it('lets no server take over another by reporting it as its own', async () => {
  await start();
  await call(rollupService, GetRollupConfiguration, { cookie });
  const child = randomUUID();
  await rollUpServers(serverInfo({ ServerId: child, ParentServerId: serverId }), serverInfo());
  await rollUpComputer('2026-06-01T11:00:00Z');
  await rollUpStatus(1, true, [UPDATE, 5, CLIENT_TIME]);
  const victim = serverId;
  const before = rows('SELECT * FROM rolled_up_server ORDER BY server_id');

  serverId = randomUUID();
  cookie = await authorize(serverId);
  const silent = randomUUID();
  await authorize(silent);
  const own = randomUUID();
  const latest = { LastRollupTime: '2026-06-01T11:59:00Z', FullDomainName: 'taken' };
  await call(rollupService, GetRollupConfiguration, { cookie });
  await rollUpServers(
    // One that reported itself, one that it reported, and one that has only introduced itself.
    serverInfo({ ...latest, ServerId: victim, ParentServerId: serverId }),
    serverInfo({ ...latest, ServerId: child, ParentServerId: victim }),
    serverInfo({ ...latest, ServerId: silent, ParentServerId: serverId }),
    serverInfo({ ...latest, ServerId: own, ParentServerId: serverId }),
    serverInfo(),
  );
  await rollUpServers(
    serverInfo({ ...latest, ServerId: child, ParentServerId: serverId }),
    serverInfo({ ...latest, ServerId: own, ParentServerId: serverId }),
    serverInfo(),
  );
  await rollUpStatus(9, true, [UPDATE, 4, CLIENT_TIME]);
  // A round without them.
  await call(rollupService, GetRollupConfiguration, { cookie });
  await rollUpServers(serverInfo({ ...latest, ServerId: own, ParentServerId: serverId }), serverInfo());
  expect(
    rows(
      `SELECT * FROM rolled_up_server WHERE server_id NOT IN ('${serverId}', '${own}') ORDER BY server_id`,
    ),
  ).toEqual(before);
  expect(rows('SELECT state FROM downstream_status')).toEqual([[5]]);
  expect(rows(`SELECT parent_id FROM rolled_up_server WHERE server_id = '${own}'`)).toEqual([[serverId]]);
});

it('has a server where it says itself that it moved, and where it is reported once it was removed', async () => {
  await start();
  const parent = serverId;
  const child = randomUUID();
  await rollUpServers(serverInfo({ ServerId: child, ParentServerId: parent }), serverInfo());
  const standing = (): unknown[] =>
    rows(`SELECT parent_id FROM rolled_up_server WHERE server_id = '${child}'`);
  const parentCookie = cookie;
  serverId = child;
  cookie = await authorize(child);
  await rollUpServers(serverInfo());
  expect(standing()).toEqual([[null]]);
  serverId = parent;
  cookie = parentCookie;
  const below = serverInfo({ ServerId: child, ParentServerId: parent });
  await rollUpServers(below, serverInfo());
  expect(standing()).toEqual([[null]]);
  forgetDownstreamServer(upstream.db, child);
  await rollUpServers(below, serverInfo());
  expect(standing()).toEqual([[parent]]);
});

it('asks for the status of the computers of a server that was removed and comes back', async () => {
  await start();
  await rollUpServers(serverInfo());
  await rollUpComputer('2026-06-01T11:00:00Z');
  await rollUpStatus(1, true, [UPDATE, 5, CLIENT_TIME]);
  forgetDownstreamServer(upstream.db, serverId);
  expect(rows('SELECT * FROM downstream_status')).toEqual([]);
  await rollUpServers(serverInfo());
  expect(await rollUpComputer('2026-06-01T11:00:00Z')).toEqual([
    { ComputerId: COMPUTER, Change: 'NewParent' },
  ]);
  const { GetOutOfSyncComputersResult: differing } = await call(rollupService, GetOutOfSyncComputers, {
    cookie,
    parentServerId: serverId,
    lastRollupNumbers: [
      { ComputerId: COMPUTER, RollupNumber: 1 },
      { ComputerId: ANOTHER, RollupNumber: 1 },
    ],
  });
  expect(differing).toEqual([COMPUTER]);
});

it('keeps so many computers of one server and no more', async () => {
  await start();
  await rollUpServers(serverInfo());
  upstream.db
    .prepare(
      `INSERT INTO downstream_computer (computer_id, parent_id, last_sync, last_sync_result, last_reboot, last_status,
         last_inventory, seen_round)
       WITH RECURSIVE number (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM number WHERE value < ?)
       SELECT 'computer-' || value, ?, '', 0, '', '', '', 0 FROM number`,
    )
    .run(MOST_COMPUTERS, serverId);
  expect(await refused(rollUpComputer('2026-06-01T11:00:00Z'))).toBe('InvalidParameters');
  expect(rows('SELECT count(*) FROM downstream_computer')).toEqual([[MOST_COMPUTERS]]);
  upstream.db.exec("DELETE FROM downstream_computer WHERE computer_id = 'computer-1'");
  expect(await rollUpComputer('2026-06-01T11:00:00Z')).toHaveLength(1);
});

it('says which computers moved from one server to another', async () => {
  await start();
  const received = new ReceivedComputers(upstream.db);
  await rollUpServers(serverInfo());
  const computer = (computerId: string, lastSync: string) => ({
    computerId,
    parentId: serverId,
    lastSync,
    lastSyncResult: 1,
    lastReboot: '',
    lastStatus: '',
    lastInventory: '',
  });
  const first = computer('a', '2026-06-01T10:00:00.000Z');
  expect(received.keep(serverId, [first])).toEqual({ lacking: ['a'], moved: [] });
  const fromId = serverId;
  serverId = randomUUID();
  cookie = await authorize(serverId);
  await rollUpServers(serverInfo());
  expect(received.keep(serverId, [computer('a', '2026-06-01T11:00:00.000Z')])).toEqual({
    lacking: ['a'],
    moved: [{ computerId: 'a', fromId, toId: serverId }],
  });
});

it('refuses computers where sums alone are wanted', async () => {
  await start({ rollup: { detailed: false } });
  await rollUpServers(serverInfo());
  expect(await refused(rollUpComputer(CLIENT_TIME))).toBe('InternalServerError');
});
