/**
 * One computer of the benchmark: it scans for the first time as an agent does, and what it then knows makes the ten
 * requests of its delta synchronizations, the number that WSUS's published capacity counts with.
 */
import {
  clientService,
  GetConfig,
  GetCookie,
  GetExtendedUpdateInfo,
  RegisterComputer,
  SyncUpdates,
} from '../../../protocol/wusp/client.ts';
import { ReportEventBatch, reportingService } from '../../../protocol/wusp/reporting.ts';
import { GetAuthorizationCookie, simpleAuthService } from '../../../protocol/wusp/simple-auth.ts';
import { computerInfo, featureScoreKey, reportedComputer, systemSpec } from '../../agent/computer-info.ts';
import { expectPart } from '../../agent/error.ts';
import { HttpConnections } from '../../agent/http.ts';
import type { HttpAnswer } from '../../agent/http.ts';
import { SimulatedMachine } from '../../agent/machine.ts';
import { scan } from '../../agent/scan.ts';
import { AgentSession } from '../../agent/session.ts';
import type { CookieValue } from '../../agent/session.ts';
import { SoapClient } from '../../agent/soap-client.ts';
import { UpdateCache } from '../../agent/update-cache.ts';
import type { CachedRevision } from '../../agent/update-cache.ts';
import { guidOfName } from '../../fixtures/seeded-random.ts';
import { FRESH_ID, prepare } from './prepared-request.ts';
import type { PreparedRequest } from './prepared-request.ts';

/** Updates that came since the computer's last synchronization. */
const NEWS = 12;
const PROTOCOL_VERSION = '2.90';

/** Adds up how long answers were waited for, the agent's own work left out. */
class TimedConnections extends HttpConnections {
  waited = 0;

  override async send(...request: Parameters<HttpConnections['send']>): Promise<HttpAnswer> {
    const start = performance.now();
    const answer = await super.send(...request);
    this.waited += performance.now() - start;
    return answer;
  }
}

export interface VirtualComputer {
  readonly firstScan: { readonly requests: number; readonly milliseconds: number };
  /** Ten of them, in order. */
  readonly delta: readonly PreparedRequest[];
  /** Revisions that it knows after its first scan. */
  readonly known: number;
}

export async function recordComputer(
  serverUrl: string,
  index: number,
  targetGroupName: string,
): Promise<VirtualComputer> {
  const machine = new SimulatedMachine(profileOf(index));
  const connections = new TimedConnections({});
  const client = new SoapClient(connections, new URL(serverUrl));
  const cache = new UpdateCache(machine);
  const session = new AgentSession({
    client,
    machine,
    targetGroupName,
    now: () => new Date(),
    onForgotten: async () => {},
    onFilesMoved: async () => {},
  });
  try {
    await scan({ client, session, cache, machine });
    const firstScan = { requests: client.requests, milliseconds: connections.waited };
    // A scan that brings nothing new ends with a cookie that says so; changes are told from there on.
    await scan({ client, session, cache, machine });
    const delta = await deltaOf({ client, session, cache, machine, targetGroupName, key: String(index) });
    return { firstScan, delta, known: cache.size };
  } finally {
    connections.close();
  }
}

interface Recorded {
  readonly client: SoapClient;
  readonly session: AgentSession;
  readonly cache: UpdateCache;
  readonly machine: SimulatedMachine;
  readonly targetGroupName: string;
  readonly key: string;
}

const isDriver = (one: CachedRevision): boolean => one.core.updateType === 'Driver';
const ids = (revisions: readonly CachedRevision[]): readonly number[] =>
  revisions.map(({ revisionId }) => revisionId);

async function deltaOf({
  client,
  session,
  cache,
  machine,
  targetGroupName,
  key,
}: Recorded): Promise<readonly PreparedRequest[]> {
  const { computerId, dnsName } = machine.profile;
  const { GetConfigResult } = await client.call(clientService, GetConfig, {
    protocolVersion: PROTOCOL_VERSION,
  });
  const introduction = { clientId: computerId, targetGroupName, dnsName };
  const { GetAuthorizationCookieResult } = await client.call(
    simpleAuthService,
    GetAuthorizationCookie,
    introduction,
  );
  const authorization = expectPart(GetAuthorizationCookieResult, 'GetAuthorizationCookieResult');
  const cookie = await session.withCookie((valid) => Promise.resolve(valid));
  const software = cache.all().filter((one) => !isDriver(one));
  const installed = software.filter((one) => !one.isLeaf && cache.assess(one) === 'Installed');
  const others = software.filter((one) => !installed.includes(one));
  const news = others.slice(-NEWS);
  const request = (step: number): string => `${key}.${step}`;
  const softwareScan = (step: number, cached: readonly CachedRevision[]): PreparedRequest =>
    prepare(
      clientService,
      SyncUpdates,
      {
        cookie,
        parameters: {
          ExpressQuery: false,
          InstalledNonLeafUpdateIDs: ids(installed),
          OtherCachedUpdateIDs: ids(cached),
          SkipSoftwareSync: false,
          NeedTwoGroupOutOfScopeUpdates: true,
        },
      },
      request(step),
    );
  const now = new Date().toISOString();
  return [
    prepare(clientService, GetConfig, { protocolVersion: PROTOCOL_VERSION }, request(1)),
    prepare(simpleAuthService, GetAuthorizationCookie, introduction, request(2)),
    prepare(
      clientService,
      GetCookie,
      {
        authCookies: [authorization],
        oldCookie: cookie,
        lastChange: expectPart(GetConfigResult, 'GetConfigResult').LastChange,
        currentTime: now,
        protocolVersion: PROTOCOL_VERSION,
      },
      request(3),
    ),
    prepare(clientService, RegisterComputer, { cookie, computerInfo: computerInfo(machine) }, request(4)),
    softwareScan(
      5,
      others.filter((one) => !news.includes(one)),
    ),
    softwareScan(6, others),
    softwareScan(7, others),
    prepare(
      clientService,
      SyncUpdates,
      {
        cookie,
        parameters: {
          ExpressQuery: false,
          InstalledNonLeafUpdateIDs: ids(installed),
          SystemSpec: systemSpec(machine),
          CachedDriverIDs: ids(cache.all().filter(isDriver)),
          SkipSoftwareSync: true,
          NeedTwoGroupOutOfScopeUpdates: true,
          FeatureScoreMatchingKey: featureScoreKey(machine),
        },
      },
      request(8),
    ),
    prepare(
      clientService,
      GetExtendedUpdateInfo,
      {
        cookie,
        revisionIDs: ids(news),
        infoTypes: ['Extended', 'LocalizedProperties'],
        locales: ['en-US', 'en'],
      },
      request(9),
    ),
    report(machine, cookie, now, request(10)),
  ];
}

function report(machine: SimulatedMachine, cookie: CookieValue, now: string, key: string): PreparedRequest {
  return prepare(
    reportingService,
    ReportEventBatch,
    {
      cookie,
      clientTime: now,
      eventBatch: [
        {
          BasicData: {
            TargetID: { Sid: machine.profile.computerId },
            SequenceNumber: 0,
            TimeAtTarget: now,
            EventInstanceID: FRESH_ID,
            NamespaceID: 1,
            EventID: 147,
            SourceID: 101,
            UpdateID: { UpdateID: '00000000-0000-0000-0000-000000000000', RevisionNumber: 0 },
            Win32HResult: 0,
            AppName: 'AutomaticUpdates',
          },
          ExtendedData: {
            ReplacementStrings: ['0'],
            MiscData: ['D=0', 'Q=1'],
            ...reportedComputer(machine),
            DeviceID: '',
          },
          PrivateData: { ComputerDnsName: '', UserAccountName: '' },
        },
      ],
    },
    key,
  );
}

const profileOf = (index: number): ConstructorParameters<typeof SimulatedMachine>[0] => ({
  computerId: guidOfName(7, `bench ${index}`),
  dnsName: `bench-${index}.corp.example`,
  manufacturer: 'Contoso',
  model: 'LaptopPro 14',
  biosVersion: '1.17.0',
  osDescription: 'Windows 11 Enterprise 24H2',
  build: 26_100,
  revision: 6_500,
  productType: 1,
  architecture: 'AMD64',
  locale: 'en-US',
  registry: { 'SOFTWARE\\Sample\\Release': { Number: 26_100 } },
  devices: Array.from({ length: 60 }, (_, device) => ({
    hardwareIds: [
      `PCI\\VEN_${(0x1000 + device).toString(16)}&DEV_${(device * 7).toString(16).padStart(4, '0')}&SUBSYS_00000000`,
      `PCI\\VEN_${(0x1000 + device).toString(16)}&DEV_${(device * 7).toString(16).padStart(4, '0')}`,
    ],
  })),
});
