/** The reporting web service as agents use it ([MS-WUSP] 3.1.6, WSDL 6.3). */
import {
  arrayOf,
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

export const reportingService = {
  name: 'WebService',
  namespace: NAMESPACE,
  path: '/ReportingWebService/ReportingWebService.asmx',
  envelopeStyle: 'soap',
  operations: [ReportEventBatch],
} as const satisfies Service;
