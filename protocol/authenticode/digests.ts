/** The digest algorithms that signatures are made with. */
import { AuthenticodeError } from './error.ts';

/** As Node.js names them. */
export type DigestName = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512';

const BY_OID: ReadonlyMap<string, DigestName> = new Map([
  ['1.2.840.113549.2.5', 'md5'],
  ['1.3.14.3.2.26', 'sha1'],
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
]);

/** Bytes. */
export const DIGEST_LENGTH: Readonly<Record<DigestName, number>> = {
  md5: 16,
  sha1: 20,
  sha256: 32,
  sha384: 48,
  sha512: 64,
};

/** @throws AuthenticodeError DIGEST_UNKNOWN */
export function digestOf(oid: string): DigestName {
  const name = BY_OID.get(oid);
  if (name === undefined)
    throw new AuthenticodeError('DIGEST_UNKNOWN', `the signature is by a digest that is not known (${oid}).`);
  return name;
}
