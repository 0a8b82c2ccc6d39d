/** The checks on an upstream server's certificate chain. Each throws a TrustError that carries its name. */
import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { hostAndPort } from '../../config/host-and-port.ts';
import { pinOf } from '../../config/pin.ts';
import { buildChains, isIssuedBy, isSignedBy } from '../../protocol/x509/chain.ts';
import type { Chain } from '../../protocol/x509/chain.ts';
import { isSelfIssued, shortName } from '../../protocol/x509/distinguished-name.ts';
import { keyWeakness, signatureWeakness } from '../../protocol/x509/strength.ts';
import { describe } from './certificate.ts';
import { brokenConstraint } from './constraints.ts';
import { TrustError } from './trust-error.ts';
import type { TrustCheck, TrustReason } from './trust-error.ts';

/** What a server must prove. */
export interface TrustPolicy {
  /** Host name or IP address, without brackets. */
  readonly host: string;
  readonly port: number;
  readonly anchors: readonly X509Certificate[];
  /** `sha256/…`; one of them must be the key of an issuer. */
  readonly pins: readonly string[];
}

/** Checks that need the chain and nothing else. */
export type ChainCheck = Exclude<TrustCheck, 'protocol' | 'chain' | 'revocation'>;

export interface NamedCheck {
  readonly name: ChainCheck;
  /** @throws TrustError */
  readonly check: (chain: Chain, policy: TrustPolicy, now: Date) => void;
}

/** In this order. Revocation comes behind them all, since it asks addresses that the chain names. */
export const CHECKS: readonly NamedCheck[] = [
  { name: 'dates', check: checkDates },
  { name: 'usage', check: checkUsage },
  { name: 'strength', check: checkStrength },
  { name: 'name', check: checkName },
  { name: 'pin', check: checkPin },
];

/** `id-kp-serverAuth` (RFC 5280 4.2.1.12). */
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

/**
 * Finds a chain that passes every check.
 *
 * @param presented what the server sent, its own certificate first
 * @throws TrustError of the check that the best chain failed
 */
export function checkTrust(presented: Chain, policy: TrustPolicy, now: Date): Chain {
  const { chain, failures } = bestChain(presented, policy, now);
  const [first] = failures.values();
  if (first !== undefined) throw first;
  return chain;
}

export interface JudgedChain {
  readonly chain: Chain;
  /** By check, in their order; empty where every one is passed. */
  readonly failures: ReadonlyMap<ChainCheck, TrustError>;
}

/**
 * The chain that gets furthest through the checks, and all that is wrong with it.
 *
 * @throws TrustError of the check `chain` where there is none
 */
export function bestChain(presented: Chain, policy: TrustPolicy, now: Date): JudgedChain {
  let best: (JudgedChain & { readonly depth: number }) | undefined;
  for (const chain of buildChains(presented, policy.anchors)) {
    const judged = judge(chain, policy, now);
    if (best === undefined || judged.depth > best.depth) best = judged;
  }
  if (best === undefined) throw noAnchor(presented, policy);
  return best;
}

/** Everything that is wrong with what a server shows, also where its certificate leads to no anchor. */
export interface JudgedAll extends JudgedChain {
  /** Why no chain leads to an anchor; then the chain ends where signatures do. */
  readonly broken?: TrustError;
}

export function judgeAll(presented: Chain, policy: TrustPolicy, now: Date): JudgedAll {
  try {
    return bestChain(presented, policy, now);
  } catch (error) {
    if (!(error instanceof TrustError)) throw error;
    return { ...judge(signedPart(presented), policy, now), broken: error };
  }
}

function judge(chain: Chain, policy: TrustPolicy, now: Date): JudgedChain & { readonly depth: number } {
  const failures = new Map<ChainCheck, TrustError>();
  let depth = CHECKS.length;
  for (const [place, { name, check }] of CHECKS.entries()) {
    try {
      check(chain, policy, now);
    } catch (error) {
      if (!(error instanceof TrustError)) throw error;
      failures.set(name, error);
      depth = Math.min(depth, place);
    }
  }
  return { chain, failures, depth };
}

/** What to do about a device between here and the server that answers in its place. */
const exemption = ({ host, port }: TrustPolicy): string =>
  `If a proxy or firewall inspects TLS, exempt ${hostAndPort(host, port)} from it (docs/firewall.md).`;

function noAnchor(presented: Chain, policy: TrustPolicy): TrustError {
  const { host } = policy;
  const [leaf] = presented;
  if (isSelfIssued(leaf)) {
    const message = `The certificate of ${host} is self-signed ("${shortName(leaf.subject)}") and not a trust anchor. This may be TLS interception. ${exemption(policy)} The server must have a certificate that an authority issued.`;
    return failure('SELF_SIGNED', message, presented);
  }
  const last = signedPart(presented).at(-1) ?? leaf;
  const above = shortName(last.issuer);
  const namesakes = [...presented.slice(1), ...policy.anchors].filter(
    (other) => other !== last && other.subject === last.issuer,
  );
  const signer = namesakes.find((other) => !isIssuedBy(last, other) && isSignedBy(last, other));
  if (signer !== undefined) return notAuthority(signer, policy, presented);
  const isMissing = last === leaf;
  const sent = namesakes.length === 0 ? '' : ' (one of that name that it sent has another key)';
  const what = isMissing
    ? `The certificate of ${host} was issued by "${above}", whose certificate the server did not send${sent} and which is no trust anchor.`
    : `The certificate of ${host} leads to the authority "${above}", which is no trust anchor.`;
  const otherwise = isMissing
    ? 'If it is an intermediate authority, have the server send its certificate too; if it is the right root, add its certificate to upstream.trustAnchors.'
    : 'If it is the right authority, add its certificate to upstream.trustAnchors.';
  const message = `${what} This may be TLS interception by "${above}". ${exemption(policy)} ${otherwise}`;
  return failure(isMissing ? 'ISSUER_MISSING' : 'ROOT_UNKNOWN', message, presented);
}

/** From the server's own certificate as far as signatures lead, whatever else was sent. */
function signedPart(presented: Chain): Chain {
  let longest: Chain = [presented[0]];
  for (const candidate of presented.slice(1)) {
    for (const chain of buildChains(presented, [candidate]))
      if (chain.length > longest.length) longest = chain;
  }
  return longest;
}

function checkDates(chain: Chain, { host }: TrustPolicy, now: Date): void {
  for (const certificate of chain) {
    const { validFromDate: from, validToDate: to, subject } = certificate;
    const whose = certificate === chain[0] ? `of ${host}` : `"${shortName(subject)}" above that of ${host}`;
    if (now < from) {
      const message = `The certificate ${whose} is not valid before ${from.toISOString()}; it is ${now.toISOString()} here. If this clock is right, the server must get another one.`;
      throw failure('NOT_YET_VALID', message, chain);
    }
    if (now > to) {
      const message = `The certificate ${whose} expired at ${to.toISOString()}; it is ${now.toISOString()} here. If this clock is right, the server must renew it.`;
      throw failure('EXPIRED', message, chain);
    }
  }
}

function checkUsage(chain: Chain, policy: TrustPolicy): void {
  const { host } = policy;
  const [leaf, ...issuers] = chain;
  // What Node.js calls keyUsage is the extended key usage; that of issuers to sign is part of checkIssued.
  const usages: readonly string[] | undefined = leaf.keyUsage;
  if (usages === undefined || !usages.includes(SERVER_AUTH)) {
    const found = usages === undefined ? 'none' : usages.join(', ');
    const message = `The certificate of ${host} is not made for TLS servers: its extended key usage lacks serverAuth (found: ${found}). The server must get another one.`;
    throw failure('NOT_FOR_SERVERS', message, chain);
  }
  const other = issuers.find((issuer) => !issuer.ca);
  if (other !== undefined) throw notAuthority(other, policy, chain);
  checkConstraints(chain, host);
}

function checkConstraints(chain: Chain, host: string): void {
  const broken = brokenConstraint(chain);
  if (broken === undefined) return;
  const message = `"${shortName(broken.certificate.subject)}" in the chain of ${host} ${broken.what}. The server must get a certificate from a chain without this fault.`;
  throw failure(broken.reason, message, chain);
}

function notAuthority({ subject }: X509Certificate, { host }: TrustPolicy, chain: Chain): TrustError {
  const message = `"${shortName(subject)}" signed a certificate in the chain of ${host} and may not: it is no certificate authority, or its key usage does not let it sign certificates. The server must get a certificate that an authority issued.`;
  return failure('NOT_AN_AUTHORITY', message, chain);
}

function checkStrength(chain: Chain, { host }: TrustPolicy): void {
  const refuse = (reason: TrustReason, { subject }: X509Certificate, weakness: string): TrustError => {
    const message = `"${shortName(subject)}" in the chain of ${host} is too weak: ${weakness}. The server must get a certificate from a chain without it.`;
    return failure(reason, message, chain);
  };
  for (const certificate of chain) {
    const weakness = keyWeakness(certificate);
    if (weakness !== undefined) throw refuse('WEAK_KEY', certificate, weakness);
  }
  // An anchor is trusted as it is, so nobody relies on its signature.
  for (const certificate of chain.slice(0, -1)) {
    const weakness = signatureWeakness(certificate);
    if (weakness !== undefined) throw refuse('WEAK_SIGNATURE', certificate, weakness);
  }
}

/** By the subject alternative names alone (RFC 9525 6.3); the common name says nothing. */
function checkName(chain: Chain, { host }: TrustPolicy): void {
  const [leaf] = chain;
  const isItsName =
    isIP(host) === 0
      ? leaf.checkHost(host, { subject: 'never', partialWildcards: false }) !== undefined
      : leaf.checkIP(host) !== undefined;
  if (isItsName) return;
  const names = leaf.subjectAltName;
  const found = names === undefined ? 'it has no subject alternative name' : `it is for ${names}`;
  throw failure(
    names === undefined ? 'NO_ALTERNATIVE_NAME' : 'OTHER_NAME',
    `The certificate is not one for ${host}: ${found}. Write the name that it is for into upstream.url, or have the server get one for ${host}.`,
    chain,
  );
}

function checkPin(chain: Chain, policy: TrustPolicy): void {
  const { host, pins } = policy;
  const [leaf, ...issuers] = chain;
  const pinned = new Set(pins);
  if (issuers.some((issuer) => pinned.has(pinOf(issuer)))) return;
  if (pinned.has(pinOf(leaf))) {
    const message = `Only the certificate of ${host} itself is pinned. Pin an issuer of it, so that the server's certificate can be renewed: upstream.pins.`;
    throw failure('ONLY_LEAF_PINNED', message, chain);
  }
  if (issuers.length === 0) {
    const message = `The certificate of ${host} is itself a trust anchor, so no issuer stands above it that could be pinned. Name the authority that issued it in upstream.trustAnchors instead, and pin that; where it is self-signed, have the server get a certificate that an authority issued.`;
    throw failure('NO_ISSUER_IN_CHAIN', message, chain);
  }
  const seen = issuers.map((issuer) => `"${shortName(issuer.subject)}" ${pinOf(issuer)}`).join(', ');
  throw failure(
    'ISSUER_NOT_PINNED',
    `The certificate of ${host} was issued by "${shortName(leaf.issuer)}", and no issuer of it is pinned. This may be TLS interception. ${exemption(policy)} If the server really changed its authority, pin the new one (upstream.pins). Seen: ${seen}.`,
    chain,
  );
}

/** With the chain as it is reported. */
export const failure = (reason: TrustReason, message: string, chain: Chain): TrustError =>
  new TrustError(reason, message, chain.map(describe));
