/** The client web service ([MS-WUSP] 3.1.5, WSDL 6.2): how an agent registers, scans and learns where files are. */
import {
  arrayOf,
  boolean,
  complex,
  dateTime,
  enumeration,
  int,
  optional,
  required,
  short,
  string,
  operation,
  type Service,
} from '../soap/table.ts';
import { ArrayOfAuthPlugInInfo, ArrayOfAuthorizationCookie, Cookie } from './authorization.ts';
import { ComputerInfo } from './computer.ts';
import {
  ArrayOfXmlUpdateFragmentType,
  ExtendedUpdateInfo,
  ExtendedUpdateInfo2,
  GetFileLocationsResults,
} from './extended-update-info.ts';
import {
  ArrayOfCategoryRelationship,
  ArrayOfRefreshCacheResult,
  SyncInfo,
  SyncUpdateParameters,
} from './scan.ts';
import {
  ArrayOfBase64Binary,
  ArrayOfGuid,
  ArrayOfInt,
  ArrayOfString,
  ArrayOfUpdateIdentity,
} from './update-identity.ts';
export * from './authorization.ts';
export * from './computer.ts';
export * from './deployment.ts';
export * from './extended-update-info.ts';
export * from './scan.ts';
export * from './update-identity.ts';

const NAMESPACE = 'http://www.microsoft.com/SoftwareDistribution/Server/ClientWebService';

export const ConfigurationProperty = complex('ConfigurationProperty', {
  Name: optional(string),
  Value: optional(string),
});

export const ArrayOfConfigurationProperty = arrayOf(
  'ArrayOfConfigurationProperty',
  'ConfigurationProperty',
  ConfigurationProperty,
  true,
);

export const Config = complex('Config', {
  LastChange: required(dateTime),
  IsRegistrationRequired: required(boolean),
  AuthInfo: optional(ArrayOfAuthPlugInInfo),
  AllowedEventIds: optional(ArrayOfInt),
  Properties: optional(ArrayOfConfigurationProperty),
});

export const GetConfig = operation(
  NAMESPACE,
  'GetConfig',
  {
    protocolVersion: optional(string),
  },
  {
    GetConfigResult: optional(Config),
  },
);

export const Architecture = enumeration('Architecture', [
  'Unknown',
  'X86Compatible',
  'IA64Compatible',
  'Amd64Compatible',
  'ArmCompatible',
  'LpiaCompatible',
]);

export const OSVersion = complex('OSVersion', {
  MajorVersion: required(int),
  MinorVersion: required(int),
  BuildNumber: required(int),
  ServicePackMajorNumber: required(short),
  ServicePackMinorNumber: required(short),
});

export const ClientConfiguration = complex('ClientConfiguration', {
  ProcessorArchitecture: required(Architecture),
  AlwaysOnAlwaysConnected: required(boolean),
  ClientVersion: optional(OSVersion),
  OSVersion: optional(OSVersion),
  ProtocolVersion: optional(string),
});

/**
 * Not in [MS-WUSP]: declared as the proxy has it that Microsoft generated of its own service (update-server-server-sync,
 * ClientSync/Reference.cs). It is GetConfig for a client that says more of itself.
 */
export const GetConfig2 = operation(
  NAMESPACE,
  'GetConfig2',
  {
    clientConfiguration: optional(ClientConfiguration),
  },
  {
    GetConfig2Result: optional(Config),
  },
);

export const GetCookie = operation(
  NAMESPACE,
  'GetCookie',
  {
    authCookies: optional(ArrayOfAuthorizationCookie),
    oldCookie: optional(Cookie),
    lastChange: required(dateTime),
    currentTime: required(dateTime),
    protocolVersion: optional(string),
  },
  {
    GetCookieResult: optional(Cookie),
  },
);

export const RegisterComputer = operation(
  NAMESPACE,
  'RegisterComputer',
  {
    cookie: optional(Cookie),
    computerInfo: optional(ComputerInfo),
  },
  {},
);

export const StartCategoryScan = operation(
  NAMESPACE,
  'StartCategoryScan',
  {
    requestedCategories: optional(ArrayOfCategoryRelationship),
  },
  {
    preferredCategoryIds: optional(ArrayOfGuid),
    requestedCategoryIdsInError: optional(ArrayOfGuid),
  },
);

export const SyncUpdates = operation(
  NAMESPACE,
  'SyncUpdates',
  {
    cookie: optional(Cookie),
    parameters: optional(SyncUpdateParameters),
  },
  {
    SyncUpdatesResult: optional(SyncInfo),
  },
);

/** The specification's text gives it the SOAPAction of SyncUpdates, its WSDL this one. */
export const SyncPrinterCatalog = operation(
  NAMESPACE,
  'SyncPrinterCatalog',
  {
    cookie: optional(Cookie),
    installedNonLeafUpdateIDs: optional(ArrayOfInt),
    printerUpdateIDs: optional(ArrayOfInt),
  },
  {
    SyncPrinterCatalogResult: optional(SyncInfo),
  },
);

export const RefreshCache = operation(
  NAMESPACE,
  'RefreshCache',
  {
    cookie: optional(Cookie),
    globalIDs: optional(ArrayOfUpdateIdentity),
  },
  {
    RefreshCacheResult: optional(ArrayOfRefreshCacheResult),
  },
);

export const GetExtendedUpdateInfo = operation(
  NAMESPACE,
  'GetExtendedUpdateInfo',
  {
    cookie: optional(Cookie),
    revisionIDs: optional(ArrayOfInt),
    infoTypes: optional(ArrayOfXmlUpdateFragmentType),
    locales: optional(ArrayOfString),
    GeoId: optional(string),
    callerAttributes: optional(string),
  },
  {
    GetExtendedUpdateInfoResult: optional(ExtendedUpdateInfo),
  },
);

export const GetExtendedUpdateInfo2 = operation(
  NAMESPACE,
  'GetExtendedUpdateInfo2',
  {
    cookie: optional(Cookie),
    updateIDs: optional(ArrayOfUpdateIdentity),
    infoTypes: optional(ArrayOfXmlUpdateFragmentType),
    locales: optional(ArrayOfString),
    callerAttributes: optional(string),
  },
  {
    GetExtendedUpdateInfo2Result: optional(ExtendedUpdateInfo2),
  },
);

export const GetFileLocations = operation(
  NAMESPACE,
  'GetFileLocations',
  {
    cookie: optional(Cookie),
    fileDigests: optional(ArrayOfBase64Binary),
  },
  {
    GetFileLocationsResult: optional(GetFileLocationsResults),
  },
);

export const ArrayOfDateTime = arrayOf('ArrayOfDateTime', 'dateTime', dateTime, true);

/** Not in [MS-WUSP]: declared as GetConfig2 is. What it means is not published: see docs/decisions/0006. */
export const GetTimestamps = operation(
  NAMESPACE,
  'GetTimestamps',
  {
    timestamps: optional(ArrayOfDateTime),
  },
  {
    GetTimestampsResult: optional(ArrayOfBase64Binary),
  },
);

export const clientService = {
  name: 'Client',
  namespace: NAMESPACE,
  path: '/ClientWebService/client.asmx',
  envelopeStyle: 's',
  operations: [
    GetConfig,
    GetConfig2,
    GetCookie,
    RegisterComputer,
    StartCategoryScan,
    SyncUpdates,
    SyncPrinterCatalog,
    RefreshCache,
    GetExtendedUpdateInfo,
    GetExtendedUpdateInfo2,
    GetFileLocations,
    GetTimestamps,
  ],
} as const satisfies Service;
