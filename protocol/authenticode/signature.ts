/** Reads an Authenticode signature: what digest of a file it is for, who signed it, and when (PKCS #7, [PE-COFF] appendix). */
import { DerError, DerReader, TAG } from '../x509/der.ts';
import { readAlgorithm } from '../x509/signature.ts';
import { describe, findSigner, parseCertificates } from './certificates.ts';
import type { CertificateFacts } from './certificates.ts';
import { DIGEST_LENGTH, digestOf } from './digests.ts';
import type { DigestName } from './digests.ts';
import { AuthenticodeError } from './error.ts';
import { readSignedData } from './signed-data.ts';
import { proofProblem } from './signer-proof.ts';
import { readTimestamps } from './timestamps.ts';
import type { Timestamp } from './timestamps.ts';

export interface Signature {
  /** Of the file's digest. */
  readonly digestAlgorithm: DigestName;
  /** The file's digest as it was signed. */
  readonly signedDigest: Buffer;
  /** The digest that the signer's own signature is made of. */
  readonly signerDigest: DigestName;
  /** Undefined where the certificate is not among those that came with it. */
  readonly signer: CertificateFacts | undefined;
  /** DER, in their order; those of the signer's chain and others. */
  readonly certificates: readonly Buffer[];
  readonly timestamps: readonly Timestamp[];
  /** Why it is not by the signer, whatever the file is; undefined where it is. */
  readonly problem: string | undefined;
}

/** `SPC_INDIRECT_DATA_OBJID` and `SPC_NESTED_SIGNATURE_OBJID`. */
const INDIRECT_DATA = '1.3.6.1.4.1.311.2.1.4';
const NESTED_SIGNATURE = '1.3.6.1.4.1.311.2.4.1';

/** What aligns a signature in a file is shorter. */
const ALIGNMENT = 8;

/**
 * @param bytes DER of a ContentInfo, with less than eight zeros behind it
 * @returns the signature, then those nested in it
 * @throws AuthenticodeError SIGNATURE_DAMAGED, SIGNATURE_MISPLACED or DIGEST_UNKNOWN
 */
export function readSignatures(bytes: Buffer): readonly [Signature, ...Signature[]] {
  try {
    const reader = new DerReader(bytes);
    const { content, whole } = reader.expect(TAG.sequence);
    const behind = bytes.subarray(whole.length);
    if (behind.length >= ALIGNMENT || behind.some((byte) => byte !== 0))
      throw new AuthenticodeError(
        'SIGNATURE_MISPLACED',
        `${behind.length} bytes follow the signature that nobody signed.`,
      );
    const { signature, nested } = readOne(content);
    // Windows looks one level deep.
    return [signature, ...nested.map((value) => readOne(value).signature)];
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    throw new AuthenticodeError('SIGNATURE_DAMAGED', `the signature cannot be read: ${error.message}.`, {
      cause: error,
    });
  }
}

interface OneSignature {
  readonly signature: Signature;
  /** Inside the `SEQUENCE` of each ContentInfo. */
  readonly nested: readonly Buffer[];
}

function readOne(contentInfo: Buffer): OneSignature {
  const data = readSignedData(new DerReader(contentInfo));
  const { certificates, content, contentType, signer } = data;
  if (contentType !== INDIRECT_DATA)
    throw new DerError(`it is a signature on something else than a file (${contentType})`);
  const certificate = findSigner(parseCertificates(certificates), signer.identifier);
  const nested = signer.unsigned.get(NESTED_SIGNATURE) ?? [];
  const signature: Signature = {
    ...readFileDigest(content),
    signerDigest: signer.digest,
    signer: certificate && describe(certificate),
    certificates,
    timestamps: readTimestamps(signer, certificates),
    problem:
      certificate === undefined
        ? "the signer's certificate is not there"
        : proofProblem(signer, certificate, data),
  };
  return {
    signature,
    nested: nested.map(({ whole }) => new DerReader(whole).expect(TAG.sequence).content),
  };
}

/** Inside a SpcIndirectDataContent: what kind of file it is, which its container says as well, and its digest. */
function readFileDigest(content: Buffer): Pick<Signature, 'digestAlgorithm' | 'signedDigest'> {
  const reader = new DerReader(content);
  reader.expect(TAG.sequence);
  const digestInfo = reader.inside(TAG.sequence);
  reader.end();
  const digestAlgorithm = digestOf(readAlgorithm(digestInfo).oid);
  const signedDigest = digestInfo.octets();
  digestInfo.end();
  if (signedDigest.length !== DIGEST_LENGTH[digestAlgorithm])
    throw new DerError('a digest of another length than its algorithm makes');
  return { digestAlgorithm, signedDigest };
}
