/** What an agent's cookie holds, and the faults of one that does not hold ([MS-WUSP] 2.2.2.4, 3.1.5.4). */
import { z } from 'zod';
import type { ComputerStore, ComputerTarget } from '../../catalog/store/computers/computers.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';
import type { Read } from '../../protocol/soap/table.ts';
import type { Cookie } from '../../protocol/wusp/authorization.ts';
import { CookieError, type CookieSealer } from '../cookies.ts';
import { BoundedCache } from '../../catalog/bounded-cache.ts';
import type { ClientConfiguration } from './configuration.ts';
import type { ServerHistory } from './server-history.ts';

const PURPOSE = 'agent';

/** Cookies whose content is remembered: a computer shows the same one with each call of a scan. */
const REMEMBERED = 10_000;

/**
 * Whether the computer is registered is not in it: RegisterComputer answers no new cookie, so that the cookie could not
 * learn of it.
 */
const TicketPayload = z.strictObject({
  computerId: z.string(),
  protocolVersion: z.string(),
  /** The configuration that the agent knows, as GetConfig told it. */
  lastChange: z.string(),
  /** The groups in which the changes below were told. */
  groupIds: z.array(z.string()).readonly(),
  /** Changes told in software scans: the catalogue's generation up to which. */
  softwareChange: z.int().optional(),
  driverChange: z.int().optional(),
  printerChange: z.int().optional(),
  /** When it was issued (`ServerHistory`), and where files were when it was (`ClientConfiguration.fileLocations`). */
  run: z.string().optional(),
  generation: z.int().optional(),
  fileLocations: z.string().optional(),
});
export type TicketPayload = z.infer<typeof TicketPayload>;

export interface Ticket extends TicketPayload {
  readonly expires: Date;
}

/** A ticket that holds, and what its computer is now. */
export interface Admission {
  readonly ticket: Ticket;
  readonly target: ComputerTarget;
}

type WireCookie = Read<typeof Cookie>;

export class Tickets {
  readonly #cookies: CookieSealer;
  readonly #configuration: ClientConfiguration;
  readonly #computers: ComputerStore;
  readonly #history: ServerHistory;
  readonly #now: () => Date;
  /** By all bytes of the cookie, its authentication tag among them: nothing is found that was not opened before. */
  readonly #opened = new BoundedCache<Ticket>(REMEMBERED);

  constructor(
    cookies: CookieSealer,
    configuration: ClientConfiguration,
    computers: ComputerStore,
    history: ServerHistory,
    now: () => Date,
  ) {
    this.#cookies = cookies;
    this.#configuration = configuration;
    this.#computers = computers;
    this.#history = history;
    this.#now = now;
  }

  /** File locations that the computer has not heard of yet stay so: a renewed cookie does not tell it. */
  issue({ expires, ...payload }: Ticket): WireCookie {
    const { fileLocations } = this.#configuration;
    return {
      Expiration: expires.toISOString(),
      EncryptedData: this.#cookies.seal(
        PURPOSE,
        { fileLocations, ...payload, ...this.#history.now() },
        expires,
      ),
    };
  }

  /**
   * What a scan asks besides: that the computer has said what it is, and knows files by their present locations.
   *
   * @throws SoapFault RegistrationRequired, FileLocationChanged
   */
  requireReady({ ticket, target }: Admission): void {
    const { answer, fileLocations } = this.#configuration;
    if (answer.IsRegistrationRequired && !target.isRegistered) throw new SoapFault('RegistrationRequired');
    if ((ticket.fileLocations ?? fileLocations) !== fileLocations) throw new SoapFault('FileLocationChanged');
  }

  /**
   * What a call other than GetCookie presents.
   *
   * @throws SoapFault InvalidCookie, ServerChanged, CookieExpired or ConfigChanged
   */
  admit(cookie: WireCookie | undefined): Admission {
    const ticket = this.#read(cookie);
    if (ticket === undefined) throw new SoapFault('InvalidCookie');
    if (ticket.expires <= this.#now()) throw new SoapFault('CookieExpired');
    if (!this.#configuration.isCurrent(ticket.lastChange)) throw new SoapFault('ConfigChanged');
    const target = this.#computers.targetOf(ticket.computerId);
    // An administrator deleted it. Renewing its cookie takes the agent through GetAuthorizationCookie, which makes it
    // known again.
    if (target === undefined) throw new SoapFault('CookieExpired');
    return { ticket, target };
  }

  /**
   * The cookie that GetCookie is to renew; it may have expired. Undefined where there is none: on first contact agents
   * send one of which only the expiration is there.
   *
   * @throws SoapFault InvalidCookie or ServerChanged
   */
  readOld(cookie: WireCookie | undefined): Ticket | undefined {
    return this.#read(cookie);
  }

  #read(cookie: WireCookie | undefined): Ticket | undefined {
    if (cookie?.EncryptedData === undefined || cookie.EncryptedData.length === 0) return undefined;
    const key = cookie.EncryptedData.toString('latin1');
    const known = this.#opened.get(key);
    if (known !== undefined) return known;
    const ticket = this.#open(cookie.EncryptedData);
    this.#opened.set(key, ticket);
    return ticket;
  }

  #open(token: Buffer): Ticket {
    try {
      const { payload, expires } = this.#cookies.openEvenExpired(PURPOSE, token, TicketPayload);
      const { run, generation } = payload;
      if (run !== undefined && generation !== undefined && !this.#history.knows({ run, generation }))
        throw new SoapFault('ServerChanged');
      return { ...payload, expires };
    } catch (error) {
      if (!(error instanceof CookieError)) throw error;
      throw new SoapFault(error.code === 'COOKIE_FOREIGN' ? 'ServerChanged' : 'InvalidCookie', '', {
        cause: error,
      });
    }
  }
}
