import fc from 'fast-check';
import { aDriver, aDriverScan } from '../../scripts/testing/random-world.ts';
import type { DriverMetadata } from '../metadata/model.ts';
import { compareMatches, matchOf, matchOfInstalled } from './driver-match.ts';
import type { DriverMatch, DriverScan } from './driver-match.ts';
import { referenceDrivers } from './reference-drivers.ts';
import { packDriverVersion } from './scanned-driver.ts';
import type { ScannedDriver } from './scanned-driver.ts';
import type { OfferedAction, ScannedDevice } from './scan.ts';
import { DriverIndex } from './driver-index.ts';

const driver = (hardwareId: string, more: Partial<ScannedDriver> = {}): ScannedDriver => ({
  hardwareId,
  driverVerDate: '2026-01-01',
  driverVerVersion: packDriverVersion('10.0.0.1'),
  driverClass: 'Net',
  provider: 'Contoso',
  manufacturer: 'Contoso',
  featureScores: new Map(),
  distributionComputerHardwareIds: [],
  targetComputerHardwareIds: [],
  ...more,
});

const device = (more: Partial<ScannedDevice> = {}): ScannedDevice => ({
  hardwareIds: ['PCI\\VEN_8086&DEV_1502&REV_04', 'PCI\\VEN_8086&DEV_1502'],
  compatibleIds: ['PCI\\VEN_8086'],
  ...more,
});

const scanOf = (devices: ScannedDevice[], more: Partial<DriverScan> = {}): DriverScan => ({
  devices,
  computerHardwareIds: ['specific-model', 'maker'],
  featureScoreMatchingKey: 'AMD64.10.0',
  ...more,
});

/** Revision `n` of update `u<n>` is the driver with drivers[n - 1]. */
function bestOf(
  drivers: ScannedDriver[],
  scan: DriverScan,
  actions: readonly OfferedAction[] = [],
): Map<number, string[]> {
  const offers = drivers.map((one, index) => ({
    entry: {
      offered: {
        revisionId: index + 1,
        updateId: `u${index + 1}`,
        deployment: { action: actions[index] ?? 'Install' },
      },
    },
    drivers: [one],
  }));
  const found = new DriverIndex(offers).bestFor(scan, () => true);
  return new Map([...found].map(([entry, ids]) => [entry.offered.revisionId, [...ids]]));
}

const SPECIFIC = 'pci\\ven_8086&dev_1502&rev_04';
const GENERIC = 'pci\\ven_8086&dev_1502';
const COMPATIBLE = 'pci\\ven_8086';

describe('the best driver for a device', () => {
  it('is found by hardware id without regard to case, and none is offered for a device that nothing fits', () => {
    expect(bestOf([driver(GENERIC)], scanOf([device()]))).toEqual(new Map([[1, [GENERIC]]]));
    expect(bestOf([driver('usb\\other')], scanOf([device()]))).toEqual(new Map());
  });

  it('is the one whose hardware id the device lists earlier, compatible ids last', () => {
    const all = [driver(COMPATIBLE), driver(SPECIFIC), driver(GENERIC)];
    expect([...bestOf(all, scanOf([device()])).keys()]).toEqual([2]);
    expect([...bestOf([driver(COMPATIBLE), driver(GENERIC)], scanOf([device()])).keys()]).toEqual([2]);
  });

  it('is one targeted to this computer before all else, and never one targeted to another', () => {
    const targeted = driver(COMPATIBLE, { targetComputerHardwareIds: ['maker'] });
    const closer = driver(COMPATIBLE, { targetComputerHardwareIds: ['specific-model'] });
    const elsewhere = driver(SPECIFIC, { distributionComputerHardwareIds: ['another-model'] });
    expect([...bestOf([driver(SPECIFIC), targeted, closer, elsewhere], scanOf([device()])).keys()]).toEqual([
      3,
    ]);
    expect([...bestOf([elsewhere], scanOf([device()])).keys()]).toEqual([]);
  });

  it('is targeted as closely as whichever is closer, its INF or who distributes it, and by both', () => {
    const byDistribution = driver(COMPATIBLE, { distributionComputerHardwareIds: ['specific-model'] });
    const byInf = driver(SPECIFIC, {
      distributionComputerHardwareIds: ['maker'],
      targetComputerHardwareIds: ['maker'],
    });
    expect([...bestOf([byInf, byDistribution], scanOf([device()])).keys()]).toEqual([2]);
    const halfElsewhere = driver(SPECIFIC, {
      distributionComputerHardwareIds: ['specific-model'],
      targetComputerHardwareIds: ['another-model'],
    });
    expect(bestOf([halfElsewhere], scanOf([device()])).size).toBe(0);
  });

  it('has the lower feature score on this operating system before the closer hardware id', () => {
    const scored = driver(GENERIC, { featureScores: new Map([['amd64.10.0', 20]]) });
    const otherSystem = driver(SPECIFIC, { featureScores: new Map([['x86.6.1', 1]]) });
    expect([...bestOf([otherSystem, scored], scanOf([device()])).keys()]).toEqual([2]);
  });

  it('is the newer by date, then by version read as four numbers', () => {
    const dated = driver(GENERIC, { driverVerDate: '2026-02-01' });
    const versioned = driver(GENERIC, { driverVerVersion: packDriverVersion('10.0.0.10') });
    const lower = driver(GENERIC, { driverVerVersion: packDriverVersion('10.0.0.9') });
    expect([...bestOf([versioned, dated], scanOf([device()])).keys()]).toEqual([2]);
    expect([...bestOf([versioned, lower], scanOf([device()])).keys()]).toEqual([1]);
  });

  it('is offered once where it fits several devices, with each id by which it was found', () => {
    const twice = [device(), device({ hardwareIds: ['x'], compatibleIds: [GENERIC] })];
    expect(bestOf([driver(GENERIC)], scanOf(twice))).toEqual(new Map([[1, [GENERIC]]]));
  });
});

const installed = (version: string, more: object = {}) =>
  device({
    installedDriver: {
      matchingId: 'PCI\\VEN_8086&DEV_1502',
      driverVerDate: '2026-01-01T00:00:00',
      driverVerVersion: packDriverVersion(version),
      driverRank: 0x00ff2000,
      ...more,
    },
  });

it('drivers come in the order in which they depend on one another, not in that of the devices', () => {
  const both = [device({ hardwareIds: ['second'] }), device({ hardwareIds: ['first'] })];
  expect([...bestOf([driver('first'), driver('second')], scanOf(both)).keys()]).toEqual([1, 2]);
});

describe('a driver that is to be uninstalled', () => {
  const withIt = installed('10.0.0.1', {});

  it('is sent for a device on which the agent installed it, and for no other', () => {
    const scan = scanOf([{ ...withIt, recoverableUpdateIds: ['U1'] }]);
    expect(bestOf([driver(GENERIC)], scan, ['Uninstall'])).toEqual(new Map([[1, [GENERIC]]]));
    expect(bestOf([driver(GENERIC)], scanOf([withIt]), ['Uninstall']).size).toBe(0);
    expect(bestOf([driver(GENERIC)], scanOf([device()]), ['Uninstall']).size).toBe(0);
    expect(bestOf([driver('usb\\other')], scan, ['Uninstall']).size).toBe(0);
  });

  it('does not take the place of the one that is best after it', () => {
    const newer = driver(GENERIC, { driverVerVersion: packDriverVersion('11.0.0.0') });
    expect([...bestOf([newer, driver(GENERIC)], scanOf([device()]), ['Uninstall']).keys()]).toEqual([2]);
  });
});

describe('a driver that is installed already', () => {
  it('is replaced by a better one only, not by its equal', () => {
    expect(bestOf([driver(GENERIC)], scanOf([installed('10.0.0.0')])).size).toBe(1);
    expect(bestOf([driver(GENERIC)], scanOf([installed('10.0.0.1')])).size).toBe(0);
    expect(bestOf([driver(GENERIC)], scanOf([installed('10.0.0.2')])).size).toBe(0);
  });

  it('keeps its place where its rank carries a better feature score', () => {
    expect(bestOf([driver(SPECIFIC)], scanOf([installed('1.0.0.0', { driverRank: 0x00102000 })])).size).toBe(
      0,
    );
  });

  it('loses to a newer one though the agent, older than Windows 10, names neither its rank nor a key for scores', () => {
    const scan = { devices: [installed('10.0.0.0', { driverRank: 0 })], computerHardwareIds: [] };
    expect(bestOf([driver(GENERIC)], scan).size).toBe(1);
  });

  it('of a printer is replaced only by one of the same provider and manufacturer', () => {
    const printer = { driverClass: 'Printer', provider: 'contoso', manufacturer: 'Fabrikam' };
    expect(bestOf([driver(GENERIC)], scanOf([installed('1.0.0.0', printer)])).size).toBe(0);
    const same = driver(GENERIC, { manufacturer: 'FABRIKAM' });
    expect(bestOf([same], scanOf([installed('1.0.0.0', printer)])).size).toBe(1);
  });

  it('is compared in the same terms as any other', () => {
    expect(matchOfInstalled(installed('10.0.0.1'), scanOf([]))).toEqual(
      matchOf(driver(GENERIC), 1, scanOf([])),
    );
  });
});

it('driver versions compare as the four numbers they are', () => {
  const part = fc.nat({ max: 65_535 });
  fc.assert(
    fc.property(fc.tuple(part, part, part, part), fc.tuple(part, part, part, part), (a, b) => {
      const difference = a.map((value, index) => value - b[index]!).find((value) => value !== 0) ?? 0;
      const [left, right] = [packDriverVersion(a.join('.')), packDriverVersion(b.join('.'))];
      expect(left > right ? 1 : left < right ? -1 : 0).toBe(Math.sign(difference));
    }),
  );
});

it('finds for any devices and drivers what the rules find when every pair of drivers is compared', () => {
  const scanned = (one: DriverMetadata): ScannedDriver =>
    driver(one.hardwareId.toLowerCase(), {
      driverVerDate: one.driverVerDate,
      driverVerVersion: packDriverVersion(one.driverVerVersion),
      driverClass: one.driverClass ?? '',
      provider: one.provider ?? '',
      manufacturer: one.manufacturer ?? '',
      featureScores: new Map(
        one.featureScores.map((score) => [score.operatingSystem.toLowerCase(), score.featureScore]),
      ),
      distributionComputerHardwareIds: one.distributionComputerHardwareIds,
      targetComputerHardwareIds: one.targetComputerHardwareIds,
    });
  const aRevision = fc.record({
    drivers: fc.array(aDriver, { minLength: 1, maxLength: 3 }),
    action: fc.constantFrom<OfferedAction>(
      'Install',
      'Install',
      'Evaluate',
      'PreDeploymentCheck',
      'Uninstall',
    ),
    isEligible: fc.boolean(),
  });
  let found = 0;
  fc.assert(
    fc.property(fc.array(aRevision, { maxLength: 8 }), aDriverScan, (revisions, scan) => {
      const offers = revisions.map(({ drivers, action, isEligible }, index) => ({
        entry: {
          offered: { revisionId: index + 1, updateId: `u${index}`, deployment: { action } },
          isEligible,
        },
        drivers: drivers.map(scanned),
      }));
      const best = new DriverIndex(offers).bestFor(scan, ({ isEligible }) => isEligible);
      const expected = referenceDrivers(
        revisions.flatMap(({ drivers, action, isEligible }, index) =>
          isEligible ? [{ revisionId: index + 1, updateId: `u${index}`, action, drivers }] : [],
        ),
        scan,
      );
      const got = new Map([...best].map(([{ offered }, ids]) => [offered.revisionId, ids]));
      expect(got).toEqual(expected);
      found += got.size;
    }),
    { numRuns: 2000 },
  );
  // A property over devices that nothing fits would hold for anything.
  expect(found).toBeGreaterThan(500);
});

it('comparing matches is a strict order: it never depends on who is asked first', () => {
  const match: fc.Arbitrary<DriverMatch> = fc.record({
    computer: fc.nat({ max: 2 }),
    featureScore: fc.nat({ max: 2 }),
    hardware: fc.nat({ max: 2 }),
    date: fc.constantFrom('2025-01-01', '2026-01-01'),
    version: fc.bigInt({ min: 0n, max: 2n }),
  });
  fc.assert(
    fc.property(match, match, match, (a, b, c) => {
      expect(Math.sign(compareMatches(a, b)) + Math.sign(compareMatches(b, a))).toBe(0);
      if (compareMatches(a, b) <= 0 && compareMatches(b, c) <= 0)
        expect(compareMatches(a, c)).toBeLessThanOrEqual(0);
    }),
  );
});
