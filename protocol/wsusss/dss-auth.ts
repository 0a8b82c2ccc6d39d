/** The authorization web service for downstream servers ([MS-WSUSSS] 3.1.4.2, WSDL 6.2). */
import { optional, string, operation, type Service } from '../soap/table.ts';
import { AuthorizationCookie } from '../wusp/authorization.ts';
import { ArrayOfGuid } from '../wusp/update-identity.ts';
import { Ping } from './monitoring.ts';

const NAMESPACE = 'http://www.microsoft.com/SoftwareDistribution/Server/DssAuthWebService';

export const GetAuthorizationCookie = operation(
  NAMESPACE,
  'GetAuthorizationCookie',
  {
    accountName: optional(string),
    accountGuid: optional(string),
    programKeys: optional(ArrayOfGuid),
  },
  {
    GetAuthorizationCookieResult: optional(AuthorizationCookie),
  },
);

export const dssAuthService = {
  name: 'DssAuthWebService',
  namespace: NAMESPACE,
  path: '/DssAuthWebService/DssAuthWebService.asmx',
  envelopeStyle: 'soap',
  operations: [GetAuthorizationCookie, Ping],
} as const satisfies Service;
