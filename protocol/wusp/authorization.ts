/**
 * Cookies and authorization plug-ins, which the client services ([MS-WUSP] 2.2.2) and the server-to-server services
 * ([MS-WSUSSS] 2.2.4) declare alike, each in its own namespace.
 */
import { arrayOf, base64Binary, complex, dateTime, optional, required, string } from '../soap/table.ts';

/** What a server gives a caller to present with every further request. */
export const Cookie = complex('Cookie', {
  Expiration: required(dateTime),
  EncryptedData: optional(base64Binary),
});

/** What an authorization plug-in issues, to be exchanged for a Cookie. */
export const AuthorizationCookie = complex('AuthorizationCookie', {
  PlugInId: optional(string),
  CookieData: optional(base64Binary),
});

export const ArrayOfAuthorizationCookie = arrayOf(
  'ArrayOfAuthorizationCookie',
  'AuthorizationCookie',
  AuthorizationCookie,
  true,
);

/** Names an authorization service and where it is, relative to the server's root. */
export const AuthPlugInInfo = complex('AuthPlugInInfo', {
  PlugInID: optional(string),
  ServiceUrl: optional(string),
  Parameter: optional(string),
});

export const ArrayOfAuthPlugInInfo = arrayOf('ArrayOfAuthPlugInInfo', 'AuthPlugInInfo', AuthPlugInInfo, true);
