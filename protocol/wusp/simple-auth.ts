/** The SimpleAuth web service ([MS-WUSP] 3.1.4, WSDL 6.1): an agent names itself and the group it asks for. */
import { operation, optional, string, type Service } from '../soap/table.ts';
import { AuthorizationCookie } from './authorization.ts';

const NAMESPACE = 'http://www.microsoft.com/SoftwareDistribution/Server/SimpleAuthWebService';

/** [MS-WUSP] 2.2.2.1.1 */
export const GetAuthorizationCookie = operation(
  NAMESPACE,
  'GetAuthorizationCookie',
  {
    clientId: optional(string),
    targetGroupName: optional(string),
    dnsName: optional(string),
  },
  { GetAuthorizationCookieResult: optional(AuthorizationCookie) },
);

export const simpleAuthService = {
  name: 'SimpleAuth',
  namespace: NAMESPACE,
  path: '/SimpleAuthWebService/SimpleAuth.asmx',
  envelopeStyle: 'soap',
  operations: [GetAuthorizationCookie],
} as const satisfies Service;
