/** GetRelatedRevisionsForUpdates (WSDL 6.1): "not used in the protocol" ([MS-WSUSSS] 3.1.4.9). */
import { operation, optional } from '../soap/table.ts';
import { Cookie } from '../wusp/authorization.ts';
import { ArrayOfGuid, ArrayOfUpdateIdentity } from '../wusp/update-identity.ts';

const NAMESPACE = 'http://www.microsoft.com/SoftwareDistribution';

export const GetRelatedRevisionsForUpdates = operation(
  NAMESPACE,
  'GetRelatedRevisionsForUpdates',
  {
    cookie: optional(Cookie),
    updateIDs: optional(ArrayOfGuid),
  },
  {
    GetRelatedRevisionsForUpdatesResult: optional(ArrayOfUpdateIdentity),
  },
);
