import {
  clientService,
  GetConfig,
  GetCookie,
  GetExtendedUpdateInfo,
  GetFileLocations,
  RefreshCache,
  RegisterComputer,
  SyncUpdates,
} from '../../protocol/wusp/client.ts';
import { reportingService, ReportEventBatch } from '../../protocol/wusp/reporting.ts';
import { simpleAuthService, GetAuthorizationCookie } from '../../protocol/wusp/simple-auth.ts';
import { ClientServices, faultOf } from '../../scripts/testing/client-services.ts';
import { COMPUTER_INFO, TestAgent } from '../../scripts/testing/test-agent.ts';

const PC = '5c7f4f80-3896-4d10-8a38-469286a0febc';
const HOUR = 3600_000;
const TIME = '2026-11-10T18:00:00Z';
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
    await agent.register();
    expect((await agent.sync()).Truncated).toBe(false);
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

  it('refuses more than 400 installed non-leaves, and takes thousands of others', async () => {
    expect(await faultOf(sync({ InstalledNonLeafUpdateIDs: numbers(401) }))).toBe(
      'InvalidParameters parameters.InstalledNonLeafUpdateIDs',
    );
    const many = { InstalledNonLeafUpdateIDs: numbers(400), OtherCachedUpdateIDs: numbers(5000) };
    await expect(sync(many)).resolves.toBeDefined();
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
