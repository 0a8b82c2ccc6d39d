import { EditedFile } from '../../scripts/testing/authenticode/edited-file.ts';
import {
  authority,
  publisher,
  root,
  roots,
  timeService,
  x509,
} from '../../scripts/testing/authenticode/publishers.ts';
import { signedCabinet, signedProgram } from '../../scripts/testing/authenticode/signed-samples.ts';
import type { SampleOptions } from '../../scripts/testing/authenticode/signed-samples.ts';
import { legacyTimestamp, nested, rfc3161, signFile } from '../../scripts/testing/authenticode/signer.ts';
import type { TimestampOptions } from '../../scripts/testing/authenticode/signer.ts';
import { makeProgram, signedBytesOfProgram } from '../../scripts/testing/authenticode/program.ts';
import { makeCertificate, makeEcKey, makeKey } from '../../scripts/testing/certificates.ts';
import type { TestCertificate, TestCertificateOptions } from '../../scripts/testing/certificates.ts';
import { judgeSignature } from './judge.ts';
import type { SignaturePolicy, Verdict } from './judge.ts';

let file: EditedFile;
beforeAll(async () => {
  file = await EditedFile.create();
});
afterAll(async () => {
  await file.remove();
});

const now = new Date(Math.floor(Date.now() / 1000) * 1000);
const daysAgo = (days: number): Date => new Date(now.getTime() - days * 86_400_000);

interface Situation extends SampleOptions {
  readonly at?: Date;
  readonly policy?: SignaturePolicy;
  readonly roots?: readonly TestCertificate[];
}

async function judge(situation: Situation = {}): Promise<Verdict> {
  const { at = now, policy = {}, roots: trusted = [root], ...options } = situation;
  const found = await file.read(signedProgram(options));
  return judgeSignature(found, trusted.map(x509), at, policy);
}

const codeOf = (verdict: Verdict): string => (verdict.trusted ? 'TRUSTED' : verdict.code);
const judged = async (situation: Situation = {}): Promise<string> => codeOf(await judge(situation));

const certify = (options: Partial<TestCertificateOptions>): TestCertificate =>
  makeCertificate({ subject: 'Someone', issuer: authority, usages: ['codeSigning'], ...options });
const stamp = (options: Partial<TimestampOptions> = {}): SampleOptions => ({
  unsigned: [rfc3161({ signer: timeService, time: now, ...options })],
});

const expired = certify({ subject: 'Expired', validFrom: daysAgo(400), validTo: daysAgo(100) });
const oldRoot = makeCertificate({ subject: 'Old Root', isAuthority: true, validFrom: daysAgo(900) });
const oldService = makeCertificate({
  subject: 'Old Time Service',
  issuer: oldRoot,
  usages: ['timeStamping'],
  validFrom: daysAgo(800),
  validTo: daysAgo(150),
});
const oldAuthority = makeCertificate({
  subject: 'Old Authority',
  issuer: oldRoot,
  isAuthority: true,
  validFrom: daysAgo(900),
});
const oldPublisher = certify({
  subject: 'Old Publisher',
  issuer: oldAuthority,
  validFrom: daysAgo(400),
  validTo: daysAgo(100),
});
const old = { signer: oldPublisher, others: [oldAuthority], roots: [oldRoot] };

describe('a signature that leads to a configured root', () => {
  it('is believed, with its chain', async () => {
    const verdict = await judge();
    expect(verdict).toMatchObject({
      trusted: true,
      timestamp: undefined,
      message: 'Signed by "Test Publisher", whose certificate leads to "Test Root".',
    });
    expect(verdict.trusted && verdict.chain.map(({ subject }) => subject)).toEqual([
      'CN=Test Publisher',
      'CN=Test Authority',
      'CN=Test Root',
    ]);
  });

  it('is refused where the root is another one', async () => {
    const verdict = await judge({ roots: [oldRoot] });
    expect(verdict).toMatchObject({ trusted: false, code: 'ISSUER_MISSING' });
    expect(verdict.message).toMatch(/"Test Root".*add its certificate/);
  });

  it('is refused where its own root came along but is not configured', async () => {
    expect(await judged({ others: [authority, root], roots: [oldRoot] })).toBe('ROOT_UNKNOWN');
  });

  it('is refused where an authority between is missing', async () => {
    const verdict = await judge({ others: [] });
    expect(verdict).toMatchObject({ code: 'ISSUER_MISSING' });
    expect(verdict.message).toMatch(/"Test Authority"/);
  });

  it('is refused where no root is configured', async () => {
    expect(await judged({ roots: [] })).toBe('ISSUER_MISSING');
  });

  it('is refused where an authority of the same name issued it', async () => {
    const other = makeCertificate({ subject: authority.subject, issuer: root, isAuthority: true });
    expect(await judged({ others: [other] })).toBe('ISSUER_MISSING');
  });
});

describe('what was not signed so', () => {
  it('is refused where the file is another one', async () => {
    const bytes = await signedCabinet();
    bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
    expect(codeOf(judgeSignature(await file.read(bytes), roots, now))).toBe('DIGEST_MISMATCH');
  });

  it('is refused where the signer is another one than its certificate says', async () => {
    expect(await judged({ signer: { ...publisher, key: timeService.key } })).toBe('SIGNATURE_INVALID');
  });

  it('is refused without a signature, and where none can be read', async () => {
    expect(codeOf(judgeSignature(await file.read(makeProgram()), roots, now))).toBe('NOT_SIGNED');
    expect(codeOf(judgeSignature(await file.read(Buffer.from('text')), roots, now))).toBe('UNSUPPORTED');
  });
});

describe('an expired certificate', () => {
  it('is refused without a timestamp', async () => {
    const verdict = await judge({ signer: expired });
    expect(verdict).toMatchObject({ code: 'EXPIRED' });
    expect(verdict.message).toMatch(/"Expired".*expired at/);
  });

  it('is believed with a timestamp from before, though the certificate of that expired too', async () => {
    const time = daysAgo(200);
    const verdict = await judge({ ...old, ...stamp({ signer: oldService, time }) });
    expect(verdict).toMatchObject({ trusted: true, timestamp: { time } });
  });

  it("is believed with Authenticode's own timestamp from before", async () => {
    const unsigned = [legacyTimestamp({ signer: oldService, time: daysAgo(200) })];
    expect(await judged({ ...old, others: [oldAuthority, oldService], unsigned })).toBe('TRUSTED');
  });

  it('is refused with a timestamp from after it expired', async () => {
    expect(
      await judged({ ...old, ...stamp({ signer: timeService, time: daysAgo(0) }), roots: [oldRoot, root] }),
    ).toBe('EXPIRED');
  });

  it('is refused where it was not valid yet', async () => {
    expect(await judged({ at: daysAgo(300) })).toBe('NOT_YET_VALID');
  });

  it('is refused though timestamped where the certificate lets no timestamp extend its life', async () => {
    const usages = ['codeSigning', '1.3.6.1.4.1.311.10.3.13'];
    const signer = certify({
      ...oldPublisher,
      issuer: oldAuthority,
      validFrom: daysAgo(400),
      validTo: daysAgo(100),
      usages,
    });
    expect(await judged({ ...old, signer, ...stamp({ signer: oldService, time: daysAgo(200) }) })).toBe(
      'EXPIRED',
    );
  });
});

describe('a timestamp', () => {
  it('is refused over another signature', async () => {
    const verdict = await judge(stamp({ over: Buffer.alloc(256) }));
    expect(verdict).toMatchObject({ code: 'TIMESTAMP_INVALID' });
    expect(verdict.message).toMatch(/another signature/);
  });

  it('is refused by a signer who is another one than its certificate says', async () => {
    expect(await judged(stamp({ signer: { ...timeService, key: publisher.key } }))).toBe('TIMESTAMP_INVALID');
  });

  it('is refused from the future', async () => {
    const time = new Date(now.getTime() + 3_600_000);
    expect(await judged(stamp({ time }))).toBe('TIMESTAMP_IN_FUTURE');
  });

  it('is refused where its root is not configured', async () => {
    expect(await judged(stamp({ signer: oldService, time: daysAgo(200) }))).toBe('ISSUER_MISSING');
  });

  it('is refused by a certificate that is made for signing code', async () => {
    expect(await judged(stamp({ signer: publisher, others: [authority] }))).toBe('NOT_FOR_TIMESTAMPING');
  });

  it('is refused from when its certificate was not valid', async () => {
    const situation = { ...old, ...stamp({ signer: oldService, time: daysAgo(120) }) };
    expect(await judged(situation)).toBe('EXPIRED');
  });

  it('that cannot be read is refused', async () => {
    const unsigned = [
      (signature: Buffer): Buffer => rfc3161({ signer: timeService, time: now })(signature).fill(0, 40, 60),
    ];
    expect(await judged({ unsigned })).toMatch(/TIMESTAMP_INVALID/);
  });

  it('is enough where another one is damaged', async () => {
    const unsigned = [
      rfc3161({ signer: timeService, time: now, over: Buffer.alloc(9) }),
      rfc3161({ signer: timeService, time: now }),
    ];
    expect(await judged({ unsigned })).toBe('TRUSTED');
  });
});

describe('what a certificate is made for', () => {
  it.each<[string, readonly string[]]>([
    ['TLS servers', ['serverAuth']],
    ['timestamps', ['timeStamping']],
    ['nothing it names', []],
  ])('is refused for %s', async (_name, usages) => {
    expect(await judged({ signer: certify({ usages }) })).toBe('NOT_FOR_CODE_SIGNING');
  });

  it('is refused where an authority above certifies for something else', async () => {
    const narrow = certify({ subject: 'Narrow', issuer: root, isAuthority: true, usages: ['serverAuth'] });
    expect(await judged({ signer: certify({ issuer: narrow }), others: [narrow] })).toBe(
      'NOT_FOR_CODE_SIGNING',
    );
  });

  it('is refused where its issuer is no authority', async () => {
    expect(await judged({ signer: certify({ issuer: publisher }), others: [publisher, authority] })).toBe(
      'ISSUER_MISSING',
    );
  });

  it('is refused below more authorities than one above allows', async () => {
    const below = certify({ subject: 'Below', issuer: authority, isAuthority: true, usages: [] });
    expect(await judged({ signer: certify({ issuer: below }), others: [below, authority] })).toBe(
      'PATH_TOO_LONG',
    );
  });

  it('is refused with a critical extension that is not looked at', async () => {
    const narrow = certify({
      subject: 'Narrow',
      issuer: root,
      isAuthority: true,
      usages: [],
      permittedName: 'a.test',
    });
    expect(await judged({ signer: certify({ issuer: narrow }), others: [narrow] })).toBe('EXTENSION_UNKNOWN');
  });
});

describe('what is too weak', () => {
  it.each<[string, SampleOptions]>([
    ['the digest of the file', { fileDigest: 'sha1' }],
    ['the digest of the signature', { fileDigest: 'sha256', digest: 'sha1' }],
    ['the digest of the timestamp', stamp({ digest: 'sha1' })],
  ])('is refused for SHA-1 unless SHA-1 is accepted: %s', async (_name, options) => {
    expect(await judged(options)).toBe('WEAK_DIGEST');
    expect(await judged({ ...options, policy: { acceptsSha1: true } })).toBe('TRUSTED');
  });

  it('is refused for MD5, whatever is accepted', async () => {
    expect(await judged({ digest: 'md5', policy: { acceptsSha1: true } })).toBe('WEAK_DIGEST');
  });

  it('is refused for a certificate that was signed by SHA-1 unless that is accepted', async () => {
    const signer = certify({ digest: 'sha1' });
    expect(await judged({ signer })).toBe('WEAK_SIGNATURE');
    expect(await judged({ signer, policy: { acceptsSha1: true } })).toBe('TRUSTED');
  });

  it('is accepted for a root that signed itself by SHA-1', async () => {
    const sha1Root = makeCertificate({ subject: 'SHA-1 Root', isAuthority: true, digest: 'sha1' });
    const signer = certify({ issuer: sha1Root });
    expect(await judged({ signer, others: [], roots: [sha1Root] })).toBe('TRUSTED');
  });

  it.each<[string, () => string]>([
    ['an RSA key of 1,024 bits', () => makeKey(1024)],
    ['a curve that nobody else uses', () => makeEcKey('secp256k1')],
  ])('is refused for %s', async (_name, key) => {
    expect(await judged({ signer: certify({ key: key() }) })).toBe('WEAK_KEY');
  });
});

describe('a nested signature', () => {
  const bytes = signedBytesOfProgram(makeProgram());
  const inner = signFile(bytes, { signer: publisher, others: [authority] });

  it('is believed where the one that it is in is too weak', async () => {
    const verdict = await judge({ digest: 'sha1', unsigned: [nested(inner)] });
    expect(verdict).toMatchObject({ trusted: true, signature: { digestAlgorithm: 'sha256' } });
  });

  it('is refused as the one that it is in where neither is believed', async () => {
    const other = signFile(Buffer.from('another file'), { signer: publisher, others: [authority] });
    expect(await judged({ digest: 'sha1', unsigned: [nested(other)] })).toBe('WEAK_DIGEST');
  });
});
