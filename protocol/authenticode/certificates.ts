/** The certificates that came with a signature: what is recorded of them, and which one is the signer's. */
import { X509Certificate, createHash } from 'node:crypto';
import { readFields } from '../x509/certificate-fields.ts';
import { DerError, DerReader } from '../x509/der.ts';
import { oneLine } from '../x509/distinguished-name.ts';
import type { SignerIdentifier } from './signed-data.ts';

export interface CertificateFacts {
  /** In one line. */
  readonly subject: string;
  readonly issuer: string;
  /** Hex without leading zeros. */
  readonly serial: string;
  /** SHA-256 of the certificate, hex. */
  readonly fingerprint: string;
  /** SHA-256 of the SubjectPublicKeyInfo, hex. */
  readonly keyFingerprint: string;
  /** ISO 8601. */
  readonly validFrom: string;
  readonly validTo: string;
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** @throws DerError */
export function describe(certificate: X509Certificate): CertificateFacts {
  const { serial, key } = readFields(certificate);
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    serial,
    fingerprint: sha256(certificate.raw),
    keyFingerprint: sha256(key),
    validFrom: certificate.validFromDate.toISOString(),
    validTo: certificate.validToDate.toISOString(),
  };
}

/** Those that can be read; another one proves nothing. */
export function parseCertificates(list: readonly Buffer[]): X509Certificate[] {
  return list.flatMap((der) => {
    try {
      const certificate = new X509Certificate(der);
      describe(certificate);
      return [certificate];
    } catch {
      return [];
    }
  });
}

const SUBJECT_KEY_IDENTIFIER = '2.5.29.14';

/** The certificate that a SignerInfo names. */
export function findSigner(
  certificates: readonly X509Certificate[],
  identifier: SignerIdentifier,
): X509Certificate | undefined {
  return certificates.find((certificate) => isNamed(certificate, identifier));
}

function isNamed(certificate: X509Certificate, identifier: SignerIdentifier): boolean {
  const { issuer, serial, extensions } = readFields(certificate);
  if ('issuer' in identifier) return serial === identifier.serial && issuer.equals(identifier.issuer);
  const extension = extensions.get(SUBJECT_KEY_IDENTIFIER);
  try {
    return (
      extension !== undefined && new DerReader(extension.value).octets().equals(identifier.keyIdentifier)
    );
  } catch (error) {
    if (error instanceof DerError) return false;
    throw error;
  }
}
