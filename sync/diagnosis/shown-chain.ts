/** What a server shows of itself, for a person who decides what to pin. */
import { X509Certificate } from 'node:crypto';
import { addressOfUrl } from '../../config/host-and-port.ts';
import { pinOf } from '../../config/pin.ts';
import type { Upstream } from '../../config/schema.ts';
import type { Chain } from '../../protocol/x509/chain.ts';
import { bestChain } from '../trust/checks.ts';
import { readTrustAnchors } from '../trust/trust-anchors.ts';
import { TrustError } from '../trust/trust-error.ts';
import { reachUpstream } from './reach.ts';
import { StepLog } from './step.ts';

/** Without pins, which are what is to be found. */
export type Unpinned = Pick<Upstream, 'url' | 'proxy' | 'timeout' | 'trustAnchors'>;

export interface ShownChain {
  /** From the server's own certificate to a trust anchor, every signature checked. */
  readonly chain: Chain;
  /** Pins of the issuers, from the server's up: what may be pinned. */
  readonly issuerPins: readonly string[];
  /** What else is wrong with the chain, in sentences. */
  readonly faults: readonly string[];
}

/** The server could not be reached; its message says at which step and what to do. */
export class NotReachedError extends Error {
  readonly code = 'UPSTREAM_NOT_SHOWN';

  constructor(message: string) {
    super(message);
    this.name = 'NotReachedError';
  }
}

/**
 * Makes a handshake, sends nothing, and looks at the chain.
 *
 * @throws NotReachedError, TrustAnchorError, TrustError where no chain leads to a trust anchor
 */
export async function showChain(upstream: Unpinned, now: Date, signal: AbortSignal): Promise<ShownChain> {
  const trustAnchors = readTrustAnchors(upstream);
  let failed = '';
  const steps = new StepLog(({ state, message }) => {
    if (state === 'failed') failed = message;
  });
  const made = await reachUpstream({ upstream, trustAnchors, staple: false, signal }, steps);
  if (made === undefined) throw new NotReachedError(failed);
  made.socket.destroy();
  const address = addressOfUrl(new URL(upstream.url));
  if (made.presented === undefined)
    throw new TrustError('NO_CERTIFICATE', `${address.host} showed no certificate.`, []);
  const anchors = trustAnchors.map((pem) => new X509Certificate(pem));
  const { chain, failures } = bestChain(made.presented, { ...address, anchors, pins: [] }, now);
  const faults = [...failures.values()].filter(({ check }) => check !== 'pin').map(({ message }) => message);
  const refused = made.refusal !== undefined && faults.length === 0 ? [made.refusal] : [];
  return { chain, issuerPins: chain.slice(1).map(pinOf), faults: [...faults, ...refused] };
}
