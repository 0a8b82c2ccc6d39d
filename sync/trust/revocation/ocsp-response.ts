/** Answers of OCSP responders (RFC 6960 4.2): signed by the certificate's issuer, or by whom it made a responder. */
import { X509Certificate, createHash } from 'node:crypto';
import { KEY_USAGE_BIT, allowsUsage, readFields } from '../../../protocol/x509/certificate-fields.ts';
import { isIssuedBy } from '../../../protocol/x509/chain.ts';
import { DerReader, TAG, constructed, primitive } from '../../../protocol/x509/der.ts';
import { readExtensions, unknownCritical } from '../../../protocol/x509/extensions.ts';
import type { Extensions } from '../../../protocol/x509/extensions.ts';
import { isSignedBy, readAlgorithm } from '../../../protocol/x509/signature.ts';
import type { SignatureAlgorithm } from '../../../protocol/x509/signature.ts';
import { keyWeakness, signatureWeakness } from '../../../protocol/x509/strength.ts';
import type { Subject } from './crl.ts';
import { CERT_ID_DIGESTS, NONCE } from './ocsp-request.ts';
import { RevocationError, checkCurrent } from './statement.ts';
import type { Statement } from './statement.ts';

const BASIC_RESPONSE = '1.3.6.1.5.5.7.48.1.1';
const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';

/** Answers about other certificates beside the wanted one, and certificates sent along. */
const MOST_ANSWERS = 64;
const MOST_CERTIFICATES = 4;

/** Milliseconds that an answer is good for which does not say when the next one comes. */
const WITHOUT_NEXT_UPDATE = 24 * 3_600_000;

/** RFC 6960 4.2.1. */
const RESPONSE_STATUS: ReadonlyMap<number, string> = new Map([
  [1, 'malformedRequest'],
  [2, 'internalError'],
  [3, 'tryLater'],
  [5, 'sigRequired'],
  [6, 'unauthorized'],
]);

interface ResponderId {
  /** DER of the name, with tag and length. */
  readonly name?: Buffer;
  /** SHA-1 of the key. */
  readonly keyHash?: Buffer;
}

interface BasicResponse {
  readonly signed: Buffer;
  readonly algorithm: SignatureAlgorithm;
  readonly signature: Buffer;
  readonly certificates: readonly X509Certificate[];
  readonly responder: ResponderId;
  readonly answers: DerReader;
  readonly extensions: Extensions;
}

/**
 * What an answer says of the certificate.
 *
 * @param nonce what was sent; an answer need not repeat it, but may not have another one. Undefined for a stapled answer.
 * @throws RevocationError where the answer is not believed, DerError where it is none
 */
export function readOcspResponse(
  bytes: Buffer,
  subject: Subject,
  nonce: Buffer | undefined,
  now: Date,
): Statement {
  const response = parse(bytes);
  checkSigner(response, subject.issuer, now);
  if (nonce !== undefined) checkNonce(response.extensions, nonce);
  const unknown = unknownCritical(response.extensions, new Set([NONCE]));
  if (unknown !== undefined)
    throw new RevocationError(`the OCSP answer has a critical extension that is not known (${unknown})`);
  return findAnswer(response.answers, subject, now);
}

function parse(bytes: Buffer): BasicResponse {
  const outer = new DerReader(bytes);
  const whole = outer.inside(TAG.sequence);
  outer.end();
  const status = whole.enumerated();
  if (status !== 0)
    throw new RevocationError(`the OCSP responder answered ${RESPONSE_STATUS.get(status) ?? status}`);
  const wrapped = whole.inside(constructed(0)).inside(TAG.sequence);
  const type = wrapped.oid();
  if (type !== BASIC_RESPONSE)
    throw new RevocationError(`the OCSP answer is of a type that is not known (${type})`);
  const basic = new DerReader(wrapped.octets()).inside(TAG.sequence);
  const { whole: signed, content } = basic.expect(TAG.sequence);
  const algorithm = readAlgorithm(basic);
  const signature = basic.bits();
  const certificates = readCertificates(basic.insideIfNext(constructed(0))?.inside(TAG.sequence));
  basic.end();

  const data = new DerReader(content);
  data.insideIfNext(constructed(0));
  const responder = readResponderId(data);
  data.time();
  const answers = data.inside(TAG.sequence);
  const extensions = readExtensions(data.insideIfNext(constructed(1))?.inside(TAG.sequence));
  data.end();
  return { signed, algorithm, signature, certificates, responder, answers, extensions };
}

function readCertificates(list: DerReader | undefined): X509Certificate[] {
  const certificates: X509Certificate[] = [];
  for (const { tag, whole } of list?.elements() ?? []) {
    if (certificates.length >= MOST_CERTIFICATES)
      throw new RevocationError('the OCSP answer has too many certificates');
    if (tag !== TAG.sequence)
      throw new RevocationError('the OCSP answer has something else than certificates');
    try {
      certificates.push(new X509Certificate(whole));
    } catch (error) {
      throw new RevocationError('the OCSP answer has a certificate that cannot be read', { cause: error });
    }
  }
  return certificates;
}

function readResponderId(data: DerReader): ResponderId {
  const byName = data.insideIfNext(constructed(1));
  if (byName !== undefined) return { name: byName.expect(TAG.sequence).whole };
  return { keyHash: data.inside(constructed(2)).octets() };
}

/** RFC 6960 4.2.2.2: the issuer itself, or one whom the issuer certified for it, directly. */
function checkSigner(response: BasicResponse, issuer: X509Certificate, now: Date): void {
  const { algorithm, signature, signed, responder } = response;
  const signer = isNamed(responder, issuer)
    ? issuer
    : response.certificates.find((candidate) => isNamed(responder, candidate));
  if (signer === undefined)
    throw new RevocationError('the OCSP answer is by neither the issuer nor anyone whose certificate it has');
  if (signer !== issuer) checkDelegated(signer, issuer, now);
  if (!isSignedBy(signer.publicKey, algorithm, signed, signature))
    throw new RevocationError('the signature of the OCSP answer is wrong');
}

function isNamed({ name, keyHash }: ResponderId, certificate: X509Certificate): boolean {
  const { subject, keyBits } = readFields(certificate);
  if (name !== undefined) return name.equals(subject);
  return keyHash !== undefined && keyHash.equals(createHash('sha1').update(keyBits).digest());
}

const refuse = (why: string): RevocationError =>
  new RevocationError(`the OCSP answer is by a responder that ${why}`);

function checkDelegated(signer: X509Certificate, issuer: X509Certificate, now: Date): void {
  if (!isIssuedBy(signer, issuer)) throw refuse('the issuer did not certify');
  if (signer.ca) throw refuse('is an authority of its own');
  const usages: readonly string[] | undefined = signer.keyUsage;
  if (!(usages?.includes(OCSP_SIGNING) ?? false)) throw refuse('was not made one (OCSPSigning)');
  if (!allowsUsage(readFields(signer), KEY_USAGE_BIT.digitalSignature)) throw refuse('may not sign');
  if (now < signer.validFromDate || now > signer.validToDate)
    throw refuse('has a certificate outside its dates');
  const weakness = keyWeakness(signer) ?? signatureWeakness(signer);
  if (weakness !== undefined) throw refuse(`is too weak: ${weakness}`);
}

function checkNonce(extensions: Extensions, nonce: Buffer): void {
  const answered = extensions.get(NONCE);
  if (answered === undefined) return;
  const reader = new DerReader(answered.value);
  // Responders of old repeat the bytes bare.
  const value = reader.isNext(TAG.octetString) ? reader.octets() : answered.value;
  if (!value.equals(nonce)) throw new RevocationError('the OCSP answer is one to another question');
}

function findAnswer(answers: DerReader, subject: Subject, now: Date): Statement {
  for (let count = 0; !answers.isAtEnd; count++) {
    if (count >= MOST_ANSWERS) throw new RevocationError('the OCSP answer is about too many certificates');
    const answer = answers.inside(TAG.sequence);
    if (!isAbout(answer.inside(TAG.sequence), subject)) continue;
    return readAnswer(answer, now);
  }
  throw new RevocationError('the OCSP answer is about another certificate');
}

function isAbout(certId: DerReader, { certificate, issuer }: Subject): boolean {
  const digest = CERT_ID_DIGESTS.get(certId.inside(TAG.sequence).oid());
  const nameHash = certId.octets();
  const keyHash = certId.octets();
  const serial = certId.integer();
  certId.end();
  if (digest === undefined) return false;
  const { subject, keyBits } = readFields(issuer);
  const hash = (bytes: Buffer): Buffer => createHash(digest).update(bytes).digest();
  return (
    serial === readFields(certificate).serial &&
    nameHash.equals(hash(subject)) &&
    keyHash.equals(hash(keyBits))
  );
}

/** What follows the CertID of a SingleResponse. */
function readAnswer(answer: DerReader, now: Date): Statement {
  const status = answer.element();
  const thisUpdate = answer.time();
  const nextUpdate = answer.insideIfNext(constructed(0))?.time();
  const extensions = readExtensions(answer.insideIfNext(constructed(1))?.inside(TAG.sequence));
  answer.end();
  const unknown = unknownCritical(extensions, new Set());
  if (unknown !== undefined)
    throw new RevocationError(`the OCSP answer has a critical extension that is not known (${unknown})`);
  const validUntil = nextUpdate ?? new Date(thisUpdate.getTime() + WITHOUT_NEXT_UPDATE);
  checkCurrent('the OCSP answer', thisUpdate, validUntil, now);
  if (status.tag === primitive(0)) return { status: 'good', source: 'OCSP', validUntil };
  if (status.tag === constructed(1)) {
    return {
      status: 'revoked',
      revokedAt: new DerReader(status.content).time(),
      source: 'OCSP',
      validUntil,
    };
  }
  throw new RevocationError('the OCSP responder does not know the certificate');
}
