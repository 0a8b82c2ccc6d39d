/** Each thing that an agent says of its devices and of itself decides which driver it is offered ([MS-WUSP] 2.2.2.2.4). */
import type { Write } from '../../protocol/soap/table.ts';
import type { Device, InstalledDriver, SyncUpdateParameters } from '../../protocol/wusp/client.ts';
import { ClientServices, deploy, storeRevision } from '../../scripts/testing/client-services.ts';
import { TestAgent } from '../../scripts/testing/test-agent.ts';

const PC = '5c7f4f80-3896-4d10-8a38-469286a0febc';
const guid = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
const SPECIFIC = 'PCI\\VEN_8086&DEV_1502';
const GENERIC = 'PCI\\VEN_8086';
const MODEL = 'aaaaaaaa-0000-4000-8000-000000000001';
const MAKER = 'bbbbbbbb-0000-4000-8000-000000000002';
const KEY = 'AMD64.10.0';

interface Entry {
  readonly hardwareId: string;
  readonly version?: string;
  readonly action?: string;
  readonly targets?: readonly string[];
  readonly featureScore?: number;
}

/** Driver `n` is the update of RevisionID `n`, approved for everyone. */
async function serving(...entries: readonly Entry[]): Promise<TestAgent> {
  const server = new ClientServices();
  for (const [index, { hardwareId, version = '10.0.0.1', targets = [], ...entry }] of entries.entries()) {
    const driver = { revisionId: index + 1, updateId: guid(index + 1), updateType: 'Driver' } as const;
    storeRevision(server.db, driver);
    server.db.prepare('INSERT INTO driver VALUES (?, 0, ?, ?)').run(
      driver.revisionId,
      hardwareId.toLowerCase(),
      JSON.stringify({
        hardwareId: hardwareId.toLowerCase(),
        driverVerDate: '2026-01-01',
        driverVerVersion: version,
        provider: 'Contoso',
        manufacturer: 'Contoso',
        featureScores:
          entry.featureScore === undefined
            ? []
            : [{ operatingSystem: KEY, featureScore: entry.featureScore }],
        distributionComputerHardwareIds: [],
        targetComputerHardwareIds: targets,
      }),
    );
    deploy(server.db, driver, entry.action === undefined ? {} : { action: entry.action });
  }
  return await new TestAgent(server, PC).enrol();
}

async function offered(
  agent: TestAgent,
  device: Write<typeof Device>,
  computer: Partial<Write<typeof SyncUpdateParameters>> = {},
): Promise<number[]> {
  const asked = { SkipSoftwareSync: true, SystemSpec: [device], ...computer };
  return ((await agent.sync(asked)).NewUpdates ?? []).map(({ ID }) => ID);
}

const installed = (more: Partial<Write<typeof InstalledDriver>> = {}): Write<typeof Device> => ({
  HardwareIDs: [SPECIFIC, GENERIC],
  installedDriver: {
    MatchingID: GENERIC,
    DriverVerDate: '2026-01-01T00:00:00',
    // 10.0.0.0
    DriverVerVersion: 10n << 48n,
    DriverRank: 0x00ff2000,
    ...more,
  },
});

describe('a device', () => {
  it('is known by its hardware ids, the first before the others, and by its compatible ids after them', async () => {
    const agent = await serving({ hardwareId: GENERIC }, { hardwareId: SPECIFIC });
    expect(await offered(agent, { HardwareIDs: [SPECIFIC, GENERIC] })).toEqual([2]);
    expect(await offered(agent, { HardwareIDs: [GENERIC], CompatibleIDs: [SPECIFIC] })).toEqual([1]);
    expect(await offered(agent, { HardwareIDs: ['USB\\OTHER'], CompatibleIDs: [SPECIFIC] })).toEqual([2]);
    expect(await offered(agent, { HardwareIDs: ['USB\\OTHER'] })).toEqual([]);
  });

  it('has a driver already, which only one that matches closer, is newer or of a higher version replaces', async () => {
    const scored = { FeatureScoreMatchingKey: KEY };
    const agent = await serving({ hardwareId: GENERIC });
    expect(await offered(agent, installed(), scored)).toEqual([1]);
    expect(await offered(agent, installed({ MatchingID: SPECIFIC }), scored)).toEqual([]);
    expect(await offered(agent, installed({ DriverVerDate: '2026-01-02T00:00:00' }), scored)).toEqual([]);
    expect(await offered(agent, installed({ DriverVerVersion: (10n << 48n) + 1n }), scored)).toEqual([]);
  });

  it('has one of a rank whose feature score counts, where the agent names the key of its own system', async () => {
    const agent = await serving({ hardwareId: GENERIC, featureScore: 16 });
    const better = installed({ DriverRank: 0x00082000 });
    expect(await offered(agent, better, { FeatureScoreMatchingKey: KEY })).toEqual([]);
    expect(await offered(agent, better)).toEqual([1]);
    const worse = installed({ DriverRank: 0x00202000, DriverVerVersion: 11n << 48n });
    expect(await offered(agent, worse, { FeatureScoreMatchingKey: KEY })).toEqual([1]);
    expect(await offered(agent, worse, { FeatureScoreMatchingKey: 'ARM64.10.0' })).toEqual([]);
  });

  it('has one of a printer, which only another of its provider and manufacturer replaces', async () => {
    const agent = await serving({ hardwareId: GENERIC });
    const printer = { Class: 'Printer', Provider: 'Contoso', Manufacturer: 'Contoso' };
    expect(await offered(agent, installed(printer))).toEqual([1]);
    expect(await offered(agent, installed({ ...printer, Provider: 'Fabrikam' }))).toEqual([]);
    expect(await offered(agent, installed({ ...printer, Manufacturer: 'Fabrikam' }))).toEqual([]);
    expect(await offered(agent, installed({ ...printer, Class: 'Net', Provider: 'Fabrikam' }))).toEqual([1]);
  });

  it('is rid of a driver that is to be uninstalled, where the agent says that it installed that', async () => {
    const agent = await serving({ hardwareId: GENERIC, action: 'Uninstall' });
    expect(await offered(agent, installed())).toEqual([]);
    expect(await offered(agent, { ...installed(), DriverRecoveryIDs: [guid(1)] })).toEqual([1]);
    expect(await offered(agent, { ...installed(), DriverRecoveryIDs: [guid(2)] })).toEqual([]);
  });
});

describe('a computer', () => {
  const device = { HardwareIDs: [SPECIFIC, GENERIC] };
  const spec = (...HardwareIDs: string[]) => ({ ComputerSpec: { HardwareIDs } });

  it('is offered a driver that is made for its model before one for its maker, and one for any after both', async () => {
    const agent = await serving(
      { hardwareId: SPECIFIC },
      { hardwareId: GENERIC, targets: [MAKER] },
      { hardwareId: GENERIC, targets: [MODEL] },
    );
    expect(await offered(agent, device, spec(MODEL.toUpperCase(), MAKER))).toEqual([3]);
    expect(await offered(agent, device, spec(MAKER))).toEqual([2]);
    expect(await offered(agent, device, spec(guid(9)))).toEqual([1]);
    expect(await offered(agent, device)).toEqual([1]);
  });

  it('keeps a driver that was made for its model', async () => {
    const agent = await serving({ hardwareId: SPECIFIC, targets: [MAKER] });
    const made = installed({ MatchingComputerHWID: MODEL.toUpperCase() });
    expect(await offered(agent, made, spec(MODEL, MAKER))).toEqual([]);
    expect(await offered(agent, installed(), spec(MODEL, MAKER))).toEqual([1]);
  });
});
