import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { DerError } from '../../../protocol/x509/der.ts';
import { makeCertificate, makeKey } from '../../../scripts/testing/certificates.ts';
import type { TestCertificate } from '../../../scripts/testing/certificates.ts';
import {
  issuingDistributionPoint,
  makeOcspFailure,
  makeOcspResponse,
  makeRevocationList,
  someExtension,
} from '../../../scripts/testing/revocation.ts';
import type { TestList, TestOcsp } from '../../../scripts/testing/revocation.ts';
import { readRevocationList } from './crl.ts';
import { writeOcspRequest } from './ocsp-request.ts';
import { readOcspResponse } from './ocsp-response.ts';
import { RevocationError } from './statement.ts';
import type { Statement } from './statement.ts';

const HOUR = 3_600_000;
const URL_OF_LIST = new URL('http://authority.example/list.crl');
const someKey = makeKey();
const issuer = makeCertificate({ subject: 'Issuing', isAuthority: true });
const namesake = makeCertificate({ subject: 'Issuing', isAuthority: true });
const other = makeCertificate({ subject: 'Other', isAuthority: true });
const leaf = makeCertificate({ subject: 'Server', key: someKey, issuer, names: ['localhost'] });
const second = makeCertificate({ subject: 'Second', key: someKey, issuer, names: ['localhost'] });
const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';
const responder = (options: Partial<Parameters<typeof makeCertificate>[0]> = {}): TestCertificate =>
  makeCertificate({ subject: 'Responder', key: someKey, issuer, usages: [OCSP_SIGNING], ...options });

const x509 = ({ certificate }: TestCertificate): X509Certificate => new X509Certificate(certificate);
const subject = { certificate: x509(leaf), issuer: x509(issuer) };
const now = new Date();

const list = (options: Partial<TestList> = {}): Statement =>
  readRevocationList(makeRevocationList({ issuer, ...options }), subject, [URL_OF_LIST], now);
const ocsp = (options: Partial<TestOcsp> = {}, nonce?: Buffer): Statement =>
  readOcspResponse(makeOcspResponse({ issuer, about: leaf, ...options }), subject, nonce, now);

const why = (call: () => Statement): string => {
  try {
    return call().status;
  } catch (error) {
    if (error instanceof RevocationError || error instanceof DerError) return error.message;
    throw error;
  }
};

describe('A certificate revocation list', () => {
  it('says of a certificate that it is not in the list, and until when that is good', () => {
    const nextUpdate = new Date('2099-01-02T03:04:05Z');
    expect(list({ nextUpdate, revoked: [second] })).toEqual({
      status: 'good',
      source: 'CRL',
      validUntil: nextUpdate,
    });
  });

  it('says when a certificate in it was revoked', () => {
    expect(list({ revoked: [second, leaf] })).toMatchObject({
      status: 'revoked',
      revokedAt: expect.any(Date),
    });
    const reason = { oid: '2.5.29.21', critical: false };
    expect(
      list({ revoked: [leaf], entryExtensions: [{ ...someExtension('1', false), ...reason }] }).status,
    ).toBe('revoked');
  });

  it.each<[string, Partial<TestList>, RegExp]>([
    ['of another issuer', { issuer: other }, /another issuer/],
    ['signed by a namesake of the issuer', { key: namesake.key }, /signature of the CRL is wrong/],
    ['signed with SHA-1', { digest: 'sha1' }, /RSA-SHA1/],
    ['that should have been replaced', { nextUpdate: new Date(now.getTime() - 1000) }, /was good until/],
    ['of tomorrow', { thisUpdate: new Date(now.getTime() + HOUR) }, /in the future/],
    ['that is good for ever', { nextUpdate: null }, /does not say when/],
    ['that is an indirect one', { extensions: [issuingDistributionPoint({ flag: 4 })] }, /indirect/],
    ['for authorities only', { extensions: [issuingDistributionPoint({ flag: 2 })] }, /another kind/],
    ['for attribute certificates', { extensions: [issuingDistributionPoint({ flag: 5 })] }, /another kind/],
    ['of some reasons', { extensions: [issuingDistributionPoint({ flag: 3 })] }, /some reasons/],
    [
      'that belongs at another address',
      { extensions: [issuingDistributionPoint({ url: 'http://authority.example/other.crl' })] },
      /other certificates/,
    ],
    ['that is a delta', { extensions: [someExtension('2.5.29.27', true)] }, /delta/],
    [
      'of entries for other issuers',
      { revoked: [second], entryExtensions: [someExtension('2.5.29.29', true)] },
      /entry with an extension/,
    ],
  ])('%s is not believed', (_what, options, reason) => {
    expect(why(() => list(options))).toMatch(reason);
  });

  it('is believed when it is for end entities, or belongs where the certificate says', () => {
    expect(list({ extensions: [issuingDistributionPoint({ flag: 1 })] }).status).toBe('good');
    expect(list({ extensions: [issuingDistributionPoint({ url: URL_OF_LIST.href })] }).status).toBe('good');
  });

  it('is not believed from an issuer that may not sign lists', () => {
    const clerk = makeCertificate({ subject: 'Clerk', issuer, isAuthority: true, maySignLists: false });
    const below = makeCertificate({ subject: 'Below', key: someKey, issuer: clerk });
    const read = (): Statement =>
      readRevocationList(
        makeRevocationList({ issuer: clerk }),
        { certificate: x509(below), issuer: x509(clerk) },
        [URL_OF_LIST],
        now,
      );
    expect(why(read)).toMatch(/may not sign/);
  });
});

describe('An OCSP answer', () => {
  it('is believed from the issuer and from a responder that it certified, named by key or by name', () => {
    expect(ocsp().status).toBe('good');
    expect(ocsp({ byName: true }).status).toBe('good');
    expect(ocsp({ responder: responder() }).status).toBe('good');
    expect(ocsp({ responder: responder(), byName: true }).status).toBe('good');
    expect(ocsp({ idDigest: 'sha256' }).status).toBe('good');
    expect(ocsp({ status: 'revoked' })).toMatchObject({ status: 'revoked', revokedAt: expect.any(Date) });
  });

  it('that names no next one is good for a day', () => {
    const thisUpdate = new Date(now.getTime() - HOUR);
    expect(ocsp({ thisUpdate, nextUpdate: null }).status).toBe('good');
    expect(why(() => ocsp({ thisUpdate: new Date(now.getTime() - 25 * HOUR), nextUpdate: null }))).toMatch(
      /was good until/,
    );
  });

  it('need not repeat the nonce, but may not have another one', () => {
    const nonce = Buffer.alloc(32, 7);
    expect(ocsp({}, nonce).status).toBe('good');
    expect(ocsp({ nonce }, nonce).status).toBe('good');
    expect(why(() => ocsp({ nonce: Buffer.alloc(32, 8) }, nonce))).toMatch(/another question/);
  });

  it.each<[string, () => Partial<TestOcsp>, RegExp]>([
    ['about another certificate', () => ({ about: second }), /about another certificate/],
    [
      'about a certificate of the same number by a namesake of the issuer',
      () => ({ namedIssuer: namesake }),
      /about another certificate/,
    ],
    [
      'about a certificate of the same number by another issuer',
      () => ({ namedIssuer: other }),
      /about another certificate/,
    ],
    ['about a namesake of the issuer', () => ({ issuer: namesake, key: issuer.key }), /by neither/],
    ['of an issuer that did not sign it', () => ({ key: namesake.key }), /signature .* is wrong/],
    ['signed with SHA-1', () => ({ digest: 'sha1' }), /RSA-SHA1/],
    ['of an authority that has nothing to do with it', () => ({ responder: other }), /did not certify/],
    [
      'of a server that the issuer certified for something else',
      () => ({ responder: responder({ usages: ['serverAuth'] }) }),
      /OCSPSigning/,
    ],
    [
      'of a responder that another authority certified',
      () => ({ responder: responder({ issuer: other }) }),
      /did not certify/,
    ],
    [
      'of a responder that is past its dates',
      () => ({ responder: responder({ validTo: new Date(now.getTime() - 1000) }) }),
      /outside its dates/,
    ],
    ['of a responder with a weak key', () => ({ responder: responder({ key: makeKey(1024) }) }), /too weak/],
    [
      'of a responder with a weak signature',
      () => ({ responder: responder({ digest: 'sha1' }) }),
      /too weak/,
    ],
    [
      'of a responder whose certificate is not there',
      () => ({ responder: responder(), sendsCertificate: false }),
      /neither/,
    ],
    ['that is too old', () => ({ nextUpdate: new Date(now.getTime() - 1000) }), /was good until/],
    ['of tomorrow', () => ({ thisUpdate: new Date(now.getTime() + HOUR) }), /in the future/],
    ['that does not know the certificate', () => ({ status: 'unknown' }), /does not know/],
  ])('%s is not believed', (_what, options, reason) => {
    expect(why(() => ocsp(options()))).toMatch(reason);
  });

  it('that is a refusal is named', () => {
    expect(why(() => readOcspResponse(makeOcspFailure(3), subject, undefined, now))).toMatch(/tryLater/);
  });
});

describe('Whatever bytes come as an answer', () => {
  const nonce = Buffer.alloc(32, 7);
  const good = [
    makeRevocationList({ issuer, revoked: [second], extensions: [issuingDistributionPoint({ flag: 1 })] }),
    makeOcspResponse({ issuer, about: leaf, responder: responder(), nonce }),
  ] as const;
  const readers = [
    (bytes: Buffer): Statement => readRevocationList(bytes, subject, [URL_OF_LIST], now),
    (bytes: Buffer): Statement => readOcspResponse(bytes, subject, nonce, now),
  ] as const;

  it('one flipped bit or a missing end is never believed', () => {
    for (const [index, read] of readers.entries()) {
      const bytes = good[index]!;
      expect(read(bytes).status).toBe('good');
      for (let at = 0; at < bytes.length; at++) {
        const flipped = Buffer.from(bytes);
        flipped[at] = flipped[at]! ^ (1 << (at % 8));
        const said = why(() => read(flipped));
        if (said === 'good') expect(isUnsigned(index, at, bytes)).toBe(true);
        expect(said).not.toBe('revoked');
      }
      for (let length = 0; length < bytes.length; length += 7)
        expect(why(() => read(bytes.subarray(0, length)))).not.toBe('good');
    }
  });

  /** Outside the signed part lies what does not matter: parameters of the digest, the responder's own signature is checked. */
  const isUnsigned = (index: number, at: number, bytes: Buffer): boolean =>
    index === 1 && bytes.subarray(at - 16, at + 2).includes(Buffer.from('2a864886f70d01010b05', 'hex'));

  it('garbage is refused, and with an error of ours', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.nat(1), (bytes, index) => {
        expect(why(() => readers[index]!(Buffer.from(bytes)))).not.toBe('good');
      }),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(
        fc.nat(1),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.uint8Array({ minLength: 1, maxLength: 30 }),
        (index, place, bytes) => {
          const original = good[index]!;
          const at = Math.floor(place * original.length);
          const mixed = Buffer.concat([original.subarray(0, at), Buffer.from(bytes), original.subarray(at)]);
          expect(why(() => readers[index]!(mixed))).not.toBe('good');
        },
      ),
      { numRuns: 1000 },
    );
  });
});

it('a question to a responder is DER that names the certificate and carries the nonce', () => {
  const nonce = Buffer.alloc(32, 9);
  const request = writeOcspRequest(subject, nonce);
  expect(request.includes(nonce)).toBe(true);
  expect(request.toString('hex')).toContain(subject.certificate.serialNumber.toLowerCase());
});
