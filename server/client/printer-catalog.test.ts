/** SyncPrinterCatalog, as the computer of somebody who adds a printer asks it, over a real socket. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, type Database } from '../../catalog/store/database/database.ts';
import { createLogger } from '../../config/logging.ts';
import { Config } from '../../config/schema.ts';
import type { Read } from '../../protocol/soap/table.ts';
import {
  clientService,
  GetConfig,
  GetCookie,
  RegisterComputer,
  SyncPrinterCatalog,
  SyncUpdates,
  type Cookie,
  type SyncInfo,
} from '../../protocol/wusp/client.ts';
import { GetAuthorizationCookie, simpleAuthService } from '../../protocol/wusp/simple-auth.ts';
import { HttpConnections } from '../../scripts/agent/http.ts';
import { SoapClient } from '../../scripts/agent/soap-client.ts';
import { deploy, faultOf, storeRevision } from '../../scripts/testing/client-services.ts';
import { COMPUTER_INFO } from '../../scripts/testing/test-agent.ts';
import { startServer, type RunningServer } from '../server.ts';

const PC = '5c7f4f80-3896-4d10-8a38-469286a0febc';
const guid = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

const DETECTOID = { revisionId: 1, updateId: guid(1), updateType: 'Detectoid', isLeaf: false } as const;
const PRINTER = { revisionId: 2, updateId: guid(2), updateType: 'Driver' } as const;
const OTHER_PRINTER = { revisionId: 3, updateId: guid(3), updateType: 'Driver' } as const;
const NEEDY_PRINTER = {
  revisionId: 4,
  updateId: guid(4),
  updateType: 'Driver',
  requires: [DETECTOID.updateId],
} as const;
const NETWORK = { revisionId: 5, updateId: guid(5), updateType: 'Driver' } as const;
const NOT_DEPLOYED = { revisionId: 6, updateId: guid(6), updateType: 'Driver' } as const;
const SOFTWARE = { revisionId: 7, updateId: guid(7) };

const HARDWARE: readonly (readonly [number, string, string])[] = [
  [2, 'Printer', 'usbprint\\one'],
  [2, 'Printer', 'wsdprint\\one'],
  [2, 'Image', 'usb\\scanner_of_one'],
  [3, 'PRINTER', 'usbprint\\two'],
  [4, 'Printer', 'usbprint\\three'],
  [5, 'Net', 'pci\\ven_8086'],
  [6, 'Printer', 'usbprint\\four'],
];

function fill(db: Database): void {
  for (const revision of [DETECTOID, PRINTER, OTHER_PRINTER, NEEDY_PRINTER, NETWORK, NOT_DEPLOYED, SOFTWARE])
    storeRevision(db, revision);
  for (const [ordinal, [revisionId, driverClass, hardwareId]] of HARDWARE.entries())
    db.prepare('INSERT INTO driver VALUES (?, ?, ?, ?)').run(
      revisionId,
      ordinal,
      hardwareId,
      JSON.stringify({
        hardwareId,
        driverVerDate: '2026-01-01',
        driverVerVersion: '1.2.3.4',
        driverClass,
        featureScores: [],
        distributionComputerHardwareIds: [],
        targetComputerHardwareIds: [],
      }),
    );
  for (const revision of [PRINTER, OTHER_PRINTER, NEEDY_PRINTER, NETWORK, SOFTWARE]) deploy(db, revision);
}

let folder: string;
let server: RunningServer;
let connections: HttpConnections;
let client: SoapClient;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-printers-'));
  const http = { address: '127.0.0.1', port: 0, protocol: 'http' } as const;
  const config = Config.parse({
    dataDirectory: folder,
    listeners: { client: [http], content: [], downstream: [], console: [] },
  });
  const db = openDatabase(join(folder, 'sluice.db'));
  fill(db);
  db.close();
  server = await startServer(config, {
    log: createLogger({ level: 'error', terminal: false }),
    synchronizes: false,
  });
  connections = new HttpConnections({});
  client = new SoapClient(connections, new URL(`http://127.0.0.1:${server.listening[0]?.port ?? 0}`));
});

afterAll(async () => {
  connections.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

async function cookieOf(protocolVersion: string): Promise<Read<typeof Cookie> | undefined> {
  const { GetConfigResult } = await client.call(clientService, GetConfig, { protocolVersion });
  const introduction = { clientId: PC, dnsName: 'pc1.corp.example' };
  const authorized = await client.call(simpleAuthService, GetAuthorizationCookie, introduction);
  const { GetCookieResult } = await client.call(clientService, GetCookie, {
    authCookies: [authorized.GetAuthorizationCookieResult!],
    lastChange: GetConfigResult!.LastChange,
    currentTime: '2026-11-10T18:00:00Z',
    protocolVersion,
  });
  return GetCookieResult;
}

async function enrolled(protocolVersion = '2.90'): Promise<Read<typeof Cookie> | undefined> {
  const cookie = await cookieOf(protocolVersion);
  await client.call(clientService, RegisterComputer, { cookie, computerInfo: COMPUTER_INFO });
  return cookie;
}

async function printers(
  cookie: Read<typeof Cookie> | undefined,
  lists: { installedNonLeafUpdateIDs?: number[]; printerUpdateIDs?: number[] } = {},
): Promise<Read<typeof SyncInfo>> {
  const answer = await client.call(clientService, SyncPrinterCatalog, { cookie, ...lists });
  return answer.SyncPrinterCatalogResult!;
}

const ids = (updates: readonly { readonly ID: number }[] | undefined): number[] =>
  (updates ?? []).map(({ ID }) => ID);

describe('SyncPrinterCatalog', () => {
  it('has a computer register first', async () => {
    expect(await faultOf(printers(await cookieOf('2.90')))).toBe('RegistrationRequired');
    expect(await faultOf(printers(undefined))).toBe('InvalidCookie');
  });

  it('brings every printer driver that is deployed, whatever devices there are, and nothing else', async () => {
    const { NewUpdates, Truncated } = await printers(await enrolled());
    expect(Truncated).toBe(false);
    expect(NewUpdates).toMatchObject([
      {
        ID: 2,
        Deployment: { Action: 'Install', HardwareIds: ['usbprint\\one', 'wsdprint\\one'] },
        IsLeaf: true,
        Xml: `<UpdateIdentity UpdateID="${guid(2)}" RevisionNumber="1" />`,
      },
      { ID: 3, Deployment: { HardwareIds: ['usbprint\\two'] } },
    ]);
    expect(NewUpdates).toHaveLength(2);
  });

  it('names hardware ids to agents from protocol 1.6 on', async () => {
    const { NewUpdates } = await printers(await enrolled('1.5'));
    expect(NewUpdates?.map(({ Deployment }) => Deployment?.HardwareIds)).toEqual([undefined, undefined]);
  });

  it('brings a printer driver once its prerequisites are installed', async () => {
    const { NewUpdates } = await printers(await enrolled(), { installedNonLeafUpdateIDs: [1] });
    expect(ids(NewUpdates)).toEqual([2, 3, 4]);
  });

  it('leaves out what the computer holds, and takes back what is no deployed printer driver', async () => {
    const answer = await printers(await enrolled(), { printerUpdateIDs: [2, 4, 5, 6, 7, 777] });
    expect(ids(answer.NewUpdates)).toEqual([3]);
    expect(ids(answer.ChangedUpdates)).toEqual([2]);
    expect(answer.OutOfScopeRevisionIDs).toEqual([4, 5, 6, 7, 777]);
  });

  it('tells a change in how a printer driver is deployed once', async () => {
    const held = { printerUpdateIDs: [2, 3] };
    const first = await printers(await enrolled(), held);
    expect(ids(first.ChangedUpdates)).toEqual([2, 3]);
    expect(ids((await printers(first.NewCookie, held)).ChangedUpdates)).toEqual([]);
  });

  it('answers a cookie that is good for the next scan', async () => {
    const { NewCookie } = await printers(await enrolled());
    const { SyncUpdatesResult } = await client.call(clientService, SyncUpdates, {
      cookie: NewCookie,
      parameters: { ExpressQuery: false, SkipSoftwareSync: false },
    });
    expect(ids(SyncUpdatesResult?.NewUpdates)).toEqual([1, 7]);
  });
});
