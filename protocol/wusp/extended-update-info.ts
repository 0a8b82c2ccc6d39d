/** Fragments of update documents and where their files are ([MS-WUSP] 2.2.2.2.6 to 2.2.2.2.8, WSDL 6.2). */
import {
  arrayOf,
  base64Binary,
  boolean,
  complex,
  enumeration,
  int,
  optional,
  required,
  string,
} from '../soap/table.ts';
import { Cookie } from './authorization.ts';
import { ArrayOfBase64Binary, ArrayOfInt, UpdateIdentity } from './update-identity.ts';

export const XmlUpdateFragmentType = enumeration('XmlUpdateFragmentType', [
  'Published',
  'Core',
  'Extended',
  'VerificationRule',
  'LocalizedProperties',
  'Eula',
  'FileUrl',
  'FileDecryption',
]);

export const ArrayOfXmlUpdateFragmentType = arrayOf(
  'ArrayOfXmlUpdateFragmentType',
  'XmlUpdateFragmentType',
  XmlUpdateFragmentType,
);

export const UpdateData = complex('UpdateData', {
  ID: required(int),
  Xml: optional(string),
});

export const ArrayOfUpdateData = arrayOf('ArrayOfUpdateData', 'Update', UpdateData, true);

export const FileLocation = complex('FileLocation', {
  FileDigest: optional(base64Binary),
  Url: optional(string),
  PiecesHashUrl: optional(string),
  BlockMapUrl: optional(string),
  DecryptionInformation: optional(string),
  FileDigestAlgorithm: optional(string),
  EncryptedFileDigest: optional(base64Binary),
  EncryptedFileDigestAlgorithm: optional(string),
});

export const ArrayOfFileLocation = arrayOf('ArrayOfFileLocation', 'FileLocation', FileLocation, true);

export const ExtendedUpdateInfo = complex('ExtendedUpdateInfo', {
  Updates: optional(ArrayOfUpdateData),
  FileLocations: optional(ArrayOfFileLocation),
  OutOfScopeRevisionIDs: optional(ArrayOfInt),
});

export const FileDecryption = complex('FileDecryption', {
  FileDigest: optional(base64Binary),
  DecryptionKey: optional(base64Binary),
  SecurityData: optional(ArrayOfBase64Binary),
});

export const ArrayOfFileDecryption = arrayOf('ArrayOfFileDecryption', 'FileDecryption', FileDecryption, true);

export const FileDecryption2 = complex('FileDecryption2', {
  FileDigest: optional(base64Binary),
  DecryptionKey: optional(base64Binary),
  SecurityData: optional(ArrayOfBase64Binary),
});

export const ArrayOfFileDecryption2 = arrayOf(
  'ArrayOfFileDecryption2',
  'FileDecryption2',
  FileDecryption2,
  true,
);

export const UpdateEncryptionDetail = complex('UpdateEncryptionDetail', {
  UpdateIdentity: required(UpdateIdentity),
  HasEncryptedFiles: required(boolean),
});

export const ArrayOfUpdateEncryptionDetail = arrayOf(
  'ArrayOfUpdateEncryptionDetail',
  'UpdateEncryptionDetail',
  UpdateEncryptionDetail,
  true,
);

export const ExtendedUpdateInfo2 = complex('ExtendedUpdateInfo2', {
  Updates: optional(ArrayOfUpdateData),
  FileLocations: optional(ArrayOfFileLocation),
  FileDecryptionData: optional(ArrayOfFileDecryption),
  FileDecryptionData2: optional(ArrayOfFileDecryption2),
  UpdateEncryptionDetails: optional(ArrayOfUpdateEncryptionDetail),
});

export const GetFileLocationsResults = complex('GetFileLocationsResults', {
  FileLocations: optional(ArrayOfFileLocation),
  NewCookie: optional(Cookie),
});
