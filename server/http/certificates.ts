/** Which certificate each https socket presents: the one configured for it, or the private authority's. */
import { X509Certificate } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '../../config/logging.ts';
import type { Config } from '../../config/schema.ts';
import { loadAuthority } from '../pki/authority.ts';
import type { Authority } from '../pki/authority.ts';
import { readConfiguredCertificate } from '../pki/configured-certificate.ts';
import type { CertificateAndKey } from '../pki/issue.ts';
import { certificateNames, ensureServerCertificate } from '../pki/server-certificate.ts';
import type { Role, SocketPlan } from './socket-plan.ts';

/** Days before the authority's end at which the log begins to say so every day. */
const AUTHORITY_WARNING_DAYS = 365;
const DAY = 86_400_000;

const usesAuthority = ({ endpoint }: SocketPlan): boolean =>
  endpoint.protocol === 'https' && endpoint.certificateFile === undefined;

export interface PresentedCertificate {
  readonly role: Role;
  readonly validTo: Date;
}

/** Every socket's certificate, read or renewed when asked; state is only what was last handed out. */
export class Certificates {
  readonly #config: Config;
  readonly #log: Logger;
  readonly #now: () => Date;
  #authority: Authority | undefined;
  #presented: readonly PresentedCertificate[] = [];

  constructor(config: Config, log: Logger, now: () => Date) {
    this.#config = config;
    this.#log = log;
    this.#now = now;
  }

  /** The private authority, once a socket needed it. */
  get authority(): Authority | undefined {
    return this.#authority;
  }

  /** What the sockets present now, by role. */
  get presented(): readonly PresentedCertificate[] {
    return this.#presented;
  }

  /**
   * The certificates of all https sockets, by their plan; renews what is due. Called again from time to time.
   *
   * @throws CertificateError
   */
  async forSockets(plans: readonly SocketPlan[]): Promise<Map<SocketPlan, CertificateAndKey>> {
    const certificates = new Map<SocketPlan, CertificateAndKey>();
    const own = plans.some(usesAuthority) ? await this.#ownCertificate() : undefined;
    for (const plan of plans) {
      const { protocol, certificateFile, keyFile } = plan.endpoint;
      if (protocol === 'http') continue;
      if (certificateFile !== undefined && keyFile !== undefined) {
        certificates.set(
          plan,
          await readConfiguredCertificate(certificateFile, keyFile, plan.key, this.#now()),
        );
      } else if (own !== undefined) certificates.set(plan, own);
    }
    this.#presented = [...certificates].flatMap(([{ roles }, { certificate }]) =>
      [...roles].map((role) => ({ role, validTo: new Date(new X509Certificate(certificate).validTo) })),
    );
    return certificates;
  }

  async #ownCertificate(): Promise<CertificateAndKey> {
    const folder = join(this.#config.dataDirectory, 'pki');
    const now = this.#now();
    const authority = await loadAuthority(folder, hostname(), now);
    this.#authority = authority;
    if (authority.validTo.getTime() - now.getTime() < AUTHORITY_WARNING_DAYS * DAY) {
      this.#log.warn('The private authority comes to its end; clients will have to trust a new one', {
        certificateFile: authority.certificateFile,
        validTo: authority.validTo.toISOString(),
      });
    }
    const names = certificateNames(this.#config.serverNames);
    const issued = await ensureServerCertificate(folder, authority, names, now);
    if (issued.isNew) {
      this.#log.info('A server certificate was issued', { names, validTo: issued.validTo.toISOString() });
    }
    // The authority goes along, so that a peer who does not trust it can at least say what it saw.
    return { certificate: `${issued.certificate}${authority.certificate}`, key: issued.key };
  }
}
