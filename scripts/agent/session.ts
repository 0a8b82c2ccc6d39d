/**
 * How an agent comes by a cookie and keeps it: GetConfig, GetAuthorizationCookie, GetCookie, RegisterComputer, and what
 * it does on each fault ([MS-WUSP] 3.2.4, 2.2.2.4).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { SoapFault } from '../../protocol/soap/fault.ts';
import { clientService, GetConfig, GetCookie, RegisterComputer } from '../../protocol/wusp/client.ts';
import type { AuthorizationCookie, Config, Cookie } from '../../protocol/wusp/client.ts';
import { GetAuthorizationCookie, simpleAuthService } from '../../protocol/wusp/simple-auth.ts';
import type { Read } from '../../protocol/soap/table.ts';
import { computerInfo } from './computer-info.ts';
import { expectPart } from './error.ts';
import type { SimulatedMachine } from './machine.ts';
import type { SoapClient } from './soap-client.ts';

const PROTOCOL_VERSION = '2.90';
/** Faults in a row that an agent tries to recover from. */
const MOST_RECOVERIES = 5;
/** Milliseconds until a busy server is asked again; real agents wait for hours. */
const BUSY_WAIT = 250;

export type CookieValue = Read<typeof Cookie>;

export interface SessionOptions {
  readonly client: SoapClient;
  readonly machine: SimulatedMachine;
  /** Client-side targeting: the group that the computer asks to be in. */
  readonly targetGroupName?: string | undefined;
  readonly now: () => Date;
  /** Called when the server has forgotten this agent; what it cached must be looked up anew. */
  readonly onForgotten: () => Promise<void>;
  /** Called when files are elsewhere than the server said before. */
  readonly onFilesMoved: () => Promise<void>;
}

export class AgentSession {
  readonly #options: SessionOptions;
  #config: Read<typeof Config> | undefined;
  #authorization: Read<typeof AuthorizationCookie> | undefined;
  #cookie: CookieValue | undefined;
  /** To be renewed: what the server keeps in it is to be kept. */
  #oldCookie: CookieValue | undefined;
  #isRegistered = false;
  #isRefreshing = false;
  /** How many faults were recovered from, by ErrorCode. */
  readonly recovered = new Map<string, number>();

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** GetConfig's `MaxExtendedUpdatesPerRequest`, 50 where the server does not say. */
  get largestExtendedRequest(): number {
    const property = this.#config?.Properties?.find(({ Name }) => Name === 'MaxExtendedUpdatesPerRequest');
    return Number(property?.Value ?? 50);
  }

  keep(cookie: CookieValue | undefined): void {
    if (cookie !== undefined) this.#cookie = cookie;
  }

  /**
   * Calls with a valid cookie, and again after whatever the server's fault asks for.
   *
   * @throws SoapFault that nothing helps against
   */
  async withCookie<T>(call: (cookie: CookieValue) => Promise<T>): Promise<T> {
    for (let recoveries = 0; ; recoveries += 1) {
      try {
        return await call(await this.#validCookie());
      } catch (error) {
        if (!(error instanceof SoapFault) || recoveries === MOST_RECOVERIES) throw error;
        await this.#recover(error);
        this.recovered.set(error.errorCode, (this.recovered.get(error.errorCode) ?? 0) + 1);
      }
    }
  }

  async #recover(fault: SoapFault): Promise<void> {
    switch (fault.errorCode) {
      case 'InvalidCookie':
      case 'ServerChanged':
        this.#cookie = undefined;
        this.#oldCookie = undefined;
        this.#authorization = undefined;
        this.#config = undefined;
        await this.#refreshCache();
        return;
      case 'ConfigChanged':
        this.#config = undefined;
        this.#renewCookie();
        return;
      case 'CookieExpired':
      case 'InvalidAuthorizationCookie':
        this.#renewCookie();
        return;
      case 'RegistrationRequired':
        this.#isRegistered = false;
        await this.#register(await this.#validCookie());
        return;
      case 'ServerBusy':
      case 'InternalServerError':
        await sleep(BUSY_WAIT);
        return;
      case 'FileLocationChanged':
        await this.#options.onFilesMoved();
        return;
      case 'RegistrationNotRequired':
      case 'InvalidParameters':
      case 'FileDigestsMissing':
      case 'IncompatibleProtocolVersion':
      case 'TooManyIds':
        throw fault;
    }
  }

  #renewCookie(): void {
    this.#oldCookie = this.#cookie ?? this.#oldCookie;
    this.#cookie = undefined;
    this.#authorization = undefined;
  }

  async #refreshCache(): Promise<void> {
    if (this.#isRefreshing) return;
    this.#isRefreshing = true;
    try {
      await this.#options.onForgotten();
    } finally {
      this.#isRefreshing = false;
    }
  }

  async #validCookie(): Promise<CookieValue> {
    const { client, now } = this.#options;
    this.#config ??= await this.#getConfig();
    if (this.#cookie !== undefined) return this.#cookie;
    this.#authorization ??= await this.#getAuthorizationCookie(this.#config);
    const { GetCookieResult } = await client.call(clientService, GetCookie, {
      authCookies: [this.#authorization],
      oldCookie: this.#oldCookie ?? { Expiration: now().toISOString() },
      lastChange: this.#config.LastChange,
      currentTime: now().toISOString(),
      protocolVersion: PROTOCOL_VERSION,
    });
    const cookie = expectPart(GetCookieResult, 'GetCookieResult');
    this.#cookie = cookie;
    this.#oldCookie = undefined;
    if (this.#config.IsRegistrationRequired && !this.#isRegistered) await this.#register(cookie);
    return cookie;
  }

  async #getConfig(): Promise<Read<typeof Config>> {
    const { GetConfigResult } = await this.#options.client.call(clientService, GetConfig, {
      protocolVersion: PROTOCOL_VERSION,
    });
    return expectPart(GetConfigResult, 'GetConfigResult');
  }

  async #getAuthorizationCookie(config: Read<typeof Config>): Promise<Read<typeof AuthorizationCookie>> {
    const { client, machine, targetGroupName } = this.#options;
    const plugIn = expectPart(config.AuthInfo?.[0], 'AuthInfo in its configuration');
    const { GetAuthorizationCookieResult } = await client.call(
      simpleAuthService,
      GetAuthorizationCookie,
      {
        clientId: machine.profile.computerId,
        targetGroupName: targetGroupName ?? '',
        dnsName: machine.profile.dnsName,
      },
      `/${expectPart(plugIn.ServiceUrl, 'the ServiceUrl of its authorization plug-in').replace(/^\//, '')}`,
    );
    return expectPart(GetAuthorizationCookieResult, 'GetAuthorizationCookieResult');
  }

  async #register(cookie: CookieValue): Promise<void> {
    try {
      await this.#options.client.call(clientService, RegisterComputer, {
        cookie,
        computerInfo: computerInfo(this.#options.machine),
      });
    } catch (error) {
      if (!(error instanceof SoapFault && error.errorCode === 'RegistrationNotRequired')) throw error;
    }
    this.#isRegistered = true;
  }
}
