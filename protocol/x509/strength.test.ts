import { X509Certificate, constants, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { element, integer, oid, sequence } from './der-writer.ts';
import { TAG, constructed } from './der.ts';
import { keyWeakness, signatureWeakness } from './strength.ts';

interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const time = (text: string): Buffer => element(TAG.utcTime, Buffer.from(text));
const name = sequence(element(0x31, sequence(oid('2.5.4.3'), element(0x0c, Buffer.from('Someone')))));

/** A bare certificate of any key, which node-forge cannot make. */
function certify(
  { publicKey, privateKey }: Pair,
  algorithm: Buffer,
  digest: string | null,
  padding?: { padding: number; saltLength: number },
): X509Certificate {
  const body = sequence(
    integer('01'),
    algorithm,
    name,
    sequence(time('260101000000Z'), time('300101000000Z')),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = sign(digest, body, { key: privateKey, ...padding });
  return new X509Certificate(
    sequence(body, algorithm, element(TAG.bitString, Buffer.concat([Buffer.from([0]), signature]))),
  );
}

const ec = (namedCurve: string): Pair => generateKeyPairSync('ec', { namedCurve });
const withEcdsa = (curve: string): X509Certificate =>
  certify(ec(curve), sequence(oid('1.2.840.10045.4.3.2')), 'sha256');

describe('A key', () => {
  it.each(['prime256v1', 'secp384r1', 'secp521r1'])('on %s is strong enough', (curve) => {
    expect(keyWeakness(withEcdsa(curve))).toBeUndefined();
    expect(signatureWeakness(withEcdsa(curve))).toBeUndefined();
  });

  it.each(['prime192v1', 'secp224r1', 'secp256k1'])('on %s is not', (curve) => {
    expect(keyWeakness(withEcdsa(curve))).toContain(curve);
  });

  it('of Ed25519 is strong enough', () => {
    const certificate = certify(generateKeyPairSync('ed25519'), sequence(oid('1.3.101.112')), null);
    expect([keyWeakness(certificate), signatureWeakness(certificate)]).toEqual([undefined, undefined]);
  });
});

describe('A signature', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const PSS = '1.2.840.113549.1.1.10';
  const DIGESTS = { sha1: '1.3.14.3.2.26', sha256: '2.16.840.1.101.3.4.2.1' } as const;
  const pss = (digest: keyof typeof DIGESTS): X509Certificate => {
    const hash = sequence(oid(DIGESTS[digest]));
    const mask = sequence(oid('1.2.840.113549.1.1.8'), hash);
    const saltLength = digest === 'sha1' ? 20 : 32;
    const parameters = sequence(
      element(constructed(0), hash),
      element(constructed(1), mask),
      element(constructed(2), integer(saltLength.toString(16))),
    );
    const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
    return certify(rsa, sequence(oid(PSS), parameters), digest, padding);
  };

  it('by RSA-PSS counts by its digest, which is SHA-1 where it is not said', () => {
    expect(signatureWeakness(pss('sha256'))).toBeUndefined();
    expect(signatureWeakness(pss('sha1'))).toMatch(/RSA-PSS with a digest other/);
    const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 20 };
    const bare = certify(rsa, sequence(oid(PSS), sequence()), 'sha1', padding);
    expect(signatureWeakness(bare)).toMatch(/RSA-PSS with a digest other/);
  });

  it.each([
    ['1.2.840.113549.1.1.4', 'md5', 'RSA-MD5'],
    ['1.2.840.113549.1.1.5', 'sha1', 'RSA-SHA1'],
    ['1.2.840.113549.1.1.14', 'sha224', 'not accepted'],
  ])('by %s with %s is weak', (algorithm, digest, named) => {
    const parameters = sequence(oid(algorithm), Buffer.from([0x05, 0]));
    expect(signatureWeakness(certify(rsa, parameters, digest))).toContain(named);
  });

  it('by ECDSA with SHA-1 is weak', () => {
    const certificate = certify(ec('prime256v1'), sequence(oid('1.2.840.10045.4.1')), 'sha1');
    expect(signatureWeakness(certificate)).toContain('ECDSA-SHA1');
  });
});
