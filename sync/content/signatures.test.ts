import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import winston from 'winston';
import { policyId } from '../../catalog/authenticode/content-signature-policy.ts';
import type { ContentSignaturePolicy } from '../../catalog/authenticode/content-signature-policy.ts';
import { contentPath } from '../../catalog/content-path.ts';
import { fileBySha1 } from '../../catalog/store/content/files.ts';
import { followSignaturePolicy, signatureOf } from '../../catalog/store/content/signatures.ts';
import { openDatabase } from '../../catalog/store/database/database.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { writeSetting } from '../../catalog/store/database/settings.ts';
import { Upstream } from '../../config/schema.ts';
import { writeCabinet } from '../../protocol/cabinet/write-cabinet.ts';
import { makeProgram } from '../../scripts/testing/authenticode/program.ts';
import { roots, timeService } from '../../scripts/testing/authenticode/publishers.ts';
import {
  signedCabinet,
  signedPackage,
  signedProgram,
} from '../../scripts/testing/authenticode/signed-samples.ts';
import { rfc3161 } from '../../scripts/testing/authenticode/signer.ts';
import { knowFile, putFile, sampleOf, storeFile } from '../../scripts/testing/content-files.ts';
import type { ContentSample } from '../../scripts/testing/content-files.ts';
import { portOf } from '../../scripts/testing/port-of.ts';
import { UPSTREAM_CONTENT_SETTING } from '../conversation/upstream-content.ts';
import { Adoption } from './adoption.ts';
import { checkStore } from './check-store.ts';
import { ContentDownloads } from './content-downloads.ts';

const RECORD: ContentSignaturePolicy = { isRequired: false, roots, acceptsSha1: false };
const REQUIRE: ContentSignaturePolicy = { isRequired: true, roots, acceptsSha1: false };
const STRANGERS: ContentSignaturePolicy = { ...REQUIRE, roots: [] };

/** Names the host that the metadata may name too. */
const WITHOUT_CONTENT = Upstream.parse({ url: 'https://127.0.0.1:1', pins: [`sha256/${'A'.repeat(43)}=`] });

let data = '';
let content = '';
let db: Database;
const closers: (() => unknown)[] = [];
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'sluice-signatures-'));
  content = join(data, 'content');
  db = openDatabase(join(data, 'sluice.db'));
});
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
  db.close();
  rmSync(data, { recursive: true });
});

const now = (): Date => new Date();

/** What is wanted comes from here. */
async function serve(sample: ContentSample, extension: string): Promise<{ asked: () => number }> {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.end(sample.bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  knowFile(db, sample, 'wanted', extension);
  db.prepare('UPDATE file SET mu_url = ? WHERE sha1 = ?').run(
    `http://127.0.0.1:${portOf(server)}/file`,
    sample.sha1,
  );
  return { asked: () => asked };
}

async function downloadAll(signatures: ContentSignaturePolicy): Promise<void> {
  followSignaturePolicy(db, policyId(signatures), signatures.isRequired);
  const downloads = new ContentDownloads({
    db,
    log: winston.createLogger({ silent: true }),
    now,
    send: () => undefined,
    folder: content,
    isStored: true,
    onRequest: false,
    parallelDownloads: 2,
    upstream: WITHOUT_CONTENT,
    signatures,
  });
  writeSetting(db, UPSTREAM_CONTENT_SETTING, { catalogOnly: true });
  downloads.wake();
  await downloads.settled();
  await downloads.stop();
}

const pathOf = ({ sha1 }: ContentSample, extension: string): string =>
  join(content, contentPath(sha1, extension));
const quarantineOf = ({ sha1 }: ContentSample, extension: string): string =>
  join(data, 'quarantine', contentPath(sha1, extension));

const altered = (bytes: Buffer): Buffer => {
  const copy = Buffer.from(bytes);
  copy[copy.length >> 1]! ^= 1;
  return copy;
};

describe('The signature of content that was received', () => {
  it('is recorded with signer, issuer, time and whether the file is the one that was signed', async () => {
    const time = new Date(Math.floor(Date.now() / 1000) * 1000);
    const sample = sampleOf(signedProgram({ unsigned: [rfc3161({ signer: timeService, time })] }));
    await serve(sample, '.exe');
    await downloadAll(RECORD);
    expect(fileBySha1(db, sample.sha1)).toMatchObject({ contentState: 'present' });
    expect(signatureOf(db, sample.sha1)).toEqual({
      kind: 'pe',
      signed: 'yes',
      matches: true,
      signer: 'CN=Test Publisher',
      issuer: 'CN=Test Authority',
      signedAt: time.toISOString(),
      verdict: 'TRUSTED',
      message: expect.stringContaining('Test Publisher'),
      isRefused: false,
      judgedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
  });

  it('is recorded alone where it is not required, however bad it is', async () => {
    const sample = sampleOf(await writeCabinet(Buffer.from('content')));
    await serve(sample, '.cab');
    await downloadAll(RECORD);
    expect(fileBySha1(db, sample.sha1)).toMatchObject({ contentState: 'present' });
    expect(signatureOf(db, sample.sha1)).toMatchObject({
      kind: 'cab',
      signed: 'no',
      verdict: 'NOT_SIGNED',
      matches: null,
      isRefused: false,
    });
  });
});

describe('Where signatures are required, content', () => {
  it.each<[string, string, () => Buffer | Promise<Buffer>]>([
    ['a program', '.exe', () => signedProgram()],
    ['a cabinet', '.cab', () => signedCabinet()],
    ['an MSU', '.msu', () => signedCabinet()],
    ['a package', '.msi', () => signedPackage()],
    ['a licence text, which nobody signs', '.txt', () => Buffer.from('licence')],
    ['a patch storage file, which cannot be signed', '.psf', () => Buffer.from('PSTREAM\0')],
  ])('is served: %s', async (_name, extension, make) => {
    const sample = sampleOf(await make());
    await serve(sample, extension);
    await downloadAll(REQUIRE);
    expect(fileBySha1(db, sample.sha1)).toMatchObject({ contentState: 'present' });
    expect(existsSync(pathOf(sample, extension))).toBe(true);
  });

  it.each<[string, string, string, ContentSignaturePolicy, () => Buffer | Promise<Buffer>]>([
    ['a program without a signature', '.exe', 'NOT_SIGNED', REQUIRE, () => makeProgram()],
    ['a cabinet without one', '.cab', 'NOT_SIGNED', REQUIRE, () => writeCabinet(Buffer.from('content'))],
    ['a program under another name', '.dat', 'NOT_SIGNED', REQUIRE, () => makeProgram()],
    ['a text under the name of a program', '.exe', 'UNSUPPORTED', REQUIRE, () => Buffer.from('readme')],
    [
      'an MSU of the newer form',
      '.msu',
      'UNSUPPORTED',
      REQUIRE,
      () => Buffer.from('MSWIM\0\0\0\xd0', 'latin1'),
    ],
    [
      'a package that is not the signed one',
      '.msi',
      'DIGEST_MISMATCH',
      REQUIRE,
      () => altered(signedPackage()),
    ],
    ['a chain to an unknown root', '.cab', 'ISSUER_MISSING', STRANGERS, () => signedCabinet()],
    ['a signature by SHA-1', '.exe', 'WEAK_DIGEST', REQUIRE, () => signedProgram({ digest: 'sha1' })],
    ['a cabinet that is cut', '.cab', 'CONTAINER_DAMAGED', REQUIRE, () => Buffer.from('MSCF and no more')],
  ])('is put into quarantine with the evidence: %s', async (_name, extension, code, policy, make) => {
    const sample = sampleOf(await make());
    const { asked } = await serve(sample, extension);
    await downloadAll(policy);
    expect(existsSync(pathOf(sample, extension))).toBe(false);
    expect(readFileSync(quarantineOf(sample, extension)).equals(sample.bytes)).toBe(true);
    expect(fileBySha1(db, sample.sha1)).toMatchObject({
      contentState: 'quarantined',
      contentError: expect.stringContaining(`(${code})`),
    });
    expect(signatureOf(db, sample.sha1)).toMatchObject({ verdict: code, isRefused: true });
    // The same bytes again would be refused again.
    await downloadAll(policy);
    expect(asked()).toBe(1);
  });

  it('is judged again under another policy, and not fetched again for it', async () => {
    const sample = sampleOf(await signedCabinet());
    const { asked } = await serve(sample, '.cab');
    await downloadAll(STRANGERS);
    expect(fileBySha1(db, sample.sha1)).toMatchObject({ contentState: 'quarantined' });
    await downloadAll(REQUIRE);
    expect(asked()).toBe(1);
    expect(fileBySha1(db, sample.sha1)).toMatchObject({ contentState: 'present' });
    expect(readFileSync(pathOf(sample, '.cab')).equals(sample.bytes)).toBe(true);
    expect(existsSync(quarantineOf(sample, '.cab'))).toBe(false);
    expect(signatureOf(db, sample.sha1)).toMatchObject({ verdict: 'TRUSTED', isRefused: false });
  });

  it('by SHA-1 is served where that is accepted', async () => {
    const sample = sampleOf(signedProgram({ digest: 'sha1' }));
    await serve(sample, '.exe');
    await downloadAll({ ...REQUIRE, acceptsSha1: true });
    expect(fileBySha1(db, sample.sha1)).toMatchObject({ contentState: 'present' });
  });

  it('that was here before is vouched for by nobody until it was judged, and then only where it is believed', async () => {
    const [signed, unsigned] = [
      sampleOf(await signedCabinet()),
      sampleOf(await writeCabinet(Buffer.from('content'))),
    ];
    for (const sample of [signed, unsigned]) storeFile(db, data, sample, new Date('2026-01-01'));
    expect(followSignaturePolicy(db, policyId(RECORD), false)).toBe(0);
    expect(followSignaturePolicy(db, policyId(REQUIRE), true)).toBe(2);
    expect(fileBySha1(db, signed.sha1)).not.toHaveProperty('verifiedStat');
    const result = await checkStore({ db, dataDirectory: data, now, signatures: REQUIRE });
    expect(result).toMatchObject({
      right: 1,
      differing: [{ reason: expect.stringContaining('NOT_SIGNED'), keptAt: quarantineOf(unsigned, '.cab') }],
    });
    expect(fileBySha1(db, signed.sha1)).toHaveProperty('verifiedStat');
    expect(existsSync(pathOf(unsigned, '.cab'))).toBe(false);
    expect(followSignaturePolicy(db, policyId(REQUIRE), true)).toBe(0);
  });

  it('is not taken over from another server where it is not believed', async () => {
    const [signed, unsigned] = [
      sampleOf(await signedCabinet()),
      sampleOf(await writeCabinet(Buffer.from('x'))),
    ];
    const old = join(data, 'WsusContent');
    for (const sample of [signed, unsigned]) {
      knowFile(db, sample);
      putFile(join(old, contentPath(sample.sha1, '.cab')), sample.bytes);
    }
    const adoption = new Adoption({ db, folder: content, now, all: false, move: true, signatures: REQUIRE });
    const { linked, differing } = await adoption.run(old);
    const path = join(old, contentPath(unsigned.sha1, '.cab'));
    expect([linked, differing]).toEqual([1, [{ path, reason: expect.stringContaining('NOT_SIGNED') }]]);
    expect(statSync(path).size).toBe(unsigned.bytes.length);
    expect(existsSync(dirname(pathOf(unsigned, '.cab'))) && existsSync(pathOf(unsigned, '.cab'))).toBe(false);
    expect(fileBySha1(db, unsigned.sha1)).toMatchObject({ contentState: 'wanted' });
    expect(signatureOf(db, signed.sha1)).toMatchObject({ verdict: 'TRUSTED' });
  });
});
