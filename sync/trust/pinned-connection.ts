/** TLS connections to the upstream server. One comes about only when every check is passed; until then nothing is sent. */
import { X509Certificate, constants } from 'node:crypto';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect, createSecureContext } from 'node:tls';
import type { SecureContext, TLSSocket } from 'node:tls';
import { ConnectionError, connectionError } from '../connection-error.ts';
import { describe } from './certificate.ts';
import { presentedChain } from './chain.ts';
import type { Chain } from './chain.ts';
import { checkTrust } from './checks.ts';
import { openTunnel } from './proxy-tunnel.ts';
import { TrustError } from './trust-error.ts';

export interface PinnedTarget {
  /** Host name or IP address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** PEM, one certificate each. */
  readonly trustAnchors: readonly string[];
  /** `sha256/…`; one of them must be the key of an issuer in the chain. */
  readonly pins: readonly string[];
  readonly proxy?: URL;
  /** Milliseconds without a byte until the connection counts as dead. */
  readonly timeout: number;
  readonly now: () => Date;
}

/** Makes connections to one server, each of them checked from the beginning. */
export class PinnedConnector {
  readonly #target: PinnedTarget;
  readonly #anchors: readonly X509Certificate[];
  readonly #context: SecureContext;

  constructor(target: PinnedTarget) {
    this.#target = target;
    this.#anchors = target.trustAnchors.map((pem) => new X509Certificate(pem));
    this.#context = createSecureContext({
      ca: [...target.trustAnchors],
      allowPartialTrustChain: true,
      minVersion: 'TLSv1.2',
      // A renegotiation could show another certificate, after the checks.
      secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    });
  }

  /**
   * @throws TrustError where a check fails, ConnectionError where none could be made, the signal's reason when aborted
   */
  async connect(signal: AbortSignal): Promise<TLSSocket> {
    signal.throwIfAborted();
    const { host, port, proxy, timeout } = this.#target;
    const tunnel = proxy === undefined ? undefined : await openTunnel({ proxy, host, port, timeout, signal });
    const socket = await this.#handshake(tunnel, signal);
    try {
      this.#check(socket);
    } catch (error) {
      socket.destroy();
      throw error;
    }
    return socket;
  }

  /** Ends with the handshake done and nothing believed. */
  #handshake(tunnel: Duplex | undefined, signal: AbortSignal): Promise<TLSSocket> {
    const { host, port, timeout } = this.#target;
    return new Promise((resolve, reject) => {
      const socket = connect({
        ...(tunnel === undefined ? { host, port } : { socket: tunnel }),
        ...(isIP(host) === 0 ? { servername: host } : {}),
        secureContext: this.#context,
        // The verdict is read in #check, where all that was seen can be told; nothing is sent before.
        rejectUnauthorized: false,
        checkServerIdentity: () => undefined,
      });
      // An error is told to whoever listens at the time; between two listeners it must not end the process.
      socket.on('error', () => undefined);
      const settle = (): void => {
        signal.removeEventListener('abort', onAbort);
        socket.off('error', onError).off('close', onClose).off('timeout', onTimeout).setTimeout(0);
      };
      const fail = (error: unknown): void => {
        settle();
        socket.destroy();
        reject(error);
      };
      const onAbort = (): void => fail(signal.reason);
      const onError = (error: Error & { code?: string }): void => fail(this.#handshakeError(error));
      const onClose = (): void =>
        fail(connectionError(host, new Error('it was closed while TLS was set up')));
      const onTimeout = (): void => {
        const message = `${host} said nothing for ${timeout} ms while TLS was set up.`;
        fail(new ConnectionError('timeout', message));
      };
      signal.addEventListener('abort', onAbort, { once: true });
      socket.on('error', onError).on('close', onClose).on('timeout', onTimeout).setTimeout(timeout);
      socket.once('secureConnect', () => {
        settle();
        resolve(socket);
      });
    });
  }

  #handshakeError(error: Error & { code?: string }): Error {
    const { host } = this.#target;
    if (error.code?.startsWith('ERR_SSL_') !== true && error.code !== 'EPROTO')
      return connectionError(host, error);
    const message = `No TLS connection of version 1.2 or newer came about with ${host}: ${error.message}.`;
    return new TrustError('protocol', message, [], { cause: error });
  }

  #check(socket: TLSSocket): void {
    const { host, pins, now } = this.#target;
    const certificate = socket.getPeerX509Certificate();
    if (certificate === undefined) throw new TrustError('chain', `${host} showed no certificate.`, []);
    const chain: Chain = checkTrust(
      presentedChain(certificate),
      { host, anchors: this.#anchors, pins },
      now(),
    );
    // OpenSSL's verdict counts beside ours: it also knows path lengths, name constraints and critical extensions.
    if (!socket.authorized) {
      const message = `The certificate chain of ${host} is refused by the TLS library: ${String(socket.authorizationError)}.`;
      throw new TrustError('chain', message, chain.map(describe));
    }
  }
}
