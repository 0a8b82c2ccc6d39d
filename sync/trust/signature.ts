/** Signatures that are believed: by their algorithm first, then by their bytes. */
import { verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { DerError, DerReader, TAG, constructed } from './der.ts';

/** An AlgorithmIdentifier. */
export interface SignatureAlgorithm {
  readonly oid: string;
  /** With tag and length, as two of them are compared. */
  readonly whole: Buffer;
}

interface Known {
  readonly name: string;
  /** As Node.js names it; null where the key's own algorithm says it. */
  readonly digest: string | null;
  readonly keyType: string;
}

const RSA_PSS = '1.2.840.113549.1.1.10';

/** RFC 4055, RFC 5758, RFC 8410. What is not here, such as MD5, SHA-1 and DSA, proves nothing. */
const STRONG: ReadonlyMap<string, Known> = new Map([
  ['1.2.840.113549.1.1.11', { name: 'RSA-SHA256', digest: 'sha256', keyType: 'rsa' }],
  ['1.2.840.113549.1.1.12', { name: 'RSA-SHA384', digest: 'sha384', keyType: 'rsa' }],
  ['1.2.840.113549.1.1.13', { name: 'RSA-SHA512', digest: 'sha512', keyType: 'rsa' }],
  ['1.2.840.10045.4.3.2', { name: 'ECDSA-SHA256', digest: 'sha256', keyType: 'ec' }],
  ['1.2.840.10045.4.3.3', { name: 'ECDSA-SHA384', digest: 'sha384', keyType: 'ec' }],
  ['1.2.840.10045.4.3.4', { name: 'ECDSA-SHA512', digest: 'sha512', keyType: 'ec' }],
  ['1.3.101.112', { name: 'Ed25519', digest: null, keyType: 'ed25519' }],
  ['1.3.101.113', { name: 'Ed448', digest: null, keyType: 'ed448' }],
]);

const STRONG_DIGESTS = new Set([
  '2.16.840.1.101.3.4.2.1',
  '2.16.840.1.101.3.4.2.2',
  '2.16.840.1.101.3.4.2.3',
]);

/** For the message: what is met in the field and refused. */
const WEAK_NAMES: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.1.2', 'RSA-MD2'],
  ['1.2.840.113549.1.1.4', 'RSA-MD5'],
  ['1.2.840.113549.1.1.5', 'RSA-SHA1'],
  ['1.2.840.10045.4.1', 'ECDSA-SHA1'],
  ['1.2.840.10040.4.3', 'DSA-SHA1'],
  [RSA_PSS, 'RSA-PSS with a digest other than SHA-256, SHA-384 or SHA-512'],
]);

/** @throws DerError */
export function readAlgorithm(reader: DerReader): SignatureAlgorithm {
  const { content, whole } = reader.expect(TAG.sequence);
  return { oid: new DerReader(content).oid(), whole };
}

/** Why no signature by this algorithm is believed; undefined where it is strong. */
export function algorithmWeakness(algorithm: SignatureAlgorithm): string | undefined {
  const { oid } = algorithm;
  if (STRONG.has(oid) || (oid === RSA_PSS && isStrongPss(algorithm))) return undefined;
  return `signed with ${WEAK_NAMES.get(oid) ?? `an algorithm that is not accepted (${oid})`}`;
}

/** RSASSA-PSS-params; left out, its digest is SHA-1 (RFC 4055 3.1). */
function isStrongPss({ whole }: SignatureAlgorithm): boolean {
  const algorithm = new DerReader(whole).inside(TAG.sequence);
  algorithm.oid();
  const digest = algorithm
    .insideIfNext(TAG.sequence)
    ?.insideIfNext(constructed(0))
    ?.inside(TAG.sequence)
    .oid();
  return digest !== undefined && STRONG_DIGESTS.has(digest);
}

/**
 * Whether the key signed the bytes. RSA-PSS is not read here: no authority signs revocation answers with it.
 *
 * @throws DerError where the algorithm is weak, unknown or not one of the key's
 */
export function isSignedBy(
  key: KeyObject,
  algorithm: SignatureAlgorithm,
  signed: Buffer,
  signature: Buffer,
): boolean {
  const known = STRONG.get(algorithm.oid);
  if (known === undefined)
    throw new DerError(algorithmWeakness(algorithm) ?? 'signed with RSA-PSS, which is not read here');
  if (known.keyType !== key.asymmetricKeyType)
    throw new DerError(`signed with ${known.name}, which is not of the issuer's key`);
  return verify(known.digest, signed, key, signature);
}
