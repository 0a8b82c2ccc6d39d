/**
 * Drivers by the devices that there are: GetDriverIdList and GetDriverSetData ([MS-WSUSSS] 3.1.4.7, 3.1.4.8). The
 * published WSDL leaves them out; the order of elements is that of the sections' schemas.
 */
import { arrayOf, boolean, complex, guid, operation, optional, required, string } from '../soap/table.ts';
import { Cookie } from '../wusp/authorization.ts';
import { ArrayOfGuid, ArrayOfUpdateIdentity } from '../wusp/update-identity.ts';
import { ArrayOfIdAndDelta, Version } from './id-and-delta.ts';

const NAMESPACE = 'http://www.microsoft.com/SoftwareDistribution';

/** A device's hardware id, as in `PCI\VEN_8086&DEV_1502`. */
export const HardwareIdAndDelta = complex('HardwareIdAndDelta', {
  Id: optional(string),
  Delta: required(boolean),
});

export const ArrayOfHardwareIdAndDelta = arrayOf(
  'ArrayOfHardwareIdAndDelta',
  'HardwareIdAndDelta',
  HardwareIdAndDelta,
  true,
);

export const ServerSyncDriverFilter = complex('ServerSyncDriverFilter', {
  DssProtocolVersion: optional(Version),
  Anchor: optional(string),
  Categories: optional(ArrayOfIdAndDelta),
  ComputerIds: optional(ArrayOfIdAndDelta),
  PnpHardwareIds: optional(ArrayOfHardwareIdAndDelta),
});

export const DriverSetAndRevisionIdList = complex('DriverSetAndRevisionIdList', {
  Anchor: optional(string),
  NewRevisions: optional(ArrayOfUpdateIdentity),
  NewDriverSets: optional(ArrayOfGuid),
  RemovedDriverSets: optional(ArrayOfGuid),
});

export const GetDriverIdList = operation(
  NAMESPACE,
  'GetDriverIdList',
  {
    cookie: optional(Cookie),
    filter: optional(ServerSyncDriverFilter),
  },
  {
    GetDriverIdListResult: optional(DriverSetAndRevisionIdList),
  },
);

export const ServerSyncDriverSetData = complex('ServerSyncDriverSetData', {
  DriverSetId: required(guid),
  DriverSetXml: optional(string),
});

export const ArrayOfServerSyncDriverSetData = arrayOf(
  'ArrayOfServerSyncDriverSetData',
  'ServerSyncDriverSetData',
  ServerSyncDriverSetData,
  true,
);

export const ServerDriverSetData = complex('ServerDriverSetData', {
  DriverSets: optional(ArrayOfServerSyncDriverSetData),
});

export const GetDriverSetData = operation(
  NAMESPACE,
  'GetDriverSetData',
  {
    cookie: optional(Cookie),
    driverSets: optional(ArrayOfGuid),
  },
  {
    GetDriverSetDataResult: optional(ServerDriverSetData),
  },
);
