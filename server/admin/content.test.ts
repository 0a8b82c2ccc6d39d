import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { contentPath, incomingPath } from '../../catalog/content-path.ts';
import { recordFinding } from '../../catalog/store/content/checks.ts';
import { markRetry } from '../../catalog/store/content/content-queue.ts';
import { markRefused, recordSignature } from '../../catalog/store/content/signatures.ts';
import { importRevisions } from '../../catalog/store/revisions/revisions.ts';
import { api } from '../../protocol/console/api.ts';
import { ALL_COMPUTERS } from '../../catalog/store/groups/group-tree.ts';
import { ConsoleHarness, type ConsoleClient } from '../../scripts/fixtures/console-harness.ts';
import { putFile, sampleOf, storeFile } from '../../scripts/testing/content-files.ts';
import type { ContentSample } from '../../scripts/testing/content-files.ts';
import { loggedLines } from '../../scripts/testing/logged-lines.ts';
import { guidOf, writeDocument } from '../../scripts/testing/update-documents.ts';

const HOUR = 3_600_000;
const DEADLINE = '2026-06-09T22:00:00Z';

let harness: ConsoleHarness;
let client: ConsoleClient;
let data: string;
const { log, lines } = loggedLines('debug');

async function start(content: Record<string, unknown> = {}): Promise<void> {
  harness = await ConsoleHarness.start({ catalogue: false, config: { content }, context: { log } });
  client = harness.signedInClient('ada');
  data = dirname(harness.db.name);
  lines.length = 0;
}
afterEach(() => harness.close());

/** An update that can be approved, with one file of this content. */
function importUpdate(number: number, content: string): ContentSample {
  const document = writeDocument({
    updateId: guidOf(number),
    properties: { ExplicitlyDeployable: 'true' },
    texts: [{ language: 'en', title: `Update ${number}` }],
    files: [{ fileName: `Windows-KB${number}.cab`, content }],
  });
  importRevisions(harness.db, [{ document, fileUrls: new Map() }], harness.clock.now);
  return sampleOf(Buffer.from(content));
}

const approve = (number: number): Promise<unknown> =>
  client.call(api.approve, {
    body: { updateIds: [guidOf(number)], groupIds: [ALL_COMPUTERS], action: 'Install', deadline: DEADLINE },
  });

const rowOf = (sha1: string) => client.call(api.contentFile, { params: { sha1 } });

const later = (milliseconds: number): Date => new Date(harness.clock.now.getTime() + milliseconds);

const judged = (verdict: 'TRUSTED' | 'ROOT_UNKNOWN', isRefused: boolean) => ({
  record: {
    kind: 'cab' as const,
    signed: 'yes' as const,
    matches: true,
    signer: 'CN=Contoso',
    issuer: 'CN=Contoso CA',
    signedAt: new Date('2026-01-02T03:04:05Z'),
    verdict,
    message: 'Because.',
  },
  refusal: isRefused ? 'its signature is not believed' : undefined,
});

describe('content in the console', () => {
  it('is summed up: what is here, what approvals need, what is still to come, and how much room there is', async () => {
    await start({ quota: 5_000_000_000 });
    const first = importUpdate(1, 'a'.repeat(1000));
    importUpdate(2, 'b'.repeat(500));
    const other = sampleOf(Buffer.from('c'.repeat(70)));
    storeFile(harness.db, data, other, harness.clock.now);
    await approve(1);
    putFile(join(data, 'content', incomingPath(first.sha1)), 'a'.repeat(400));
    const content = await client.call(api.content);
    expect(content).toMatchObject({
      store: 'approved',
      sources: ['upstream', 'cdn'],
      disk: { folder: data, quotaBytes: 5_000_000_000, reservedBytes: 1024 ** 3 },
      present: { files: 1, bytes: 70 },
      wanted: { files: 1, bytes: 1000 },
      quarantined: { files: 0, bytes: 0 },
      needed: { files: 1, bytes: 1000, presentFiles: 0, presentBytes: 0 },
      receivedBytes: 400,
      laterFiles: 0,
      lastReceivedAt: harness.clock.now.toISOString(),
    });
    expect(content.disk.freeBytes).toBeGreaterThan(0);
    expect(content).not.toHaveProperty('commonestError');
  });

  it('tells why the most files are not here, where reasons differ in numbers and digests alone', async () => {
    await start();
    const samples = [1, 2, 3, 4].map((number) => importUpdate(number, `content ${number}`));
    for (const number of [1, 2, 3, 4]) await approve(number);
    const reasons = [
      `the connection ended after 5 of 9 bytes`,
      `the connection ended after 7 of 9 bytes`,
      'cdn.example answered with HTTP status 404',
      'cdn.example answered with HTTP status 403',
    ];
    for (const [index, reason] of reasons.entries())
      markRetry(harness.db, samples[index]?.sha1 ?? '', reason, later(HOUR), harness.clock.now);
    const { commonestError, laterFiles } = await client.call(api.content);
    expect(laterFiles).toBe(4);
    expect(commonestError).toEqual({
      files: 2,
      ofFiles: 4,
      text: expect.stringContaining('the connection ended'),
    });
  });

  it('shows of each file in the queue which update it is for, until when, why it waits and how much of it came', async () => {
    await start();
    const { sha1 } = importUpdate(1, 'content');
    await approve(1);
    markRetry(harness.db, sha1, 'nobody had it', later(HOUR), harness.clock.now);
    putFile(join(data, 'content', incomingPath(sha1)), 'con');
    const { items, total } = await client.call(api.contentFiles, { query: { state: 'wanted' } });
    expect(total).toBe(1);
    expect(items).toEqual([
      {
        sha1,
        fileName: 'Windows-KB1.cab',
        size: 7,
        state: 'wanted',
        error: 'nobody had it',
        attempts: 1,
        retryAt: later(HOUR).toISOString(),
        isRefused: false,
        receivedBytes: 3,
        isArriving: true,
        changedAt: harness.clock.now.toISOString(),
        update: { updateId: guidOf(1), title: 'Update 1' },
        deadline: '2026-06-09T22:00:00.000Z',
      },
    ]);
    const arriving = await client.call(api.arrivingContent);
    expect(arriving.items).toEqual(items);
    const { next } = await client.call(api.content);
    expect(next).toEqual([]);
    const { files } = await client.call(api.update, { params: { updateId: guidOf(1) } });
    expect(files).toEqual([expect.objectContaining({ sha1, retryAt: later(HOUR).toISOString() })]);
  });

  it('says what is next, in the order in which it is fetched', async () => {
    await start();
    const small = importUpdate(1, 'a');
    const large = importUpdate(2, 'bb');
    await approve(1);
    await approve(2);
    const next = async () => (await client.call(api.content)).next.map(({ sha1 }) => sha1);
    expect(await next()).toEqual([small.sha1, large.sha1]);
    await client.call(api.tryContent, { body: { sha1s: [large.sha1] } });
    expect(await next()).toEqual([large.sha1, small.sha1]);
  });

  it('has one file tried now, or all that wait; who asked is in the log', async () => {
    await start();
    const [one, other] = [importUpdate(1, 'one'), importUpdate(2, 'other')];
    for (const number of [1, 2]) await approve(number);
    for (const { sha1 } of [one, other])
      markRetry(harness.db, sha1, 'nobody had it', later(HOUR), harness.clock.now);
    harness.sent.length = 0;
    expect(await client.call(api.tryContent, { body: { sha1s: [one.sha1.toUpperCase()] } })).toEqual({
      changed: 1,
    });
    expect(harness.sent).toEqual([{ type: 'content-wanted' }]);
    expect((await rowOf(one.sha1)).retryAt).toBeUndefined();
    expect((await rowOf(other.sha1)).retryAt).toBeDefined();
    expect(await client.call(api.tryContent, { body: {} })).toEqual({ changed: 1 });
    expect((await rowOf(other.sha1)).retryAt).toBeUndefined();
    const logged = lines.map((line) => JSON.parse(line) as unknown);
    expect(logged).toContainEqual(expect.objectContaining({ userName: 'ada', sha1s: [one.sha1] }));
    expect(logged).toContainEqual(expect.objectContaining({ userName: 'ada', all: true, changed: 1 }));
  });

  it('keeps what a signature put into quarantine out of a try of all, and judges it again when it is named', async () => {
    await start();
    const { sha1 } = importUpdate(1, 'content');
    await approve(1);
    recordSignature(harness.db, sha1, judged('ROOT_UNKNOWN', true), 'policy', harness.clock.now);
    markRefused(harness.db, sha1, 'its signature is not believed', harness.clock.now);
    expect(await client.call(api.tryContent, { body: {} })).toEqual({ changed: 0 });
    const details = await rowOf(sha1);
    expect(details).toMatchObject({
      state: 'quarantined',
      isRefused: true,
      signature: {
        verdict: 'ROOT_UNKNOWN',
        signer: 'CN=Contoso',
        issuer: 'CN=Contoso CA',
        signedAt: '2026-01-02T03:04:05.000Z',
        message: 'Because.',
      },
    });
    expect(details).not.toHaveProperty('retryAt');
    expect(await client.call(api.tryContent, { body: { sha1s: [sha1] } })).toEqual({ changed: 1 });
  });

  it('shows the evidence of what is in quarantine, whose bytes only who has read it deletes; the evidence stays', async () => {
    await start();
    importUpdate(1, 'content');
    const sample = sampleOf(Buffer.from('content'));
    harness.db.exec('DELETE FROM revision_file; DELETE FROM file');
    storeFile(harness.db, data, sample, harness.clock.now);
    const bytes = join(data, 'quarantine', contentPath(sample.sha1, '.cab'));
    mkdirSync(dirname(bytes), { recursive: true });
    writeFileSync(bytes, 'contenx');
    const found = sampleOf(Buffer.from('contenx'));
    const { sha1, sha256 } = found;
    recordFinding(harness.db, sample.sha1, 'it differs', { size: 7, sha1, sha256 }, later(HOUR));
    const params = { sha1: sample.sha1 };
    const response = await client.send('GET', `/api/content/files/${sample.sha1}`);
    const etag = response.headers.get('etag') ?? '';
    expect(api.contentFile.response.parse(await response.json())).toMatchObject({
      state: 'quarantined',
      sha256: sample.sha256,
      quarantinedBytes: 7,
      finding: {
        reason: 'it differs',
        foundSha1: sha1,
        foundSha256: sha256,
        foundSize: 7,
        origin: 'http://source.test/file',
        checkedAt: harness.clock.now.toISOString(),
      },
    });
    expect(await client.refused(api.deleteQuarantined, { params })).toMatchObject({ status: 428 });
    writeFileSync(bytes, 'other bytes');
    const headers = { 'if-match': etag };
    expect(await client.refused(api.deleteQuarantined, { params, headers })).toMatchObject({ status: 412 });
    expect(statSync(bytes).size).toBe(11);
    await client.call(api.deleteQuarantined, { params, headers: { 'if-match': '*' } });
    expect(statSync(bytes, { throwIfNoEntry: false })).toBeUndefined();
    const after = await rowOf(sample.sha1);
    expect(after.finding?.foundSha1).toBe(sha1);
    expect(after).not.toHaveProperty('quarantinedBytes');
    expect(
      await client.refused(api.deleteQuarantined, { params, headers: { 'if-match': '*' } }),
    ).toMatchObject({ status: 409, code: 'QUARANTINE_EMPTY' });
    expect(lines.map((line) => JSON.parse(line) as unknown)).toContainEqual(
      expect.objectContaining({ userName: 'ada', sha1: sample.sha1, bytes: 11 }),
    );
  });

  it('counts signatures by verdict and signer, of what is here and of what was refused', async () => {
    await start({ signatures: 'require', signatureRoots: ['/nowhere.pem'] });
    const samples = ['one', 'two', 'three', 'four'].map((text) => sampleOf(Buffer.from(text)));
    for (const sample of samples) storeFile(harness.db, data, sample, harness.clock.now);
    const [one, two, three] = samples.map(({ sha1 }) => sha1);
    const record = (sha1 = '', ...of: Parameters<typeof judged>) =>
      recordSignature(harness.db, sha1, judged(...of), 'policy', harness.clock.now);
    record(one, 'TRUSTED', false);
    record(two, 'TRUSTED', false);
    record(three, 'ROOT_UNKNOWN', true);
    markRefused(harness.db, three ?? '', 'its signature is not believed', harness.clock.now);
    expect(await client.call(api.signatures)).toEqual({
      policy: 'require',
      hasRoots: true,
      acceptsSha1: false,
      unjudged: 1,
      verdicts: [
        { verdict: 'TRUSTED', files: 2, refused: 0 },
        { verdict: 'ROOT_UNKNOWN', files: 1, refused: 1 },
      ],
      signers: [{ signer: 'CN=Contoso', issuer: 'CN=Contoso CA', files: 3, trusted: 2, refused: 1 }],
      hasMoreSigners: false,
    });
    const query = { state: 'present', verdict: 'TRUSTED', signer: 'CN=Contoso' };
    expect((await client.call(api.contentFiles, { query })).total).toBe(2);
  });

  it('is for who is signed in alone, and what cannot be is refused with what to do', async () => {
    await start({ store: 'none' });
    const stranger = await fetch(`${harness.url}/api/content`);
    expect(stranger.status).toBe(401);
    const sha1 = 'a'.repeat(40);
    expect(await client.refused(api.contentFile, { params: { sha1 } })).toMatchObject({
      status: 404,
      code: 'CONTENT_FILE_UNKNOWN',
    });
    expect(await client.refused(api.contentFile, { params: { sha1: '../../x' } })).toMatchObject({
      status: 400,
    });
    expect(await client.refused(api.tryContent, { body: {} })).toMatchObject({ code: 'CONTENT_NOT_STORED' });
    const body = { sha1s: ['nonsense'] };
    expect(await client.refused(api.tryContent, { body })).toMatchObject({ status: 400 });
  });

  it('never shows the name and password of a source', async () => {
    await start({ sources: ['http://name:secret@relay.example:8530/Content/', '/mnt/disk', 'upstream'] });
    expect((await client.call(api.content)).sources).toEqual([
      'http://relay.example:8530/Content/',
      '/mnt/disk',
      'upstream',
    ]);
  });
});
