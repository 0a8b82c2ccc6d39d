/** Building the chains from a certificate to the trust anchors, every signature checked (RFC 5280 6). */
import type { X509Certificate } from 'node:crypto';

/** Certificates in a chain; public authorities use three or four. */
export const LONGEST_CHAIN = 10;

/** Certificates that came along and are looked at; a signature carries those of its timestamps too. */
const MOST_PRESENTED = 32;

/** Chains to look at; more than one comes from cross-signed authorities. */
const MOST_CHAINS = 16;

/**
 * Certificates to go on from, those that lead nowhere included: authorities that all signed each other make as many ways
 * as their orders.
 */
const MOST_STEPS = 500;

/** From the certificate that is to be proven to a trust anchor. */
export type Chain = readonly [X509Certificate, ...X509Certificate[]];

/**
 * Every chain from the first certificate to an anchor in which each certificate was signed by the next one.
 *
 * It is built here rather than taken from the TLS library, because Node.js tells which certificates the server sent,
 * not which of them were found to have signed one another: a pinned certificate that was merely sent along must not
 * count.
 *
 * @param presented the certificate that is to be proven first, then what came with it
 */
export function buildChains(presented: Chain, anchors: readonly X509Certificate[]): Chain[] {
  const anchorIds = new Set(anchors.map((anchor) => anchor.fingerprint256));
  const candidates = [...anchors, ...presented.slice(1, MOST_PRESENTED)];
  const issuersOf = issuersAmong(candidates);
  const chains: Chain[] = [];
  let steps = 0;
  const extend = (chain: Chain, last: X509Certificate): void => {
    steps += 1;
    if (chains.length >= MOST_CHAINS || steps > MOST_STEPS) return;
    if (anchorIds.has(last.fingerprint256)) {
      chains.push(chain);
      return;
    }
    if (chain.length >= LONGEST_CHAIN) return;
    for (const issuer of issuersOf(last)) {
      const isInChain = chain.some(({ fingerprint256 }) => fingerprint256 === issuer.fingerprint256);
      if (!isInChain) extend([...chain, issuer], issuer);
    }
  };
  extend([presented[0]], presented[0]);
  return chains;
}

/** Who of them signed a certificate; each signature is checked once, however many ways lead over it. */
function issuersAmong(
  candidates: readonly X509Certificate[],
): (certificate: X509Certificate) => readonly X509Certificate[] {
  const known = new Map<X509Certificate, readonly X509Certificate[]>();
  return (certificate) => {
    const found =
      known.get(certificate) ?? candidates.filter((candidate) => isIssuedBy(certificate, candidate));
    known.set(certificate, found);
    return found;
  };
}

/** Names and key identifiers match, the issuer's key usage allows signing certificates, and the signature is right. */
export function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && isSignedBy(certificate, issuer);
}

/** Whether the signature is right, may the signer sign or not. */
export function isSignedBy(certificate: X509Certificate, signer: X509Certificate): boolean {
  try {
    return certificate.verify(signer.publicKey);
  } catch {
    // An algorithm that the library does not know proves nothing.
    return false;
  }
}
