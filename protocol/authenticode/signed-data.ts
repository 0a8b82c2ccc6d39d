/** Reads SignedData as Authenticode and timestamps carry it (PKCS #7 1.5, RFC 2315 9; RFC 5652 5). */
import { DerError, DerReader, TAG, constructed, primitive } from '../x509/der.ts';
import type { DerElement } from '../x509/der.ts';
import { readAlgorithm } from '../x509/signature.ts';
import type { SignatureAlgorithm } from '../x509/signature.ts';
import { digestOf } from './digests.ts';
import type { DigestName } from './digests.ts';

const SIGNED_DATA = '1.2.840.113549.1.7.2';

/** Certificates in a signature; those of a signer with two kinds of timestamps are eight or so. */
const MOST_CERTIFICATES = 32;
const MOST_ATTRIBUTES = 64;
const MOST_VALUES = 16;

/** Values by the attribute's dotted object identifier. */
export type Attributes = ReadonlyMap<string, readonly DerElement[]>;

export type SignerIdentifier =
  | {
      /** DER of the name, with tag and length. */
      readonly issuer: Buffer;
      /** Hex without leading zeros. */
      readonly serial: string;
    }
  | { readonly keyIdentifier: Buffer };

export interface SignerInfo {
  readonly identifier: SignerIdentifier;
  readonly digest: DigestName;
  readonly signed: Attributes;
  /** DER of the signed attributes as they were signed; undefined where there are none. */
  readonly signedBytes: Buffer | undefined;
  readonly algorithm: SignatureAlgorithm;
  readonly signature: Buffer;
  readonly unsigned: Attributes;
}

export interface SignedData {
  /** Dotted object identifier. */
  readonly contentType: string;
  /** Inside the outermost element of the content; what the digest among the signed attributes is of. */
  readonly content: Buffer;
  /** DER, in their order. */
  readonly certificates: readonly Buffer[];
  readonly signer: SignerInfo;
}

/**
 * @param contentInfo inside the `SEQUENCE` of a ContentInfo
 * @throws DerError, also where there is not exactly one signer
 * @throws AuthenticodeError DIGEST_UNKNOWN
 */
export function readSignedData(contentInfo: DerReader): SignedData {
  const type = contentInfo.oid();
  if (type !== SIGNED_DATA) throw new DerError(`something else than SignedData (${type})`);
  const wrapped = contentInfo.inside(constructed(0));
  contentInfo.end();
  const data = wrapped.inside(TAG.sequence);
  wrapped.end();
  data.integer();
  data.expect(TAG.set);
  const encapsulated = data.inside(TAG.sequence);
  const contentType = encapsulated.oid();
  const holder = encapsulated.inside(constructed(0));
  const { content } = holder.element();
  holder.end();
  encapsulated.end();
  const certificates = readCertificates(data.insideIfNext(constructed(0)));
  // Revocation lists, which nobody is asked to believe here.
  data.insideIfNext(constructed(1));
  const signers = data.inside(TAG.set);
  data.end();
  const signer = readSignerInfo(signers.inside(TAG.sequence));
  signers.end();
  return { contentType, content, certificates, signer };
}

function readCertificates(list: DerReader | undefined): Buffer[] {
  const certificates: Buffer[] = [];
  for (const { tag, whole } of list?.elements() ?? []) {
    // Attribute certificates and the like have other tags (RFC 5652 10.2.2).
    if (tag === TAG.sequence) certificates.push(whole);
    if (certificates.length > MOST_CERTIFICATES)
      throw new DerError(`more than ${MOST_CERTIFICATES} certificates`);
  }
  return certificates;
}

/**
 * @param info inside the `SEQUENCE` of a SignerInfo
 * @throws DerError
 * @throws AuthenticodeError DIGEST_UNKNOWN
 */
export function readSignerInfo(info: DerReader): SignerInfo {
  info.integer();
  const identifier = readIdentifier(info);
  const digest = digestOf(readAlgorithm(info).oid);
  const attributes = info.isNext(constructed(0)) ? info.element() : undefined;
  const algorithm = readAlgorithm(info);
  const signature = info.octets();
  const unsigned = readAttributes(info.insideIfNext(constructed(1)));
  info.end();
  const signed = readAttributes(attributes && new DerReader(attributes.content));
  return { identifier, digest, signed, signedBytes: asSet(attributes), algorithm, signature, unsigned };
}

function readIdentifier(info: DerReader): SignerIdentifier {
  if (info.isNext(primitive(0))) return { keyIdentifier: info.element().content };
  const named = info.inside(TAG.sequence);
  const issuer = named.expect(TAG.sequence).whole;
  const serial = named.integer();
  named.end();
  return { issuer, serial };
}

/** What is signed has the tag of a SET OF, not the one that it has inside the SignerInfo (RFC 2315 9.3). */
function asSet(attributes: DerElement | undefined): Buffer | undefined {
  return attributes && Buffer.concat([Buffer.from([TAG.set]), attributes.whole.subarray(1)]);
}

function readAttributes(list: DerReader | undefined): Attributes {
  const attributes = new Map<string, DerElement[]>();
  let count = 0;
  for (const attribute of list?.each(TAG.sequence) ?? []) {
    count += 1;
    if (count > MOST_ATTRIBUTES) throw new DerError(`more than ${MOST_ATTRIBUTES} attributes`);
    const oid = attribute.oid();
    const values = [...attribute.inside(TAG.set).elements()];
    attribute.end();
    const all = [...(attributes.get(oid) ?? []), ...values];
    if (all.length > MOST_VALUES) throw new DerError(`more than ${MOST_VALUES} values of an attribute`);
    attributes.set(oid, all);
  }
  return attributes;
}

/**
 * The only value of an attribute.
 *
 * @throws DerError where it is there twice
 */
export function onlyValue(attributes: Attributes, oid: string): DerReader | undefined {
  const values = attributes.get(oid) ?? [];
  if (values.length > 1) throw new DerError(`the attribute ${oid} twice`);
  const [value] = values;
  return value && new DerReader(value.whole);
}
