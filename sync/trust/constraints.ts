/**
 * What the authorities in a chain allow below them: how many more, and which names; and whether all that they call
 * critical is understood (RFC 5280 4.2, 6.1).
 *
 * OpenSSL checks the same, of a chain that it finds itself. Where authorities are cross-signed it may be another one than
 * the chain in which an issuer is pinned, so that its verdict says nothing of that one.
 */
import type { X509Certificate } from 'node:crypto';
import { isSelfIssued, shortName } from '../../protocol/x509/distinguished-name.ts';
import { readFields } from '../../protocol/x509/certificate-fields.ts';
import type { CertificateFields } from '../../protocol/x509/certificate-fields.ts';
import type { Chain } from '../../protocol/x509/chain.ts';
import { DerError, DerReader, TAG } from '../../protocol/x509/der.ts';
import { unknownCritical } from '../../protocol/x509/extensions.ts';
import { nameNotPermitted } from './name-constraints.ts';
import type { TrustReason } from './trust-error.ts';

const BASIC_CONSTRAINTS = '2.5.29.19';

/** Those of RFC 5280 4.2.1 that may be critical; OpenSSL knows the same. */
const KNOWN = new Set([
  BASIC_CONSTRAINTS,
  '2.5.29.15',
  '2.5.29.17',
  '2.5.29.30',
  '2.5.29.31',
  '2.5.29.32',
  '2.5.29.33',
  '2.5.29.36',
  '2.5.29.37',
  '2.5.29.54',
]);

export interface BrokenConstraint {
  readonly reason: TrustReason;
  /** What a certificate of the chain does, without the certificate, for a sentence. */
  readonly what: string;
  readonly certificate: X509Certificate;
}

interface Link {
  readonly certificate: X509Certificate;
  readonly fields: CertificateFields;
}

/** The first thing in the chain that one of its certificates does not allow; undefined where there is none. */
export function brokenConstraint(chain: Chain): BrokenConstraint | undefined {
  const links: Link[] = [];
  for (const certificate of chain) {
    try {
      const link = { certificate, fields: readFields(certificate) };
      const broken = brokenBy(link, links);
      if (broken !== undefined) return { ...broken, certificate };
      links.push(link);
    } catch (error) {
      if (!(error instanceof DerError)) throw error;
      const what = `has an extension that cannot be read (${error.message})`;
      return { reason: 'EXTENSION_UNKNOWN', what, certificate };
    }
  }
  return undefined;
}

/** @param below from the server's own certificate up */
function brokenBy(
  { fields }: Link,
  below: readonly Link[],
): Omit<BrokenConstraint, 'certificate'> | undefined {
  const critical = unknownCritical(fields.extensions, KNOWN);
  if (critical !== undefined)
    return {
      reason: 'EXTENSION_UNKNOWN',
      what: `has the critical extension ${critical}, which is not known here`,
    };
  const authorities = below.slice(1).filter((link) => !isSelfIssued(link.certificate)).length;
  const most = mostAuthorities(fields);
  if (below.length > 0 && most !== undefined && authorities > most)
    return { reason: 'PATH_TOO_LONG', what: `allows ${most} authorities below it and has ${authorities}` };
  for (const [place, link] of below.entries()) {
    if (place > 0 && isSelfIssued(link.certificate)) continue;
    const name = nameNotPermitted(fields, link.fields);
    if (name === undefined) continue;
    const what = `does not allow "${shortName(link.certificate.subject)}" to be for ${name}`;
    return { reason: 'NAME_NOT_PERMITTED', what };
  }
  return undefined;
}

/** pathLenConstraint (RFC 5280 4.2.1.9); undefined for any number. */
function mostAuthorities({ extensions }: CertificateFields): number | undefined {
  const extension = extensions.get(BASIC_CONSTRAINTS);
  if (extension === undefined) return undefined;
  const reader = new DerReader(extension.value).inside(TAG.sequence);
  if (reader.isNext(TAG.boolean)) reader.boolean();
  return reader.isAtEnd ? undefined : Number.parseInt(reader.integer(), 16);
}
