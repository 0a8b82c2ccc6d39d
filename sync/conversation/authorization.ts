/** The cookie that every call presents, and how it is obtained and renewed ([MS-WSUSSS] 3.2.4.1). */
import { accountGuid, readAccountGuid } from '../../catalog/store/access/account-guid.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';
import type { Read } from '../../protocol/soap/table.ts';
import { GetAuthorizationCookie, dssAuthService } from '../../protocol/wsusss/dss-auth.ts';
import { GetAuthConfig, GetCookie, serverSyncService } from '../../protocol/wsusss/server-sync.ts';
import type { Cookie as CookieType } from '../../protocol/wusp/authorization.ts';
import { accountName, knownAccountName } from './account-name.ts';
import type { SoapClient } from './soap-client.ts';
import { UpstreamError } from './upstream-error.ts';

export type Cookie = Read<typeof CookieType>;

/** What WSUS 10 speaks ([MS-WSUSSS] 1.7). */
const PROTOCOL_VERSION = '1.20';

/** Milliseconds that a cookie is renewed early, since a call takes some time. */
const RENEW_BEFORE = 60_000;

/** How this relay introduces itself: the name for people, the identifier for ever. */
export interface Account {
  readonly name: string;
  readonly guid: string;
}

/** What a configuration says of the account; empty: nothing. */
export interface Introduction {
  /** Default: the fully qualified name of this machine. */
  readonly accountName?: string | undefined;
}

/** The account, its identifier made on first use. */
export async function readAccount(db: Database, { accountName: name }: Introduction): Promise<Account> {
  return { name: name ?? (await accountName(db)), guid: accountGuid(db) };
}

/** The account as it was read last; undefined where none was made yet. Changes nothing. */
export function readKnownAccount(db: Database, { accountName: name }: Introduction): Account | undefined {
  const guid = readAccountGuid(db);
  return guid === undefined ? undefined : { name: name ?? knownAccountName(db), guid };
}

export class Authorization {
  readonly #client: SoapClient;
  readonly #account: Account;
  readonly #now: () => Date;
  #current: Promise<Cookie> | undefined;
  /** Milliseconds since 1970; a cookie that seems expired when it comes tells of differing clocks and is used. */
  #renewAt = Number.POSITIVE_INFINITY;

  constructor(client: SoapClient, account: Account, now: () => Date) {
    this.#client = client;
    this.#account = account;
    this.#now = now;
  }

  /**
   * Makes a call with the present cookie, and once more with a new one where the server no longer accepts it. Calls at
   * the same time share one renewal.
   */
  async use<T>(call: (cookie: Cookie) => Promise<T>): Promise<T> {
    if (this.#now().getTime() >= this.#renewAt) this.#current = undefined;
    const promised = this.#obtain();
    const cookie = await promised;
    try {
      return await call(cookie);
    } catch (error) {
      if (!isCookieRefused(error)) throw error;
      if (this.#current === promised) this.#current = undefined;
      return await call(await this.#obtain());
    }
  }

  /** The next call presents a new cookie. */
  renew(): void {
    this.#current = undefined;
  }

  #obtain(): Promise<Cookie> {
    if (this.#current !== undefined) return this.#current;
    // Until the new cookie tells when it expires, those who ask meanwhile wait for it instead of renewing once more.
    this.#renewAt = Number.POSITIVE_INFINITY;
    const obtaining = this.#negotiate().catch((error: unknown) => {
      // "The DSS MUST restart the protocol from the beginning" ([MS-WSUSSS] 3.1.4.3): once, with an authorization anew.
      if (!isCookieRefused(error)) throw error;
      return this.#negotiate();
    });
    this.#current = obtaining;
    obtaining.catch(() => {
      if (this.#current === obtaining) this.#current = undefined;
    });
    return obtaining;
  }

  async #negotiate(): Promise<Cookie> {
    const { GetAuthConfigResult } = await this.#client.call(serverSyncService, GetAuthConfig, {});
    const plugIn = GetAuthConfigResult?.AuthInfo?.[0];
    if (plugIn?.ServiceUrl === undefined) {
      throw new UpstreamError(
        'response',
        'The upstream server names no authorization service (GetAuthConfig).',
      );
    }
    const { GetAuthorizationCookieResult: authorization } = await this.#client.call(
      dssAuthService,
      GetAuthorizationCookie,
      { accountName: this.#account.name, accountGuid: this.#account.guid },
      { path: plugIn.ServiceUrl, isIntroduction: true },
    );
    if (authorization === undefined) {
      throw new UpstreamError(
        'response',
        'The upstream server gave no authorization cookie (GetAuthorizationCookie).',
      );
    }
    const { GetCookieResult: cookie } = await this.#client.call(serverSyncService, GetCookie, {
      authCookies: [authorization],
      protocolVersion: PROTOCOL_VERSION,
    });
    if (cookie === undefined)
      throw new UpstreamError('response', 'The upstream server gave no cookie (GetCookie).');
    const renewAt = Date.parse(cookie.Expiration) - RENEW_BEFORE;
    this.#renewAt = renewAt > this.#now().getTime() ? renewAt : Number.POSITIVE_INFINITY;
    return cookie;
  }
}

function isCookieRefused(error: unknown): boolean {
  return (
    error instanceof SoapFault &&
    (error.errorCode === 'InvalidCookie' ||
      error.errorCode === 'CookieExpired' ||
      error.errorCode === 'InvalidAuthorizationCookie')
  );
}
