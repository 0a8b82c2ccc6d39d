/** Certificates that an administrator brings (`certificateFile`, `keyFile` of a listener). */
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { reasonOf } from '../../config/error-facts.ts';
import { CertificateError } from './error.ts';
import type { CertificateAndKey } from './issue.ts';

/**
 * Reads and checks them before the listener opens; the file may hold the whole chain, the server's own certificate first.
 *
 * @param key the configuration's key path, for the message
 * @throws CertificateError
 */
export async function readConfiguredCertificate(
  certificateFile: string,
  keyFile: string,
  key: string,
  now: Date,
): Promise<CertificateAndKey> {
  const pair = {
    certificate: await read(certificateFile, `${key}.certificateFile`),
    key: await read(keyFile, `${key}.keyFile`),
  };
  const certificate = parsePem(
    () => new X509Certificate(pair.certificate),
    `${key}.certificateFile: ${certificateFile} holds no certificate in PEM.`,
  );
  const privateKey = parsePem(
    () => createPrivateKey(pair.key),
    `${key}.keyFile: ${keyFile} holds no unencrypted private key in PEM.`,
  );
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new CertificateError(
      'CERTIFICATE_KEY_MISMATCH',
      `${key}: ${keyFile} is not the key of the first certificate in ${certificateFile} (${certificate.subject.replaceAll('\n', ', ')}). Put the server's own certificate first, and its own key beside it.`,
    );
  }
  const from = new Date(certificate.validFrom);
  const until = new Date(certificate.validTo);
  if (until <= now || from > now) {
    throw new CertificateError(
      'CERTIFICATE_NOT_VALID_NOW',
      `${key}.certificateFile: ${certificateFile} is valid from ${from.toISOString()} to ${until.toISOString()}, and now it is ${now.toISOString()}. Renew it, or leave certificateFile and keyFile out to use the private authority's.`,
    );
  }
  return pair;
}

async function read(file: string, key: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CertificateError(
      'CERTIFICATE_UNREADABLE',
      `${key}: ${file} cannot be read (${reasonOf(error)}).`,
      { cause: error },
    );
  }
}

function parsePem<T>(parse: () => T, message: string): T {
  try {
    return parse();
  } catch (error) {
    throw new CertificateError('CERTIFICATE_UNREADABLE', message, { cause: error });
  }
}
