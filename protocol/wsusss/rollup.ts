/**
 * The reporting web service as downstream servers use it ([MS-WSUSSS] 3.1.4.13 to 3.1.4.17, WSDL 6.3): servers,
 * computers and what they reported go up the tree. It is the agents' service, at the same path.
 */
import {
  arrayOf,
  boolean,
  complex,
  dateTime,
  enumeration,
  guid,
  int,
  operation,
  optional,
  optionalAttribute,
  required,
  requiredAttribute,
  short,
  string,
  unsignedByte,
  type Service,
} from '../soap/table.ts';
import { Cookie } from '../wusp/authorization.ts';
import { GetRequiredInventoryType } from '../wusp/reporting.ts';
import { ArrayOfGuid, ArrayOfString } from '../wusp/update-identity.ts';
import { Ping } from './monitoring.ts';

const NAMESPACE = 'http://www.microsoft.com/SoftwareDistribution';

export const RollupConfiguration = complex('RollupConfiguration', {
  DoDetailedRollup: required(boolean),
  RollupResetGuid: required(guid),
  ServerId: required(guid),
  RollupDownstreamServersMaxBatchSize: required(int),
  RollupComputersMaxBatchSize: required(int),
  GetOutOfSyncComputersMaxBatchSize: required(int),
  RollupComputerStatusMaxBatchSize: required(int),
});

export const DownstreamServerRollupServerSummary = complex('DownstreamServerRollupServerSummary', {
  UpdateCount: required(int),
  DeclinedUpdateCount: required(int),
  ApprovedUpdateCount: required(int),
  NotApprovedUpdateCount: required(int),
  UpdatesWithStaleUpdateApprovalsCount: required(int),
  ExpiredUpdateCount: required(int),
  CriticalOrSecurityUpdatesNotApprovedForInstallCount: required(int),
  WsusInfrastructureUpdatesNotApprovedForInstallCount: required(int),
  UpdatesWithClientErrorsCount: required(int),
  UpdatesWithServerErrorsCount: required(int),
  UpdatesNeedingFilesCount: required(int),
  UpdatesNeededByComputersCount: required(int),
  UpdatesUpToDateCount: required(int),
  CustomComputerTargetGroupCount: required(int),
  ComputerTargetCount: required(int),
  ComputerTargetsNeedingUpdatesCount: required(int),
  ComputerTargetsWithUpdateErrorsCount: required(int),
  ComputersUpToDateCount: required(int),
});

export const DownstreamServerRollupClientActivitySummary = complex(
  'DownstreamServerRollupClientActivitySummary',
  {
    UpdateId: required(guid),
    RevisionNumber: required(int),
    InstallSuccessCount: required(int),
    InstallFailureCount: required(int),
  },
);

export const DownstreamServerRollupClientSummary = complex('DownstreamServerRollupClientSummary', {
  OSMajorVersion: required(int),
  OSMinorVersion: required(int),
  OSBuildNumber: required(int),
  OSServicePackMajorNumber: required(int),
  OSServicePackMinorNumber: required(int),
  OSLocale: optional(string),
  SuiteMask: required(short),
  OldProductType: required(unsignedByte),
  NewProductType: required(int),
  SystemMetrics: required(int),
  ProcessorArchitecture: optional(string),
  Count: required(int),
  ActivitySummaries: optional(
    arrayOf(
      'ArrayOfDownstreamServerRollupClientActivitySummary',
      'DownstreamServerRollupClientActivitySummary',
      DownstreamServerRollupClientActivitySummary,
      true,
    ),
  ),
});

export const DownstreamServerRollupInfo = complex('DownstreamServerRollupInfo', {
  ServerId: required(guid),
  FullDomainName: optional(string),
  LastSyncTime: required(dateTime),
  ParentServerId: required(guid),
  Version: optional(string),
  IsReplica: required(boolean),
  LastRollupTime: required(dateTime),
  ServerSummary: optional(DownstreamServerRollupServerSummary),
  ClientSummaries: optional(
    arrayOf(
      'ArrayOfDownstreamServerRollupClientSummary',
      'DownstreamServerRollupClientSummary',
      DownstreamServerRollupClientSummary,
      true,
    ),
  ),
});

export const ComputerRollupDetails = complex('ComputerRollupDetails', {
  TargetGroupIdList: optional(ArrayOfGuid),
  RequestedTargetGroupNames: optional(ArrayOfString),
  IPAddress: optionalAttribute(string),
  FullDomainName: optionalAttribute(string),
  OSMajorVersion: requiredAttribute(int),
  OSMinorVersion: requiredAttribute(int),
  OSBuildNumber: requiredAttribute(int),
  OSServicePackMajorNumber: requiredAttribute(int),
  OSServicePackMinorNumber: requiredAttribute(int),
  OSLocale: optionalAttribute(string),
  OSFamily: optionalAttribute(string),
  OSDescription: optionalAttribute(string),
  ComputerMake: optionalAttribute(string),
  ComputerModel: optionalAttribute(string),
  BiosVersion: optionalAttribute(string),
  BiosName: optionalAttribute(string),
  BiosReleaseDate: requiredAttribute(dateTime),
  ProcessorArchitecture: optionalAttribute(string),
  SuiteMask: requiredAttribute(short),
  OldProductType: requiredAttribute(unsignedByte),
  NewProductType: requiredAttribute(int),
  SystemMetrics: requiredAttribute(int),
  ClientVersion: optionalAttribute(string),
});

export const ComputerRollupInfo = complex('ComputerRollupInfo', {
  Details: optional(ComputerRollupDetails),
  ComputerId: optionalAttribute(string),
  LastSyncTime: requiredAttribute(dateTime),
  LastSyncResult: requiredAttribute(int),
  LastReportedRebootTime: requiredAttribute(dateTime),
  LastReportedStatusTime: requiredAttribute(dateTime),
  LastInventoryTime: requiredAttribute(dateTime),
  ParentServerId: requiredAttribute(guid),
});

export const ComputerChangeType = enumeration('ComputerChangeType', ['Deleted', 'NewParent']);

export const ChangedComputer = complex('ChangedComputer', {
  ComputerId: optionalAttribute(string),
  Change: requiredAttribute(ComputerChangeType),
});

export const ComputerLastRollupNumber = complex('ComputerLastRollupNumber', {
  ComputerId: optional(string),
  RollupNumber: required(int),
});

export const ComputerStatusRollupUpdateStatus = complex('ComputerStatusRollupUpdateStatus', {
  UpdateId: required(guid),
  SummarizationState: required(int),
  LastChangeTime: required(dateTime),
});

export const ComputerStatusRollupInfo = complex('ComputerStatusRollupInfo', {
  InstanceId: required(guid),
  ComputerId: optional(string),
  EffectiveLastDetectionTime: required(dateTime),
  RollupNumber: required(int),
  IsFullRollup: required(boolean),
  UpdateStatus: optional(
    arrayOf(
      'ArrayOfComputerStatusRollupUpdateStatus',
      'ComputerStatusRollupUpdateStatus',
      ComputerStatusRollupUpdateStatus,
      true,
    ),
  ),
});

export const GetRollupConfiguration = operation(
  NAMESPACE,
  'GetRollupConfiguration',
  { cookie: optional(Cookie) },
  { GetRollupConfigurationResult: optional(RollupConfiguration) },
);

export const RollupDownstreamServers = operation(
  NAMESPACE,
  'RollupDownstreamServers',
  {
    cookie: optional(Cookie),
    clientTime: required(dateTime),
    downstreamServers: optional(
      arrayOf(
        'ArrayOfDownstreamServerRollupInfo',
        'DownstreamServerRollupInfo',
        DownstreamServerRollupInfo,
        true,
      ),
    ),
  },
  {},
);

export const RollupComputers = operation(
  NAMESPACE,
  'RollupComputers',
  {
    cookie: optional(Cookie),
    clientTime: required(dateTime),
    computers: optional(arrayOf('ArrayOfComputerRollupInfo', 'ComputerRollupInfo', ComputerRollupInfo, true)),
  },
  {
    RollupComputersResult: optional(
      arrayOf('ArrayOfChangedComputer', 'ChangedComputer', ChangedComputer, true),
    ),
  },
);

export const GetOutOfSyncComputers = operation(
  NAMESPACE,
  'GetOutOfSyncComputers',
  {
    cookie: optional(Cookie),
    parentServerId: required(guid),
    lastRollupNumbers: optional(
      arrayOf('ArrayOfComputerLastRollupNumber', 'ComputerLastRollupNumber', ComputerLastRollupNumber, true),
    ),
  },
  { GetOutOfSyncComputersResult: optional(ArrayOfString) },
);

export const RollupComputerStatus = operation(
  NAMESPACE,
  'RollupComputerStatus',
  {
    cookie: optional(Cookie),
    clientTime: required(dateTime),
    parentServerId: required(guid),
    computers: optional(
      arrayOf('ArrayOfComputerStatusRollupInfo', 'ComputerStatusRollupInfo', ComputerStatusRollupInfo, true),
    ),
  },
  { RollupComputerStatusResult: required(boolean) },
);

/** `GetRequiredInventoryType` and `Ping` are of both sides. */
export const rollupService = {
  name: 'WebService',
  namespace: NAMESPACE,
  path: '/ReportingWebService/ReportingWebService.asmx',
  envelopeStyle: 'soap',
  operations: [
    GetRequiredInventoryType,
    GetRollupConfiguration,
    RollupDownstreamServers,
    RollupComputers,
    GetOutOfSyncComputers,
    RollupComputerStatus,
    Ping,
  ],
} as const satisfies Service;

/** What the specification puts where there was no such time. */
export const NO_TIME = '1753-01-01T00:00:00Z';

/** ParentServerId of a server that speaks of itself: whoever it speaks to is its parent ([MS-WSUSSS] 3.1.4.14). */
export const NO_SERVER = '00000000-0000-0000-0000-000000000000';
