/** Countersignatures that say when a signature was there already: by RFC 3161, and Authenticode's own of old. */
import { createHash } from 'node:crypto';
import type { X509Certificate } from 'node:crypto';
import { DerError, DerReader, TAG } from '../x509/der.ts';
import { readAlgorithm } from '../x509/signature.ts';
import { describe, findSigner, parseCertificates } from './certificates.ts';
import type { CertificateFacts } from './certificates.ts';
import { digestOf } from './digests.ts';
import type { DigestName } from './digests.ts';
import { AuthenticodeError } from './error.ts';
import { onlyValue, readSignedData, readSignerInfo } from './signed-data.ts';
import type { SignedContent } from './signer-proof.ts';
import { proofProblem } from './signer-proof.ts';
import type { SignerInfo } from './signed-data.ts';

export interface Timestamp {
  readonly kind: 'rfc3161' | 'authenticode';
  /** When the signature was there already; believed only where `problem` is undefined and the signer is. */
  readonly time: Date | undefined;
  readonly signer: CertificateFacts | undefined;
  /** Every digest that it rests on. */
  readonly digests: readonly DigestName[];
  /** DER, those of the signature that it is on included. */
  readonly certificates: readonly Buffer[];
  /** Why it proves nothing, by itself or for this signature. */
  readonly problem: string | undefined;
}

/** `SPC_RFC3161_OBJID`, and the countersignature of PKCS #9. */
const RFC3161 = '1.3.6.1.4.1.311.3.3.1';
const COUNTERSIGNATURE = '1.2.840.113549.1.9.6';

/** Those on a signature; each is recorded, damaged ones too. */
export function readTimestamps(signer: SignerInfo, certificates: readonly Buffer[]): Timestamp[] {
  const read = (
    oid: string,
    kind: Timestamp['kind'],
    reader: (value: Buffer, signature: Buffer, certificates: readonly Buffer[]) => Timestamp,
  ): Timestamp[] =>
    (signer.unsigned.get(oid) ?? []).map(({ whole }) =>
      readable(kind, () => reader(whole, signer.signature, certificates)),
    );
  return [...read(RFC3161, 'rfc3161', readToken), ...read(COUNTERSIGNATURE, 'authenticode', readLegacy)];
}

function readable(kind: Timestamp['kind'], read: () => Timestamp): Timestamp {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DerError || error instanceof AuthenticodeError)) throw error;
    const problem = `it cannot be read: ${error.message}`;
    return { kind, time: undefined, signer: undefined, digests: [], certificates: [], problem };
  }
}

const TST_INFO = '1.2.840.113549.1.9.16.1.4';

/** A TimeStampToken (RFC 3161 2.4.2). */
function readToken(value: Buffer, signature: Buffer, outer: readonly Buffer[]): Timestamp {
  const token = new DerReader(value);
  const data = readSignedData(token.inside(TAG.sequence));
  token.end();
  if (data.contentType !== TST_INFO) throw new DerError(`no time in it (${data.contentType})`);
  const { imprintDigest, imprint, time } = readTstInfo(data.content);
  const all = [...data.certificates, ...outer];
  const isOfSignature = imprint.equals(createHash(imprintDigest).update(signature).digest());
  return {
    kind: 'rfc3161',
    time,
    digests: [imprintDigest, data.signer.digest],
    certificates: all,
    ...countersigner(data.signer, all, data, isOfSignature),
  };
}

interface TstInfo {
  readonly imprintDigest: DigestName;
  readonly imprint: Buffer;
  readonly time: Date;
}

function readTstInfo(content: Buffer): TstInfo {
  const info = new DerReader(content).inside(TAG.sequence);
  const version = info.integer();
  if (version !== '01') throw new DerError(`a version that is not known (${version})`);
  info.oid();
  const messageImprint = info.inside(TAG.sequence);
  const imprintDigest = digestOf(readAlgorithm(messageImprint).oid);
  const imprint = messageImprint.octets();
  messageImprint.end();
  info.integer();
  return { imprintDigest, imprint, time: info.fractionalTime() };
}

const DATA = '1.2.840.113549.1.7.1';
const SIGNING_TIME = '1.2.840.113549.1.9.5';

/** A SignerInfo over the signature, with the time among its signed attributes (RFC 2985 5.3.6). */
function readLegacy(value: Buffer, signature: Buffer, certificates: readonly Buffer[]): Timestamp {
  const reader = new DerReader(value);
  const signer = readSignerInfo(reader.inside(TAG.sequence));
  reader.end();
  const time = onlyValue(signer.signed, SIGNING_TIME)?.time();
  if (time === undefined) throw new DerError('no time in it');
  // VeriSign's and Symantec's services signed so, and Windows takes it.
  const signed = { contentType: DATA, content: signature, allowsBareDigest: true };
  return {
    kind: 'authenticode',
    time,
    digests: [signer.digest],
    certificates,
    ...countersigner(signer, certificates, signed, true),
  };
}

function countersigner(
  signer: SignerInfo,
  certificates: readonly Buffer[],
  signed: SignedContent,
  isOfSignature: boolean,
): Pick<Timestamp, 'signer' | 'problem'> {
  const certificate = findSigner(parseCertificates(certificates), signer.identifier);
  if (certificate === undefined)
    return { signer: undefined, problem: 'the certificate of its signer is not there' };
  const problem = isOfSignature
    ? (proofProblem(signer, certificate, signed) ?? namedCertificateProblem(signer, certificate))
    : 'it is on another signature';
  return { signer: describe(certificate), problem };
}

const SIGNING_CERTIFICATE = '1.2.840.113549.1.9.16.2.12';
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';

/** A signer that names its certificate by digest means that one (RFC 2634 5.4, RFC 5035 4). */
function namedCertificateProblem({ signed }: SignerInfo, { raw }: X509Certificate): string | undefined {
  const first = onlyValue(signed, SIGNING_CERTIFICATE);
  const second = onlyValue(signed, SIGNING_CERTIFICATE_V2);
  const isMeant =
    (first === undefined || namesCertificate(first, 'sha1', raw)) &&
    (second === undefined || namesCertificate(second, 'sha256', raw));
  return isMeant ? undefined : 'its signer names another certificate';
}

/** @param byDefault the digest where the ESSCertID does not say which */
function namesCertificate(attribute: DerReader, byDefault: DigestName, raw: Buffer): boolean {
  const named = attribute.inside(TAG.sequence).inside(TAG.sequence).inside(TAG.sequence);
  const digest = named.isNext(TAG.sequence) ? digestOf(readAlgorithm(named).oid) : byDefault;
  return named.octets().equals(createHash(digest).update(raw).digest());
}
