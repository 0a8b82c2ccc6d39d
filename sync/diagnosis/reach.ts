/** The way to the upstream server up to its certificate, one step at a time. Nothing is believed and nothing is asked. */
import { lookup } from 'node:dns/promises';
import { connect, isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { addressOfUrl, hostAndPort } from '../../config/host-and-port.ts';
import { reasonOf } from '../../config/error-facts.ts';
import type { Upstream } from '../../config/schema.ts';
import { ConnectionError } from '../connection-error.ts';
import { handshake } from '../trust/handshake.ts';
import type { Handshake } from '../trust/handshake.ts';
import { trustContext } from '../trust/pinned-connection.ts';
import { openTunnel } from '../trust/proxy-tunnel.ts';
import { TrustError } from '../trust/trust-error.ts';
import type { StepLog } from './step.ts';

/** Milliseconds for a step; somebody waits for it. */
const PATIENCE = 15_000;

export interface Reach {
  readonly upstream: Pick<Upstream, 'url' | 'proxy' | 'timeout'>;
  /** PEM, one certificate each. */
  readonly trustAnchors: readonly string[];
  /** Whether the server is asked for an OCSP answer of its own. */
  readonly staple: boolean;
  readonly signal: AbortSignal;
}

/** @returns undefined where a step failed, which is noted */
export async function reachUpstream(reach: Reach, steps: StepLog): Promise<Handshake | undefined> {
  const { upstream, signal } = reach;
  const server = addressOfUrl(new URL(upstream.url));
  const proxy = upstream.proxy === undefined ? undefined : new URL(upstream.proxy);
  const first = proxy === undefined ? server : addressOfUrl(proxy);
  if (!(await resolveName(first.host, proxy !== undefined, steps))) return undefined;
  const timeout = Math.min(upstream.timeout, PATIENCE);
  if (!(await tryConnection(first, timeout, steps, signal))) return undefined;
  const tunnel = await tunnelThrough(proxy, { ...server, timeout, signal }, steps);
  if (steps.hasFailed) return undefined;
  return await shakeHands(reach, { ...server, timeout, tunnel }, steps);
}

async function resolveName(host: string, isProxy: boolean, steps: StepLog): Promise<boolean> {
  if (isIP(host) !== 0) {
    steps.skipped('dns', `${host} is an address.`);
    return true;
  }
  const whose = isProxy ? ' (the proxy; it looks up the name of the upstream server itself)' : '';
  try {
    const found = await lookup(host, { all: true });
    steps.ok('dns', `${host}${whose} is ${found.map(({ address }) => address).join(', ')}.`);
    return true;
  } catch (error) {
    const key = isProxy ? 'upstream.proxy' : 'upstream.url';
    const message = `${host}${whose} has no address: ${reasonOf(error)}. Check the name in ${key}, and that this machine can ask its DNS server.`;
    steps.failed('dns', 'NAME_NOT_FOUND', message);
    return false;
  }
}

async function tryConnection(
  { host, port }: { readonly host: string; readonly port: number },
  timeout: number,
  steps: StepLog,
  signal: AbortSignal,
): Promise<boolean> {
  const where = hostAndPort(host, port);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({ host, port, timeout, signal });
  socket.once('connect', resolve).once('error', reject);
  socket.once('timeout', () => reject(new Error(`no answer within ${timeout} ms`)));
  try {
    await promise;
    steps.ok('tcp', `Connected to ${where}.`);
    return true;
  } catch (error) {
    signal.throwIfAborted();
    const why = reasonOf(error) || 'it was refused at every address';
    const message = `No connection to ${where}: ${why}. Check the port, that something listens there, and that every firewall on the way lets it pass (docs/firewall.md).`;
    steps.failed('tcp', 'NOT_CONNECTED', message);
    return false;
  } finally {
    socket.destroy();
  }
}

async function tunnelThrough(
  proxy: URL | undefined,
  to: {
    readonly host: string;
    readonly port: number;
    readonly timeout: number;
    readonly signal: AbortSignal;
  },
  steps: StepLog,
): Promise<Duplex | undefined> {
  if (proxy === undefined) {
    steps.skipped('proxy', 'None is configured (upstream.proxy).');
    return undefined;
  }
  try {
    const tunnel = await openTunnel({ proxy, ...to });
    steps.ok('proxy', `${proxy.host} opened a tunnel to ${hostAndPort(to.host, to.port)}.`);
    return tunnel;
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    steps.failed('proxy', 'NO_TUNNEL', error.message);
    return undefined;
  }
}

async function shakeHands(
  { trustAnchors, staple, signal }: Reach,
  to: {
    readonly host: string;
    readonly port: number;
    readonly timeout: number;
    readonly tunnel: Duplex | undefined;
  },
  steps: StepLog,
): Promise<Handshake | undefined> {
  try {
    const made = await handshake({ ...to, context: trustContext(trustAnchors), staple, signal });
    steps.ok('tls', `${made.socket.getProtocol() ?? 'TLS'} with ${made.socket.getCipher().name}.`);
    return made;
  } catch (error) {
    if (error instanceof TrustError) steps.failed('tls', error.reason, error.message);
    else if (error instanceof ConnectionError) {
      const message = `${error.message} Something on the way may not let TLS pass to ${to.host} (docs/firewall.md).`;
      steps.failed('tls', 'NO_HANDSHAKE', message);
    } else throw error;
    return undefined;
  }
}
