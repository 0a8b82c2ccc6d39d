/** Where a certificate says that its revocation can be asked for (RFC 5280 4.2.1.13, 4.2.2.1). */
import type { CertificateFields } from '../../../protocol/x509/certificate-fields.ts';
import { DerReader, TAG, constructed, primitive } from '../../../protocol/x509/der.ts';

export interface RevocationSources {
  readonly ocsp: readonly URL[];
  readonly crl: readonly URL[];
}

const AUTHORITY_INFORMATION_ACCESS = '1.3.6.1.5.5.7.1.1';
const OCSP = '1.3.6.1.5.5.7.48.1';
const CRL_DISTRIBUTION_POINTS = '2.5.29.31';
const URI = primitive(6);

/** Of each kind; the others are not asked. */
const MOST_SOURCES = 3;

/**
 * Plain HTTP alone: the answers are signed, and asking over TLS would need another certificate to be checked (RFC 5280 8).
 *
 * @throws DerError
 */
export function revocationSources({ extensions }: CertificateFields): RevocationSources {
  const access = extensions.get(AUTHORITY_INFORMATION_ACCESS);
  const points = extensions.get(CRL_DISTRIBUTION_POINTS);
  return {
    ocsp: access === undefined ? [] : onHttp(responderNames(access.value)),
    crl: points === undefined ? [] : onHttp(distributionPointNames(points.value)),
  };
}

function onHttp(names: readonly string[]): URL[] {
  return names
    .filter((name) => /^http:\/\//i.test(name) && URL.canParse(name))
    .map((name) => new URL(name))
    .filter(({ username, password }) => username === '' && password === '')
    .slice(0, MOST_SOURCES);
}

function responderNames(value: Buffer): string[] {
  const names: string[] = [];
  for (const description of new DerReader(value).inside(TAG.sequence).each(TAG.sequence)) {
    const method = description.oid();
    const { tag, content } = description.element();
    if (method === OCSP && tag === URI) names.push(content.toString('latin1'));
  }
  return names;
}

function distributionPointNames(value: Buffer): string[] {
  const names: string[] = [];
  for (const point of new DerReader(value).inside(TAG.sequence).each(TAG.sequence)) {
    const here = uriNames(point.insideIfNext(constructed(0)));
    // What follows a name are reasons or another issuer: lists of only some revocations, or by somebody else.
    if (point.isAtEnd) names.push(...here);
  }
  return names;
}

/**
 * The URIs of a DistributionPointName.
 *
 * @throws DerError
 */
export function uriNames(distributionPoint: DerReader | undefined): string[] {
  const uris: string[] = [];
  const names = distributionPoint?.insideIfNext(constructed(0));
  for (const { tag, content } of names?.elements() ?? []) {
    if (tag === URI) uris.push(content.toString('latin1'));
  }
  return uris;
}
