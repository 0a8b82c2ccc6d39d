/** The chain that a server showed in a handshake. */
import type { X509Certificate } from 'node:crypto';
import { LONGEST_CHAIN } from '../../protocol/x509/chain.ts';
import type { Chain } from '../../protocol/x509/chain.ts';

/** What the server sent, its own certificate first. */
export function presentedChain(certificate: X509Certificate): Chain {
  const issuers: X509Certificate[] = [];
  let next = certificate.issuerCertificate;
  while (next !== undefined && issuers.length < LONGEST_CHAIN) {
    if (issuers.some(({ fingerprint256 }) => fingerprint256 === next?.fingerprint256)) break;
    issuers.push(next);
    next = next.issuerCertificate;
  }
  return [certificate, ...issuers];
}
