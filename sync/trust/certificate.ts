/** Single certificates: what is reported of them. */
import type { X509Certificate } from 'node:crypto';
import { pinOf } from '../../config/pin.ts';
import type { SeenCertificate } from './trust-error.ts';

export function describe(certificate: X509Certificate): SeenCertificate {
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    validFrom: certificate.validFromDate.toISOString(),
    validTo: certificate.validToDate.toISOString(),
    pin: pinOf(certificate),
  };
}

/** The common name where there is one, for sentences. */
export function shortName(distinguishedName: string): string {
  return /(?:^|[\n,] ?)CN=([^\n]+)/.exec(distinguishedName)?.[1] ?? oneLine(distinguishedName);
}

/** Whether it names itself as its issuer, as roots and self-signed certificates do. */
export const isSelfIssued = ({ subject, issuer }: X509Certificate): boolean => subject === issuer;

/** Node.js writes a distinguished name as lines, and none at all as undefined. */
function oneLine(distinguishedName: string | undefined): string {
  return (distinguishedName ?? '').replaceAll('\n', ', ');
}
