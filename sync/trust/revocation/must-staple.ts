/** Whether a certificate is only good together with a stapled OCSP answer (RFC 7633, "must-staple"). */
import type { X509Certificate } from 'node:crypto';
import { readFields } from '../../../protocol/x509/certificate-fields.ts';
import { DerError, DerReader, TAG } from '../../../protocol/x509/der.ts';

const TLS_FEATURE = '1.3.6.1.5.5.7.1.24';

/** The TLS extensions status_request and status_request_v2 (RFC 6066 8, RFC 6961), in hex as numbers are read here. */
const STATUS_REQUESTS: ReadonlySet<string> = new Set(['05', '11']);

/** One that cannot be read counts as if it said so. */
export function mustStaple(certificate: X509Certificate): boolean {
  const feature = readFields(certificate).extensions.get(TLS_FEATURE);
  if (feature === undefined) return false;
  try {
    const features = new DerReader(feature.value).inside(TAG.sequence);
    while (!features.isAtEnd) if (STATUS_REQUESTS.has(features.integer())) return true;
    return false;
  } catch (error) {
    if (error instanceof DerError) return true;
    throw error;
  }
}
