/** A question to an OCSP responder (RFC 6960 4.1): is this one certificate revoked? */
import { createHash } from 'node:crypto';
import { readFields } from '../../../protocol/x509/certificate-fields.ts';
import { element, integer, oid, sequence } from '../../../protocol/x509/der-writer.ts';
import { TAG, constructed } from '../../../protocol/x509/der.ts';
import type { Subject } from './crl.ts';

/** Digests that a certificate is named by in OCSP, by their object identifiers. */
export const CERT_ID_DIGESTS: ReadonlyMap<string, 'sha1' | 'sha256'> = new Map([
  ['1.3.14.3.2.26', 'sha1'],
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
]);

export const NONCE = '1.3.6.1.5.5.7.48.1.2';

/** Bytes (RFC 9654 2.1). */
export const NONCE_LENGTH = 32;

/**
 * Names the certificate by SHA-1, since that is what every responder knows (RFC 5019 2.1.1): an identifier, nothing is
 * believed for it.
 *
 * @throws DerError
 */
export function writeOcspRequest({ certificate, issuer }: Subject, nonce: Buffer): Buffer {
  const { serial } = readFields(certificate);
  const { subject, keyBits } = readFields(issuer);
  const certId = sequence(
    sequence(oid('1.3.14.3.2.26'), Buffer.from([0x05, 0])),
    digestOf(subject),
    digestOf(keyBits),
    integer(serial),
  );
  const extensions = sequence(
    sequence(oid(NONCE), element(TAG.octetString, element(TAG.octetString, nonce))),
  );
  return sequence(sequence(sequence(sequence(certId)), element(constructed(2), extensions)));
}

const digestOf = (bytes: Buffer): Buffer =>
  element(TAG.octetString, createHash('sha1').update(bytes).digest());
