/** A pin: the public key that an issuer in the upstream server's chain must have. */
import { createHash } from 'node:crypto';
import type { X509Certificate } from 'node:crypto';
import { z } from 'zod';

/** `sha256/` and the base64 of the SHA-256 of a SubjectPublicKeyInfo, as in RFC 7469 2.4. */
export const Pin = z
  .string()
  .regex(/^sha256\/[A-Za-z0-9+/]{43}=$/)
  .describe('sha256/ and the base64 of 32 bytes');

/** The pin that a certificate's key answers to. */
export function pinOf(certificate: X509Certificate): string {
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return `sha256/${createHash('sha256').update(spki).digest('base64')}`;
}
