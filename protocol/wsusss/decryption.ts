/** GetUpdateDecryptionData ([MS-WSUSSS] 3.1.4.18, WSDL 6.1): the keys of content files that are encrypted. */
import { arrayOf, base64Binary, complex, operation, optional } from '../soap/table.ts';
import { Cookie } from '../wusp/authorization.ts';
import { ArrayOfUpdateIdentity, UpdateIdentity } from '../wusp/update-identity.ts';

const NAMESPACE = 'http://www.microsoft.com/SoftwareDistribution';

export const ServerSyncFileDecryption = complex('ServerSyncFileDecryption', {
  FileDigest: optional(base64Binary),
  DecryptionKey: optional(base64Binary),
});

export const ArrayOfServerSyncFileDecryption = arrayOf(
  'ArrayOfServerSyncFileDecryption',
  'ServerSyncFileDecryption',
  ServerSyncFileDecryption,
  true,
);

export const ServerSyncUpdateFileDecryption = complex('ServerSyncUpdateFileDecryption', {
  UpdateId: optional(UpdateIdentity),
  FileDecryptionData: optional(ArrayOfServerSyncFileDecryption),
});

export const ArrayOfServerSyncUpdateFileDecryption = arrayOf(
  'ArrayOfServerSyncUpdateFileDecryption',
  'ServerSyncUpdateFileDecryption',
  ServerSyncUpdateFileDecryption,
  true,
);

export const ServerDecryptionData = complex('ServerDecryptionData', {
  UpdateFileDecryptionData: optional(ArrayOfServerSyncUpdateFileDecryption),
});

export const GetUpdateDecryptionData = operation(
  NAMESPACE,
  'GetUpdateDecryptionData',
  {
    cookie: optional(Cookie),
    updateIds: optional(ArrayOfUpdateIdentity),
  },
  {
    GetUpdateDecryptionDataResult: optional(ServerDecryptionData),
  },
);
