/** Certificates of every shape for tests, good and bad, made with node-forge. */
import {
  constants,
  createHash,
  createPublicKey,
  generateKeyPairSync,
  privateEncrypt,
  randomBytes,
  sign,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import forge from 'node-forge';
import { element, sequence as derSequence } from '../../protocol/x509/der-writer.ts';
import { DerReader, TAG } from '../../protocol/x509/der.ts';

const DAY = 86_400_000;

/** A certificate and its key, PEM; `pin` is how `upstream.pins` names it. */
export interface TestCertificate {
  readonly certificate: string;
  readonly key: string;
  readonly pin: string;
  readonly subject: string;
}

export interface TestCertificateOptions {
  readonly subject: string;
  /** Left out: self-signed. */
  readonly issuer?: TestCertificate;
  /** PEM; left out: a key of its own. */
  readonly key?: string;
  readonly isAuthority?: boolean;
  /** False leaves the whole extension out. */
  readonly keyUsage?: boolean;
  /** Of an authority: false leaves `keyCertSign` out of its key usage. */
  readonly maySign?: boolean;
  /** Of an authority: false leaves `cRLSign` out of its key usage. */
  readonly maySignLists?: boolean;
  /** Of an authority: how many authorities may be below it. */
  readonly pathLength?: number;
  /** DNS names and IP addresses. */
  readonly names?: readonly string[];
  readonly addresses?: readonly string[];
  /** `serverAuth` and others as node-forge names them; empty for none. */
  readonly usages?: readonly string[];
  readonly validFrom?: Date;
  readonly validTo?: Date;
  readonly digest?: 'sha1' | 'sha256';
  /** Where its revocation can be asked for. */
  readonly ocsp?: string;
  readonly crl?: string;
  /** Whether an OCSP answer must come with it (RFC 7633). */
  readonly mustStaple?: boolean;
  /** The name that an authority may certify names below, critical (RFC 5280 4.2.1.10). */
  readonly permittedName?: string;
  /** Others, by dotted object identifier: DER, all of them critical. */
  readonly critical?: Readonly<Record<string, Buffer>>;
}

export function makeKey(bits = 2048): string {
  return generateKeyPairSync('rsa', {
    modulusLength: bits,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;
}

export function makeEcKey(namedCurve: 'P-256' | 'P-384' | 'secp256k1' = 'P-256'): string {
  return generateKeyPairSync('ec', {
    namedCurve,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;
}

/** A certificate of any key; who issues others has an RSA key. */
export function makeCertificate(options: TestCertificateOptions): TestCertificate {
  const key = options.key ?? makeKey();
  const publicKey = createPublicKey(key);
  const certificate = forge.pki.createCertificate();
  const isRsa = publicKey.asymmetricKeyType === 'rsa';
  certificate.publicKey = isRsa
    ? forge.pki.publicKeyFromPem(publicKey.export({ type: 'spki', format: 'pem' }).toString())
    : forge.pki.rsa.setPublicKey(ONE, ONE);
  certificate.serialNumber = `01${randomBytes(15).toString('hex')}`;
  certificate.validity.notBefore = options.validFrom ?? new Date(Date.now() - DAY);
  certificate.validity.notAfter = options.validTo ?? new Date(Date.now() + 30 * DAY);
  certificate.setSubject([{ name: 'commonName', value: options.subject }]);
  certificate.setIssuer([{ name: 'commonName', value: options.issuer?.subject ?? options.subject }]);
  certificate.setExtensions(extensionsOf(options));
  const digest = options.digest ?? 'sha256';
  const issuerKey = options.issuer?.key ?? key;
  certificate.sign(signer(issuerKey, digest), forge.md[digest].create());
  const pem = forge.pki.certificateToPem(certificate);
  return {
    certificate: isRsa ? pem : withKey(pem, publicKey, issuerKey, digest),
    key,
    pin: pinOfKey(key),
    subject: options.subject,
  };
}

/** The certificate with another key in it, signed again: node-forge knows RSA alone. */
function withKey(pem: string, publicKey: KeyObject, issuerKey: string, digest: 'sha1' | 'sha256'): string {
  const certificate = new DerReader(Buffer.from(forge.pem.decode(pem)[0]?.body ?? '', 'latin1')).inside(
    TAG.sequence,
  );
  const fields = [...certificate.inside(TAG.sequence).elements()].map(({ whole }) => whole);
  // Behind version, serial number, algorithm, issuer, dates and subject.
  const body = derSequence(
    ...fields.slice(0, 6),
    publicKey.export({ type: 'spki', format: 'der' }),
    ...fields.slice(7),
  );
  const algorithm = certificate.element().whole;
  const signature = element(TAG.bitString, Buffer.from([0]), sign(digest, body, issuerKey));
  const base64 =
    derSequence(body, algorithm, signature)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...base64, '-----END CERTIFICATE-----', ''].join('\n');
}

const ONE = new forge.jsbn.BigInteger('1');

/** DER of DigestInfo up to the digest (RFC 8017 9.2). */
const DIGEST_INFO = {
  sha1: '3021300906052b0e03021a05000414',
  sha256: '3031300d060960864801650304020105000420',
} as const;

/** node-forge's own private key operation takes a second, so a key of its kind is given another one. */
function signer(key: string, digest: keyof typeof DIGEST_INFO): forge.pki.rsa.PrivateKey {
  return Object.assign(forge.pki.rsa.setPrivateKey(ONE, ONE, ONE, ONE, ONE, ONE, ONE, ONE), {
    sign: (md: forge.md.MessageDigest): string =>
      privateEncrypt(
        { key, padding: constants.RSA_PKCS1_PADDING },
        Buffer.concat([Buffer.from(DIGEST_INFO[digest], 'hex'), Buffer.from(md.digest().toHex(), 'hex')]),
      ).toString('latin1'),
  });
}

function extensionsOf(options: TestCertificateOptions): object[] {
  const isAuthority = options.isAuthority ?? false;
  const usages = options.usages ?? (isAuthority ? [] : ['serverAuth']);
  const names = [
    ...(options.names ?? []).map((value) => ({ type: 2, value })),
    ...(options.addresses ?? []).map((ip) => ({ type: 7, ip })),
  ];
  return [
    {
      name: 'basicConstraints',
      cA: isAuthority,
      critical: true,
      ...(options.pathLength === undefined ? {} : { pathLenConstraint: options.pathLength }),
    },
    ...(options.keyUsage === false ? [] : [keyUsageOf(options)]),
    ...(usages.length > 0
      ? [{ name: 'extKeyUsage', ...Object.fromEntries(usages.map((usage) => [usage, true])) }]
      : []),
    ...revocationSources(options),
    ...(options.mustStaple === true ? [{ id: '1.3.6.1.5.5.7.1.24', value: '\x30\x03\x02\x01\x05' }] : []),
    ...(options.permittedName === undefined ? [] : [nameConstraints(options.permittedName)]),
    ...(names.length > 0 ? [{ name: 'subjectAltName', altNames: names }] : []),
    ...Object.entries(options.critical ?? {}).map(([id, value]) => ({
      id,
      critical: true,
      value: value.toString('latin1'),
    })),
  ];
}

function nameConstraints(name: string): object {
  const permitted = derSequence(element(0x82, Buffer.from(name, 'latin1')));
  return { id: '2.5.29.30', critical: true, value: derSequence(element(0xa0, permitted)).toString('latin1') };
}

const keyUsageOf = ({ isAuthority, maySign, maySignLists }: TestCertificateOptions): object => ({
  name: 'keyUsage',
  critical: true,
  ...(isAuthority === true
    ? { keyCertSign: maySign ?? true, cRLSign: maySignLists ?? true }
    : { digitalSignature: true, keyEncipherment: true }),
});

/** Extensions that name where revocation can be asked for (RFC 5280 4.2.1.13, 4.2.2.1). */
function revocationSources({ ocsp, crl }: TestCertificateOptions): object[] {
  const { Class, Type, create, oidToDer, toDer } = forge.asn1;
  const sequence = (...values: forge.asn1.Asn1[]): forge.asn1.Asn1 =>
    create(Class.UNIVERSAL, Type.SEQUENCE, true, values);
  const uri = (value: string): forge.asn1.Asn1 => create(Class.CONTEXT_SPECIFIC, 6, false, value);
  const inside = (value: forge.asn1.Asn1): forge.asn1.Asn1 =>
    create(Class.CONTEXT_SPECIFIC, 0, true, [value]);
  const responder = (url: string): forge.asn1.Asn1 =>
    sequence(create(Class.UNIVERSAL, Type.OID, false, oidToDer('1.3.6.1.5.5.7.48.1').getBytes()), uri(url));
  return [
    ...(ocsp === undefined
      ? []
      : [{ id: '1.3.6.1.5.5.7.1.1', value: toDer(sequence(responder(ocsp))).getBytes() }]),
    ...(crl === undefined
      ? []
      : [{ id: '2.5.29.31', value: toDer(sequence(sequence(inside(inside(uri(crl)))))).getBytes() }]),
  ];
}

function pinOfKey(key: string): string {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return `sha256/${createHash('sha256').update(spki).digest('base64')}`;
}
