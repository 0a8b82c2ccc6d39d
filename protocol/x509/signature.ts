/** Signatures that are believed: by their algorithm first, then by their bytes. */
import { constants, verify } from 'node:crypto';
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

export const RSA_PSS = '1.2.840.113549.1.1.10';

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

/** As Node.js names them. */
const STRONG_DIGESTS: ReadonlyMap<string, string> = new Map([
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
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

const MGF1 = '1.2.840.113549.1.1.8';

export interface PssParameters {
  /** Object identifiers; undefined where they are left out, which stands for SHA-1. */
  readonly digest: string | undefined;
  readonly maskDigest: string | undefined;
  /** Bytes. */
  readonly saltLength: number;
}

/**
 * RSASSA-PSS-params (RFC 4055 3.1).
 *
 * @throws DerError
 */
export function readPss({ whole }: SignatureAlgorithm): PssParameters {
  const algorithm = new DerReader(whole).inside(TAG.sequence);
  algorithm.oid();
  const parameters = algorithm.insideIfNext(TAG.sequence);
  const digest = parameters?.insideIfNext(constructed(0))?.inside(TAG.sequence).oid();
  const mask = parameters?.insideIfNext(constructed(1))?.inside(TAG.sequence);
  if (mask !== undefined && mask.oid() !== MGF1)
    throw new DerError('signed with RSA-PSS by another mask generation than MGF1');
  const maskDigest = mask?.inside(TAG.sequence).oid();
  const salt = parameters?.insideIfNext(constructed(2))?.integer();
  // Twenty where it is left out.
  return { digest, maskDigest, saltLength: salt === undefined ? 20 : Number.parseInt(salt, 16) };
}

function isStrongPss(algorithm: SignatureAlgorithm): boolean {
  const { digest } = readPss(algorithm);
  return digest !== undefined && STRONG_DIGESTS.has(digest);
}

/**
 * Whether the key signed the bytes.
 *
 * @throws DerError where the algorithm is weak, unknown or not one of the key's
 */
export function isSignedBy(
  key: KeyObject,
  algorithm: SignatureAlgorithm,
  signed: Buffer,
  signature: Buffer,
): boolean {
  if (algorithm.oid === RSA_PSS) return isSignedByPss(key, algorithm, signed, signature);
  const known = STRONG.get(algorithm.oid);
  if (known === undefined)
    throw new DerError(algorithmWeakness(algorithm) ?? 'signed with an unknown algorithm');
  if (known.keyType !== key.asymmetricKeyType)
    throw new DerError(`signed with ${known.name}, which is not of the issuer's key`);
  return verify(known.digest, signed, key, signature);
}

/** Longer than any digest, a salt is a mistake or a trick. */
const LONGEST_SALT = 64;

function isSignedByPss(
  key: KeyObject,
  algorithm: SignatureAlgorithm,
  signed: Buffer,
  signature: Buffer,
): boolean {
  const parameters = readPss(algorithm);
  const name = STRONG_DIGESTS.get(parameters.digest ?? '');
  if (name === undefined) throw new DerError(algorithmWeakness(algorithm) ?? 'signed with a weak RSA-PSS');
  return verifyPss(key, parameters, name, signed, signature);
}

/**
 * @param name the digest of `parameters`, as Node.js names it
 * @throws DerError where the parameters are none that can be checked or not of the key
 */
export function verifyPss(
  key: KeyObject,
  { digest, maskDigest, saltLength }: PssParameters,
  name: string,
  signed: Buffer,
  signature: Buffer,
): boolean {
  // RFC 4055 3.1 recommends the same one; OpenSSL is asked with one only.
  if (maskDigest !== digest)
    throw new DerError('signed with RSA-PSS whose mask is made with another digest than the signature');
  if (saltLength > LONGEST_SALT) throw new DerError('signed with RSA-PSS with a salt out of bounds');
  if (key.asymmetricKeyType !== 'rsa' && key.asymmetricKeyType !== 'rsa-pss')
    throw new DerError("signed with RSA-PSS, which is not of the signer's key");
  return verify(name, signed, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }, signature);
}

/** `id-sha1`, and the algorithms that sign with it. */
const SHA1 = '1.3.14.3.2.26';
const SIGNED_BY_SHA1 = new Set(['1.2.840.113549.1.1.5', '1.2.840.10045.4.1']);

/**
 * Whether nothing but SHA-1 makes the algorithm weak.
 *
 * @throws DerError
 */
export function isSha1(algorithm: SignatureAlgorithm): boolean {
  if (algorithm.oid !== RSA_PSS) return SIGNED_BY_SHA1.has(algorithm.oid);
  const { digest } = readPss(algorithm);
  return digest === undefined || digest === SHA1;
}
