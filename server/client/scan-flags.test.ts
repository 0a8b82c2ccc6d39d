/** What each parameter of SyncUpdates changes in the answer ([MS-WUSP] 2.2.2.2.4), and what bounds an answer. */
import { writeRequest } from '../../protocol/soap/codec.ts';
import { clientService, SyncUpdates } from '../../protocol/wusp/client.ts';
import { ClientServices, deploy, faultOf, storeRevision } from '../../scripts/testing/client-services.ts';
import { TestAgent } from '../../scripts/testing/test-agent.ts';

const PC = '5c7f4f80-3896-4d10-8a38-469286a0febc';
const guid = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

const SOFTWARE = { revisionId: 1, updateId: guid(1) } as const;
const DRIVER = {
  revisionId: 2,
  updateId: guid(2),
  updateType: 'Driver',
  hardwareId: 'pci\\ven_8086',
} as const;
const DEVICE = { HardwareIDs: ['PCI\\VEN_8086'] };

async function begin(protocolVersion = '2.90'): Promise<TestAgent> {
  const server = new ClientServices();
  for (const revision of [SOFTWARE, DRIVER]) storeRevision(server.db, revision);
  deploy(server.db, SOFTWARE);
  return await new TestAgent(server, PC, protocolVersion).enrol();
}

const ids = (updates: readonly { readonly ID: number }[] | undefined): number[] =>
  (updates ?? []).map(({ ID }) => ID);

describe('ExpressQuery', () => {
  it('changes nothing', async () => {
    const agent = await begin();
    const { NewCookie: _first, ...plain } = await agent.sync({ ExpressQuery: false });
    const { NewCookie: _second, ...express } = await agent.sync({ ExpressQuery: true });
    expect(express).toEqual(plain);
    expect(ids(express.NewUpdates)).toEqual([1]);
  });
});

describe('SkipSoftwareSync', () => {
  it('asks for drivers alone where it is true, and for anything but drivers where it is not', async () => {
    const agent = await begin();
    deploy(agent.server.db, DRIVER);
    expect(ids((await agent.sync()).NewUpdates)).toEqual([1]);
    const drivers = await agent.sync({ SkipSoftwareSync: true, SystemSpec: [DEVICE] });
    expect(ids(drivers.NewUpdates)).toEqual([2]);
  });

  it('decides which lists are what the agent holds', async () => {
    const agent = await begin();
    const lists = { InstalledNonLeafUpdateIDs: [71], OtherCachedUpdateIDs: [72], CachedDriverIDs: [73] };
    expect((await agent.sync(lists)).OutOfScopeRevisionIDs).toEqual([71, 72]);
    const drivers = await agent.sync({ ...lists, SkipSoftwareSync: true, SystemSpec: [DEVICE] });
    expect(drivers.OutOfScopeRevisionIDs).toEqual([73]);
  });

  it('finds no driver where no devices are told, and takes back those that were held', async () => {
    const agent = await begin();
    deploy(agent.server.db, DRIVER);
    const answer = await agent.sync({ SkipSoftwareSync: true, CachedDriverIDs: [2] });
    expect(answer.NewUpdates).toBeUndefined();
    expect(answer.OutOfScopeRevisionIDs).toEqual([2]);
  });

  it('must be true where devices are told, even none', async () => {
    const agent = await begin();
    for (const SystemSpec of [[], [DEVICE]])
      expect(await faultOf(agent.sync({ SystemSpec }))).toBe('InvalidParameters parameters.SystemSpec');
  });
});

describe('DriverSyncNotNeeded', () => {
  it('is true while no driver is deployed, and false from then on', async () => {
    const agent = await begin();
    expect((await agent.sync()).DriverSyncNotNeeded).toBe('true');
    deploy(agent.server.db, DRIVER);
    expect((await agent.sync()).DriverSyncNotNeeded).toBe('false');
  });

  it('is false for an agent that holds drivers: it has to hear that they are deployed no more', async () => {
    const agent = await begin();
    expect((await agent.sync({ CachedDriverIDs: [2] })).DriverSyncNotNeeded).toBe('false');
  });

  it('is said of the categories that are scanned', async () => {
    const agent = await begin();
    deploy(agent.server.db, DRIVER);
    const inCategory = await agent.sync({ FilterCategoryIds: [{ Id: guid(9) }] });
    expect(inCategory.DriverSyncNotNeeded).toBe('true');
  });

  it('is said to agents from protocol 1.7 on', async () => {
    expect((await (await begin('1.6')).sync()).DriverSyncNotNeeded).toBeUndefined();
    expect((await (await begin('1.7')).sync()).DriverSyncNotNeeded).toBe('true');
  });
});

describe('a parameter that no specification names', () => {
  it('is passed over, as agents of the public service send some', async () => {
    const { server, cookie } = await begin();
    const parameters = { ExpressQuery: false, SkipSoftwareSync: false };
    const request = writeRequest(clientService, SyncUpdates, { cookie, parameters }).toString();
    const more = '<AlsoPerformRegularSync>false</AlsoPerformRegularSync>';
    const answer = await server.answer(
      clientService,
      Buffer.from(request.replace('</parameters>', `${more}</parameters>`)),
    );
    expect(request).toContain('</parameters>');
    expect(answer.toString()).toContain('<NewUpdates><UpdateInfo><ID>1</ID>');
  });
});

describe('one answer', () => {
  it('holds 30 updates, as WSUS of Windows Server 2025 sends, where nothing else is configured', async () => {
    const server = new ClientServices();
    for (let index = 1; index <= 31; index += 1) {
      const revision = { revisionId: index, updateId: guid(index) };
      storeRevision(server.db, revision);
      deploy(server.db, revision);
    }
    const agent = await new TestAgent(server, PC).enrol();
    const first = await agent.sync();
    expect([first.NewUpdates?.length, first.Truncated]).toEqual([30, true]);
    const second = await agent.sync({ OtherCachedUpdateIDs: ids(first.NewUpdates) });
    expect([second.NewUpdates?.length, second.Truncated]).toEqual([1, false]);
  });

  it('holds a megabyte of metadata and no more, at least one update, and says that more remains', async () => {
    const server = new ClientServices();
    const sizes = [400_000, 400_000, 400_000, 1_500_000, 10];
    for (const [index, size] of sizes.entries()) {
      const revision = { revisionId: index + 1, updateId: guid(index + 1) };
      storeRevision(server.db, revision);
      server.db
        .prepare('UPDATE revision SET core = ? WHERE revision_id = ?')
        .run('x'.repeat(size), revision.revisionId);
      deploy(server.db, revision);
    }
    const agent = await new TestAgent(server, PC).enrol();
    const pages: number[][] = [];
    for (let truncated = true; truncated;) {
      const answer = await agent.sync({ OtherCachedUpdateIDs: pages.flat() });
      pages.push(ids(answer.NewUpdates));
      truncated = answer.Truncated;
    }
    expect(pages).toEqual([[1, 2], [3], [4], [5]]);
  });

  it('holds up to 200 drivers, since agents ask for them once', async () => {
    const server = new ClientServices();
    const devices = Array.from({ length: 201 }, (_, index) => `usb\\device_${index}`);
    for (const [index, hardwareId] of devices.entries()) {
      const driver = { ...DRIVER, revisionId: index + 1, updateId: guid(index + 1), hardwareId };
      storeRevision(server.db, driver);
      deploy(server.db, driver);
    }
    const agent = await new TestAgent(server, PC).enrol();
    const asked = { SkipSoftwareSync: true, SystemSpec: devices.map((id) => ({ HardwareIDs: [id] })) };
    const first = await agent.sync(asked);
    expect([first.NewUpdates?.length, first.Truncated]).toEqual([200, true]);
    const second = await agent.sync({ ...asked, CachedDriverIDs: ids(first.NewUpdates) });
    expect([second.NewUpdates?.length, second.Truncated]).toEqual([1, false]);
  });
});

describe('a device of an agent older than Windows 10', () => {
  it('is offered a newer driver, though neither a rank nor a key for feature scores comes with it', async () => {
    const agent = await begin('1.8');
    deploy(agent.server.db, DRIVER);
    const request = writeRequest(clientService, SyncUpdates, {
      cookie: agent.cookie,
      parameters: {
        ExpressQuery: false,
        SystemSpec: [
          {
            ...DEVICE,
            installedDriver: {
              MatchingID: 'PCI\\VEN_8086',
              DriverVerDate: '2009-04-21T00:00:00',
              DriverVerVersion: 1n,
              DriverRank: 0,
            },
          },
        ],
        SkipSoftwareSync: true,
      },
    }).toString();
    const withoutRank = request.replace('<DriverRank>0</DriverRank>', '');
    expect(withoutRank).not.toBe(request);
    const answer = await agent.server.answer(clientService, Buffer.from(withoutRank));
    expect(answer.toString()).toContain('<NewUpdates><UpdateInfo><ID>2</ID>');
  });
});
