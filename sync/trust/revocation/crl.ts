/** Certificate revocation lists (RFC 5280 5): the issuer's own and whole ones, of which one certificate is looked up. */
import type { X509Certificate } from 'node:crypto';
import { KEY_USAGE_BIT, allowsUsage, readFields } from '../../../protocol/x509/certificate-fields.ts';
import type { CertificateFields } from '../../../protocol/x509/certificate-fields.ts';
import { DerReader, TAG, booleanOf, constructed, primitive } from '../../../protocol/x509/der.ts';
import { readExtensions, unknownCritical } from '../../../protocol/x509/extensions.ts';
import type { Extensions } from '../../../protocol/x509/extensions.ts';
import { isSignedBy, readAlgorithm } from '../../../protocol/x509/signature.ts';
import type { SignatureAlgorithm } from '../../../protocol/x509/signature.ts';
import { uriNames } from './sources.ts';
import { RevocationError, checkCurrent } from './statement.ts';
import type { Statement } from './statement.ts';

/** Whose revocation is looked up. */
export interface Subject {
  readonly certificate: X509Certificate;
  /** Whose signature on the certificate was checked. */
  readonly issuer: X509Certificate;
}

const ISSUING_DISTRIBUTION_POINT = '2.5.29.28';
const REASON_CODE = '2.5.29.21';
const KNOWN_OF_LIST = new Set([ISSUING_DISTRIBUTION_POINT]);
const KNOWN_OF_ENTRY = new Set([REASON_CODE]);

interface RevocationList {
  readonly signed: Buffer;
  readonly algorithm: SignatureAlgorithm;
  readonly signature: Buffer;
  readonly issuer: Buffer;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  /** Not read yet. */
  readonly entries: DerReader | undefined;
  readonly extensions: Extensions;
}

/**
 * What a list says of a certificate.
 *
 * @param bytes as fetched
 * @param urls where the certificate says that its list is
 * @throws RevocationError where the list is not believed, DerError where it is none
 */
export function readRevocationList(
  bytes: Buffer,
  { certificate, issuer }: Subject,
  urls: readonly URL[],
  now: Date,
): Statement {
  const list = parse(bytes);
  const fields = readFields(certificate);
  checkIssuer(list, fields, issuer);
  checkScope(list, certificate, urls);
  const { thisUpdate, nextUpdate } = list;
  if (nextUpdate === undefined) throw new RevocationError('the CRL does not say when the next one comes');
  checkCurrent('the CRL', thisUpdate, nextUpdate, now);
  const revokedAt = findEntry(list.entries, fields.serial);
  return revokedAt === undefined
    ? { status: 'good', source: 'CRL', validUntil: nextUpdate }
    : { status: 'revoked', revokedAt, source: 'CRL', validUntil: nextUpdate };
}

function parse(bytes: Buffer): RevocationList {
  const outer = new DerReader(bytes);
  const whole = outer.inside(TAG.sequence);
  outer.end();
  const { whole: signed, content } = whole.expect(TAG.sequence);
  const algorithm = readAlgorithm(whole);
  const signature = whole.bits();
  whole.end();

  const body = new DerReader(content);
  if (body.isNext(TAG.integer) && body.integer() !== '01')
    throw new RevocationError('the CRL is of a version that is not known');
  if (!readAlgorithm(body).whole.equals(algorithm.whole))
    throw new RevocationError('the CRL names two algorithms of its signature');
  const issuer = body.expect(TAG.sequence).whole;
  const thisUpdate = body.time();
  const nextUpdate = body.isTimeNext ? body.time() : undefined;
  const entries = body.insideIfNext(TAG.sequence);
  const extensions = readExtensions(body.insideIfNext(constructed(0))?.inside(TAG.sequence));
  body.end();
  return { signed, algorithm, signature, issuer, thisUpdate, nextUpdate, entries, extensions };
}

function checkIssuer(list: RevocationList, fields: CertificateFields, issuer: X509Certificate): void {
  const issuerFields = readFields(issuer);
  if (!list.issuer.equals(fields.issuer) && !list.issuer.equals(issuerFields.subject))
    throw new RevocationError('the CRL is of another issuer than the certificate');
  if (!allowsUsage(issuerFields, KEY_USAGE_BIT.crlSign))
    throw new RevocationError('the issuer of the CRL may not sign any');
  if (!isSignedBy(issuer.publicKey, list.algorithm, list.signed, list.signature))
    throw new RevocationError('the signature of the CRL is wrong');
}

/** The list must be one of all revocations, by the certificate's own issuer, of certificates of its kind (RFC 5280 5.2.5). */
function checkScope(
  { extensions }: RevocationList,
  certificate: X509Certificate,
  urls: readonly URL[],
): void {
  const unknown = unknownCritical(extensions, KNOWN_OF_LIST);
  if (unknown !== undefined)
    throw new RevocationError(
      `the CRL has a critical extension that is not known (${unknown}); delta CRLs are not read`,
    );
  const scope = extensions.get(ISSUING_DISTRIBUTION_POINT);
  if (scope === undefined) return;
  const point = new DerReader(scope.value).inside(TAG.sequence);
  const names = uriNames(point.insideIfNext(constructed(0)));
  if (names.length > 0 && !names.some((name) => urls.some(({ href }) => isSameUrl(name, href))))
    throw new RevocationError('the CRL is one for other certificates (it belongs at another address)');
  while (!point.isAtEnd) {
    const { tag, content } = point.element();
    if (tag === primitive(3)) throw new RevocationError('the CRL is of some reasons for revocation only');
    if (!booleanOf(content)) continue;
    if (tag === primitive(4))
      throw new RevocationError('the CRL is an indirect one; delegated CRLs are not read');
    if (tag === (certificate.ca ? primitive(1) : primitive(2)) || tag === primitive(5))
      throw new RevocationError('the CRL is one for certificates of another kind');
  }
}

const isSameUrl = (name: string, href: string): boolean => URL.canParse(name) && new URL(name).href === href;

/** When the certificate of this serial number was revoked; undefined where it is not in the list. */
function findEntry(entries: DerReader | undefined, serial: string): Date | undefined {
  let revokedAt: Date | undefined;
  for (const entry of entries?.each(TAG.sequence) ?? []) {
    const isIt = entry.integer() === serial;
    const date = entry.time();
    if (isIt) revokedAt ??= date;
    if (entry.isAtEnd) continue;
    const unknown = unknownCritical(readExtensions(entry.inside(TAG.sequence)), KNOWN_OF_ENTRY);
    // With one that it cannot understand a reader does not know whom an entry is about (RFC 5280 5.3).
    if (unknown !== undefined)
      throw new RevocationError(`the CRL has an entry with an extension that is not known (${unknown})`);
    entry.end();
  }
  return revokedAt;
}
