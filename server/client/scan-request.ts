/** What an agent asks in SyncUpdates, as the scan engine takes it ([MS-WUSP] 2.2.2.2.4). */
import type { PageLimits, ScannedDevice, ScanRequest } from '../../catalog/scan/scan.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';
import type { Read } from '../../protocol/soap/table.ts';
import type { Device, InstalledDriver, SyncUpdateParameters } from '../../protocol/wusp/client.ts';

type Parameters = Read<typeof SyncUpdateParameters>;

/** Bytes of core fragments in one answer: the largest in the catalogue are some hundred thousand. */
const PAGE_BYTES = 1_000_000;

/** Of drivers an agent asks once a scan, so that it is answered as many as WSUS ever sends (note 55, 59). */
const DRIVER_PAGE_SIZE = 200;

/** Of software an agent asks until nothing is new; `pageSize` is configured. */
export const softwarePage = (pageSize: number): PageLimits => ({ pageSize, pageBytes: PAGE_BYTES });

export const driverPage: PageLimits = { pageSize: DRIVER_PAGE_SIZE, pageBytes: PAGE_BYTES };

/**
 * Lists of any length that the request may hold are taken, where WSUS of Windows Server 2025 refuses more than 400
 * installed updates.
 *
 * @throws SoapFault InvalidParameters, naming the parameter
 */
export function checkParameters(parameters: Parameters | undefined): asserts parameters is Parameters {
  if (parameters === undefined) throw new SoapFault('InvalidParameters', 'parameters');
  if (parameters.SystemSpec !== undefined && !parameters.SkipSoftwareSync)
    throw new SoapFault('InvalidParameters', 'parameters.SystemSpec');
}

/**
 * The part of a scan request that the parameters say; groups, page and known changes are the server's to add.
 * `ExpressQuery` says nothing: it is to be ignored.
 */
export function readScan(
  parameters: Parameters,
): Omit<ScanRequest, 'groupIds' | 'knownChange' | keyof PageLimits> {
  const categoryIds = parameters.FilterCategoryIds ?? [];
  return {
    installedNonLeafRevisionIds: parameters.InstalledNonLeafUpdateIDs ?? [],
    otherCachedRevisionIds: parameters.OtherCachedUpdateIDs ?? [],
    cachedDriverRevisionIds: parameters.CachedDriverIDs ?? [],
    // An agent that scans by no category sends the list empty.
    ...(categoryIds.length === 0 ? {} : { categoryIds: categoryIds.map(({ Id }) => Id) }),
    ...(parameters.SkipSoftwareSync ? { drivers: readDrivers(parameters) } : {}),
  };
}

const readDrivers = (parameters: Parameters): NonNullable<ScanRequest['drivers']> => ({
  devices: (parameters.SystemSpec ?? []).map(readDevice),
  computerHardwareIds: parameters.ComputerSpec?.HardwareIDs ?? [],
  ...(parameters.FeatureScoreMatchingKey === undefined
    ? {}
    : { featureScoreMatchingKey: parameters.FeatureScoreMatchingKey }),
});

const readDevice = ({
  HardwareIDs,
  CompatibleIDs,
  installedDriver,
  DriverRecoveryIDs,
}: Read<typeof Device>): ScannedDevice => ({
  hardwareIds: HardwareIDs ?? [],
  compatibleIds: CompatibleIDs ?? [],
  ...(DriverRecoveryIDs === undefined ? {} : { recoverableUpdateIds: DriverRecoveryIDs }),
  ...(installedDriver === undefined ? {} : { installedDriver: readInstalledDriver(installedDriver) }),
});

const readInstalledDriver = (
  driver: Read<typeof InstalledDriver>,
): NonNullable<ScannedDevice['installedDriver']> => ({
  matchingId: driver.MatchingID ?? '',
  driverVerDate: driver.DriverVerDate,
  driverVerVersion: driver.DriverVerVersion,
  ...(driver.Class === undefined ? {} : { driverClass: driver.Class }),
  ...(driver.Manufacturer === undefined ? {} : { manufacturer: driver.Manufacturer }),
  ...(driver.Provider === undefined ? {} : { provider: driver.Provider }),
  ...(driver.MatchingComputerHWID === undefined
    ? {}
    : { matchingComputerHardwareId: driver.MatchingComputerHWID }),
  driverRank: driver.DriverRank,
});
