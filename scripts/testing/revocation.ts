/** An authority's answers about revocation for tests, right and wrong, written with node-forge: lists and OCSP answers. */
import { X509Certificate, constants, createHash, sign } from 'node:crypto';
import forge from 'node-forge';
import type { TestCertificate } from './certificates.ts';

const DAY = 86_400_000;
const { Class, Type, create, oidToDer, toDer } = forge.asn1;
type Asn1 = forge.asn1.Asn1;

const universal = (type: forge.asn1.Type, value: string): Asn1 => create(Class.UNIVERSAL, type, false, value);
const sequence = (...values: readonly Asn1[]): Asn1 =>
  create(Class.UNIVERSAL, Type.SEQUENCE, true, [...values]);
const context = (n: number, value: string | Asn1[]): Asn1 =>
  create(Class.CONTEXT_SPECIFIC, n, Array.isArray(value), value);
const oid = (dotted: string): Asn1 => universal(Type.OID, oidToDer(dotted).getBytes());
const octets = (value: string): Asn1 => universal(Type.OCTETSTRING, value);
const bits = (value: string): Asn1 => universal(Type.BITSTRING, `\0${value}`);
const integer = (hex: string): Asn1 => universal(Type.INTEGER, forge.util.hexToBytes(hex));
const time = (date: Date): Asn1 => universal(Type.GENERALIZEDTIME, forge.asn1.dateToGeneralizedTime(date));
const der = (value: Asn1): string => toDer(value).getBytes();
const binary = (value: Asn1): Buffer => Buffer.from(der(value), 'latin1');
const hash = (digest: string, bytes: string): string =>
  createHash(digest).update(Buffer.from(bytes, 'latin1')).digest().toString('latin1');

/** An extension whose value is given as DER. */
export interface TestExtension {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Asn1;
}

const extension = ({ oid: id, critical, value }: TestExtension): Asn1 =>
  sequence(oid(id), ...(critical ? [universal(Type.BOOLEAN, '\xff')] : []), octets(der(value)));

export interface Dates {
  readonly thisUpdate?: Date;
  /** Null: not said. */
  readonly nextUpdate?: Date | null;
}

const DIGESTS = {
  sha1: '1.2.840.113549.1.1.5',
  sha256: '1.2.840.113549.1.1.11',
  /** RSA-PSS with SHA-256, the mask's digest SHA-256 or (not good) SHA-1. */
  pss: '1.2.840.113549.1.1.10',
  'pss-sha1-mask': '1.2.840.113549.1.1.10',
} as const;

function signed(body: Asn1, key: string, digest: keyof typeof DIGESTS, ...more: readonly Asn1[]): Asn1 {
  const signature = (
    digest === 'sha1' || digest === 'sha256'
      ? sign(digest, binary(body), key)
      : sign('sha256', binary(body), { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 })
  ).toString('latin1');
  return sequence(body, algorithm(digest), bits(signature), ...more);
}

const algorithm = (digest: keyof typeof DIGESTS): Asn1 =>
  digest === 'sha1' || digest === 'sha256'
    ? sequence(oid(DIGESTS[digest]), universal(Type.NULL, ''))
    : sequence(oid(DIGESTS[digest]), pssParameters(digest === 'pss' ? IDENTIFIERS.sha256 : IDENTIFIERS.sha1));

/** RFC 4055 3.1: SHA-256, MGF1, a salt of 32 bytes. */
function pssParameters(maskDigest: string): Asn1 {
  const digest = (id: string): Asn1 => sequence(oid(id), universal(Type.NULL, ''));
  return sequence(
    context(0, [digest(IDENTIFIERS.sha256)]),
    context(1, [sequence(oid('1.2.840.113549.1.1.8'), digest(maskDigest))]),
    context(2, [integer('20')]),
  );
}

const parsed = (certificate: TestCertificate): forge.pki.Certificate =>
  forge.pki.certificateFromPem(certificate.certificate);
const nameOf = (certificate: TestCertificate): Asn1 =>
  forge.pki.distinguishedNameToAsn1(parsed(certificate).subject);
const serialOf = (certificate: TestCertificate): string =>
  new X509Certificate(certificate.certificate).serialNumber;

export interface TestList extends Dates {
  readonly issuer: TestCertificate;
  readonly revoked?: readonly TestCertificate[];
  /** Left out: the issuer's. */
  readonly key?: string;
  readonly digest?: keyof typeof DIGESTS;
  readonly extensions?: readonly TestExtension[];
  readonly entryExtensions?: readonly TestExtension[];
}

/** A certificate revocation list (RFC 5280 5), DER. */
export function makeRevocationList(options: TestList): Buffer {
  const { issuer, revoked = [], digest = 'sha256', extensions = [], entryExtensions = [] } = options;
  const { thisUpdate = new Date(Date.now() - DAY), nextUpdate = new Date(Date.now() + DAY) } = options;
  const entries = revoked.map((certificate) =>
    sequence(
      integer(serialOf(certificate)),
      time(thisUpdate),
      ...(entryExtensions.length === 0 ? [] : [sequence(...entryExtensions.map(extension))]),
    ),
  );
  const body = sequence(
    integer('01'),
    algorithm(digest),
    nameOf(issuer),
    time(thisUpdate),
    ...(nextUpdate === null ? [] : [time(nextUpdate)]),
    ...(entries.length === 0 ? [] : [sequence(...entries)]),
    ...(extensions.length === 0 ? [] : [context(0, [sequence(...extensions.map(extension))])]),
  );
  return binary(signed(body, options.key ?? issuer.key, digest));
}

/** Marks a list as one of another kind (RFC 5280 5.2.5): the number of a BOOLEAN that is true, or where it belongs. */
export function issuingDistributionPoint(what: { flag?: number; url?: string }): TestExtension {
  const values: Asn1[] = [];
  if (what.url !== undefined) values.push(context(0, [context(0, [context(6, what.url)])]));
  if (what.flag !== undefined) values.push(context(what.flag, '\xff'));
  return { oid: '2.5.29.28', critical: true, value: sequence(...values) };
}

/** Any other extension. */
export const someExtension = (id: string, critical: boolean): TestExtension => ({
  oid: id,
  critical,
  value: integer('01'),
});

export interface TestOcsp extends Dates {
  readonly issuer: TestCertificate;
  readonly about: TestCertificate;
  readonly status?: 'good' | 'revoked' | 'unknown';
  /** A responder of the issuer's; left out: the issuer itself. */
  readonly responder?: TestCertificate;
  /** Whose certificate it says that it is about; left out: the issuer's. */
  readonly namedIssuer?: TestCertificate;
  /** Left out: the responder's. */
  readonly key?: string;
  readonly byName?: boolean;
  /** Whether the responder's certificate comes along. */
  readonly sendsCertificate?: boolean;
  readonly digest?: keyof typeof DIGESTS;
  readonly idDigest?: 'sha1' | 'sha256';
  readonly nonce?: Buffer;
}

/** An OCSP answer (RFC 6960 4.2), DER. */
export function makeOcspResponse(options: TestOcsp): Buffer {
  const { issuer, about, responder = issuer, status = 'good', digest = 'sha256', nonce } = options;
  const { thisUpdate = new Date(Date.now() - DAY), nextUpdate = new Date(Date.now() + DAY) } = options;
  const statuses = {
    good: () => context(0, ''),
    revoked: () => context(1, [time(thisUpdate)]),
    unknown: () => context(2, ''),
  };
  const single = sequence(
    certId(about, options.namedIssuer ?? issuer, options.idDigest ?? 'sha1'),
    statuses[status](),
    time(thisUpdate),
    ...(nextUpdate === null ? [] : [context(0, [time(nextUpdate)])]),
  );
  const id =
    options.byName === true
      ? context(1, [nameOf(responder)])
      : context(2, [octets(hash('sha1', keyBits(responder)))]);
  const data = sequence(
    id,
    time(new Date()),
    sequence(single),
    ...(nonce === undefined
      ? []
      : [
          context(1, [
            sequence(
              extension({
                oid: '1.3.6.1.5.5.7.48.1.2',
                critical: false,
                value: octets(nonce.toString('latin1')),
              }),
            ),
          ]),
        ]),
  );
  const sendsCertificate = options.sendsCertificate ?? responder !== issuer;
  const certificates = sendsCertificate
    ? [context(0, [sequence(forge.pki.certificateToAsn1(parsed(responder)))])]
    : [];
  const basic = signed(data, options.key ?? responder.key, digest, ...certificates);
  const wrapped = sequence(oid('1.3.6.1.5.5.7.48.1.1'), octets(der(basic)));
  return binary(sequence(universal(Type.ENUMERATED, '\0'), context(0, [wrapped])));
}

/** The answer of a responder that has none (RFC 6960 4.2.1): 3 is `tryLater`, 6 `unauthorized`. */
export const makeOcspFailure = (status: number): Buffer =>
  binary(sequence(universal(Type.ENUMERATED, String.fromCharCode(status))));

const IDENTIFIERS = { sha1: '1.3.14.3.2.26', sha256: '2.16.840.1.101.3.4.2.1' } as const;

function certId(about: TestCertificate, issuer: TestCertificate, digest: 'sha1' | 'sha256'): Asn1 {
  return sequence(
    sequence(oid(IDENTIFIERS[digest]), universal(Type.NULL, '')),
    octets(hash(digest, der(nameOf(issuer)))),
    octets(hash(digest, keyBits(issuer))),
    integer(serialOf(about)),
  );
}

/** Of an RSA key, what is inside its SubjectPublicKeyInfo. */
const keyBits = ({ certificate }: TestCertificate): string =>
  new X509Certificate(certificate).publicKey.export({ type: 'pkcs1', format: 'der' }).toString('latin1');

/** The nonce that a request carries, and that it is a request for one certificate; undefined where it has none. */
export function nonceOf(request: Buffer): Buffer | undefined {
  const at = request.indexOf(Buffer.from(oidToDer('1.3.6.1.5.5.7.48.1.2').getBytes(), 'latin1'));
  return at < 0 ? undefined : request.subarray(request.length - 32);
}
