/** The checks on the upstream server's certificate, each told by itself. */
import { X509Certificate } from 'node:crypto';
import { addressOfUrl } from '../../config/host-and-port.ts';
import { pinOf } from '../../config/pin.ts';
import type { Upstream } from '../../config/schema.ts';
import type { Chain } from '../../protocol/x509/chain.ts';
import { shortName } from '../../protocol/x509/distinguished-name.ts';
import { CHECKS, judgeAll } from '../trust/checks.ts';
import type { ChainCheck, JudgedAll, TrustPolicy } from '../trust/checks.ts';
import type { Handshake } from '../trust/handshake.ts';
import { refusedByLibrary } from '../trust/pinned-connection.ts';
import { checkRevocation } from '../trust/revocation/revocation.ts';
import type { Finding } from '../trust/revocation/revocation.ts';
import { RevocationStatements } from '../trust/revocation/statements.ts';
import { TrustError } from '../trust/trust-error.ts';
import type { StepLog } from './step.ts';

export interface TrustSteps {
  readonly upstream: Upstream;
  /** PEM, one certificate each. */
  readonly trustAnchors: readonly string[];
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

/** The same checks in the same order as a connection's; here a failed one does not keep the next from being made. */
export async function checkCertificate(made: Handshake, options: TrustSteps, steps: StepLog): Promise<void> {
  const { upstream, trustAnchors, now } = options;
  const address = addressOfUrl(new URL(upstream.url));
  const anchors = trustAnchors.map((pem) => new X509Certificate(pem));
  const policy = { ...address, anchors, pins: upstream.pins };
  if (made.presented === undefined) {
    steps.failed('chain', 'NO_CERTIFICATE', `${policy.host} showed no certificate.`);
    return;
  }
  const judged = judgeAll(made.presented, policy, now());
  tellChain(judged, made.refusal, policy, steps);
  for (const { name } of CHECKS) tellCheck(name, judged, policy, steps);
  await tellRevocation(judged.chain, made.staple, address.host, options, steps);
}

function tellChain(
  { broken, chain, failures }: JudgedAll,
  refusal: string | undefined,
  policy: TrustPolicy,
  steps: StepLog,
): void {
  if (broken !== undefined && broken.check !== 'chain') {
    steps.skipped('chain', `None leads to a trust anchor; the check "${broken.check}" says why.`);
  } else if (broken !== undefined) steps.failed('chain', broken.reason, broken.message);
  else if (refusal !== undefined && failures.size === 0) {
    // What else is wrong is told by its own check; what is left is what OpenSSL alone knows.
    const error = refusedByLibrary(policy.host, refusal, chain);
    steps.failed('chain', error.reason, error.message);
  } else {
    const names = chain.map(({ subject }) => `"${shortName(subject)}"`);
    steps.ok('chain', `${names.join(' ← ')}, a trust anchor.`);
  }
}

function tellCheck(
  name: ChainCheck,
  { broken, chain, failures }: JudgedAll,
  policy: TrustPolicy,
  steps: StepLog,
): void {
  const error = broken?.check === name ? broken : failures.get(name);
  const isPinOfNoIssuer = name === 'pin' && broken !== undefined && error?.reason !== 'ISSUER_NOT_PINNED';
  if (isPinOfNoIssuer && error?.reason !== 'ONLY_LEAF_PINNED') {
    const what = error === undefined ? FOUND.pin(chain, policy) : 'No certificate that signed it was shown.';
    steps.skipped('pin', `${what} A pin counts only in a chain that leads to a trust anchor.`);
  } else if (error === undefined) steps.ok(name, FOUND[name](chain, policy));
  else steps.failed(name, error.reason, error.message);
}

/** What a check that is passed found. */
const FOUND: Record<ChainCheck, (chain: Chain, policy: TrustPolicy) => string> = {
  dates: (chain) => {
    const first = Math.min(...chain.map(({ validToDate }) => validToDate.getTime()));
    return `All are valid now; the first expires at ${new Date(first).toISOString()}.`;
  },
  usage: () => 'A certificate for TLS servers, issued by authorities.',
  strength: () => 'No weak key and no weak signature.',
  name: (_chain, { host }) => `A certificate for ${host}.`,
  pin: (chain, { pins }) => {
    const issuer = chain.slice(1).find((candidate) => pins.includes(pinOf(candidate)));
    const backup =
      pins.length > 1
        ? ''
        : ' There is no backup pin: when this authority changes, nothing is synchronized until another is pinned.';
    return `The issuer "${shortName(issuer?.subject ?? '')}" is pinned.${backup}`;
  },
};

async function tellRevocation(
  chain: Chain,
  staple: Buffer | undefined,
  host: string,
  { upstream, now, signal }: TrustSteps,
  steps: StepLog,
): Promise<void> {
  const policy = upstream.tls.revocation;
  if (steps.hasFailed) {
    steps.skipped('revocation', 'Nobody is asked on behalf of a certificate that is not trusted.');
    return;
  }
  if (policy === 'off') {
    steps.skipped('revocation', 'Nobody is asked: upstream.tls.revocation is "off".');
    return;
  }
  try {
    const findings = await checkRevocation(chain, staple, {
      policy,
      host,
      statements: new RevocationStatements(),
      proxy: upstream.proxy === undefined ? undefined : new URL(upstream.proxy),
      now,
      signal,
    });
    const said = findings.map(tellFinding).join(' ');
    if (findings.every(({ statement }) => statement !== undefined)) steps.ok('revocation', said);
    else steps.skipped('revocation', `${said} upstream.tls.revocation is "prefer", so the relay goes on.`);
  } catch (error) {
    if (!(error instanceof TrustError)) throw error;
    steps.failed('revocation', error.reason, error.message);
  }
}

function tellFinding({ certificate, statement, reasons }: Finding): string {
  const whose = `"${shortName(certificate.subject)}"`;
  if (statement !== undefined)
    return `${whose} is not revoked (${statement.source}, good until ${statement.validUntil.toISOString()}).`;
  return reasons.length === 0
    ? `${whose} is not checked: it names no OCSP responder and no CRL on plain HTTP.`
    : `${whose} could not be checked: ${reasons.join('; ')}. Let this machine reach it over plain HTTP (docs/firewall.md).`;
}
