/** Who calls an operation, by its cookie. */
import { accountNameOf, downstreamServerAt } from '../../catalog/store/rollup/downstream-account.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import type { Config } from '../../config/schema.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';
import type { CookieSealer } from '../cookies.ts';
import type { Call } from '../soap/implementation.ts';
import { openSession } from './session.ts';
import type { DownstreamAccount } from './session.ts';

export interface CallerContext {
  readonly db: Database;
  readonly config: Config;
  readonly cookies: CookieSealer;
}

export type WireCookie = { readonly EncryptedData?: Buffer | undefined } | undefined;

/**
 * For rollup, where the specification has an empty cookie, "reserved for future use" ([MS-WSUSSS] 3.1.4.13.2.1), which
 * anybody could send: the cookie of the session is asked for, unless the configuration lets servers be known by the
 * address that they were last authorized from (rollup.reservedCookie).
 *
 * @throws SoapFault InvalidCookie, CookieExpired
 */
export function rollupCallerOf(
  context: CallerContext,
  cookie: WireCookie,
  { remoteAddress }: Call,
): DownstreamAccount {
  const { config, cookies, db } = context;
  const isEmpty = cookie?.EncryptedData === undefined || cookie.EncryptedData.length === 0;
  if (!isEmpty || config.rollup.reservedCookie === 'refused') return openSession(cookies, cookie);
  const [accountGuid, ...others] = downstreamServerAt(db, remoteAddress);
  if (accountGuid === undefined || others.length > 0) throw new SoapFault('InvalidCookie');
  return { accountGuid, accountName: accountNameOf(db, accountGuid) };
}
