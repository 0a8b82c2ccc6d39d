/** The reporting web service as agents use it ([MS-WUSP] 3.1.6, WSDL 6.3). */
import {
  arrayOf,
  base64Binary,
  boolean,
  complex,
  dateTime,
  enumeration,
  guid,
  int,
  optional,
  required,
  short,
  string,
  operation,
  type Service,
} from '../soap/table.ts';
import { Ping } from '../wsusss/monitoring.ts';
import { Cookie } from './authorization.ts';
import { ArrayOfString } from './update-identity.ts';

const NAMESPACE = 'http://www.microsoft.com/SoftwareDistribution';

export const ComputerTargetIdentifier = complex('ComputerTargetIdentifier', {
  Sid: optional(string),
});

export const UpdateRevisionIdentifier = complex('UpdateRevisionIdentifier', {
  UpdateID: required(guid),
  RevisionNumber: required(int),
});

export const BasicData = complex('BasicData', {
  TargetID: optional(ComputerTargetIdentifier),
  SequenceNumber: required(int),
  TimeAtTarget: required(dateTime),
  EventInstanceID: required(guid),
  NamespaceID: required(int),
  EventID: required(short),
  SourceID: required(short),
  UpdateID: optional(UpdateRevisionIdentifier),
  Win32HResult: required(int),
  AppName: optional(string),
});

export const ProcessorArchitecture = enumeration('ProcessorArchitecture', [
  'Unknown',
  'X86Compatible',
  'IA64Compatible',
  'Amd64Compatible',
]);

export const DetailedVersion = complex('DetailedVersion', {
  Major: required(int),
  Minor: required(int),
  Build: required(int),
  Revision: required(int),
  ServicePackMajor: required(int),
  ServicePackMinor: required(int),
});

export const ExtendedData = complex('ExtendedData', {
  ReplacementStrings: optional(ArrayOfString),
  MiscData: optional(ArrayOfString),
  ComputerBrand: optional(string),
  ComputerModel: optional(string),
  BiosRevision: optional(string),
  ProcessorArchitecture: required(ProcessorArchitecture),
  OSVersion: required(DetailedVersion),
  OSLocaleID: required(int),
  DeviceID: optional(string),
});

export const PrivateData = complex('PrivateData', {
  ComputerDnsName: optional(string),
  UserAccountName: optional(string),
});

export const ReportingEvent = complex('ReportingEvent', {
  BasicData: optional(BasicData),
  ExtendedData: optional(ExtendedData),
  PrivateData: optional(PrivateData),
});

export const ArrayOfReportingEvent = arrayOf('ArrayOfReportingEvent', 'ReportingEvent', ReportingEvent, true);

export const ReportEventBatch = operation(
  NAMESPACE,
  'ReportEventBatch',
  {
    cookie: optional(Cookie),
    clientTime: required(dateTime),
    eventBatch: optional(ArrayOfReportingEvent),
  },
  {
    ReportEventBatchResult: required(boolean),
  },
);

/** Of the WSDL alone: the specification's text does not speak of it. It names a computer where others show a cookie. */
export const ReportEventBatch2 = operation(
  NAMESPACE,
  'ReportEventBatch2',
  {
    computerId: optional(string),
    clientTime: required(dateTime),
    eventBatch: optional(ArrayOfReportingEvent),
  },
  {
    ReportEventBatch2Result: required(boolean),
  },
);

/** Of the WSDL alone, as what follows. */
export const GetRequiredInventoryType = operation(
  NAMESPACE,
  'GetRequiredInventoryType',
  {
    cookie: optional(Cookie),
    rulesId: required(guid),
    rulesVersion: optional(string),
  },
  {
    GetRequiredInventoryTypeResult: required(int),
  },
);

export const ReportingInventory = complex('ReportingInventory', {
  IsCompressed: required(boolean),
  RawXml: optional(string),
  CompressedXml: optional(base64Binary),
});

export const ReportInventory = operation(
  NAMESPACE,
  'ReportInventory',
  {
    cookie: optional(Cookie),
    clientTime: required(dateTime),
    inventory: optional(ReportingInventory),
  },
  {
    ReportInventoryResult: required(boolean),
  },
);

export const reportingService = {
  name: 'WebService',
  namespace: NAMESPACE,
  path: '/ReportingWebService/ReportingWebService.asmx',
  envelopeStyle: 'soap',
  operations: [ReportEventBatch, ReportEventBatch2, GetRequiredInventoryType, ReportInventory, Ping],
} as const satisfies Service;
