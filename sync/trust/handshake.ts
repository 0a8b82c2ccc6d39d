/** TLS handshakes in which nothing is believed yet and nothing is sent. */
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import type { SecureContext, TLSSocket } from 'node:tls';
import type { Chain } from '../../protocol/x509/chain.ts';
import { ConnectionError, connectionError } from '../connection-error.ts';
import { presentedChain } from './presented-chain.ts';
import { TrustError } from './trust-error.ts';

export interface HandshakeOptions {
  /** Host name or IP address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** Milliseconds without a byte until the connection counts as dead. */
  readonly timeout: number;
  readonly context: SecureContext;
  /** Left out: the host is connected to. */
  readonly tunnel?: Duplex | undefined;
  /** Of an earlier connection; the server may take it up again. */
  readonly session?: Buffer | undefined;
  /** Whether the server is asked for an OCSP answer of its own. */
  readonly staple: boolean;
  readonly signal: AbortSignal;
}

export interface Handshake {
  readonly socket: TLSSocket;
  /** The server took the session up again; then it showed no certificate. */
  readonly isResumed: boolean;
  /** What the server sent, its own certificate first; undefined where it is resumed or there was none. */
  readonly presented: Chain | undefined;
  /** OCSP answer that came with the certificate. */
  readonly staple: Buffer | undefined;
  /** Why OpenSSL refuses the chain; undefined where it does not. */
  readonly refusal: string | undefined;
  /** The last session that the server offered to take up again; in TLS 1.3 it comes after the handshake. */
  readonly sessions: { latest: Buffer | undefined };
}

/**
 * @throws ConnectionError where the connection broke, TrustError of the check `protocol` where no TLS came about, the
 * signal's reason when aborted
 */
export function handshake(options: HandshakeOptions): Promise<Handshake> {
  const { host, port, timeout, context, tunnel, session, signal } = options;
  return new Promise((resolve, reject) => {
    const socket = connect({
      ...(tunnel === undefined ? { host, port } : { socket: tunnel }),
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(session === undefined ? {} : { session }),
      secureContext: context,
      requestOCSP: options.staple,
      // The verdict is read later, where all that was seen can be told; nothing is sent before.
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    });
    const sessions: Handshake['sessions'] = { latest: undefined };
    let staple: Buffer | undefined;
    socket.on('session', (offered: Buffer) => {
      sessions.latest = offered;
    });
    socket.once('OCSPResponse', (answer: Buffer | null) => {
      staple = answer ?? undefined;
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
    const onError = (error: Error & { code?: string }): void => fail(handshakeError(host, error));
    const onClose = (): void => fail(connectionError(host, new Error('it was closed while TLS was set up')));
    const onTimeout = (): void => {
      const message = `${host} said nothing for ${timeout} ms while TLS was set up.`;
      fail(new ConnectionError('timeout', message));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('error', onError).on('close', onClose).on('timeout', onTimeout).setTimeout(timeout);
    socket.once('secureConnect', () => {
      settle();
      const certificate = socket.getPeerX509Certificate();
      resolve({
        socket,
        isResumed: socket.isSessionReused(),
        presented: certificate === undefined ? undefined : presentedChain(certificate),
        staple,
        refusal: socket.authorized ? undefined : String(socket.authorizationError),
        sessions,
      });
    });
  });
}

/** OpenSSL's own reason, without the numbers and places of its source that stand around it. */
function reasonOfLibrary({ code, message }: Error & { code?: string }): string {
  return /\berror:[\dA-F]+:[^:]*:[^:]*:([^:\n]+)/.exec(message)?.[1] ?? code ?? 'no reason is given';
}

function handshakeError(host: string, error: Error & { code?: string }): Error {
  if (error.code?.startsWith('ERR_SSL_') !== true && error.code !== 'EPROTO')
    return connectionError(host, error);
  const message = `No TLS connection of version 1.2 or newer came about with ${host}: ${reasonOfLibrary(error)}. Have the server offer TLS 1.2 or 1.3; or something that speaks no TLS answers at this port.`;
  return new TrustError('NO_COMMON_PROTOCOL', message, [], { cause: error });
}
