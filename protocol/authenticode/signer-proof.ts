/** Whether a signer signed what it is said to have signed: attributes, digest and signature together (RFC 2315 9.4). */
import { constants, createHash, publicDecrypt, verify } from 'node:crypto';
import type { KeyObject, X509Certificate } from 'node:crypto';
import { DerError } from '../x509/der.ts';
import { RSA_PSS, readPss, verifyPss } from '../x509/signature.ts';
import { digestOf } from './digests.ts';
import type { DigestName } from './digests.ts';
import { AuthenticodeError } from './error.ts';
import { onlyValue } from './signed-data.ts';
import type { SignerInfo } from './signed-data.ts';

const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';

interface Known {
  readonly keyType: 'rsa' | 'ec';
  /** Left out: the signer's. */
  readonly digest?: DigestName;
}

/** RFC 3370 3.2, RFC 5754 3.2 and 3.3; some signers name their key's algorithm instead of the signature's. */
const KNOWN: ReadonlyMap<string, Known> = new Map<string, Known>([
  ['1.2.840.113549.1.1.1', { keyType: 'rsa' }],
  ['1.2.840.113549.1.1.4', { keyType: 'rsa', digest: 'md5' }],
  ['1.2.840.113549.1.1.5', { keyType: 'rsa', digest: 'sha1' }],
  ['1.2.840.113549.1.1.11', { keyType: 'rsa', digest: 'sha256' }],
  ['1.2.840.113549.1.1.12', { keyType: 'rsa', digest: 'sha384' }],
  ['1.2.840.113549.1.1.13', { keyType: 'rsa', digest: 'sha512' }],
  ['1.2.840.10045.2.1', { keyType: 'ec' }],
  ['1.2.840.10045.4.1', { keyType: 'ec', digest: 'sha1' }],
  ['1.2.840.10045.4.3.2', { keyType: 'ec', digest: 'sha256' }],
  ['1.2.840.10045.4.3.3', { keyType: 'ec', digest: 'sha384' }],
  ['1.2.840.10045.4.3.4', { keyType: 'ec', digest: 'sha512' }],
]);

export interface SignedContent {
  /** Dotted object identifier. */
  readonly contentType: string;
  /** What the digest is of. */
  readonly content: Buffer;
  /** Whether an RSA signature may be of the digest alone, without the name of its algorithm before it. */
  readonly allowsBareDigest?: boolean;
}

/** Why the signer's certificate does not prove that this was signed; undefined where it does. */
export function proofProblem(
  signer: SignerInfo,
  certificate: X509Certificate,
  signed: SignedContent,
): string | undefined {
  try {
    return problemOf(signer, certificate.publicKey, signed);
  } catch (error) {
    if (error instanceof DerError || error instanceof AuthenticodeError) return error.message;
    // A key or a signature that OpenSSL cannot work with proves nothing.
    return `the signature cannot be checked (${error instanceof Error ? error.message : String(error)})`;
  }
}

function problemOf(signer: SignerInfo, key: KeyObject, signed: SignedContent): string | undefined {
  const { signedBytes } = signer;
  if (signedBytes === undefined) return 'the signature has no signed attributes';
  if (onlyValue(signer.signed, CONTENT_TYPE)?.oid() !== signed.contentType)
    return 'the signed attributes are of content of another type';
  const digest = createHash(signer.digest).update(signed.content).digest();
  if (onlyValue(signer.signed, MESSAGE_DIGEST)?.octets().equals(digest) !== true)
    return 'the digest among the signed attributes is another one than that of the content';
  const isBare = signed.allowsBareDigest === true && isBareDigestSigned(signer, key, signedBytes);
  return isBare || isSigned(signer, key, signedBytes) ? undefined : 'the signature is wrong';
}

const RSA_ENCRYPTION = '1.2.840.113549.1.1.1';

/** Padded by PKCS #1 v1.5 as ever, but the digest in it is no DigestInfo. */
function isBareDigestSigned(
  { algorithm, digest, signature }: SignerInfo,
  key: KeyObject,
  bytes: Buffer,
): boolean {
  if (algorithm.oid !== RSA_ENCRYPTION || key.asymmetricKeyType !== 'rsa') return false;
  try {
    const signed = publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature);
    return signed.equals(createHash(digest).update(bytes).digest());
  } catch {
    // Not padded so.
    return false;
  }
}

function isSigned({ algorithm, digest, signature }: SignerInfo, key: KeyObject, bytes: Buffer): boolean {
  if (algorithm.oid === RSA_PSS) {
    const parameters = readPss(algorithm);
    // SHA-1 where it is left out (RFC 4055 3.1).
    const name = parameters.digest === undefined ? 'sha1' : digestOf(parameters.digest);
    if (name !== digest) throw new DerError('signed with RSA-PSS by another digest than the signer names');
    return verifyPss(key, parameters, name, bytes, signature);
  }
  const known = KNOWN.get(algorithm.oid);
  if (known === undefined)
    throw new DerError(`signed with an algorithm that is not known (${algorithm.oid})`);
  if (known.keyType !== key.asymmetricKeyType)
    throw new DerError("signed with an algorithm that is not of the signer's key");
  if (known.digest !== undefined && known.digest !== digest)
    throw new DerError('signed by another digest than the signer names');
  return verify(digest, bytes, key, signature);
}
