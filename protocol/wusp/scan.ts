/** What an agent asks in a scan and what it is answered ([MS-WUSP] 2.2.2.2.4, 2.2.2.2.5, WSDL 6.2). */
import { arrayOf, boolean, complex, guid, int, optional, required, string } from '../soap/table.ts';
import { Cookie } from './authorization.ts';
import { ArrayOfDevice, ComputerHardwareSpecification } from './computer.ts';
import { Deployment } from './deployment.ts';
import { ArrayOfInt, UpdateIdentity } from './update-identity.ts';

export const CategoryRelationship = complex('CategoryRelationship', {
  IndexOfAndGroup: required(int),
  CategoryId: required(guid),
});

export const ArrayOfCategoryRelationship = arrayOf(
  'ArrayOfCategoryRelationship',
  'CategoryRelationship',
  CategoryRelationship,
  true,
);

export const CategoryIdentifier = complex('CategoryIdentifier', {
  Id: required(guid),
});

export const ArrayOfCategoryIdentifier = arrayOf(
  'ArrayOfCategoryIdentifier',
  'CategoryIdentifier',
  CategoryIdentifier,
  true,
);

export const SyncUpdateParameters = complex('SyncUpdateParameters', {
  ExpressQuery: required(boolean),
  InstalledNonLeafUpdateIDs: optional(ArrayOfInt),
  OtherCachedUpdateIDs: optional(ArrayOfInt),
  SystemSpec: optional(ArrayOfDevice),
  CachedDriverIDs: optional(ArrayOfInt),
  SkipSoftwareSync: required(boolean),
  FilterCategoryIds: optional(ArrayOfCategoryIdentifier),
  NeedTwoGroupOutOfScopeUpdates: optional(boolean),
  ComputerSpec: optional(ComputerHardwareSpecification),
  FeatureScoreMatchingKey: optional(string),
});

export const UpdateInfo = complex('UpdateInfo', {
  ID: required(int),
  Deployment: optional(Deployment),
  IsLeaf: required(boolean),
  Xml: optional(string),
});

export const ArrayOfUpdateInfo = arrayOf('ArrayOfUpdateInfo', 'UpdateInfo', UpdateInfo, true);

export const SyncInfo = complex('SyncInfo', {
  NewUpdates: optional(ArrayOfUpdateInfo),
  OutOfScopeRevisionIDs: optional(ArrayOfInt),
  ChangedUpdates: optional(ArrayOfUpdateInfo),
  Truncated: required(boolean),
  NewCookie: optional(Cookie),
  DeployedOutOfScopeRevisionIds: optional(ArrayOfInt),
  DriverSyncNotNeeded: optional(string),
});

export const RefreshCacheResult = complex('RefreshCacheResult', {
  RevisionID: required(int),
  GlobalID: optional(UpdateIdentity),
  IsLeaf: required(boolean),
  Deployment: optional(Deployment),
});

export const ArrayOfRefreshCacheResult = arrayOf(
  'ArrayOfRefreshCacheResult',
  'RefreshCacheResult',
  RefreshCacheResult,
  true,
);
