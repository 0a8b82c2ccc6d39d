/** Makes X.509 certificates (RFC 5280) with node-forge; the keys come from Node's crypto, off the main thread. */
import { constants, generateKeyPair, privateEncrypt, randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { promisify } from 'node:util';
import forge from 'node-forge';

export interface CertificateAndKey {
  /** PEM. */
  readonly certificate: string;
  /** PKCS#8 PEM. */
  readonly key: string;
}

const generate = promisify(generateKeyPair);

async function makeKey(bits: number): Promise<{ privateKey: string; publicKey: string }> {
  return await generate('rsa', {
    modulusLength: bits,
    publicExponent: 0x10001,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

const AUTHORITY_BITS = 3072;
const SERVER_BITS = 2048;
const AUTHORITY_YEARS = 20;
/** What browsers and Apple's clients take at most is 398. */
const SERVER_DAYS = 397;
const DAY = 86_400_000;
/** Computers whose clocks run behind are met too. */
const BACKDATED = DAY;

/** A self-signed certificate that may sign server certificates and nothing below them. */
export async function makeAuthority(commonName: string, now: Date): Promise<CertificateAndKey> {
  const key = await makeKey(AUTHORITY_BITS);
  const until = new Date(now);
  until.setUTCFullYear(until.getUTCFullYear() + AUTHORITY_YEARS);
  const certificate = prepare(key.publicKey, commonName, now, until);
  certificate.setIssuer(certificate.subject.attributes);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  return sign(certificate, key.privateKey, key.privateKey);
}

/**
 * A certificate for TLS servers.
 *
 * @param names host names and IP addresses for the SAN; the first is the common name too
 */
export async function makeServerCertificate(
  names: readonly string[],
  authority: CertificateAndKey,
  now: Date,
): Promise<CertificateAndKey> {
  const key = await makeKey(SERVER_BITS);
  const issuer = forge.pki.certificateFromPem(authority.certificate);
  const until = new Date(Math.min(now.getTime() + SERVER_DAYS * DAY, issuer.validity.notAfter.getTime()));
  const certificate = prepare(key.publicKey, names[0] ?? 'localhost', now, until);
  certificate.setIssuer(issuer.subject.attributes);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    {
      name: 'subjectAltName',
      altNames: names.map((name) => (isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name })),
    },
    { name: 'subjectKeyIdentifier' },
    {
      name: 'authorityKeyIdentifier',
      keyIdentifier: issuer.generateSubjectKeyIdentifier().getBytes(),
    },
  ]);
  return sign(certificate, key.privateKey, authority.key);
}

/** RFC 5280 upper bound of a common name. */
const COMMON_NAME_CHARACTERS = 64;

function prepare(publicKey: string, commonName: string, now: Date, until: Date): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  certificate.serialNumber = serialNumber();
  certificate.validity.notBefore = new Date(now.getTime() - BACKDATED);
  certificate.validity.notAfter = until;
  certificate.setSubject([{ name: 'commonName', value: commonName.slice(0, COMMON_NAME_CHARACTERS) }]);
  return certificate;
}

/** Positive, 128 bits, not zero (RFC 5280 4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

/** How PKCS #1 v1.5 names SHA-256 before the digest (RFC 8017 9.2, note 1). */
const SHA256_DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** The signature is made by Node's crypto: node-forge's own arithmetic keeps the main thread for a long time. */
function sign(certificate: forge.pki.Certificate, ownKey: string, signingKey: string): CertificateAndKey {
  const native = {
    ...forge.pki.privateKeyFromPem(signingKey),
    sign: (digest: forge.md.MessageDigest): string =>
      privateEncrypt(
        { key: signingKey, padding: constants.RSA_PKCS1_PADDING },
        Buffer.concat([SHA256_DIGEST_INFO, Buffer.from(digest.digest().getBytes(), 'latin1')]),
      ).toString('latin1'),
  };
  certificate.sign(native, forge.md.sha256.create());
  return {
    certificate: forge.pki.certificateToPem(certificate).replaceAll('\r\n', '\n'),
    key: ownKey,
  };
}
