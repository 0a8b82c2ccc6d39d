/** What Node.js does not tell of a certificate: the bytes of its names and key, and its extensions (RFC 5280 4.1). */
import type { X509Certificate } from 'node:crypto';
import { DerReader, TAG, constructed } from './der.ts';
import { readExtensions } from './extensions.ts';
import type { Extensions } from './extensions.ts';
import { readAlgorithm } from './signature.ts';
import type { SignatureAlgorithm } from './signature.ts';

export interface CertificateFields {
  /** Hex without leading zeros. */
  readonly serial: string;
  /** DER of the names, with tag and length. */
  readonly issuer: Buffer;
  readonly subject: Buffer;
  /** SubjectPublicKeyInfo, with tag and length. */
  readonly key: Buffer;
  /** The public key without its algorithm; what key hashes are made of. */
  readonly keyBits: Buffer;
  readonly algorithm: SignatureAlgorithm;
  readonly extensions: Extensions;
}

/** @throws DerError */
export function readFields({ raw }: X509Certificate): CertificateFields {
  const certificate = new DerReader(raw).inside(TAG.sequence);
  const body = certificate.inside(TAG.sequence);
  const algorithm = readAlgorithm(certificate);
  body.insideIfNext(constructed(0));
  const serial = body.integer();
  body.expect(TAG.sequence);
  const issuer = body.expect(TAG.sequence).whole;
  body.expect(TAG.sequence);
  const subject = body.expect(TAG.sequence).whole;
  const { whole: key, content: keyInfo } = body.expect(TAG.sequence);
  const keyReader = new DerReader(keyInfo);
  keyReader.expect(TAG.sequence);
  const keyBits = keyReader.bits();
  while (!body.isAtEnd && !body.isNext(constructed(3))) body.element();
  const extensions = readExtensions(body.insideIfNext(constructed(3))?.inside(TAG.sequence));
  return { serial, issuer, subject, key, keyBits, algorithm, extensions };
}

const KEY_USAGE = '2.5.29.15';

/** Bits of a key usage, from the highest (RFC 5280 4.2.1.3). */
export const KEY_USAGE_BIT = { digitalSignature: 0, crlSign: 6 } as const;

/** Whether the key may be used so; one without a key usage may be used for anything. */
export function allowsUsage({ extensions }: CertificateFields, bit: number): boolean {
  const usage = extensions.get(KEY_USAGE);
  if (usage === undefined) return true;
  const [, bits = 0] = new DerReader(usage.value).expect(TAG.bitString).content;
  return (bits & (0x80 >> bit)) !== 0;
}
