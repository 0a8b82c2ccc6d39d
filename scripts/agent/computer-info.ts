/** What an agent tells of its computer: at registration, in a driver scan, in every report. */
import type { Write } from '../../protocol/soap/table.ts';
import type { ComputerInfo, Device } from '../../protocol/wusp/client.ts';
import type { ExtendedData } from '../../protocol/wusp/reporting.ts';
import { CURRENT_VERSION } from './machine.ts';
import type { SimulatedMachine } from './machine.ts';
import { packVersion, readVersion } from './version.ts';

export const CLIENT_VERSION = '10.0.26100.7171';
export const BIOS_DATE = '2025-03-14T00:00:00';

/** `ComputerInfo` of RegisterComputer ([MS-WUSP] 2.2.2.2.3). */
export function computerInfo(machine: SimulatedMachine): Write<typeof ComputerInfo> {
  const { profile } = machine;
  const [major, minor, build] = machine.version;
  const client = readVersion(CLIENT_VERSION);
  return {
    DnsName: profile.dnsName,
    OSMajorVersion: major,
    OSMinorVersion: minor,
    OSBuildNumber: build,
    OSServicePackMajorNumber: 0,
    OSServicePackMinorNumber: 0,
    OSLocale: profile.locale,
    ComputerManufacturer: profile.manufacturer,
    ComputerModel: profile.model,
    BiosVersion: profile.biosVersion,
    BiosName: profile.biosVersion,
    BiosReleaseDate: BIOS_DATE,
    ProcessorArchitecture: profile.architecture,
    SuiteMask: 256,
    OldProductType: profile.productType,
    NewProductType: profile.productType === 1 ? 48 : 7,
    SystemMetrics: 0,
    ClientVersionMajorNumber: client[0] ?? 0,
    ClientVersionMinorNumber: client[1] ?? 0,
    ClientVersionBuildNumber: client[2] ?? 0,
    ClientVersionQfeNumber: client[3] ?? 0,
    OSDescription: profile.osDescription,
    OEM: '',
    DeviceType: '',
    FirmwareVersion: '',
    MobileOperator: '',
  };
}

/** `SystemSpec` of a driver scan. */
export const systemSpec = (machine: SimulatedMachine): Write<typeof Device>[] =>
  machine.devices.map(({ profile, installed }) => ({
    HardwareIDs: profile.hardwareIds,
    CompatibleIDs: profile.compatibleIds ?? [],
    ...(installed === undefined
      ? {}
      : {
          installedDriver: {
            MatchingID: installed.matchingId,
            DriverVerDate: `${installed.date}T00:00:00`,
            DriverVerVersion: packVersion(readVersion(installed.version)),
            Class: installed.driverClass,
            Manufacturer: installed.manufacturer,
            Provider: installed.provider,
            Model: '',
            DriverRank: 16_711_681,
          },
        }),
  }));

/** `FeatureScoreMatchingKey`: `AMD64.10.0`. */
export const featureScoreKey = (machine: SimulatedMachine): string =>
  `${machine.profile.architecture}.${machine.version[0]}.${machine.version[1]}`;

const REPORTED_ARCHITECTURE = { x86: 'X86Compatible', AMD64: 'Amd64Compatible', ARM64: 'Unknown' } as const;

/** The part of `ExtendedData` that speaks of the computer. */
export function reportedComputer(
  machine: SimulatedMachine,
): Omit<Write<typeof ExtendedData>, 'ReplacementStrings' | 'MiscData' | 'DeviceID'> {
  const { profile } = machine;
  const [Major, Minor, Build] = machine.version;
  return {
    ComputerBrand: profile.manufacturer,
    ComputerModel: profile.model,
    BiosRevision: profile.biosVersion,
    ProcessorArchitecture: REPORTED_ARCHITECTURE[profile.architecture],
    OSVersion: {
      Major,
      Minor,
      Build,
      Revision: Number(machine.registry(CURRENT_VERSION, 'UBR') ?? 0),
      ServicePackMajor: 0,
      ServicePackMinor: 0,
    },
    OSLocaleID: 1033,
  };
}
