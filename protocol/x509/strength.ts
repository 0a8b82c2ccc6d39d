/** Which keys and signatures are too weak to prove anything. */
import type { KeyObject, X509Certificate } from 'node:crypto';
import { readFields } from './certificate-fields.ts';
import { DerError } from './der.ts';
import { algorithmWeakness } from './signature.ts';

const LEAST_RSA_BITS = 2048;
const STRONG_CURVES = new Set(['prime256v1', 'secp384r1', 'secp521r1']);

/** Why the certificate's key is too weak; undefined where it is not. */
export function keyWeakness(certificate: X509Certificate): string | undefined {
  const key = readKey(certificate);
  if (key === undefined) return 'a key of a kind that is not known';
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
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

function readKey(certificate: X509Certificate): KeyObject | undefined {
  try {
    return certificate.publicKey;
  } catch {
    // An algorithm that the library does not know proves nothing.
    return undefined;
  }
}

/** Why the signature on the certificate is too weak; undefined where it is not. */
export function signatureWeakness(certificate: X509Certificate): string | undefined {
  try {
    return algorithmWeakness(readFields(certificate).algorithm);
  } catch (error) {
    if (error instanceof DerError) return `it cannot be read (${error.message})`;
    throw error;
  }
}
