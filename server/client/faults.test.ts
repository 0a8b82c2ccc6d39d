import type { RequestToWrite } from '../../protocol/soap/table.ts';
import {
  clientService,
  GetConfig,
  GetConfig2,
  GetCookie,
  GetExtendedUpdateInfo,
  GetExtendedUpdateInfo2,
  GetFileLocations,
  GetTimestamps,
  RefreshCache,
  RegisterComputer,
  SyncPrinterCatalog,
  SyncUpdates,
} from '../../protocol/wusp/client.ts';
import {
  GetRequiredInventoryType,
  reportingService,
  ReportEventBatch,
  ReportInventory,
} from '../../protocol/wusp/reporting.ts';
import { simpleAuthService, GetAuthorizationCookie } from '../../protocol/wusp/simple-auth.ts';
import {
  ClientServices,
  faultOf,
  type ClientServicesOptions,
} from '../../scripts/testing/client-services.ts';
import { COMPUTER_INFO, TestAgent } from '../../scripts/testing/test-agent.ts';

const PC = '5c7f4f80-3896-4d10-8a38-469286a0febc';
const HOUR = 3600_000;
const TIME = '2026-11-10T18:00:00Z';
const IDENTITY = { UpdateID: PC, RevisionNumber: 1 };
const PARAMETERS = { ExpressQuery: false, SkipSoftwareSync: false };

type Cookie = TestAgent['cookie'];

/** Every operation that takes a cookie, otherwise rightly called. */
const WITH_COOKIE: readonly (readonly [
  string,
  (server: ClientServices, cookie: Cookie) => Promise<unknown>,
])[] = [
  [
    'RegisterComputer',
    (server, cookie) => server.call(clientService, RegisterComputer, { cookie, computerInfo: COMPUTER_INFO }),
  ],
  [
    'SyncUpdates',
    (server, cookie) => server.call(clientService, SyncUpdates, { cookie, parameters: PARAMETERS }),
  ],
  ['SyncPrinterCatalog', (server, cookie) => server.call(clientService, SyncPrinterCatalog, { cookie })],
  ['RefreshCache', (server, cookie) => server.call(clientService, RefreshCache, { cookie, globalIDs: [] })],
  [
    'GetExtendedUpdateInfo',
    (server, cookie) =>
      server.call(clientService, GetExtendedUpdateInfo, {
        cookie,
        revisionIDs: [1],
        infoTypes: ['Extended'],
      }),
  ],
  [
    'GetFileLocations',
    (server, cookie) => server.call(clientService, GetFileLocations, { cookie, fileDigests: [] }),
  ],
  [
    'ReportEventBatch',
    (server, cookie) =>
      server.call(reportingService, ReportEventBatch, { cookie, clientTime: TIME, eventBatch: [] }),
  ],
  [
    'GetExtendedUpdateInfo2',
    (server, cookie) =>
      server.call(clientService, GetExtendedUpdateInfo2, { cookie, updateIDs: [], infoTypes: ['Extended'] }),
  ],
  [
    'ReportInventory',
    (server, cookie) =>
      server.call(reportingService, ReportInventory, {
        cookie,
        clientTime: TIME,
        inventory: { IsCompressed: false, RawXml: '<Inventory />' },
      }),
  ],
  [
    'GetRequiredInventoryType',
    (server, cookie) => server.call(reportingService, GetRequiredInventoryType, { cookie, rulesId: PC }),
  ],
];

const enrolled = async (): Promise<TestAgent> => await new TestAgent(new ClientServices(), PC).enrol();

describe.each(WITH_COOKIE)('%s', (_name, call) => {
  it('answers an agent with a good cookie', async () => {
    const { server, cookie } = await enrolled();
    await expect(call(server, cookie)).resolves.toBeDefined();
  });

  it('refuses a call without a cookie', async () => {
    const { server } = await enrolled();
    expect(await faultOf(call(server, undefined))).toBe('InvalidCookie');
    expect(await faultOf(call(server, { Expiration: TIME }))).toBe('InvalidCookie');
  });

  it('refuses an altered cookie', async () => {
    const { server, cookie } = await enrolled();
    const EncryptedData = Buffer.from(cookie!.EncryptedData!);
    EncryptedData[60] = EncryptedData[60]! ^ 1;
    expect(await faultOf(call(server, { Expiration: TIME, EncryptedData }))).toBe('InvalidCookie');
  });

  it('refuses a cookie that ran out, though the agent wrote another time beside it', async () => {
    const { server, cookie } = await enrolled();
    server.clock.time += HOUR;
    expect(await faultOf(call(server, { ...cookie!, Expiration: '2099-01-01T00:00:00Z' }))).toBe(
      'CookieExpired',
    );
  });

  it('refuses the cookie of another server', async () => {
    const { cookie } = await enrolled();
    expect(await faultOf(call(new ClientServices(), cookie))).toBe('ServerChanged');
  });

  it('refuses an authorization cookie in the place of a cookie', async () => {
    const { server } = await enrolled();
    const { GetAuthorizationCookieResult } = await new TestAgent(server, PC).authorize();
    const EncryptedData = GetAuthorizationCookieResult?.CookieData;
    expect(await faultOf(call(server, { Expiration: TIME, EncryptedData }))).toBe('InvalidCookie');
  });

  it('sends an agent back to GetConfig when the configuration has changed', async () => {
    const { server, cookie } = await enrolled();
    const changed = new ClientServices({ db: server.db, config: { client: { targeting: 'client' } } });
    expect(await faultOf(call(changed, cookie))).toBe('ConfigChanged');
  });

  it('sends a computer that was deleted back to introduce itself', async () => {
    const { server, cookie } = await enrolled();
    server.db.prepare('DELETE FROM computer').run();
    expect(await faultOf(call(server, cookie))).toBe('CookieExpired');
  });
});

describe('a computer that has not registered', () => {
  it('is told to before it may scan, and may scan with the same cookie then', async () => {
    const agent = new TestAgent(new ClientServices(), PC);
    await agent.getConfig();
    await agent.getCookie();
    expect(await faultOf(agent.sync())).toBe('RegistrationRequired');
    const printers = agent.server.call(clientService, SyncPrinterCatalog, { cookie: agent.cookie });
    expect(await faultOf(printers)).toBe('RegistrationRequired');
    await agent.register();
    expect((await agent.sync()).Truncated).toBe(false);
  });
});

describe('a computer that knows files by the locations that they had', () => {
  const PORT = { address: '::', port: 8600, protocol: 'http' };

  it('is told so by either scan, until it has asked where they are', async () => {
    const { server, cookie: former } = await enrolled();
    const moved = new ClientServices({ db: server.db, config: { listeners: { content: [PORT] } } });
    const scans: readonly ((cookie: Cookie) => Promise<unknown>)[] = [
      (cookie) => moved.call(clientService, SyncUpdates, { cookie, parameters: PARAMETERS }),
      (cookie) => moved.call(clientService, SyncPrinterCatalog, { cookie }),
    ];
    for (const scan of scans) expect(await faultOf(scan(former))).toBe('FileLocationChanged');
    const { GetFileLocationsResult } = await moved.call(clientService, GetFileLocations, {
      cookie: former,
      fileDigests: [],
    });
    const present = GetFileLocationsResult?.NewCookie;
    for (const scan of scans) await expect(scan(present)).resolves.toBeDefined();
  });
});

const authorize = async (request: object): Promise<unknown> =>
  await new ClientServices().call(simpleAuthService, GetAuthorizationCookie, request);

describe('GetAuthorizationCookie', () => {
  it.each([
    ['no id', { dnsName: 'pc1' }, 'clientId'],
    ['an empty id', { clientId: '', dnsName: 'pc1' }, 'clientId'],
    ['an id with other characters', { clientId: "x' OR 1=1", dnsName: 'pc1' }, 'clientId'],
    ['an id that is too long', { clientId: 'x'.repeat(256), dnsName: 'pc1' }, 'clientId'],
    ['no name', { clientId: PC }, 'dnsName'],
    ['a name that is none', { clientId: PC, dnsName: 'not a name' }, 'dnsName'],
    [
      'endless groups',
      { clientId: PC, dnsName: 'pc1', targetGroupName: 'x'.repeat(5000) },
      'targetGroupName',
    ],
  ])('refuses a computer with %s', async (_what, request, parameter) => {
    expect(await faultOf(authorize(request))).toBe(`InvalidParameters ${parameter}`);
  });
});

describe('GetConfig', () => {
  it.each([undefined, '', '1', '1.8.0', 'one.two'])(
    'refuses the protocol version %j',
    async (protocolVersion) => {
      const call = new ClientServices().call(clientService, GetConfig, { protocolVersion });
      expect(await faultOf(call)).toBe('InvalidParameters protocolVersion');
    },
  );
});

describe('GetConfig2', () => {
  const ask = (clientConfiguration: RequestToWrite<typeof GetConfig2>['clientConfiguration']) =>
    new ClientServices().call(clientService, GetConfig2, { clientConfiguration });
  const said = { ProcessorArchitecture: 'Amd64Compatible', AlwaysOnAlwaysConnected: false } as const;

  it('answers what GetConfig answers', async () => {
    const server = new ClientServices();
    const { GetConfigResult } = await server.call(clientService, GetConfig, { protocolVersion: '2.90' });
    const { GetConfig2Result } = await server.call(clientService, GetConfig2, {
      clientConfiguration: { ...said, ProtocolVersion: '2.90' },
    });
    expect(GetConfig2Result).toEqual(GetConfigResult);
    expect(GetConfig2Result?.Properties).toContainEqual({ Name: 'IsInventoryRequired', Value: '0' });
  });

  it('refuses a client that says nothing of itself, or no protocol version', async () => {
    expect(await faultOf(ask(undefined))).toBe('InvalidParameters clientConfiguration');
    expect(await faultOf(ask(said))).toBe('InvalidParameters clientConfiguration.ProtocolVersion');
  });
});

describe('GetTimestamps', () => {
  it('has no proof of any time, since this server sends no signed metadata', async () => {
    const call = new ClientServices().call(clientService, GetTimestamps, { timestamps: [TIME] });
    expect(await call).toEqual({ GetTimestampsResult: [] });
    expect(await faultOf(new ClientServices().call(clientService, GetTimestamps, {}))).toBe(
      'InvalidParameters timestamps',
    );
  });
});

describe('GetCookie', () => {
  async function ask(change: (request: GetCookieRequest, agent: TestAgent) => object): Promise<unknown> {
    const agent = await enrolled();
    const { GetAuthorizationCookieResult } = await agent.authorize();
    const request = {
      authCookies: [GetAuthorizationCookieResult!],
      lastChange: agent.lastChange,
      currentTime: TIME,
      protocolVersion: '2.90',
    };
    return await agent.server.call(clientService, GetCookie, { ...request, ...change(request, agent) });
  }
  type GetCookieRequest = { readonly authCookies: readonly object[] };

  it('takes an old cookie of which only the expiration is there, as agents send at first', async () => {
    await expect(ask(() => ({ oldCookie: { Expiration: TIME } }))).resolves.toBeDefined();
  });

  it('takes an old cookie that ran out', async () => {
    const renewal = ask((_request, agent) => {
      agent.server.clock.time += HOUR - 1;
      return { oldCookie: agent.cookie };
    });
    await expect(renewal).resolves.toBeDefined();
  });

  it.each([
    ['none', () => ({ authCookies: [] })],
    ['two', ({ authCookies }: GetCookieRequest) => ({ authCookies: [...authCookies, ...authCookies] })],
    ['another plug-in', () => ({ authCookies: [{ PlugInId: 'Anonymous', CookieData: Buffer.from('x') }] })],
    [
      'a forged one',
      () => ({ authCookies: [{ PlugInId: 'SimpleTargeting', CookieData: Buffer.alloc(120, 1) }] }),
    ],
  ])('refuses authorization by %s', async (_what, change) => {
    expect(await faultOf(ask(change))).toBe('InvalidAuthorizationCookie');
  });

  it('refuses a forged old cookie and one of another server', async () => {
    const forged = { oldCookie: { Expiration: TIME, EncryptedData: Buffer.alloc(150, 7) } };
    expect(await faultOf(ask(() => forged))).toBe('InvalidCookie');
    const { cookie } = await enrolled();
    expect(await faultOf(ask(() => ({ oldCookie: cookie })))).toBe('ServerChanged');
  });

  it('refuses an agent that knows an older configuration, or none', async () => {
    expect(await faultOf(ask(() => ({ lastChange: '2007-01-31T04:16:35.24Z' })))).toBe('ConfigChanged');
  });

  it('takes the time of the last change in whatever form of the same instant', async () => {
    await expect(ask(() => ({ lastChange: '2026-11-10T18:00:00.0000000Z' }))).resolves.toBeDefined();
  });

  it('refuses a protocol version that is none', async () => {
    expect(await faultOf(ask(() => ({ protocolVersion: 'x' })))).toBe('InvalidParameters protocolVersion');
  });
});

const numbers = (length: number): number[] => Array.from({ length }, (_, index) => index + 1);

const sync = async (parameters: object | undefined): Promise<unknown> => {
  const { server, cookie } = await enrolled();
  return await server.call(clientService, SyncUpdates, {
    cookie,
    parameters: parameters && { ...PARAMETERS, ...parameters },
  });
};

describe('SyncUpdates', () => {
  it('refuses a request without parameters, or with devices in a software scan', async () => {
    expect(await faultOf(sync(undefined))).toBe('InvalidParameters parameters');
    expect(await faultOf(sync({ SystemSpec: [] }))).toBe('InvalidParameters parameters.SystemSpec');
  });

  it('takes lists of 20,000 installed and other updates, where WSUS refuses more than 400', async () => {
    const many = { InstalledNonLeafUpdateIDs: numbers(20_000), OtherCachedUpdateIDs: numbers(40_000) };
    const answer = await sync(many);
    expect(answer).toMatchObject({ SyncUpdatesResult: { Truncated: false } });
  });

  it('keeps the cookie to the time it was given for', async () => {
    const agent = await enrolled();
    const { Expiration } = agent.cookie!;
    agent.server.clock.time += HOUR / 2;
    await agent.sync();
    expect(agent.cookie?.Expiration).toBe(Expiration);
    agent.server.clock.time += HOUR / 2;
    expect(await faultOf(agent.sync())).toBe('CookieExpired');
  });
});

describe('the other operations', () => {
  it.each([
    ['RegisterComputer without information', RegisterComputer, {}, 'computerInfo'],
    [
      'RegisterComputer with an endless text',
      RegisterComputer,
      { computerInfo: { ...COMPUTER_INFO, ComputerModel: 'x'.repeat(1025) } },
      'computerInfo',
    ],
    ['RefreshCache without identities', RefreshCache, {}, 'globalIDs'],
    [
      'GetExtendedUpdateInfo without revisions',
      GetExtendedUpdateInfo,
      { infoTypes: ['Extended'] },
      'revisionIDs',
    ],
    [
      'GetExtendedUpdateInfo for more revisions than GetConfig allows',
      GetExtendedUpdateInfo,
      { revisionIDs: Array.from({ length: 51 }, () => 1), infoTypes: ['Extended'] },
      'revisionIDs',
    ],
    ['GetExtendedUpdateInfo without types', GetExtendedUpdateInfo, { revisionIDs: [1] }, 'infoTypes'],
    [
      'GetExtendedUpdateInfo for texts in no language',
      GetExtendedUpdateInfo,
      { revisionIDs: [1], infoTypes: ['LocalizedProperties'] },
      'locales',
    ],
    [
      'GetExtendedUpdateInfo for licence terms in no language',
      GetExtendedUpdateInfo,
      { revisionIDs: [1], infoTypes: ['Eula'] },
      'locales',
    ],
    [
      'GetExtendedUpdateInfo2 without updates',
      GetExtendedUpdateInfo2,
      { infoTypes: ['Extended'] },
      'updateIDs',
    ],
    [
      'GetExtendedUpdateInfo2 for more updates than GetConfig allows',
      GetExtendedUpdateInfo2,
      { updateIDs: Array.from({ length: 51 }, () => IDENTITY), infoTypes: ['Extended'] },
      'updateIDs',
    ],
    ['GetExtendedUpdateInfo2 without types', GetExtendedUpdateInfo2, { updateIDs: [IDENTITY] }, 'infoTypes'],
    [
      'GetExtendedUpdateInfo2 for texts in no language',
      GetExtendedUpdateInfo2,
      { updateIDs: [IDENTITY], infoTypes: ['LocalizedProperties'] },
      'locales',
    ],
    [
      'GetExtendedUpdateInfo for texts in endless languages',
      GetExtendedUpdateInfo,
      {
        revisionIDs: [1],
        infoTypes: ['LocalizedProperties'],
        locales: Array.from({ length: 101 }, () => 'de'),
      },
      'locales',
    ],
    [
      'GetFileLocations for endless digests',
      GetFileLocations,
      { fileDigests: Array.from({ length: 2001 }, () => Buffer.alloc(20)) },
      'fileDigests',
    ],
    ['GetFileLocations without digests', GetFileLocations, {}, 'fileDigests'],
    [
      'GetFileLocations with a digest cut short',
      GetFileLocations,
      { fileDigests: [Buffer.alloc(19)] },
      'fileDigests',
    ],
  ] as const)('%s is refused, naming what is wrong', async (_name, operation, request, parameter) => {
    const { server, cookie } = await enrolled();
    const call = server.call(clientService, operation, { cookie, ...request });
    expect(await faultOf(call)).toBe(`InvalidParameters ${parameter}`);
  });
});

describe('a server that wants no registration', () => {
  const unregistered = (options: ClientServicesOptions = {}) =>
    new ClientServices({ ...options, config: { client: { registration: 'refused' } } });

  it('says so, answers who has not registered, and refuses who registers all the same', async () => {
    const agent = new TestAgent(unregistered(), PC);
    expect((await agent.getConfig()).GetConfigResult?.IsRegistrationRequired).toBe(false);
    await agent.getCookie();
    expect((await agent.sync()).Truncated).toBe(false);
    expect(await faultOf(agent.register())).toBe('RegistrationNotRequired');
  });

  it('has agents that know otherwise ask again', async () => {
    const { server, cookie } = await enrolled();
    const call = unregistered({ db: server.db }).call(clientService, SyncUpdates, {
      cookie,
      parameters: PARAMETERS,
    });
    expect(await faultOf(call)).toBe('ConfigChanged');
  });
});
