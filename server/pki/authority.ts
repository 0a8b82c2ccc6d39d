/** The private authority under `<data>/pki`: made on the first start, kept ever after. Clients trust it, others pin it. */
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pinOf } from '../../config/pin.ts';
import { CertificateError } from './error.ts';
import type { CertificateAndKey } from './issue.ts';
import { PRIVATE_MODE, PUBLIC_MODE, readIfPresent, tighten, writeWhole } from './private-file.ts';

export const AUTHORITY_CERTIFICATE = 'authority.pem';
export const AUTHORITY_KEY = 'authority-key.pem';

export interface Authority extends CertificateAndKey {
  /** What to give to clients, and to downstream servers as `upstream.trustAnchors`. */
  readonly certificateFile: string;
  /** `sha256/…` of its public key: what a downstream server puts into `upstream.pins`. */
  readonly pin: string;
  readonly validTo: Date;
}

/**
 * Reads the authority, or makes it where neither certificate nor key exists. It is never replaced: everything that
 * trusts it would break.
 *
 * @param folder made with mode 0700 where missing
 * @param name the machine's name, for the certificate's subject
 * @throws CertificateError where one of the two files is missing, they do not fit, or it has expired
 */
export async function loadAuthority(folder: string, name: string, now: Date): Promise<Authority> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const certificateFile = join(folder, AUTHORITY_CERTIFICATE);
  const keyFile = join(folder, AUTHORITY_KEY);
  const certificate = await readIfPresent(certificateFile);
  const key = await readIfPresent(keyFile);
  if (certificate === undefined && key === undefined) {
    // Loaded where one is made only: a start with certificates at hand needs nothing of it.
    const { makeAuthority } = await import('./issue.ts');
    const made = await makeAuthority(`Sluice authority of ${name}`, now);
    // The key first: without a certificate beside it nothing was ever signed with it.
    await writeWhole(keyFile, made.key, PRIVATE_MODE);
    await writeWhole(certificateFile, made.certificate, PUBLIC_MODE);
    return describe(made, certificateFile);
  }
  if (key === undefined || certificate === undefined) {
    throw new CertificateError(
      'AUTHORITY_INCOMPLETE',
      `${key === undefined ? keyFile : certificateFile} is missing while ${key === undefined ? certificateFile : keyFile} is there. Restore it from a backup; or remove both, and a new authority is made that every client has to trust anew.`,
    );
  }
  await tighten(keyFile);
  const authority = describe({ certificate, key }, certificateFile);
  checkUsable(authority, keyFile, now);
  return authority;
}

function describe(pair: CertificateAndKey, certificateFile: string): Authority {
  const parsed = parse(pair.certificate, certificateFile);
  return {
    ...pair,
    certificateFile,
    pin: pinOf(parsed),
    validTo: new Date(parsed.validTo),
  };
}

function checkUsable(authority: Authority, keyFile: string, now: Date): void {
  const parsed = parse(authority.certificate, authority.certificateFile);
  let fits: boolean;
  try {
    fits = parsed.checkPrivateKey(createPrivateKey(authority.key));
  } catch (error) {
    throw new CertificateError(
      'AUTHORITY_INVALID',
      `${keyFile} holds no private key in PEM; restore it from a backup.`,
      { cause: error },
    );
  }
  if (!fits) {
    throw new CertificateError(
      'AUTHORITY_INVALID',
      `${keyFile} is not the key of ${authority.certificateFile}; restore both from the same backup.`,
    );
  }
  if (authority.validTo <= now) {
    throw new CertificateError(
      'AUTHORITY_INVALID',
      `${authority.certificateFile} expired on ${authority.validTo.toISOString()}. Remove it and ${keyFile} to have a new authority made; every client has to trust that one anew.`,
    );
  }
}

function parse(pem: string, file: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw new CertificateError(
      'AUTHORITY_INVALID',
      `${file} holds no certificate in PEM; restore it from a backup.`,
      { cause: error },
    );
  }
}
