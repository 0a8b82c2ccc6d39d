/** What an agent tells of its computer and the devices in it ([MS-WUSP] 2.2.2.2.3, 2.2.2.2.4, WSDL 6.2). */
import {
  arrayOf,
  complex,
  dateTime,
  guid,
  int,
  long,
  nillable,
  optional,
  required,
  short,
  string,
  unsignedByte,
} from '../soap/table.ts';
import { ArrayOfGuid, ArrayOfString } from './update-identity.ts';

export const ComputerInfo = complex('ComputerInfo', {
  DnsName: optional(string),
  OSMajorVersion: required(int),
  OSMinorVersion: required(int),
  OSBuildNumber: required(int),
  OSServicePackMajorNumber: required(short),
  OSServicePackMinorNumber: required(short),
  OSLocale: optional(string),
  ComputerManufacturer: optional(string),
  ComputerModel: optional(string),
  BiosVersion: optional(string),
  BiosName: optional(string),
  BiosReleaseDate: required(dateTime),
  ProcessorArchitecture: optional(string),
  SuiteMask: required(short),
  OldProductType: required(unsignedByte),
  NewProductType: required(int),
  SystemMetrics: required(int),
  ClientVersionMajorNumber: required(short),
  ClientVersionMinorNumber: required(short),
  ClientVersionBuildNumber: required(short),
  ClientVersionQfeNumber: required(short),
  OSDescription: optional(string),
  OEM: optional(string),
  DeviceType: optional(string),
  FirmwareVersion: optional(string),
  MobileOperator: optional(string),
});

export const ComputerHardwareSpecification = complex('ComputerHardwareSpecification', {
  HardwareIDs: optional(ArrayOfGuid),
});

export const InstalledDriver = complex('InstalledDriver', {
  MatchingID: optional(string),
  DriverVerDate: required(dateTime),
  DriverVerVersion: required(long),
  Class: optional(string),
  Manufacturer: optional(string),
  Provider: optional(string),
  Model: optional(string),
  MatchingComputerHWID: nillable(guid),
  DriverRank: required(int),
});

export const extensionDriver = complex('extensionDriver', {
  ExtensionId: required(string),
  DriverVerDate: required(dateTime),
  DriverVerVersion: required(long),
  Class: required(string),
  DriverRank: required(int),
  MatchingComputerHWID: nillable(guid),
});

export const ArrayOfExtensionDriver = arrayOf(
  'ArrayOfExtensionDriver',
  'extensionDriver',
  extensionDriver,
  true,
);

export const ArrayOfDriverRecoveryID = arrayOf('ArrayOfDriverRecoveryID', 'DriverRecoveryID', string, true);

export const Device = complex('Device', {
  HardwareIDs: optional(ArrayOfString),
  CompatibleIDs: optional(ArrayOfString),
  installedDriver: optional(InstalledDriver),
  extensionDriver: optional(ArrayOfExtensionDriver),
  DriverRecoveryIDs: optional(ArrayOfDriverRecoveryID),
  DeviceFlags: optional(unsignedByte),
});

export const ArrayOfDevice = arrayOf('ArrayOfDevice', 'Device', Device, true);
