/** How documents and keys are given out: GetUpdateData, GetUpdateDecryptionData, GetRelatedRevisionsForUpdates. */
import { spawnSync } from 'node:child_process';
import http from 'node:http';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { storeFileKeys } from '../../catalog/store/content/decryption-keys.ts';
import { importRevisions } from '../../catalog/store/revisions/revisions.ts';
import { readFirstFile } from '../../protocol/cabinet/cabinet.ts';
import { LzxEncoder } from '../../protocol/cabinet/lzx-encoder.ts';
import { writeRequest } from '../../protocol/soap/codec.ts';
import { GetUpdateDecryptionData } from '../../protocol/wsusss/decryption.ts';
import { GetRelatedRevisionsForUpdates } from '../../protocol/wsusss/related-revisions.ts';
import { GetConfigData, GetUpdateData, serverSyncService } from '../../protocol/wsusss/server-sync.ts';
import { describeContent } from '../../scripts/fixtures/content-file.ts';
import { writeUpdateDocument } from '../../scripts/fixtures/update-document.ts';
import type { UpdateSpec } from '../../scripts/fixtures/update-document.ts';
import { noiseOf } from '../../scripts/testing/noise.ts';
import { cookie, faultOf, sync, upstream, useUpstream } from '../../scripts/testing/upstream-client.ts';
import { PackedDocuments } from './packed-documents.ts';
import { Turns } from './turns.ts';

useUpstream();

const idOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const identityOf = (number: number) => ({ UpdateID: idOf(number), RevisionNumber: 1 });

const importUpdate = (number: number, more: Partial<UpdateSpec> = {}): string => {
  const document = writeUpdateDocument({
    updateId: idOf(number),
    revisionNumber: 1,
    updateType: 'Software',
    creationDate: '2026-01-01T00:00:00.000Z',
    texts: [{ language: 'en', title: String(number) }],
    ...more,
  });
  importRevisions(upstream().db, [{ document, fileUrls: new Map() }], upstream().now);
  return document;
};

const ask = async (...numbers: readonly number[]) =>
  (await sync(GetUpdateData, { cookie: await cookie(), updateIds: numbers.map(identityOf) }))
    .GetUpdateDataResult;

/** A document of so many characters. */
const importOfLength = (number: number, length: number): string => {
  const texts = (title: string) => ({ texts: [{ language: 'en', title }] });
  const bare = writeUpdateDocument({
    updateId: idOf(number),
    revisionNumber: 1,
    updateType: 'Software',
    creationDate: '2026-01-01T00:00:00.000Z',
    ...texts(''),
  }).length;
  return importUpdate(number, texts('é'.repeat(length - bare)));
};

describe('a document that GetUpdateData gives out', () => {
  it('is plain up to 5,120 bytes of UTF-16, and above in a cabinet of one file', async () => {
    const plain = importOfLength(1, 2560);
    const packed = importOfLength(2, 2561);
    expect([plain.length, packed.length]).toEqual([2560, 2561]);
    const updates = (await ask(1, 2))?.updates;
    expect(updates?.[0]).toEqual({ Id: identityOf(1), XmlUpdateBlob: plain });
    expect(updates?.[1]?.XmlUpdateBlob).toBeUndefined();
    const cabinet = updates?.[1]?.XmlUpdateBlobCompressed ?? Buffer.alloc(0);
    expect(readFirstFile(cabinet, 10_000).toString('utf16le')).toBe(packed);
    // 'MSCF', one folder, one file, named blob.
    expect(cabinet.toString('latin1', 0, 4)).toBe('MSCF');
    expect([cabinet.readUInt16LE(26), cabinet.readUInt16LE(28)]).toEqual([1, 1]);
    expect(cabinet.toString('latin1', 60, 65)).toBe('blob\0');
  });

  const hasCabextract = spawnSync('cabextract', ['--version']).status === 0;
  (hasCabextract ? it : it.skip)(
    `comes out of cabextract as UTF-16LE${hasCabextract ? '' : ' (skipped: cabextract is not installed)'}`,
    async () => {
      const document = importOfLength(1, 90_000);
      const folder = mkdtempSync(join(tmpdir(), 'sluice-blob-'));
      const file = join(folder, 'update.cab');
      writeFileSync(file, (await ask(1))?.updates?.[0]?.XmlUpdateBlobCompressed ?? '');
      expect(spawnSync('cabextract', ['--quiet', '--directory', folder, file])).toMatchObject({ status: 0 });
      expect(readFileSync(join(folder, 'blob'))).toEqual(Buffer.from(document, 'utf16le'));
    },
  );

  it('is left for the next answer where 2,000,000 bytes would be exceeded, but never all', async () => {
    const noise = (number: number, length: number) =>
      importUpdate(number, { texts: [{ language: 'en', title: '', description: noiseOf(number, length) }] });
    for (const number of [1, 2, 3, 4]) noise(number, 260_000);
    noise(5, 850_000);
    const namesOf = async (...numbers: readonly number[]) =>
      (await ask(...numbers))?.updates?.map(({ Id }) => Number(Id?.UpdateID.slice(-12)));
    const first = await namesOf(1, 2, 3, 4);
    expect(first?.length).toBeGreaterThan(0);
    expect(first?.length).toBeLessThan(4);
    expect(first).toEqual([1, 2, 3, 4].slice(0, first?.length));
    // What comes after the first that does not fit is not even read.
    const packed = jest.spyOn(PackedDocuments.prototype, 'pack');
    expect(await namesOf(5, 1, 2, 3, 4)).toEqual([5]);
    expect(packed.mock.calls).toHaveLength(2);
    packed.mockRestore();
  });
});

describe('what a request for documents costs', () => {
  /** Frames that are compressed from now on: what packing is made of. */
  const framesOf = (): { readonly count: number } => {
    const frame = jest.spyOn(LzxEncoder.prototype, 'frame');
    return {
      get count() {
        return frame.mock.calls.length;
      },
    };
  };
  afterEach(() => jest.restoreAllMocks());

  it('is one document for an identity that is named a hundred times', async () => {
    importOfLength(1, 20_000);
    const frames = framesOf();
    const updates = (await ask(...Array.from({ length: 100 }, () => 1)))?.updates;
    expect(updates?.map(({ Id }) => Id)).toEqual([identityOf(1)]);
    expect(frames.count).toBe(2);
  });

  it('is packing it once, whoever asks how often', async () => {
    for (const number of [1, 2, 3]) importOfLength(number, 20_000 + number);
    const frames = framesOf();
    const answers = await Promise.all(Array.from({ length: 5 }, async () => await ask(1, 2, 3)));
    expect(answers.every((answer) => answer?.updates?.length === 3)).toBe(true);
    // At most twice where two requests are answered at once.
    expect(frames.count).toBeLessThanOrEqual(2 * 6);
    const before = frames.count;
    await ask(3, 2, 1);
    expect(frames.count).toBe(before);
  });

  it('is nothing where one of them is not here', async () => {
    importOfLength(1, 20_000);
    const frames = framesOf();
    await expect(faultOf(ask(1, 2))).resolves.toBe('InternalServerError: updateIds');
    expect(frames.count).toBe(0);
  });

  it('ends when the caller leaves', async () => {
    const numbers = Array.from({ length: 30 }, (_, index) => index + 1);
    for (const number of numbers) importOfLength(number, 100_000 + number);
    const request = writeRequest(serverSyncService, GetUpdateData, {
      cookie: await cookie(),
      updateIds: numbers.map(identityOf),
    });
    const { promise: closed, resolve: isClosed } = Promise.withResolvers<void>();
    const leaving = http.request({ port: upstream().port, path: serverSyncService.path, method: 'POST' });
    leaving.on('error', () => undefined).on('close', isClosed);
    const whole = LzxEncoder.prototype.frame;
    const frames = jest.spyOn(LzxEncoder.prototype, 'frame').mockImplementation(function (
      this: LzxEncoder,
      start: number,
    ) {
      leaving.destroy();
      return whole.call(this, start);
    });
    leaving.end(request);
    await closed;
    // Until no more frames come: the answer would take 210 of them.
    for (let before = -1; before < frames.mock.calls.length;) {
      before = frames.mock.calls.length;
      for (let turn = 0; turn < 50; turn += 1) await setImmediate();
    }
    expect(frames.mock.calls.length).toBeGreaterThan(0);
    expect(frames.mock.calls.length).toBeLessThan(60);
  });
});

describe('turns at costly work', () => {
  it('are so many at once, and go round by address', async () => {
    const turns = new Turns(2);
    const order: string[] = [];
    let busy = 0;
    let busiest = 0;
    const work = async (whose: string): Promise<void> =>
      await turns.take(whose, async () => {
        busy += 1;
        busiest = Math.max(busiest, busy);
        order.push(whose);
        await setImmediate();
        busy -= 1;
      });
    await Promise.all(['a', 'a', 'a', 'a', 'a', 'a', 'b', 'c'].map(work));
    expect(busiest).toBe(2);
    expect(order.join('')).toBe('aaabcaaa');
  });

  it('are passed on where the work fails', async () => {
    const turns = new Turns(1);
    const failed = turns.take('a', () => {
      throw new Error('it failed');
    });
    const next = turns.take('a', () => 'done');
    await expect(failed).rejects.toThrow('it failed');
    await expect(next).resolves.toBe('done');
    await expect(turns.take('a', () => 'again')).resolves.toBe('again');
  });
});

describe('the key of an encrypted file', () => {
  const file = describeContent('a.cab', Buffer.from('encrypted'), '2026-01-01T00:00:00.000Z');
  const digest = Buffer.from(file.sha1, 'hex');
  const key = Buffer.from('a key that opens it');

  const keysOf = async (...numbers: readonly number[]) =>
    (await sync(GetUpdateDecryptionData, { cookie: await cookie(), updateIds: numbers.map(identityOf) }))
      .GetUpdateDecryptionDataResult?.UpdateFileDecryptionData;

  it('is given out for the files of an update, each with its key where one is known', async () => {
    importUpdate(1, { files: [file], isEncrypted: true });
    importUpdate(2);
    expect(await keysOf(1, 2, 9)).toEqual([
      { UpdateId: identityOf(1), FileDecryptionData: [{ FileDigest: digest }] },
    ]);
    storeFileKeys(upstream().db, [
      {
        identity: { updateId: idOf(1), revisionNumber: 1 },
        keys: [
          { sha1: file.sha1, decryptionKey: key },
          // Of a file that the update does not have.
          { sha1: '00'.repeat(20), decryptionKey: key },
        ],
      },
    ]);
    expect(await keysOf(1)).toEqual([
      { UpdateId: identityOf(1), FileDecryptionData: [{ FileDigest: digest, DecryptionKey: key }] },
    ]);
    expect((await ask(1))?.fileUrls).toEqual([{ FileDigest: digest, DecryptionKey: key }]);
  });

  it('is asked for by as many updates as GetConfigData says and no more', async () => {
    const { GetConfigDataResult: config } = await sync(GetConfigData, { cookie: await cookie() });
    const most = config?.MaxUpdatesPerRequestInGetUpdateDecryptionData ?? 0;
    expect(most).toBeGreaterThan(0);
    const numbers = Array.from({ length: most }, () => 1);
    await expect(faultOf(keysOf(...numbers))).resolves.toBe('no fault');
    await expect(faultOf(keysOf(...numbers, 1))).resolves.toBe('InvalidParameters: updateIds');
    await expect(faultOf(sync(GetUpdateDecryptionData, { cookie: await cookie() }))).resolves.toBe(
      'InvalidParameters: updateIds',
    );
    await expect(faultOf(sync(GetUpdateDecryptionData, { updateIds: [] }))).resolves.toMatch(
      /^InvalidCookie/,
    );
  });
});

describe('GetRelatedRevisionsForUpdates', () => {
  it('is ignored, whatever is here, once the cookie is good', async () => {
    importUpdate(1);
    expect(
      (await sync(GetRelatedRevisionsForUpdates, { cookie: await cookie(), updateIDs: [idOf(1)] }))
        .GetRelatedRevisionsForUpdatesResult,
    ).toEqual([]);
    await expect(faultOf(sync(GetRelatedRevisionsForUpdates, { updateIDs: [] }))).resolves.toMatch(
      /^InvalidCookie/,
    );
  });
});
