import { createHash } from 'node:crypto';
import type { DigestName } from '../../protocol/authenticode/digests.ts';
import type { FileSignature } from '../../protocol/authenticode/file-signature.ts';
import { readFields } from '../../protocol/x509/certificate-fields.ts';
import { EditedFile } from '../../scripts/testing/authenticode/edited-file.ts';
import { makePackage } from '../../scripts/testing/authenticode/package.ts';
import {
  makeProgram,
  signedBytesOfProgram,
  withCertificateTable,
} from '../../scripts/testing/authenticode/program.ts';
import {
  authority,
  ecPublisher,
  publisher,
  timeService,
  x509,
} from '../../scripts/testing/authenticode/publishers.ts';
import { withReserve } from '../../scripts/testing/authenticode/signed-cabinet.ts';
import {
  packageParts,
  signedCabinet,
  signedPackage,
  signedProgram,
} from '../../scripts/testing/authenticode/signed-samples.ts';
import type { SampleOptions } from '../../scripts/testing/authenticode/signed-samples.ts';
import { legacyTimestamp, nested, rfc3161, signFile } from '../../scripts/testing/authenticode/signer.ts';
import { writeCabinet } from '../../protocol/cabinet/write-cabinet.ts';

let file: EditedFile;
beforeAll(async () => {
  file = await EditedFile.create();
});
afterAll(async () => {
  await file.remove();
});

type Signed = Extract<FileSignature, { signed: 'yes' }>;
async function readSigned(bytes: Buffer): Promise<Signed> {
  const found = await file.read(bytes);
  if (found.signed !== 'yes') throw new Error(`signed: ${found.signed}`);
  return found;
}

const formats: readonly [
  string,
  FileSignature['kind'],
  (options: SampleOptions) => Buffer | Promise<Buffer>,
][] = [
  ['a PE32 program', 'pe', (options) => signedProgram(options, 'PE32')],
  ['a PE32+ program', 'pe', (options) => signedProgram(options)],
  ['a cabinet', 'cab', signedCabinet],
  ['a package', 'msi', (options) => signedPackage(options)],
  ['a package with sectors of 4,096 bytes', 'msi', (options) => signedPackage(options, { version: 4 })],
  ['a package in scattered sectors', 'msi', (options) => signedPackage(options, { isScattered: true })],
  ['a package with signed names', 'msi', (options) => signedPackage(options, { hasMetadata: true })],
];

describe.each(formats)('%s', (_name, kind, make) => {
  it.each<DigestName>(['sha1', 'sha256', 'sha384', 'sha512'])('is read when signed by %s', async (digest) => {
    const found = await readSigned(await make({ digest }));
    expect(found.kind).toBe(kind);
    expect(found.nested).toEqual([]);
    expect(found.signature).toMatchObject({
      digestAlgorithm: digest,
      signerDigest: digest,
      matches: true,
      problem: undefined,
      timestamps: [],
    });
    expect(found.signature.computedDigest).toEqual(found.signature.signedDigest);
    expect(found.signature.signer?.subject).toBe('CN=Test Publisher');
  });

  it('has another digest than the one that was signed where another file was', async () => {
    const alter = (content: Buffer): Buffer =>
      Buffer.concat([content.subarray(0, -1), Buffer.from([content.at(-1)! ^ 1])]);
    const found = await readSigned(await make({ alter }));
    expect(found.signature.matches).toBe(false);
    expect(found.signature.problem).toMatch(/digest among the signed attributes/);
  });
});

describe('what is recorded of a signature', () => {
  it('names the signer as its certificate does, and has the certificates that came along', async () => {
    const { signature } = await readSigned(signedProgram());
    const certificate = x509(publisher);
    expect(signature.signer).toEqual({
      subject: 'CN=Test Publisher',
      issuer: 'CN=Test Authority',
      serial: readFields(certificate).serial,
      fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
      keyFingerprint: createHash('sha256')
        .update(certificate.publicKey.export({ type: 'spki', format: 'der' }))
        .digest('hex'),
      validFrom: certificate.validFromDate.toISOString(),
      validTo: certificate.validToDate.toISOString(),
    });
    expect(signature.certificates).toEqual([certificate.raw, x509(authority).raw]);
  });

  it.each<[string, SampleOptions]>([
    ['RSA that names the key alone', { form: 'plain' }],
    ['RSA that names the digest too', { form: 'named', digest: 'sha512' }],
    ['RSA-PSS', { form: 'pss', digest: 'sha384' }],
    ['RSA-PSS by SHA-1', { form: 'pss', digest: 'sha1' }],
    ['ECDSA', { signer: ecPublisher }],
    ['ECDSA by SHA-384', { signer: ecPublisher, digest: 'sha384' }],
  ])('holds when made by %s', async (_name, options) => {
    const { signature } = await readSigned(signedProgram(options));
    expect(signature.problem).toBeUndefined();
  });

  it('does not hold when the signer is another one than the certificate', async () => {
    const { signature } = await readSigned(signedProgram({ signer: { ...publisher, key: timeService.key } }));
    expect(signature).toMatchObject({ matches: true, problem: 'the signature is wrong' });
  });

  it('does not hold without the certificate of its signer', async () => {
    const { signature } = await readSigned(signedProgram({ keyIdentifier: Buffer.alloc(20, 1) }));
    expect(signature).toMatchObject({ signer: undefined, problem: "the signer's certificate is not there" });
  });

  it('does not hold when a digest stands in the place of a DigestInfo', async () => {
    const { signature } = await readSigned(signedProgram({ form: 'bare' }));
    expect(signature.problem).toBe('the signature is wrong');
  });

  it('has the time of a timestamp by RFC 3161, to the millisecond', async () => {
    const time = new Date('2025-03-01T12:30:45.000Z');
    const stamp = rfc3161({ signer: timeService, time, fraction: '.1234' });
    const { signature } = await readSigned(signedProgram({ unsigned: [stamp] }));
    expect(signature.timestamps).toMatchObject([
      {
        kind: 'rfc3161',
        time: new Date('2025-03-01T12:30:45.123Z'),
        signer: { subject: 'CN=Test Time Service' },
        digests: ['sha256', 'sha256'],
        problem: undefined,
      },
    ]);
  });

  it.each(['plain', 'bare'] as const)("has the time of Authenticode's own timestamp (%s)", async (form) => {
    const time = new Date('2012-03-01T12:30:45.000Z');
    const stamp = legacyTimestamp({ signer: timeService, time, digest: 'sha1', form });
    const options = { others: [authority, timeService], unsigned: [stamp] };
    const { signature } = await readSigned(signedProgram(options));
    expect(signature.timestamps).toMatchObject([
      { kind: 'authenticode', time, signer: { subject: 'CN=Test Time Service' }, problem: undefined },
    ]);
  });

  it('says so when a timestamp is on another signature', async () => {
    const over = Buffer.alloc(256, 1);
    const time = new Date();
    const unsigned = [rfc3161, legacyTimestamp].map((stamp) => stamp({ signer: timeService, time, over }));
    const found = await readSigned(signedProgram({ others: [authority, timeService], unsigned }));
    const [token, legacy] = found.signature.timestamps;
    expect(token?.problem).toBe('it is on another signature');
    expect(legacy?.problem).toMatch(/digest among the signed attributes/);
  });

  it('says so when a timestamp names another certificate as its own', async () => {
    const stamp = rfc3161({ signer: timeService, time: new Date(), named: publisher });
    const { signature } = await readSigned(signedProgram({ unsigned: [stamp] }));
    expect(signature.timestamps).toMatchObject([{ problem: 'its signer names another certificate' }]);
  });

  it('has a timestamp whose signer names no certificate', async () => {
    const stamp = rfc3161({ signer: timeService, time: new Date(), named: false });
    const { signature } = await readSigned(signedProgram({ unsigned: [stamp] }));
    expect(signature.timestamps).toMatchObject([{ problem: undefined }]);
  });

  it('has a signature nested in another, with its own digest of the file', async () => {
    const bytes = signedBytesOfProgram(makeProgram());
    const inner = signFile(bytes, { signer: ecPublisher, others: [authority] });
    const found = await readSigned(signedProgram({ digest: 'sha1', unsigned: [nested(inner)] }));
    expect(found.signature).toMatchObject({ digestAlgorithm: 'sha1', matches: true });
    expect(found.nested).toMatchObject([
      { digestAlgorithm: 'sha256', matches: true, signer: { subject: 'CN=Test EC Publisher' } },
    ]);
  });

  it('has every entry of a certificate table', async () => {
    const program = makeProgram();
    const bytes = signedBytesOfProgram(program);
    const signatures = [publisher, ecPublisher].map((signer) => signFile(bytes, { signer }));
    const found = await readSigned(withCertificateTable(program, signatures));
    expect(found.nested).toMatchObject([{ matches: true, signer: { subject: 'CN=Test EC Publisher' } }]);
  });

  it('is over what an installer carries behind its sections', async () => {
    const program = makeProgram({ overlay: Buffer.alloc(4096, 9) });
    const signed = signedProgram({}, 'PE32+', program);
    expect((await readSigned(signed)).signature.matches).toBe(true);
    signed.writeUInt8(8, program.length - 1);
    expect((await readSigned(signed)).signature.matches).toBe(false);
  });

  it('is over a package with more tables than its header names', async () => {
    const parts = { name: '', children: [{ name: 'large', content: Buffer.alloc(7_400_000, 6) }] };
    expect((await readSigned(signedPackage({}, {}, parts))).signature.matches).toBe(true);
  });
});

describe('a file without a signature', () => {
  it.each<[string, () => Buffer | Promise<Buffer>, FileSignature['kind']]>([
    ['a program', () => makeProgram(), 'pe'],
    ['a cabinet', () => writeCabinet(Buffer.from('content')), 'cab'],
    ['a package', () => makePackage(packageParts), 'msi'],
  ])('is known as one: %s', async (_name, make, kind) => {
    expect(await file.read(await make())).toEqual({ signed: 'no', kind });
  });

  it('is a cabinet with room for a signature and none in it', async () => {
    const cabinet = withReserve(await writeCabinet(Buffer.from('content')));
    cabinet.fill(0, 44, 52);
    expect(await file.read(cabinet)).toEqual({ signed: 'no', kind: 'cab' });
  });

  it.each<[string, Buffer, FileSignature['kind'], RegExp]>([
    ['a Windows image', Buffer.from('MSWIM\0\0\0\xd0'), 'wim', /Windows image/],
    ['a patch storage file', Buffer.from('PSTREAM\0'), 'psf', /patch storage/],
    ['a program for MS-DOS', Buffer.from('MZ'.padEnd(64, '\0')), 'pe', /MS-DOS/],
    ['an empty file', Buffer.alloc(0), 'other', /no EXE/],
    ['a text', Buffer.from('readme'), 'other', /no EXE/],
  ])('is not supported, with the reason: %s', async (_name, bytes, kind, reason) => {
    expect(await file.read(bytes)).toEqual({
      signed: 'unsupported',
      kind,
      reason: expect.stringMatching(reason),
    });
  });
});
