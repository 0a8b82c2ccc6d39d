/** One revision of one update, and the plain lists, as [MS-WUSP] and [MS-WSUSSS] both declare them. */
import { arrayOf, base64Binary, complex, guid, int, required, string } from '../soap/table.ts';

export const UpdateIdentity = complex('UpdateIdentity', {
  UpdateID: required(guid),
  RevisionNumber: required(int),
});

export const ArrayOfUpdateIdentity = arrayOf('ArrayOfUpdateIdentity', 'UpdateIdentity', UpdateIdentity, true);

export const ArrayOfInt = arrayOf('ArrayOfInt', 'int', int);
export const ArrayOfGuid = arrayOf('ArrayOfGuid', 'guid', guid);
export const ArrayOfString = arrayOf('ArrayOfString', 'string', string, true);
export const ArrayOfBase64Binary = arrayOf('ArrayOfBase64Binary', 'base64Binary', base64Binary, true);
