/** Random catalogues, group trees, decisions, devices and caches: what the properties of the scan engine run over. */
import fc from 'fast-check';
import type { DriverMetadata } from '../../catalog/metadata/model.ts';
import type { ReferenceRevision, ReferenceWorld } from '../../catalog/scan/reference-scan.ts';
import { packDriverVersion } from '../../catalog/scan/scanned-driver.ts';
import type { ScannedDevice, ScanRequest } from '../../catalog/scan/scan.ts';
import type { DecisionRow } from '../../catalog/store/scan-rows.ts';
import { ALL_COMPUTERS, AT } from './stored-world.ts';

/** An update is of one type in all its revisions. */
const TYPES = {
  u0: 'Category',
  u1: 'Category',
  u2: 'Detectoid',
  u3: 'Detectoid',
  u4: 'Software',
  u5: 'Software',
  u6: 'Driver',
  u7: 'Software',
  u8: 'Driver',
  u9: 'Software',
} as const;
export const UPDATES = Object.keys(TYPES);
/** What can be a member of a bundle. */
const MEMBERS = UPDATES.slice(4);
export const GROUPS = ['g1', 'g2', 'g3', 'g4'];
export const ACTIONS = [
  'Install',
  'OptionalInstall',
  'Uninstall',
  'PreDeploymentCheck',
  'Block',
  'NotApproved',
] as const satisfies readonly DecisionRow['action'][];
export const DEADLINES = [null, '2026-12-01T00:00:00.000Z', '2026-12-02T00:00:00.000Z'];

const HARDWARE_IDS = ['PCI\\VEN_1&DEV_2&REV_3', 'pci\\ven_1&dev_2', 'PCI\\VEN_1', 'usb\\printer'];
const COMPUTER_IDS = ['model', 'family', 'maker'].map(
  (_, index) => `00000000-0000-4000-8000-00000000000${index}`,
);
const SYSTEMS = ['AMD64.10.0', 'x86.6.1'];
const VERSIONS = ['1.2.3.4', '1.2.3.10', '1.10', '10.0.0.1'];
const DATES = ['2025-12-31', '2026-01-01'];
const CLASSES = ['Net', 'Printer', 'printer'];
const MAKERS = ['Contoso', 'CONTOSO', 'Fabrikam'];

const few = <T>(items: readonly T[], maxLength: number): fc.Arbitrary<T[]> =>
  fc.uniqueArray(fc.constantFrom(...items), { maxLength });

export const aDriver: fc.Arbitrary<DriverMetadata> = fc.record({
  hardwareId: fc.constantFrom(...HARDWARE_IDS),
  driverVerDate: fc.constantFrom(...DATES),
  driverVerVersion: fc.constantFrom(...VERSIONS),
  driverClass: fc.constantFrom(...CLASSES),
  provider: fc.constantFrom(...MAKERS),
  manufacturer: fc.constantFrom(...MAKERS),
  featureScores: fc.uniqueArray(
    fc.record({ operatingSystem: fc.constantFrom(...SYSTEMS), featureScore: fc.constantFrom(0, 16, 255) }),
    { maxLength: 2, selector: ({ operatingSystem }) => operatingSystem },
  ),
  distributionComputerHardwareIds: few(COMPUTER_IDS, 2),
  targetComputerHardwareIds: few(COMPUTER_IDS, 2),
});

/** Revision 1 of u0 is 1, of u1 is 2; their revisions 2 are 101, 102. */
const revisionIdOf = (index: number, revisionNumber: number): number =>
  (revisionNumber - 1) * 100 + index + 1;

/** @param named what its prerequisites can name */
const aRevision = (
  index: number,
  revisionNumber: number,
  named: readonly string[],
): fc.Arbitrary<ReferenceRevision> => {
  const updateId = UPDATES[index] ?? '';
  const updateType = Object.values(TYPES)[index] ?? 'Software';
  return fc.record({
    revisionId: fc.constant(revisionIdOf(index, revisionNumber)),
    updateId: fc.constant(updateId),
    revisionNumber: fc.constant(revisionNumber),
    updateType: fc.constant(updateType),
    // Half of them can be sent at once: otherwise most scans would bring nothing.
    clauses: fc.oneof(
      fc.constant([]),
      fc.array(fc.uniqueArray(fc.constantFrom(...named), { minLength: 1, maxLength: 3 }), { maxLength: 2 }),
    ),
    bundled: fc.uniqueArray(
      fc.record({ updateId: fc.constantFrom(...MEMBERS), revisionNumber: fc.constantFrom(1, 2) }),
      { maxLength: 2, selector: (member) => `${member.updateId}/${member.revisionNumber}` },
    ),
    categoryIds: few(UPDATES, 2),
    core: fc
      .nat({ max: 60 })
      .map((length) => `<UpdateIdentity UpdateID="${updateId}" />${'x'.repeat(length)}`),
    drivers: updateType === 'Driver' ? fc.array(aDriver, { minLength: 1, maxLength: 3 }) : fc.constant([]),
  });
};

const aDecision = fc.record({
  update: fc.nat({ max: UPDATES.length - 1 }),
  wantsSecond: fc.boolean(),
  // Most are for everyone, so that most worlds offer a good deal.
  groupId: fc.constantFrom(ALL_COMPUTERS, ALL_COMPUTERS, ALL_COMPUTERS, ...GROUPS),
  action: fc.constantFrom(...ACTIONS),
  deadline: fc.constantFrom(...DEADLINES),
});

/** What prerequisites of an update can name: with circles anything, else only what comes before it. */
const nameable = (index: number, circles: boolean): string[] => [
  ...(circles ? UPDATES : UPDATES.slice(0, index)),
  'unknown',
];

/** A third revision of an update, which a world does not have yet. */
export const anArrival = ({ circles }: { readonly circles: boolean }): fc.Arbitrary<ReferenceRevision> =>
  fc.nat({ max: UPDATES.length - 1 }).chain((index) => aRevision(index, 3, nameable(index, circles)));

/**
 * Two revisions an update at most, one decision an update and group, prerequisites that name updates nobody has.
 *
 * @param circles whether prerequisites may run in circles, as nothing in a catalogue forbids
 */
export const aWorld = ({ circles }: { readonly circles: boolean }): fc.Arbitrary<ReferenceWorld> => {
  const named = (index: number): string[] => nameable(index, circles);
  return fc
    .record({
      first: fc.tuple(...UPDATES.map((_, index) => aRevision(index, 1, named(index)))),
      second: fc.tuple(
        ...UPDATES.map((_, index) => fc.option(aRevision(index, 2, named(index)), { nil: undefined })),
      ),
      parents: fc.tuple(
        ...GROUPS.map((_, index) => fc.constantFrom(ALL_COMPUTERS, ...GROUPS.slice(0, index))),
      ),
      decisions: fc.uniqueArray(aDecision, {
        minLength: 6,
        maxLength: 16,
        selector: ({ update, groupId }) => `${update}/${groupId}`,
      }),
      declined: few(UPDATES, 2),
    })
    .map(({ first, second, parents, decisions, declined }) => ({
      revisions: [...first, ...second.filter((revision) => revision !== undefined)],
      groups: [
        { groupId: ALL_COMPUTERS, parentId: null },
        ...GROUPS.map((groupId, index) => ({ groupId, parentId: parents[index] ?? ALL_COMPUTERS })),
      ],
      declined,
      decisions: decisions.map(({ update, wantsSecond, ...row }, index) => ({
        ...row,
        deploymentId: index + 1,
        updateId: UPDATES[update] ?? '',
        revisionId: (wantsSecond ? second[update]?.revisionId : undefined) ?? update + 1,
        changedAt: AT,
      })),
    }));
};

export const someGroups = fc.uniqueArray(fc.constantFrom(...GROUPS), { minLength: 1, maxLength: 3 });

/** What an agent may name as cached: ours, older ones, and numbers that were never given out. */
export const someRevisionIds = fc.array(
  fc.oneof(
    fc.integer({ min: 1, max: UPDATES.length }),
    fc.integer({ min: 101, max: 100 + UPDATES.length }),
    fc.constantFrom(-5, 0, 999_999, 2 ** 31 - 1, -(2 ** 31)),
  ),
  { maxLength: 12 },
);

export const someUpdates = few(UPDATES, UPDATES.length);
export const someCategories = fc.option(fc.array(fc.constantFrom(...UPDATES, 'unknown'), { maxLength: 3 }), {
  nil: undefined,
  freq: 1,
});

const anInstalledDriver: fc.Arbitrary<NonNullable<ScannedDevice['installedDriver']>> = fc.record(
  {
    matchingId: fc.constantFrom(...HARDWARE_IDS, 'ROOT\\OTHER'),
    driverVerDate: fc.constantFrom(...DATES.map((date) => `${date}T00:00:00`)),
    driverVerVersion: fc.constantFrom(...VERSIONS.map(packDriverVersion)),
    driverClass: fc.constantFrom(...CLASSES),
    manufacturer: fc.constantFrom(...MAKERS),
    provider: fc.constantFrom(...MAKERS),
    matchingComputerHardwareId: fc.constantFrom(...COMPUTER_IDS),
    driverRank: fc.constantFrom(0, 0x00ff2000, 0x00102000, 0x80102000 | 0, -1),
  },
  { requiredKeys: ['matchingId', 'driverVerDate', 'driverVerVersion', 'driverRank'] },
);

const aDevice: fc.Arbitrary<ScannedDevice> = fc.record(
  {
    hardwareIds: few(HARDWARE_IDS, 3),
    compatibleIds: few(HARDWARE_IDS, 2),
    installedDriver: anInstalledDriver,
    recoverableUpdateIds: few([...UPDATES, 'unknown'], 3),
  },
  { requiredKeys: ['hardwareIds', 'compatibleIds'] },
);

export const aDriverScan: fc.Arbitrary<NonNullable<ScanRequest['drivers']>> = fc.record(
  {
    devices: fc.array(aDevice, { maxLength: 3 }),
    computerHardwareIds: few(COMPUTER_IDS, 3),
    featureScoreMatchingKey: fc.constantFrom('AMD64.10.0', 'amd64.10.0', 'ARM64.10.0'),
  },
  { requiredKeys: ['devices', 'computerHardwareIds'] },
);

export const aPage = fc.record({
  pageSize: fc.constantFrom(1, 2, 3, 4, 12),
  pageBytes: fc.constantFrom(1, 60, 120, 200, 600, 5000),
});
