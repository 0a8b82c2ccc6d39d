/** What an agent is to do with a revision ([MS-WUSP] 2.2.2.2.4, WSDL 6.2). */
import {
  arrayOf,
  base64Binary,
  boolean,
  complex,
  dateTime,
  enumeration,
  int,
  optional,
  required,
  requiredAttribute,
  string,
  unsignedInt,
} from '../soap/table.ts';
import { ArrayOfString } from './update-identity.ts';

export const DeploymentAction = enumeration('DeploymentAction', [
  'OptionalInstall',
  'Install',
  'Uninstall',
  'PreDeploymentCheck',
  'Block',
  'Evaluate',
  'Bundle',
]);

export const MetadataType = enumeration('MetadataType', ['Audience', 'Update', 'Admin']);

export const Verification = complex('Verification', {
  Timestamp: requiredAttribute(dateTime),
  LeafCertificateId: requiredAttribute(unsignedInt),
  Signature: requiredAttribute(base64Binary),
  Algorithm: requiredAttribute(string),
});

export const ClientMetadata = complex('ClientMetadata', {
  MetadataType: required(MetadataType),
  Metadata: required(string),
  Verification: optional(Verification),
});

export const ArrayOfClientBehavior = arrayOf('ArrayOfClientBehavior', 'ClientMetadata', ClientMetadata, true);

export const Deployment = complex('Deployment', {
  ID: required(int),
  Action: required(DeploymentAction),
  Deadline: optional(string),
  IsAssigned: required(boolean),
  LastChangeTime: required(string),
  DownloadPriority: optional(string),
  HardwareIds: optional(ArrayOfString),
  AutoSelect: optional(string),
  AutoDownload: optional(string),
  SupersedenceBehavior: optional(string),
  FlagBitmask: optional(string),
  ClientBehaviors: optional(ArrayOfClientBehavior),
});
