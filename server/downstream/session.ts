/** The two cookies of a downstream server, and the protocol version that it speaks. */
import { z } from 'zod';
import { SoapFault } from '../../protocol/soap/fault.ts';
import type { CookieSealer } from '../cookies.ts';
import { CookieError } from '../cookies.ts';

/** Minutes. Windows servers give 240 to the cookie ([MS-WSUSSS] 3.1.4.3, note 29). */
const COOKIE_LIFETIME = 240;
const AUTHORIZATION_LIFETIME = 720;
const MINUTE = 60_000;

const AUTHORIZATION_PURPOSE = 'downstream-authorization';
const SESSION_PURPOSE = 'downstream-session';

const Account = z.object({
  accountName: z.string(),
  accountGuid: z.string(),
  /** Of the secret that it presented, in hex. */
  secretDigest: z.string().optional(),
});
const Authorization = Account.extend({ expires: z.iso.datetime() });
const Session = Account.extend({ protocolVersion: z.string() });

/** How a downstream server introduced itself. */
export type DownstreamAccount = z.infer<typeof Account>;
/** Who is calling, once its cookie was opened. */
export type DownstreamSession = z.infer<typeof Session>;

export function sealAuthorization(cookies: CookieSealer, account: DownstreamAccount, now: Date): Buffer {
  const expires = new Date(now.getTime() + AUTHORIZATION_LIFETIME * MINUTE);
  return cookies.seal(AUTHORIZATION_PURPOSE, { ...account, expires: expires.toISOString() }, expires);
}

/** A cookie as it goes over the wire. */
export interface SealedCookie {
  readonly Expiration: string;
  readonly EncryptedData: Buffer;
}

/**
 * Exchanges an authorization cookie for a session's.
 *
 * @param isAdmitted whether the server may still come in
 * @throws SoapFault InvalidAuthorizationCookie where it is not one of ours, is too old, or its server may not come in
 */
export function startSession(
  cookies: CookieSealer,
  authorizationCookie: Buffer,
  protocolVersion: string,
  now: Date,
  isAdmitted: (account: DownstreamAccount) => boolean,
): SealedCookie {
  const authorization = open(
    cookies,
    AUTHORIZATION_PURPOSE,
    authorizationCookie,
    Authorization,
    () => new SoapFault('InvalidAuthorizationCookie', 'authCookies'),
  );
  const { expires: authorizedUntil, ...account } = authorization;
  if (!isAdmitted(account)) throw new SoapFault('InvalidAuthorizationCookie', 'authCookies');
  const end = Math.min(now.getTime() + COOKIE_LIFETIME * MINUTE, Date.parse(authorizedUntil));
  const session: DownstreamSession = { ...account, protocolVersion };
  const expires = new Date(end);
  return {
    Expiration: expires.toISOString(),
    EncryptedData: cookies.seal(SESSION_PURPOSE, session, expires),
  };
}

/**
 * Opens the cookie of a request. It comes before anything else is looked at.
 *
 * @throws SoapFault InvalidCookie where it is missing, not ours or too old: there is no other word for it between servers
 */
export function openSession(
  cookies: CookieSealer,
  cookie: { readonly EncryptedData?: Buffer | undefined } | undefined,
): DownstreamSession {
  const data = cookie?.EncryptedData;
  if (data === undefined || data.length === 0) throw new SoapFault('InvalidCookie');
  const session = open(cookies, SESSION_PURPOSE, data, Session, () => new SoapFault('InvalidCookie'));
  checkProtocolVersion(session.protocolVersion);
  return session;
}

function open<T>(
  cookies: CookieSealer,
  purpose: string,
  token: Buffer,
  schema: z.ZodType<T>,
  fault: () => SoapFault,
): T {
  try {
    return cookies.open(purpose, token, schema);
  } catch (error) {
    if (error instanceof CookieError) throw fault();
    throw error;
  }
}

/**
 * "MUST be of the format x.y", and the major version 1 ([MS-WSUSSS] 3.1.4.3).
 *
 * @throws SoapFault InvalidParameters, IncompatibleProtocolVersion
 */
export function checkProtocolVersion(version: string | undefined): string {
  const match = /^(\d{1,5})\.(\d{1,5})$/.exec(version ?? '');
  if (version === undefined || match === null) throw new SoapFault('InvalidParameters', 'protocolVersion');
  if (Number(match[1]) !== 1) throw new SoapFault('IncompatibleProtocolVersion', 'protocolVersion');
  return version;
}
