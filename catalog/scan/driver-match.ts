/** How well a driver fits a device, and which of two fits better ([MS-WUSP] 3.1.5.7, driver matching). */
import type { ScannedDriver } from './scanned-driver.ts';
import type { ScannedDevice, ScanRequest } from './scan.ts';

export type DriverScan = NonNullable<ScanRequest['drivers']>;

/** The five things that are compared, in this order; in the first four a lower value is better or `date` later. */
export interface DriverMatch {
  /** Place of the computer hardware id it is targeted to among the computer's own; the count of those where none. */
  readonly computer: number;
  readonly featureScore: number;
  /** Place of the hardware id among the device's hardware ids, then compatible ids. */
  readonly hardware: number;
  readonly date: string;
  readonly version: bigint;
}

const WORST_FEATURE_SCORE = 255;

/** Negative where `a` is the better match, 0 where neither is. */
export function compareMatches(a: DriverMatch, b: DriverMatch): number {
  if (a.computer !== b.computer) return a.computer - b.computer;
  if (a.featureScore !== b.featureScore) return a.featureScore - b.featureScore;
  if (a.hardware !== b.hardware) return a.hardware - b.hardware;
  if (a.date !== b.date) return a.date > b.date ? -1 : 1;
  if (a.version !== b.version) return a.version > b.version ? -1 : 1;
  return 0;
}

/**
 * The most specific of the computer's ids that the driver is targeted to, by whoever distributes it or in its INF.
 * Undefined where it is targeted to other computers than this one.
 */
function placeOfComputer(driver: ScannedDriver, scan: DriverScan): number | undefined {
  const own = scan.computerHardwareIds;
  const places = [driver.distributionComputerHardwareIds, driver.targetComputerHardwareIds]
    .filter((ids) => ids.length > 0)
    .map((ids) => own.findIndex((id) => ids.includes(id)));
  return places.includes(-1) ? undefined : Math.min(own.length, ...places);
}

/**
 * @param hardware place of the driver's hardware id among the device's ids
 */
export function matchOf(driver: ScannedDriver, hardware: number, scan: DriverScan): DriverMatch | undefined {
  const computer = placeOfComputer(driver, scan);
  if (computer === undefined) return undefined;
  const key = scan.featureScoreMatchingKey?.toLowerCase() ?? '';
  return {
    computer,
    featureScore: driver.featureScores.get(key) ?? WORST_FEATURE_SCORE,
    hardware,
    date: driver.driverVerDate.slice(0, 10),
    version: driver.driverVerVersion,
  };
}

/**
 * What is installed, in the same terms. Its feature score is the third byte of its rank; an agent that names no key for
 * feature scores sends no rank either, and what is missing must not win against every driver.
 */
export function matchOfInstalled(device: ScannedDevice, scan: DriverScan): DriverMatch | undefined {
  const installed = device.installedDriver;
  if (installed === undefined) return undefined;
  const ids = deviceIds(device);
  const place = ids.indexOf(installed.matchingId.toLowerCase());
  const computer = scan.computerHardwareIds.indexOf(
    installed.matchingComputerHardwareId?.toLowerCase() ?? '',
  );
  return {
    computer: computer < 0 ? scan.computerHardwareIds.length : computer,
    featureScore:
      scan.featureScoreMatchingKey === undefined ? WORST_FEATURE_SCORE : (installed.driverRank >>> 16) & 0xff,
    hardware: place < 0 ? ids.length : place,
    date: installed.driverVerDate.slice(0, 10),
    version: installed.driverVerVersion,
  };
}

/** Most specific first, lower case. */
export const deviceIds = (device: ScannedDevice): string[] =>
  [...device.hardwareIds, ...device.compatibleIds].map((id) => id.toLowerCase());

/** A printer's driver is replaced only by one of the same provider and manufacturer. */
export function mayReplace(driver: ScannedDriver, device: ScannedDevice): boolean {
  const installed = device.installedDriver;
  if (installed?.driverClass?.toLowerCase() !== 'printer') return true;
  return (
    sameName(driver.provider, installed.provider) && sameName(driver.manufacturer, installed.manufacturer)
  );
}

const sameName = (a: string, b: string | undefined): boolean => a.toLowerCase() === (b ?? '').toLowerCase();
