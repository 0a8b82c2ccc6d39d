/** Single certificates: what is reported of them. */
import type { X509Certificate } from 'node:crypto';
import { pinOf } from '../../config/pin.ts';
import { oneLine } from '../../protocol/x509/distinguished-name.ts';
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
