/** TLS connections to the upstream server. One comes about only when every check is passed; until then nothing is sent. */
import { X509Certificate, constants, createHash } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { SecureContext, TLSSocket } from 'node:tls';
import type { Revocation } from '../../config/schema.ts';
import type { Chain } from '../../protocol/x509/chain.ts';
import { shortName } from '../../protocol/x509/distinguished-name.ts';
import { ConnectionError } from '../connection-error.ts';
import { checkTrust, failure } from './checks.ts';
import { handshake } from './handshake.ts';
import type { Handshake } from './handshake.ts';
import { openTunnel } from './proxy-tunnel.ts';
import { checkRevocation } from './revocation/revocation.ts';
import type { Finding } from './revocation/revocation.ts';
import { RevocationStatements } from './revocation/statements.ts';
import { TlsSessions } from './tls-sessions.ts';
import type { ResumableSession } from './tls-sessions.ts';
import { TrustError } from './trust-error.ts';

export interface PinnedTarget {
  /** Host name or IP address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** PEM, one certificate each. */
  readonly trustAnchors: readonly string[];
  /** `sha256/…`; one of them must be the key of an issuer in the chain. */
  readonly pins: readonly string[];
  readonly revocation: Revocation;
  readonly proxy?: URL;
  /** Milliseconds without a byte until the connection counts as dead. */
  readonly timeout: number;
  readonly now: () => Date;
  /** Milliseconds for all that is asked about revocation in one handshake. Default: 40 s. */
  readonly revocationWithin?: number;
  /** What outlives the connector; left out: nothing does. */
  readonly memory?: TrustMemory;
  /** Told a sentence when the policy lets a connection go on that is not known to be unrevoked. */
  readonly warn?: (message: string) => void;
}

/** What is remembered from one connector to the next. Nothing in it stands in for a check. */
export interface TrustMemory {
  readonly statements: RevocationStatements;
  readonly sessions: TlsSessions;
}

export const newTrustMemory = (): TrustMemory => ({
  statements: new RevocationStatements(),
  sessions: new TlsSessions(),
});

/** What TLS is set up with: the configured anchors and no others, TLS 1.2 or 1.3. */
export function trustContext(trustAnchors: readonly string[]): SecureContext {
  return createSecureContext({
    ca: [...trustAnchors],
    allowPartialTrustChain: true,
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    // A renegotiation could show another certificate, after the checks.
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
  });
}

/** Makes connections to one server, each of them checked from the beginning. */
export class PinnedConnector {
  readonly #target: PinnedTarget;
  readonly #anchors: readonly X509Certificate[];
  readonly #context: SecureContext;
  readonly #memory: TrustMemory;
  readonly #sessionKey: string;
  #warned = '';

  constructor(target: PinnedTarget) {
    this.#target = target;
    this.#anchors = target.trustAnchors.map((pem) => new X509Certificate(pem));
    this.#context = trustContext(target.trustAnchors);
    this.#memory = target.memory ?? newTrustMemory();
    const anchors = createHash('sha256').update(target.trustAnchors.join('\n')).digest('hex');
    this.#sessionKey = `${target.host} ${target.port} ${target.proxy?.href ?? ''} ${anchors}`;
  }

  /**
   * @throws TrustError where a check fails, ConnectionError where none could be made, the signal's reason when aborted
   */
  async connect(signal: AbortSignal): Promise<TLSSocket> {
    const known = this.#memory.sessions.latest(this.#sessionKey);
    if (known !== undefined) {
      try {
        return await this.#connectOnce(known, signal);
      } catch (error) {
        // The server may have a newer certificate by now; it is asked to show it, and that one is judged.
        this.#memory.sessions.forget(this.#sessionKey);
        if (!(error instanceof TrustError)) throw error;
      }
    }
    return await this.#connectOnce(undefined, signal);
  }

  async #connectOnce(known: ResumableSession | undefined, signal: AbortSignal): Promise<TLSSocket> {
    signal.throwIfAborted();
    const { host, port, proxy, revocation, timeout } = this.#target;
    const tunnel = proxy === undefined ? undefined : await openTunnel({ proxy, host, port, timeout, signal });
    const made = await handshake({
      host,
      port,
      timeout,
      context: this.#context,
      tunnel,
      session: known?.session,
      staple: revocation !== 'off',
      signal,
    });
    try {
      const presented = made.isResumed ? known?.presented : made.presented;
      await this.#check(presented, made, signal);
      this.#keepSessions(presented, made);
      if (made.socket.destroyed) throw new ConnectionError('connect', `${host} closed the connection.`);
      return made.socket;
    } catch (error) {
      made.socket.destroy();
      throw error;
    }
  }

  /** The same checks whether the session is new or not, at the present time and with the present answers. */
  async #check(presented: Chain | undefined, made: Handshake, signal: AbortSignal): Promise<void> {
    const { host, port, pins, proxy, revocation, now } = this.#target;
    if (presented === undefined) throw new TrustError('NO_CERTIFICATE', `${host} showed no certificate.`, []);
    const chain = checkTrust(presented, { host, port, anchors: this.#anchors, pins }, now());
    // OpenSSL's verdict counts beside ours, though it may be of another chain.
    if (made.refusal !== undefined) throw refusedByLibrary(host, made.refusal, chain);
    const { statements } = this.#memory;
    const { isResumed } = made;
    const { revocationWithin: withinOfAll } = this.#target;
    const options = {
      policy: revocation,
      host,
      statements,
      proxy,
      now,
      signal,
      isResumed,
      ...(withinOfAll === undefined ? {} : { withinOfAll }),
    };
    this.#warnOf(await checkRevocation(chain, made.staple, options));
  }

  #keepSessions(presented: Chain | undefined, { sessions, socket }: Handshake): void {
    if (presented === undefined) return;
    const keep = (session: Buffer): void =>
      this.#memory.sessions.keep(this.#sessionKey, { presented, session });
    if (sessions.latest !== undefined) keep(sessions.latest);
    socket.on('session', keep);
  }

  /** Once for each thing that is amiss, not once a connection. */
  #warnOf(findings: readonly Finding[]): void {
    const silent = findings.filter(({ statement, reasons }) => statement === undefined && reasons.length > 0);
    const message = silent
      .map(({ certificate, reasons }) => `"${shortName(certificate.subject)}": ${reasons.join('; ')}`)
      .join('. ');
    if (message === '' || message === this.#warned) return;
    this.#warned = message;
    this.#target.warn?.(
      `Whether the certificates of ${this.#target.host} were revoked is not known; upstream.tls.revocation is "prefer", so the connection goes on. ${message}.`,
    );
  }
}

export const refusedByLibrary = (host: string, refusal: string, chain: Chain): TrustError =>
  failure(
    'REFUSED_BY_TLS_LIBRARY',
    `The certificate chain of ${host} is refused by the TLS library: ${refusal}. The server must get a certificate from a chain without this fault.`,
    chain,
  );
