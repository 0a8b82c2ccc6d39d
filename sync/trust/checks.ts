/** The checks on an upstream server's certificate chain. Each throws a TrustError that carries its name. */
import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { pinOf } from '../../config/pin.ts';
import { describe, shortName } from './certificate.ts';
import { buildChains } from './chain.ts';
import type { Chain } from './chain.ts';
import { TrustError } from './trust-error.ts';
import type { TrustCheck } from './trust-error.ts';

/** What a server must prove. */
export interface TrustPolicy {
  /** Host name or IP address, without brackets. */
  readonly host: string;
  readonly anchors: readonly X509Certificate[];
  /** `sha256/…`; one of them must be the key of an issuer. */
  readonly pins: readonly string[];
}

type Check = (chain: Chain, policy: TrustPolicy, now: Date) => void;

/** In this order; a further check, such as one for revocation, is a further line. */
const CHECKS: readonly Check[] = [checkDates, checkUsage, checkStrength, checkName, checkPin];

/** `id-kp-serverAuth` (RFC 5280 4.2.1.12). */
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

const LEAST_RSA_BITS = 2048;
const STRONG_CURVES = new Set(['prime256v1', 'secp384r1', 'secp521r1']);
const WEAK_DIGEST = /md2|md4|md5|sha-?1(?!\d)/i;

/**
 * Finds a chain that passes every check.
 *
 * @param presented what the server sent, its own certificate first
 * @throws TrustError of the check that the best chain failed
 */
export function checkTrust(presented: Chain, policy: TrustPolicy, now: Date): Chain {
  const chains = buildChains(presented, policy.anchors);
  let best: { readonly depth: number; readonly error: TrustError } | undefined;
  for (const chain of chains) {
    const failure = firstFailure(chain, policy, now);
    if (failure === undefined) return chain;
    if (best === undefined || failure.depth > best.depth) best = failure;
  }
  throw best?.error ?? untrustedIssuer(presented, policy);
}

function firstFailure(
  chain: Chain,
  policy: TrustPolicy,
  now: Date,
): { depth: number; error: TrustError } | undefined {
  for (const [depth, check] of CHECKS.entries()) {
    try {
      check(chain, policy, now);
    } catch (error) {
      if (error instanceof TrustError) return { depth, error };
      throw error;
    }
  }
  return undefined;
}

function untrustedIssuer(presented: Chain, { host }: TrustPolicy): TrustError {
  const [leaf] = presented;
  const last = presented.at(-1) ?? leaf;
  const isSelfSigned = leaf.subject === leaf.issuer;
  const what = isSelfSigned
    ? `The certificate of ${host} is self-signed (${shortName(leaf.subject)}) and not a trust anchor.`
    : `The certificate of ${host} leads to "${shortName(last.issuer)}", which is no trust anchor.`;
  return failure(
    'chain',
    `${what} This may be TLS interception. If it is the right authority, add its certificate to upstream.trustAnchors.`,
    presented,
  );
}

function checkDates(chain: Chain, { host }: TrustPolicy, now: Date): void {
  for (const certificate of chain) {
    const { validFromDate: from, validToDate: to, subject } = certificate;
    const whose = certificate === chain[0] ? `of ${host}` : `"${shortName(subject)}" above that of ${host}`;
    if (now < from) {
      const message = `The certificate ${whose} is not valid before ${from.toISOString()}; it is ${now.toISOString()} here.`;
      throw failure('dates', message, chain);
    }
    if (now > to) {
      const message = `The certificate ${whose} expired at ${to.toISOString()}; it is ${now.toISOString()} here.`;
      throw failure('dates', message, chain);
    }
  }
}

function checkUsage(chain: Chain, { host }: TrustPolicy): void {
  const [leaf, ...issuers] = chain;
  // What Node.js calls keyUsage is the extended key usage; that of issuers to sign is part of checkIssued.
  const usages: readonly string[] | undefined = leaf.keyUsage;
  if (usages === undefined || !usages.includes(SERVER_AUTH)) {
    const found = usages === undefined ? 'none' : usages.join(', ');
    const message = `The certificate of ${host} is not made for TLS servers: its extended key usage lacks serverAuth (found: ${found}).`;
    throw failure('usage', message, chain);
  }
  const notAuthority = issuers.find((issuer) => !issuer.ca);
  if (notAuthority !== undefined) {
    const message = `"${shortName(notAuthority.subject)}" signed a certificate in the chain of ${host} but is no certificate authority.`;
    throw failure('usage', message, chain);
  }
}

function checkStrength(chain: Chain, { host }: TrustPolicy): void {
  for (const [index, certificate] of chain.entries()) {
    const weakness =
      keyWeakness(certificate) ?? (index < chain.length - 1 ? digestWeakness(certificate) : undefined);
    if (weakness !== undefined) {
      const message = `"${shortName(certificate.subject)}" in the chain of ${host} is too weak: ${weakness}.`;
      throw failure('strength', message, chain);
    }
  }
}

function keyWeakness({ publicKey }: X509Certificate): string | undefined {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = publicKey;
  if (type === 'ed25519' || type === 'ed448') return undefined;
  if (type === 'rsa' || type === 'rsa-pss') {
    const bits = details?.modulusLength ?? 0;
    return bits >= LEAST_RSA_BITS ? undefined : `an RSA key of ${bits} bits, ${LEAST_RSA_BITS} are the least`;
  }
  const curve = details?.namedCurve ?? '';
  return type === 'ec' && STRONG_CURVES.has(curve)
    ? undefined
    : `a key of type ${type ?? 'unknown'} ${curve}`;
}

/** An anchor is trusted as it is, so nobody relies on its signature. */
function digestWeakness({ signatureAlgorithm }: X509Certificate): string | undefined {
  return signatureAlgorithm !== undefined && WEAK_DIGEST.test(signatureAlgorithm)
    ? `signed with ${signatureAlgorithm}`
    : undefined;
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
  throw failure('name', `The certificate is not one for ${host}: ${found}.`, chain);
}

function checkPin(chain: Chain, { host, pins }: TrustPolicy): void {
  const [leaf, ...issuers] = chain;
  const pinned = new Set(pins);
  if (issuers.some((issuer) => pinned.has(pinOf(issuer)))) return;
  if (pinned.has(pinOf(leaf))) {
    const message = `Only the certificate of ${host} itself is pinned. Pin an issuer of it, so that the server's certificate can be renewed: upstream.pins.`;
    throw failure('pin', message, chain);
  }
  const seen = issuers.map((issuer) => `"${shortName(issuer.subject)}" ${pinOf(issuer)}`).join(', ');
  throw failure(
    'pin',
    `The certificate of ${host} was issued by "${shortName(leaf.issuer)}", and no issuer of it is pinned. This may be TLS interception. Seen: ${seen === '' ? 'no issuer' : seen}.`,
    chain,
  );
}

const failure = (check: TrustCheck, message: string, chain: Chain): TrustError =>
  new TrustError(check, message, chain.map(describe));
