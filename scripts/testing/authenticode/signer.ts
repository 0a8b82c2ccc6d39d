/** Signs files' digests as Authenticode does (PKCS #7), rightly and in the ways that a test needs. */
import { X509Certificate, constants, createHash, createPrivateKey, privateEncrypt, sign } from 'node:crypto';
import type { DigestName } from '../../../protocol/authenticode/digests.ts';
import { readFields } from '../../../protocol/x509/certificate-fields.ts';
import { element, integer, oid, sequence } from '../../../protocol/x509/der-writer.ts';
import { TAG, constructed, primitive } from '../../../protocol/x509/der.ts';
import type { TestCertificate } from '../certificates.ts';

const DIGEST_OID: Readonly<Record<DigestName, string>> = {
  md5: '1.2.840.113549.2.5',
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
};
const RSA_SIGNATURE_OID: Readonly<Record<DigestName, string>> = {
  md5: '1.2.840.113549.1.1.4',
  sha1: '1.2.840.113549.1.1.5',
  sha256: '1.2.840.113549.1.1.11',
  sha384: '1.2.840.113549.1.1.12',
  sha512: '1.2.840.113549.1.1.13',
};
const ECDSA_SIGNATURE_OID: Readonly<Partial<Record<DigestName, string>>> = {
  sha1: '1.2.840.10045.4.1',
  sha256: '1.2.840.10045.4.3.2',
  sha384: '1.2.840.10045.4.3.3',
  sha512: '1.2.840.10045.4.3.4',
};

const nothing = element(0x05);
const set = (...parts: readonly Buffer[]): Buffer => element(TAG.set, ...parts);
const octets = (bytes: Buffer): Buffer => element(TAG.octetString, bytes);
const attribute = (type: string, ...values: readonly Buffer[]): Buffer => sequence(oid(type), set(...values));
const digestAlgorithm = (name: DigestName): Buffer => sequence(oid(DIGEST_OID[name]), nothing);
const derOf = ({ certificate }: TestCertificate): Buffer => new X509Certificate(certificate).raw;
const time = (tag: number, at: Date): Buffer => {
  const digits = at.toISOString().replaceAll(/[-:T]|\.\d+Z/g, '');
  return element(tag, Buffer.from(`${tag === TAG.utcTime ? digits.slice(2) : digits}Z`));
};

/** How the signature itself is made; `plain` names the key's algorithm alone, as most signers of RSA do. */
export type SignatureForm = 'plain' | 'named' | 'pss' | 'bare';

export interface SignerOptions {
  readonly signer: TestCertificate;
  /** Further certificates to send along. */
  readonly others?: readonly TestCertificate[];
  /** Of the signed attributes; `sha256` where left out. */
  readonly digest?: DigestName;
  readonly form?: SignatureForm;
  /** Names the signer by its subject key identifier instead of issuer and serial number; this one. */
  readonly keyIdentifier?: Buffer;
}

export interface AuthenticodeOptions extends SignerOptions {
  /** Of file; `pe` where left out. */
  readonly kind?: keyof typeof KIND;
  /** Of the file; that of the attributes where left out. */
  readonly fileDigest?: DigestName;
  /** Make unsigned attributes for the signature. */
  readonly unsigned?: readonly ((signature: Buffer) => Buffer)[];
  /** Changes the content between its digest among the attributes and the message. */
  readonly alter?: (content: Buffer) => Buffer;
}

const INDIRECT_DATA = '1.3.6.1.4.1.311.2.1.4';

/** An empty file name, as an SpcLink. */
const noFile = element(constructed(2), element(primitive(0)));

/** What a signature says of the kind of file that it is on. */
const KIND = {
  pe: sequence(
    oid('1.3.6.1.4.1.311.2.1.15'),
    sequence(element(TAG.bitString, Buffer.from([0])), element(constructed(0), noFile)),
  ),
  cab: sequence(oid('1.3.6.1.4.1.311.2.1.25'), noFile),
  msi: sequence(oid('1.3.6.1.4.1.311.2.1.30'), sequence(integer('01'))),
} as const;

/** A signature over a file. @param bytes what of the file is signed */
export function signFile(bytes: Buffer, options: AuthenticodeOptions): Buffer {
  const name = options.fileDigest ?? options.digest ?? 'sha256';
  return signDigest(createHash(name).update(bytes).digest(), name, options);
}

/** The same, where the digest is known. */
export function signDigest(digest: Buffer, name: DigestName, options: AuthenticodeOptions): Buffer {
  const content = Buffer.concat([
    KIND[options.kind ?? 'pe'],
    sequence(digestAlgorithm(name), octets(digest)),
  ]);
  const sent = options.alter?.(content) ?? content;
  return signedData(options, INDIRECT_DATA, content, sequence(sent), options.unsigned ?? []);
}

/** @param message the content as it is sent, with its tag */
function signedData(
  options: SignerOptions,
  contentType: string,
  content: Buffer,
  message: Buffer,
  unsigned: readonly ((signature: Buffer) => Buffer)[],
): Buffer {
  const { signer, others = [], digest = 'sha256' } = options;
  return sequence(
    oid('1.2.840.113549.1.7.2'),
    element(
      constructed(0),
      sequence(
        integer('01'),
        set(digestAlgorithm(digest)),
        sequence(oid(contentType), element(constructed(0), message)),
        element(constructed(0), ...[signer, ...others].map(derOf)),
        set(signerInfo(options, contentType, content, [], unsigned)),
      ),
    ),
  );
}

function signerInfo(
  options: SignerOptions,
  contentType: string,
  content: Buffer,
  further: readonly Buffer[],
  unsigned: readonly ((signature: Buffer) => Buffer)[],
): Buffer {
  const { signer, digest = 'sha256', keyIdentifier } = options;
  const attributes = [
    attribute('1.2.840.113549.1.9.3', oid(contentType)),
    attribute('1.2.840.113549.1.9.4', octets(createHash(digest).update(content).digest())),
    ...further,
  ].sort((one, other) => one.compare(other));
  const { issuer, serial } = readFields(new X509Certificate(signer.certificate));
  const { algorithm, signature } = makeSignature(set(...attributes), options);
  return sequence(
    integer(keyIdentifier === undefined ? '01' : '03'),
    keyIdentifier === undefined ? sequence(issuer, integer(serial)) : element(primitive(0), keyIdentifier),
    digestAlgorithm(digest),
    element(constructed(0), ...attributes),
    algorithm,
    octets(signature),
    ...(unsigned.length === 0 ? [] : [element(constructed(1), ...unsigned.map((make) => make(signature)))]),
  );
}

function makeSignature(
  bytes: Buffer,
  { signer, digest = 'sha256', form = 'plain' }: SignerOptions,
): { algorithm: Buffer; signature: Buffer } {
  const key = createPrivateKey(signer.key);
  if (form === 'pss') {
    const saltLength = createHash(digest).digest().length;
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    return {
      algorithm: pss(digest, saltLength),
      signature: sign(digest, bytes, { key, padding, saltLength }),
    };
  }
  if (form === 'bare') {
    const padding = constants.RSA_PKCS1_PADDING;
    const signature = privateEncrypt({ key, padding }, createHash(digest).update(bytes).digest());
    return { algorithm: sequence(oid('1.2.840.113549.1.1.1'), nothing), signature };
  }
  const signature = sign(digest, bytes, key);
  if (key.asymmetricKeyType === 'ec')
    return { algorithm: sequence(oid(ECDSA_SIGNATURE_OID[digest] ?? '1.2.840.10045.2.1')), signature };
  const type = form === 'named' ? RSA_SIGNATURE_OID[digest] : '1.2.840.113549.1.1.1';
  return { algorithm: sequence(oid(type), nothing), signature };
}

/** RSASSA-PSS-params (RFC 4055 3.1). */
function pss(digest: DigestName, saltLength: number): Buffer {
  return sequence(
    oid('1.2.840.113549.1.1.10'),
    sequence(
      element(constructed(0), digestAlgorithm(digest)),
      element(constructed(1), sequence(oid('1.2.840.113549.1.1.8'), digestAlgorithm(digest))),
      element(constructed(2), integer(saltLength.toString(16).padStart(2, '0'))),
    ),
  );
}

export interface TimestampOptions extends SignerOptions {
  readonly time: Date;
  /** Which signature it is on; the one that it is put on where left out. */
  readonly over?: Buffer;
  /** Of the token: whose certificate its signed attributes name; false for none. */
  readonly named?: TestCertificate | false;
  /** Digits of the time behind the second. */
  readonly fraction?: string;
}

const TST_INFO = '1.2.840.113549.1.9.16.1.4';

/** An attribute with a timestamp by RFC 3161. */
export function rfc3161(options: TimestampOptions): (signature: Buffer) => Buffer {
  const { digest = 'sha256', signer, named = signer } = options;
  return (signature) => {
    const imprint = createHash(digest)
      .update(options.over ?? signature)
      .digest();
    const at = time(TAG.generalizedTime, options.time).subarray(2, -1).toString('latin1');
    const info = sequence(
      integer('01'),
      oid('1.3.6.1.4.1.1.2'),
      sequence(digestAlgorithm(digest), octets(imprint)),
      integer('2a'),
      element(TAG.generalizedTime, Buffer.from(`${at}${options.fraction ?? ''}Z`)),
    );
    const further = named === false ? [] : [signingCertificate(named)];
    const token = sequence(
      oid('1.2.840.113549.1.7.2'),
      element(
        constructed(0),
        sequence(
          integer('03'),
          set(digestAlgorithm(digest)),
          sequence(oid(TST_INFO), element(constructed(0), octets(info))),
          element(constructed(0), ...[signer, ...(options.others ?? [])].map(derOf)),
          set(signerInfo(options, TST_INFO, info, further, [])),
        ),
      ),
    );
    return attribute('1.3.6.1.4.1.311.3.3.1', token);
  };
}

/** SigningCertificateV2 with its default digest, SHA-256 (RFC 5035 4). */
function signingCertificate(certificate: TestCertificate): Buffer {
  const digest = createHash('sha256').update(derOf(certificate)).digest();
  return attribute('1.2.840.113549.1.9.16.2.47', sequence(sequence(sequence(octets(digest)))));
}

/** An attribute with Authenticode's own timestamp; the certificates must be among those of the signature. */
export function legacyTimestamp(options: TimestampOptions): (signature: Buffer) => Buffer {
  return (signature) =>
    attribute(
      '1.2.840.113549.1.9.6',
      signerInfo(
        options,
        '1.2.840.113549.1.7.1',
        options.over ?? signature,
        [attribute('1.2.840.113549.1.9.5', time(TAG.utcTime, options.time))],
        [],
      ),
    );
}

/** An attribute with further signatures. */
export function nested(...signatures: readonly Buffer[]): () => Buffer {
  return () => attribute('1.3.6.1.4.1.311.2.4.1', ...signatures);
}
