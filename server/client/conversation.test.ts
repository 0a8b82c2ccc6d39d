import { ClientServices, deploy, faultOf, storeRevision } from '../../scripts/testing/client-services.ts';
import { TestAgent } from '../../scripts/testing/test-agent.ts';
import { clientService, RefreshCache, StartCategoryScan } from '../../protocol/wusp/client.ts';

const PC = '5c7f4f80-3896-4d10-8a38-469286a0febc';
const guid = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
const HOUR = 3600_000;

const CLASSIFICATION = {
  revisionId: 101,
  updateId: guid(101),
  updateType: 'Category',
  categoryType: 'UpdateClassification',
  isLeaf: false,
} as const;
const PRODUCT = {
  revisionId: 102,
  updateId: guid(102),
  updateType: 'Category',
  categoryType: 'Product',
  isLeaf: false,
} as const;
const DETECTOID = { revisionId: 103, updateId: guid(103), updateType: 'Detectoid', isLeaf: false } as const;
const MEMBER = { revisionId: 104, updateId: guid(104) };
const UPDATE = { revisionId: 105, updateId: guid(105), requires: [guid(103)], bundles: [guid(104)] };
const DRIVER = {
  revisionId: 106,
  updateId: guid(106),
  updateType: 'Driver',
  hardwareId: 'pci\\ven_8086&dev_15f3',
} as const;

function startServer(config: object = {}): ClientServices {
  const server = new ClientServices({ config });
  for (const revision of [CLASSIFICATION, PRODUCT, DETECTOID, MEMBER, UPDATE, DRIVER])
    storeRevision(server.db, revision);
  for (const [groupId, name] of [
    ['g-pilot', 'Pilot'],
    ['g-rest', 'Rest'],
  ])
    server.db
      .prepare("INSERT INTO target_group VALUES (?, 'a0a08746-4dbe-4a37-9adf-9e7652c0b421', ?, 0)")
      .run(groupId, name);
  return server;
}

const ids = (updates: readonly { readonly ID: number }[] | undefined): number[] =>
  (updates ?? []).map(({ ID }) => ID);

const scanToEnd = async (agent: TestAgent): Promise<number[]> => {
  const first = await agent.sync();
  const second = await agent.sync({ InstalledNonLeafUpdateIDs: ids(first.NewUpdates) });
  return [...ids(first.NewUpdates), ...ids(second.NewUpdates)];
};

const lastChangeOf = async (server: ClientServices): Promise<string | undefined> =>
  (await new TestAgent(server, PC).getConfig()).GetConfigResult?.LastChange;

describe('GetConfig', () => {
  it('says what a server of protocol 3.2 says', async () => {
    const { GetConfigResult } = await new TestAgent(startServer(), PC).getConfig();
    expect(GetConfigResult).toEqual({
      LastChange: '2026-11-10T18:00:00Z',
      IsRegistrationRequired: true,
      AuthInfo: [{ PlugInID: 'SimpleTargeting', ServiceUrl: 'SimpleAuthWebService/SimpleAuth.asmx' }],
      Properties: [
        { Name: 'MaxExtendedUpdatesPerRequest', Value: '50' },
        { Name: 'ProtocolVersion', Value: '3.2' },
        { Name: 'IsInventoryRequired', Value: '0' },
        { Name: 'ClientReportingLevel', Value: '2' },
      ],
    });
  });

  it('says a later change after a restart with other targeting, and the same after a restart as it was', async () => {
    const first = startServer();
    const again = new ClientServices({ db: first.db, startTime: '2026-11-11T18:00:00Z' });
    expect(await lastChangeOf(again)).toBe(await lastChangeOf(first));
    // The clock was put back: still later than the last.
    const changed = new ClientServices({
      db: first.db,
      config: { client: { targeting: 'client' } },
      startTime: '2026-11-01T18:00:00Z',
    });
    expect(await lastChangeOf(changed)).toBe('2026-11-10T18:00:01Z');
  });
});

const groupsOf = (server: ClientServices): unknown =>
  server.db.prepare('SELECT group_id FROM computer_group').pluck().all();

describe('a new computer', () => {
  it('is known, unassigned and with what it told of itself, once it has registered', async () => {
    const server = startServer();
    await new TestAgent(server, PC.toUpperCase()).enrol();
    expect(
      server.db
        .prepare(
          `SELECT computer_id, dns_name, ip_address, is_registered, os_description, os_version, model, client_version
           FROM computer`,
        )
        .all(),
    ).toEqual([
      {
        computer_id: PC,
        dns_name: 'pc1.corp.example',
        ip_address: '10.0.0.7',
        is_registered: 1,
        os_description: 'Windows 11 Enterprise',
        os_version: '10.0.26100',
        model: 'Desk 7',
        client_version: '10.0.26100.7171',
      },
    ]);
    expect(server.db.prepare('SELECT count(*) FROM computer_group').pluck().get()).toBe(0);
  });

  it('is in the group that it names only where targeting is client-side', async () => {
    const serverSide = startServer();
    await new TestAgent(serverSide, PC).enrol('Pilot');
    expect(groupsOf(serverSide)).toEqual([]);
    const clientSide = startServer({ client: { targeting: 'client' } });
    await new TestAgent(clientSide, PC).enrol('Pilot;Rest');
    expect(groupsOf(clientSide)).toEqual(['g-pilot', 'g-rest']);
  });
});

describe('a software scan', () => {
  it('is offered an update only once it is approved, and what it needs before it', async () => {
    const server = startServer();
    const agent = await new TestAgent(server, PC).enrol();
    expect((await agent.sync()).NewUpdates).toBeUndefined();

    deploy(server.db, UPDATE, { deadline: '2026-12-01T00:00:00.000Z' });
    const first = await agent.sync();
    expect(ids(first.NewUpdates)).toEqual([103, 104]);
    expect(first.NewUpdates?.map(({ Deployment }) => Deployment?.Action)).toEqual(['Evaluate', 'Bundle']);
    const second = await agent.sync({ InstalledNonLeafUpdateIDs: [103], OtherCachedUpdateIDs: [104] });
    expect(second.NewUpdates).toEqual([
      {
        ID: 105,
        Deployment: {
          ID: 1,
          Action: 'Install',
          Deadline: '2026-12-01T00:00:00.000Z',
          IsAssigned: true,
          LastChangeTime: '2026-11-10',
          AutoSelect: '0',
          AutoDownload: '0',
          SupersedenceBehavior: '0',
        },
        IsLeaf: true,
        Xml: `<UpdateIdentity UpdateID="${guid(105)}" RevisionNumber="1" />`,
      },
    ]);
    expect(second.DriverSyncNotNeeded).toBe('true');
  });

  it('sees an update only in the group it is approved for, and a moved computer at its very next scan', async () => {
    const server = startServer();
    deploy(server.db, UPDATE, { groupId: 'g-pilot' });
    const agent = await new TestAgent(server, PC).enrol();
    expect(await scanToEnd(agent)).toEqual([]);
    server.db.prepare('INSERT INTO computer_group VALUES (?, ?)').run(PC, 'g-pilot');
    expect(await scanToEnd(agent)).toEqual([103, 104, 105]);
    server.db.prepare('UPDATE computer_group SET group_id = ?').run('g-rest');
    const { OutOfScopeRevisionIDs } = await agent.sync({
      InstalledNonLeafUpdateIDs: [103],
      OtherCachedUpdateIDs: [104, 105],
    });
    expect(OutOfScopeRevisionIDs).toEqual([103, 104, 105]);
  });

  it('hears how what it holds is deployed in its new group, though that was decided before it last scanned', async () => {
    const server = startServer();
    deploy(server.db, UPDATE, { groupId: 'g-pilot' });
    deploy(server.db, UPDATE, { groupId: 'g-rest', action: 'Uninstall' });
    const agent = await new TestAgent(server, PC).enrol();
    server.db.prepare('INSERT INTO computer_group VALUES (?, ?)').run(PC, 'g-pilot');
    const cached = { InstalledNonLeafUpdateIDs: [103], OtherCachedUpdateIDs: [104, 105] };
    await agent.sync(cached);
    expect((await agent.sync(cached)).ChangedUpdates).toBeUndefined();
    server.db.prepare('UPDATE computer_group SET group_id = ?').run('g-rest');
    const moved = await agent.sync(cached);
    expect(moved.ChangedUpdates).toContainEqual(
      expect.objectContaining({ ID: 105, Deployment: expect.objectContaining({ Action: 'Uninstall' }) }),
    );
    expect((await agent.sync(cached)).ChangedUpdates).toBeUndefined();
  });

  it('hears of a changed approval once', async () => {
    const server = startServer();
    deploy(server.db, UPDATE);
    const agent = await new TestAgent(server, PC).enrol();
    await scanToEnd(agent);
    const cached = { InstalledNonLeafUpdateIDs: [103], OtherCachedUpdateIDs: [104, 105] };
    await agent.sync(cached);
    expect((await agent.sync(cached)).ChangedUpdates).toBeUndefined();
    deploy(server.db, UPDATE, { action: 'Uninstall' });
    expect((await agent.sync(cached)).ChangedUpdates).toMatchObject([
      { ID: 104 },
      { ID: 105, Deployment: { Action: 'Uninstall' } },
    ]);
    expect((await agent.sync(cached)).ChangedUpdates).toBeUndefined();
  });

  it('hears of a changed approval though a scan by category came between, and after its cookie was renewed', async () => {
    const server = startServer();
    deploy(server.db, UPDATE);
    deploy(server.db, PRODUCT);
    const agent = await new TestAgent(server, PC).enrol();
    const cached = { InstalledNonLeafUpdateIDs: [102, 103], OtherCachedUpdateIDs: [104, 105] };
    await agent.sync(cached);
    deploy(server.db, UPDATE, { action: 'Uninstall' });
    await agent.sync({ ...cached, FilterCategoryIds: [{ Id: PRODUCT.updateId }] });
    server.clock.time += 2 * HOUR;
    await agent.getCookie(agent.cookie);
    expect(ids((await agent.sync(cached)).ChangedUpdates)).toContain(105);
    expect((await agent.sync(cached)).ChangedUpdates).toBeUndefined();
  });

  it('is told everything where the cookie that it renews was told another computer, as on a cloned disk', async () => {
    const server = startServer();
    deploy(server.db, UPDATE);
    const original = await new TestAgent(server, PC).enrol();
    const cached = { InstalledNonLeafUpdateIDs: [103], OtherCachedUpdateIDs: [104, 105] };
    await original.sync(cached);
    expect((await original.sync(cached)).ChangedUpdates).toBeUndefined();
    const clone = new TestAgent(server, guid(7));
    await clone.getConfig();
    await clone.getCookie(original.cookie);
    await clone.register();
    expect(ids((await clone.sync(cached)).ChangedUpdates)).toEqual([103, 104, 105]);
  });

  it('comes in pages, each asking for the next', async () => {
    const server = startServer({ client: { pageSize: 2 } });
    for (const revisionId of [1, 2, 3, 4, 5]) {
      const revision = { revisionId, updateId: guid(revisionId) };
      storeRevision(server.db, revision);
      deploy(server.db, revision);
    }
    const agent = await new TestAgent(server, PC).enrol();
    const cached: number[] = [];
    const pages = [];
    for (let truncated = true; truncated;) {
      const page = await agent.sync({ OtherCachedUpdateIDs: cached });
      pages.push(page.NewUpdates?.length);
      cached.push(...ids(page.NewUpdates));
      truncated = page.Truncated;
    }
    expect(pages).toEqual([2, 2, 1]);
    expect(cached).toEqual([1, 2, 3, 4, 5]);
  });

  it('tells what is deployed but outside the categories apart from what is not, where the agent asks for that', async () => {
    const server = startServer();
    deploy(server.db, MEMBER);
    const agent = await new TestAgent(server, PC).enrol();
    const parameters = { OtherCachedUpdateIDs: [104, 105], FilterCategoryIds: [{ Id: PRODUCT.updateId }] };
    const split = await agent.sync({ ...parameters, NeedTwoGroupOutOfScopeUpdates: true });
    expect(split).toMatchObject({ OutOfScopeRevisionIDs: [105], DeployedOutOfScopeRevisionIds: [104] });
    const whole = await agent.sync(parameters);
    expect(whole.OutOfScopeRevisionIDs?.toSorted()).toEqual([104, 105]);
  });

  it('is noted as contact with the computer a moment later', async () => {
    const server = startServer();
    const agent = await new TestAgent(server, PC).enrol();
    server.clock.time += 60_000;
    await agent.sync();
    const lastContact = server.db.prepare('SELECT last_contact FROM computer').pluck();
    for (
      const until = Date.now() + 9000;
      Date.now() < until && lastContact.get() !== '2026-11-10T18:01:00.000Z';
    )
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(lastContact.get()).toBe('2026-11-10T18:01:00.000Z');
  });
});

describe('a driver scan', () => {
  const devices = [{ HardwareIDs: ['PCI\\VEN_8086&DEV_15F3', 'PCI\\VEN_8086'] }];

  it('is offered the driver of a device, with the ids that matched', async () => {
    const server = startServer();
    deploy(server.db, DRIVER);
    const agent = await new TestAgent(server, PC).enrol();
    expect((await agent.sync()).DriverSyncNotNeeded).toBe('false');
    const { NewUpdates } = await agent.sync({ SkipSoftwareSync: true, SystemSpec: devices });
    expect(NewUpdates).toMatchObject([{ ID: 106, Deployment: { Action: 'Install' } }]);
    expect(NewUpdates?.[0]?.Deployment?.HardwareIds?.map((id) => id.toLowerCase())).toEqual([
      DRIVER.hardwareId,
    ]);
    const again = await agent.sync({ SkipSoftwareSync: true, SystemSpec: devices, CachedDriverIDs: [106] });
    expect(again.NewUpdates).toBeUndefined();
  });
});

describe('RefreshCache', () => {
  it('gives our ids for what is deployed, and leaves out the rest and what is only part of a bundle', async () => {
    const server = startServer();
    deploy(server.db, UPDATE);
    const agent = await new TestAgent(server, PC).enrol();
    const { RefreshCacheResult } = await server.call(clientService, RefreshCache, {
      cookie: agent.cookie,
      globalIDs: [103, 104, 105, 106, 777].map((index) => ({ UpdateID: guid(index), RevisionNumber: 1 })),
    });
    expect(RefreshCacheResult).toMatchObject([
      {
        RevisionID: 103,
        GlobalID: { UpdateID: guid(103) },
        IsLeaf: false,
        Deployment: { Action: 'Evaluate' },
      },
      { RevisionID: 105, GlobalID: { UpdateID: guid(105) }, IsLeaf: true, Deployment: { Action: 'Install' } },
    ]);
  });
});

const ask = async (...categories: readonly (readonly [number, string])[]) =>
  await startServer().call(clientService, StartCategoryScan, {
    requestedCategories: categories.map(([IndexOfAndGroup, CategoryId]) => ({
      IndexOfAndGroup,
      CategoryId,
    })),
  });

describe('StartCategoryScan', () => {
  it('prefers the product of a group, with or without a classification', async () => {
    const answer = await ask([0, PRODUCT.updateId], [1, PRODUCT.updateId], [1, CLASSIFICATION.updateId]);
    expect(answer).toEqual({ preferredCategoryIds: [PRODUCT.updateId], requestedCategoryIdsInError: [] });
  });

  it('names the categories it does not know, and drops their groups', async () => {
    const answer = await ask([0, PRODUCT.updateId], [1, guid(9)], [1, CLASSIFICATION.updateId]);
    expect(answer).toEqual({
      preferredCategoryIds: [PRODUCT.updateId],
      requestedCategoryIdsInError: [guid(9)],
    });
  });

  it('prefers nothing where a group is of another shape', async () => {
    const answer = await ask([0, PRODUCT.updateId], [1, CLASSIFICATION.updateId]);
    expect(answer.preferredCategoryIds).toEqual([]);
  });

  it('needs a list, and one of fewer than 200', async () => {
    const server = startServer();
    expect(await faultOf(server.call(clientService, StartCategoryScan, {}))).toBe(
      'InvalidParameters requestedCategories',
    );
    const many = Array.from({ length: 200 }, (_, index) => [index, PRODUCT.updateId] as const);
    expect(await faultOf(ask(...many))).toBe('InvalidParameters requestedCategories');
    expect((await ask(...many.slice(1))).preferredCategoryIds).toEqual([PRODUCT.updateId]);
  });
});
