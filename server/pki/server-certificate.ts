/** The server's own certificate under `<data>/pki`: issued by the private authority, renewed without anybody's help. */
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Authority } from './authority.ts';
import type { CertificateAndKey } from './issue.ts';
import { PRIVATE_MODE, PUBLIC_MODE, readIfPresent, tighten, writeWhole } from './private-file.ts';

const SERVER_CERTIFICATE = 'server.pem';
export const SERVER_KEY = 'server-key.pem';

/** Days before the end at which a new one is issued. */
const RENEW_DAYS = 60;
const DAY = 86_400_000;

const ALWAYS = ['localhost', '127.0.0.1', '::1'] as const;

/** Names for the certificate: those configured or the machine's own, and the loopback's. */
export function certificateNames(serverNames: readonly string[] | undefined): string[] {
  const own = serverNames ?? [hostname()];
  return [...new Set([...own, ...ALWAYS].map((name) => name.toLowerCase()))];
}

export interface ServerCertificate extends CertificateAndKey {
  /** Whether it was issued by this call. */
  readonly isNew: boolean;
  readonly validTo: Date;
}

/** The certificate in the folder where it is still good for these names, else a new one from the same authority. */
export async function ensureServerCertificate(
  folder: string,
  authority: Authority,
  names: readonly string[],
  now: Date,
): Promise<ServerCertificate> {
  const certificateFile = join(folder, SERVER_CERTIFICATE);
  const keyFile = join(folder, SERVER_KEY);
  const certificate = await readIfPresent(certificateFile);
  const key = await readIfPresent(keyFile);
  if (certificate !== undefined && key !== undefined && isGood({ certificate, key }, authority, names, now)) {
    await tighten(keyFile);
    return { certificate, key, isNew: false, validTo: new Date(new X509Certificate(certificate).validTo) };
  }
  // Loaded where one is made only: a start with certificates at hand needs nothing of it.
  const { makeServerCertificate } = await import('./issue.ts');
  const made = await makeServerCertificate(names, authority, now);
  await writeWhole(keyFile, made.key, PRIVATE_MODE);
  await writeWhole(certificateFile, made.certificate, PUBLIC_MODE);
  return { ...made, isNew: true, validTo: new Date(new X509Certificate(made.certificate).validTo) };
}

/** A pair that cannot even be read (a crash between the two writes, a broken disk) is simply made anew. */
function isGood(pair: CertificateAndKey, authority: Authority, names: readonly string[], now: Date): boolean {
  try {
    const own = new X509Certificate(pair.certificate);
    const issuer = new X509Certificate(authority.certificate);
    return (
      own.checkIssued(issuer) &&
      own.verify(issuer.publicKey) &&
      own.checkPrivateKey(createPrivateKey(pair.key)) &&
      new Date(own.validFrom) <= now &&
      lastsLongEnough(own, issuer, now) &&
      hasExactly(own, names)
    );
  } catch {
    return false;
  }
}

/** Near the authority's own end there is nothing longer to be had. */
function lastsLongEnough(own: X509Certificate, issuer: X509Certificate, now: Date): boolean {
  const end = new Date(own.validTo).getTime();
  return end - now.getTime() > RENEW_DAYS * DAY || end >= new Date(issuer.validTo).getTime();
}

function hasExactly(certificate: X509Certificate, names: readonly string[]): boolean {
  const listed = (certificate.subjectAltName ?? '').split(', ').filter((entry) => entry !== '').length;
  const holds = (name: string): boolean =>
    certificate.checkHost(name) !== undefined || certificate.checkIP(name) !== undefined;
  return listed === names.length && names.every(holds);
}
