/** The server synchronization web service ([MS-WSUSSS] 3.1.4, WSDL 6.1): what a downstream server asks of its upstream server. */
import {
  arrayOf,
  base64Binary,
  boolean,
  complex,
  dateTime,
  int,
  optional,
  required,
  string,
  operation,
  type Service,
} from '../soap/table.ts';
import { Cookie, ArrayOfAuthorizationCookie, ArrayOfAuthPlugInInfo } from '../wusp/authorization.ts';
import {
  ArrayOfUpdateIdentity,
  UpdateIdentity,
  ArrayOfInt,
  ArrayOfBase64Binary,
} from '../wusp/update-identity.ts';
import { GetUpdateDecryptionData } from './decryption.ts';
import { GetDeployments } from './deployments.ts';
import { GetDriverIdList, GetDriverSetData } from './drivers.ts';
import { ArrayOfIdAndDelta, Version } from './id-and-delta.ts';
import { Ping } from './monitoring.ts';
import { GetRelatedRevisionsForUpdates } from './related-revisions.ts';

const NAMESPACE = 'http://www.microsoft.com/SoftwareDistribution';

export const ServerAuthConfig = complex('ServerAuthConfig', {
  LastChange: required(dateTime),
  AuthInfo: optional(ArrayOfAuthPlugInInfo),
  AllowedEventIds: optional(ArrayOfInt),
});

export const ServerSyncLanguageData = complex('ServerSyncLanguageData', {
  LanguageID: required(int),
  ShortLanguage: optional(string),
  LongLanguage: optional(string),
  Enabled: required(boolean),
});

export const ArrayOfServerSyncLanguageData = arrayOf(
  'ArrayOfServerSyncLanguageData',
  'ServerSyncLanguageData',
  ServerSyncLanguageData,
  true,
);

export const ServerSyncConfigData = complex('ServerSyncConfigData', {
  CatalogOnlySync: required(boolean),
  LazySync: required(boolean),
  ServerHostsPsfFiles: required(boolean),
  MaxNumberOfComputerIdsInRequest: required(int),
  MaxNumberOfDriverSetsPerRequest: required(int),
  MaxNumberOfPnpHardwareIdsInRequest: required(int),
  MaxNumberOfUpdatesPerRequest: required(int),
  NewConfigAnchor: optional(string),
  ProtocolVersion: optional(string),
  LanguageUpdateList: optional(ArrayOfServerSyncLanguageData),
  MaxUpdatesPerRequestInGetUpdateDecryptionData: required(int),
});

export const LanguageAndDelta = complex('LanguageAndDelta', {
  Id: required(int),
  Delta: required(boolean),
});

export const ArrayOfLanguageAndDelta = arrayOf(
  'ArrayOfLanguageAndDelta',
  'LanguageAndDelta',
  LanguageAndDelta,
  true,
);

export const ServerSyncFilter = complex('ServerSyncFilter', {
  DssProtocolVersion: optional(Version),
  Anchor: optional(string),
  GetConfig: required(boolean),
  Get63LanguageOnly: required(boolean),
  Categories: optional(ArrayOfIdAndDelta),
  Classifications: optional(ArrayOfIdAndDelta),
  Languages: optional(ArrayOfLanguageAndDelta),
});

export const RevisionIdList = complex('RevisionIdList', {
  Anchor: optional(string),
  NewRevisions: optional(ArrayOfUpdateIdentity),
});

export const ServerSyncUpdateData = complex('ServerSyncUpdateData', {
  Id: optional(UpdateIdentity),
  XmlUpdateBlob: optional(string),
  FileDigestList: optional(ArrayOfBase64Binary),
  XmlUpdateBlobCompressed: optional(base64Binary),
});

export const ArrayOfServerSyncUpdateData = arrayOf(
  'ArrayOfServerSyncUpdateData',
  'ServerSyncUpdateData',
  ServerSyncUpdateData,
  true,
);

export const ServerSyncUrlData = complex('ServerSyncUrlData', {
  FileDigest: optional(base64Binary),
  MUUrl: optional(string),
  UssUrl: optional(string),
  DecryptionKey: optional(base64Binary),
});

export const ArrayOfServerSyncUrlData = arrayOf(
  'ArrayOfServerSyncUrlData',
  'ServerSyncUrlData',
  ServerSyncUrlData,
  true,
);

export const ServerUpdateData = complex('ServerUpdateData', {
  updates: optional(ArrayOfServerSyncUpdateData),
  fileUrls: optional(ArrayOfServerSyncUrlData),
});

export const GetAuthConfig = operation(
  NAMESPACE,
  'GetAuthConfig',
  {},
  {
    GetAuthConfigResult: optional(ServerAuthConfig),
  },
);

export const GetCookie = operation(
  NAMESPACE,
  'GetCookie',
  {
    authCookies: optional(ArrayOfAuthorizationCookie),
    oldCookie: optional(Cookie),
    protocolVersion: optional(string),
  },
  {
    GetCookieResult: optional(Cookie),
  },
);

export const GetConfigData = operation(
  NAMESPACE,
  'GetConfigData',
  {
    cookie: optional(Cookie),
    configAnchor: optional(string),
  },
  {
    GetConfigDataResult: optional(ServerSyncConfigData),
  },
);

export const GetRevisionIdList = operation(
  NAMESPACE,
  'GetRevisionIdList',
  {
    cookie: optional(Cookie),
    filter: optional(ServerSyncFilter),
  },
  {
    GetRevisionIdListResult: optional(RevisionIdList),
  },
);

export const GetUpdateData = operation(
  NAMESPACE,
  'GetUpdateData',
  {
    cookie: optional(Cookie),
    updateIds: optional(ArrayOfUpdateIdentity),
  },
  {
    GetUpdateDataResult: optional(ServerUpdateData),
  },
);

export const DownloadFiles = operation(
  NAMESPACE,
  'DownloadFiles',
  {
    cookie: optional(Cookie),
    fileDigestList: optional(ArrayOfBase64Binary),
  },
  {},
);

export const serverSyncService = {
  name: 'ServerSyncProxy',
  namespace: NAMESPACE,
  path: '/ServerSyncWebService/ServerSyncWebService.asmx',
  envelopeStyle: 'soap',
  operations: [
    GetAuthConfig,
    GetCookie,
    GetConfigData,
    GetRevisionIdList,
    GetUpdateData,
    GetDriverIdList,
    GetDriverSetData,
    GetUpdateDecryptionData,
    GetRelatedRevisionsForUpdates,
    GetDeployments,
    DownloadFiles,
    Ping,
  ],
} as const satisfies Service;
