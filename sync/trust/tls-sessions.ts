/** TLS sessions that may be taken up again, each with the chain that was shown when it began. */
import { BoundedCache } from '../../catalog/bounded-cache.ts';
import type { Chain } from '../../protocol/x509/chain.ts';

export interface ResumableSession {
  /** What the server sent in the handshake that the session comes from; a resumed one shows no certificate. */
  readonly presented: Chain;
  readonly session: Buffer;
}

/** Servers that sessions are kept of; a relay has one. */
const MOST_KEPT = 16;

/**
 * The latest session with each server. It saves the server's proof of its key, nothing else: the connector makes every
 * check anew on the chain that is kept here.
 *
 * A key stands for the server and for the trust anchors, since OpenSSL's verdict on the chain holds for those alone.
 */
export class TlsSessions {
  readonly #kept = new BoundedCache<ResumableSession>(MOST_KEPT);

  latest(key: string): ResumableSession | undefined {
    return this.#kept.get(key);
  }

  forget(key: string): void {
    this.#kept.forget(key);
  }

  keep(key: string, session: ResumableSession): void {
    this.#kept.set(key, session);
  }
}
