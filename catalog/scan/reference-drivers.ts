/**
 * The obvious reference for driver matching: the rules of [MS-WUSP] 3.1.5.7 one after the other, every pair of drivers
 * compared with them. Nothing of the product uses it.
 */
import type { DriverMetadata } from '../metadata/model.ts';
import type { ScannedDevice, ScanRequest } from './scan.ts';

export interface ReferenceDriver {
  readonly revisionId: number;
  readonly updateId: string;
  readonly action: string;
  /** The entries of the driver table. */
  readonly drivers: readonly DriverMetadata[];
}

type Asked = NonNullable<ScanRequest['drivers']>;

/** What the rules compare. */
interface Match {
  /** Places in lists of the computer and the device, from 0. */
  readonly computerPlace: number;
  readonly featureScore: number;
  readonly hardwarePlace: number;
  readonly date: string;
  readonly version: readonly number[];
}

const lower = (texts: readonly string[]): string[] => texts.map((text) => text.toLowerCase());
const placeIn = (list: readonly string[], item: string): number =>
  list.includes(item) ? list.indexOf(item) : list.length;

const versionOf = (text: string): number[] => {
  const parts = text.split('.').map(Number);
  return [0, 1, 2, 3].map((index) => parts[index] ?? 0);
};
const unpack = (packed: bigint): number[] =>
  [48n, 32n, 16n, 0n].map((shift) => Number((packed >> shift) & 0xffffn));

/** The rules, in their order: positive where `a` is better by this rule, 0 where it does not tell them apart. */
const RULES: readonly ((a: Match, b: Match) => number)[] = [
  (a, b) => b.computerPlace - a.computerPlace,
  (a, b) => b.featureScore - a.featureScore,
  (a, b) => b.hardwarePlace - a.hardwarePlace,
  (a, b) => Math.sign(Date.parse(a.date) - Date.parse(b.date)),
  (a, b) => {
    const at = [0, 1, 2, 3].find((index) => a.version[index] !== b.version[index]) ?? 0;
    return (a.version[at] ?? 0) - (b.version[at] ?? 0);
  },
];

const isBetter = (a: Match, b: Match): boolean => {
  for (const rule of RULES) if (rule(a, b) !== 0) return rule(a, b) > 0;
  return false;
};

interface Candidate {
  readonly revisionId: number;
  readonly entry: DriverMetadata;
  readonly match: Match;
}

/** All drivers that fit the device and are meant for this computer. */
function candidatesFor(
  device: ScannedDevice,
  drivers: readonly ReferenceDriver[],
  asked: Asked,
): Candidate[] {
  const ids = [...lower(device.hardwareIds), ...lower(device.compatibleIds)];
  const candidates: Candidate[] = [];
  for (const { revisionId, action, drivers: entries } of drivers) {
    if (action === 'Uninstall') continue;
    for (const entry of entries) {
      if (!ids.includes(entry.hardwareId.toLowerCase())) continue;
      const { distributionComputerHardwareIds: distribution, targetComputerHardwareIds: target } = entry;
      const own = asked.computerHardwareIds;
      if (distribution.length > 0 && !distribution.some((id) => own.includes(id))) continue;
      if (target.length > 0 && !target.some((id) => own.includes(id))) continue;
      const score = entry.featureScores.find(
        ({ operatingSystem }) =>
          operatingSystem.toLowerCase() === asked.featureScoreMatchingKey?.toLowerCase(),
      );
      candidates.push({
        revisionId,
        entry,
        match: {
          computerPlace: Math.min(own.length, ...[...distribution, ...target].map((id) => placeIn(own, id))),
          featureScore: score?.featureScore ?? 255,
          hardwarePlace: placeIn(ids, entry.hardwareId.toLowerCase()),
          date: entry.driverVerDate,
          version: versionOf(entry.driverVerVersion),
        },
      });
    }
  }
  return candidates;
}

/** `0xSSGGTHHH`: GG is the feature score. It comes as a signed number. */
const thirdByte = (rank: number): number => Math.floor((rank < 0 ? rank + 2 ** 32 : rank) / 0x10000) % 0x100;

function installedMatch(device: ScannedDevice, asked: Asked): Match | undefined {
  const installed = device.installedDriver;
  if (installed === undefined) return undefined;
  const ids = [...lower(device.hardwareIds), ...lower(device.compatibleIds)];
  return {
    computerPlace: placeIn(asked.computerHardwareIds, installed.matchingComputerHardwareId ?? 'none'),
    featureScore: asked.featureScoreMatchingKey === undefined ? 255 : thirdByte(installed.driverRank),
    hardwarePlace: placeIn(ids, installed.matchingId.toLowerCase()),
    date: installed.driverVerDate,
    version: unpack(installed.driverVerVersion),
  };
}

/**
 * @param drivers deployed, with their prerequisites met
 * @returns by RevisionID, the hardware ids for which each is sent
 */
export function referenceDrivers(
  drivers: readonly ReferenceDriver[],
  asked: Asked,
): Map<number, ReadonlySet<string>> {
  const found = new Map<number, Set<string>>();
  const send = (revisionId: number, hardwareId: string): void => {
    found.set(revisionId, (found.get(revisionId) ?? new Set()).add(hardwareId.toLowerCase()));
  };
  for (const device of asked.devices) {
    const candidates = candidatesFor(device, drivers, asked);
    // The rules may leave several that none of the others beats: then the revision that came last.
    const unbeaten = candidates.filter(
      (one) => !candidates.some((other) => isBetter(other.match, one.match)),
    );
    const best = unbeaten.sort((a, b) => b.revisionId - a.revisionId)[0];
    const installed = installedMatch(device, asked);
    const isPrinter = device.installedDriver?.driverClass?.toLowerCase() === 'printer';
    const isOfSameMaker =
      (best?.entry.provider ?? '').toLowerCase() === (device.installedDriver?.provider ?? '').toLowerCase() &&
      (best?.entry.manufacturer ?? '').toLowerCase() ===
        (device.installedDriver?.manufacturer ?? '').toLowerCase();
    if (
      best !== undefined &&
      (installed === undefined || (isBetter(best.match, installed) && (!isPrinter || isOfSameMaker)))
    )
      send(best.revisionId, best.entry.hardwareId);

    // "Drivers to be uninstalled, only for drivers originally installed by the WUA agent."
    const ids = [...lower(device.hardwareIds), ...lower(device.compatibleIds)];
    for (const { revisionId, updateId, action, drivers: entries } of drivers) {
      if (action !== 'Uninstall' || !(device.recoverableUpdateIds ?? []).includes(updateId)) continue;
      for (const { hardwareId } of entries)
        if (ids.includes(hardwareId.toLowerCase())) send(revisionId, hardwareId);
    }
  }
  return found;
}
