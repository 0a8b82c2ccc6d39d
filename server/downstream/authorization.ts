/** How a downstream server gets in: GetAuthConfig, GetAuthorizationCookie, GetCookie ([MS-WSUSSS] 3.1.4.1 to 3.1.4.3). */
import { isGuid } from '../../protocol/guid.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';
import { GetAuthorizationCookie } from '../../protocol/wsusss/dss-auth.ts';
import { readSecretHeader } from '../../protocol/wsusss/downstream-refusal.ts';
import { GetAuthConfig, GetCookie } from '../../protocol/wsusss/server-sync.ts';
import { recordDownstreamServer } from '../../catalog/store/downstream/downstream.ts';
import { durably } from '../soap/durably.ts';
import { implement } from '../soap/implementation.ts';
import { digestOf } from './access.ts';
import type { DownstreamParts } from './context.ts';
import { checkProtocolVersion, sealAuthorization, startSession } from './session.ts';
import type { DownstreamAccount } from './session.ts';
import { VisitLog } from './visit-log.ts';
import type { Visit } from './visit-log.ts';

const PLUG_IN = 'DssTargeting';

/** Not used by anybody, and required by the schema. */
const LAST_CHANGE = '2000-01-01T00:00:00Z';

export const getAuthConfig = () =>
  implement(GetAuthConfig, () => ({
    GetAuthConfigResult: {
      LastChange: LAST_CHANGE,
      AuthInfo: [{ PlugInID: PLUG_IN, ServiceUrl: 'DssAuthWebService/DssAuthWebService.asmx' }],
    },
  }));

/** Letters, digits and hyphens in labels (RFC 1035 2.3.1); underscores too, since Windows machine names have them. */
const HOST_NAME = /^(?=.{1,255}$)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_](?:[a-z0-9_-]{0,62}))*\.?$/i;

export const getAuthorizationCookie = ({ admission, commits, db, cookies, now, log }: DownstreamParts) => {
  const introductions = new VisitLog<Visit>(
    (facts) => log.info('A downstream server was authorized', facts),
    now,
  );
  return implement(GetAuthorizationCookie, async ({ accountName, accountGuid }, call) => {
    const { remoteAddress, isHttps } = call;
    // Windows servers name the parameter so, whatever the schema says.
    if (accountName === undefined || !HOST_NAME.test(accountName))
      throw new SoapFault('InvalidParameters', 'machineName');
    if (accountGuid === undefined || !isGuid(accountGuid))
      throw new SoapFault('InvalidParameters', 'accountGuid');
    const account = accountGuid.toLowerCase();
    const secret = readSecretHeader(call.authorization);
    const secretDigest = secret === undefined ? undefined : digestOf(secret);
    admission.checkIntroduction({ accountName, accountGuid: account, remoteAddress, isHttps, secretDigest });
    await durably({ commits }, () =>
      recordDownstreamServer(db, { accountGuid: account, accountName, ipAddress: remoteAddress }, now()),
    );
    introductions.note({ accountName, accountGuid: account, remoteAddress });
    return {
      GetAuthorizationCookieResult: {
        PlugInId: PLUG_IN,
        CookieData: sealAuthorization(cookies, { accountName, accountGuid: account, secretDigest }, now()),
      },
    };
  });
};

export const getCookie = ({ admission, cookies, now }: DownstreamParts) =>
  implement(GetCookie, ({ authCookies, protocolVersion }, call) => {
    const [authorization, ...others] = authCookies ?? [];
    if (authorization === undefined || others.length > 0)
      throw new SoapFault('InvalidParameters', 'authCookies');
    const version = checkProtocolVersion(protocolVersion);
    if (authorization.CookieData === undefined)
      throw new SoapFault('InvalidAuthorizationCookie', 'authCookies');
    const isAdmitted = (account: DownstreamAccount): boolean =>
      admission.isStillAdmitted(account, call, GetCookie.name);
    return {
      GetCookieResult: startSession(cookies, authorization.CookieData, version, now(), isAdmitted),
    };
  });
