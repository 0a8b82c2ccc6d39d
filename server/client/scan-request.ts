/** What an agent asks in SyncUpdates, as the scan engine takes it ([MS-WUSP] 2.2.2.2.4). */
import type { ScannedDevice, ScanRequest } from '../../catalog/scan/scan.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';
import type { Read } from '../../protocol/soap/table.ts';
import type { Device, InstalledDriver, SyncUpdateParameters } from '../../protocol/wusp/client.ts';

type Parameters = Read<typeof SyncUpdateParameters>;

/** WSUS of Windows Server 2025 was seen to refuse more; of other cached updates it takes thousands. */
const MAXIMUM_INSTALLED_NON_LEAVES = 400;

/**
 * @throws SoapFault InvalidParameters, naming the parameter
 */
export function checkParameters(parameters: Parameters | undefined): asserts parameters is Parameters {
  if (parameters === undefined) throw new SoapFault('InvalidParameters', 'parameters');
  if (parameters.SystemSpec !== undefined && !parameters.SkipSoftwareSync)
    throw new SoapFault('InvalidParameters', 'parameters.SystemSpec');
  if ((parameters.InstalledNonLeafUpdateIDs?.length ?? 0) > MAXIMUM_INSTALLED_NON_LEAVES)
    throw new SoapFault('InvalidParameters', 'parameters.InstalledNonLeafUpdateIDs');
}

/** The part of a scan request that the parameters say; groups, page size and known changes are the server's to add. */
export function readScan(parameters: Parameters): Omit<ScanRequest, 'groupIds' | 'pageSize' | 'knownChange'> {
  const categoryIds = parameters.FilterCategoryIds ?? [];
  return {
    installedNonLeafRevisionIds: parameters.InstalledNonLeafUpdateIDs ?? [],
    otherCachedRevisionIds: parameters.OtherCachedUpdateIDs ?? [],
    // An agent that scans by no category sends the list empty.
    ...(categoryIds.length === 0 ? {} : { categoryIds: categoryIds.map(({ Id }) => Id) }),
    ...(parameters.SkipSoftwareSync ? { drivers: readDrivers(parameters) } : {}),
  };
}

const readDrivers = (parameters: Parameters): NonNullable<ScanRequest['drivers']> => ({
  devices: (parameters.SystemSpec ?? []).map(readDevice),
  cachedRevisionIds: parameters.CachedDriverIDs ?? [],
  computerHardwareIds: parameters.ComputerSpec?.HardwareIDs ?? [],
  ...(parameters.FeatureScoreMatchingKey === undefined
    ? {}
    : { featureScoreMatchingKey: parameters.FeatureScoreMatchingKey }),
});

const readDevice = ({ HardwareIDs, CompatibleIDs, installedDriver }: Read<typeof Device>): ScannedDevice => ({
  hardwareIds: HardwareIDs ?? [],
  compatibleIds: CompatibleIDs ?? [],
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
