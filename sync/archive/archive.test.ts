import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { storeFileKeys } from '../../catalog/store/content/decryption-keys.ts';
import { decline } from '../../catalog/store/decisions/deployments.ts';
import { fileBySha1 } from '../../catalog/store/content/files.ts';
import { removeDriverSets, storeDriverSets } from '../../catalog/store/revisions/driver-sets.ts';
import {
  failInterruptedRuns,
  finishRun,
  listRuns,
  startRun,
  waitingRetry,
} from '../../catalog/store/upstream/synchronization.ts';
import { codeOf } from '../../config/error-facts.ts';
import { DEFAULT_RETRY_POLICY } from '../../protocol/console/schedule.ts';
import { ArchiveRelay, archiveFiles } from '../../scripts/testing/archive-scene.ts';
import { memoryInUse } from '../../scripts/testing/memory-in-use.ts';
import { decisionsOf } from '../../scripts/testing/replica.ts';
import { ADA, DOCUMENTS, decide, documentOf, make } from '../../scripts/testing/replica-scene.ts';
import { digestOf, guidOf, writeDocument } from '../../scripts/testing/update-documents.ts';
import { PartReader, PartWriter } from './archive-parts.ts';
import { asImportRun, endInterruptedImports } from './import-run.ts';

let connected: ArchiveRelay;
let apart: ArchiveRelay;
let index: string;
beforeEach(() => {
  connected = new ArchiveRelay();
  apart = new ArchiveRelay();
  index = join(connected.folder, 'disk', 'relay.sluice');
  mkdirSync(join(connected.folder, 'disk'));
});
afterEach(() => {
  connected.close();
  apart.close();
});

const contentOf = (number: number, revision = 1): string => `content ${number} ${revision}`;

/** Groups, approvals with a deadline, a decline, accepted terms, and content. */
function decideAll(): void {
  connected.bring(DOCUMENTS);
  const servers = make(connected.db, 'Servers');
  decide(connected.db, 1, servers, { deadline: new Date('2026-12-24T18:00:00Z') });
  decide(connected.db, 2, make(connected.db, 'Databases', servers));
  decline(connected.db, [guidOf(3)], ADA);
  for (const number of [1, 2]) connected.receive(contentOf(number));
}

describe('An archive', () => {
  it('makes of an empty relay what the connected one is: documents, files, groups, approvals, declines, terms', async () => {
    decideAll();
    expect(await connected.exportTo(index)).toMatchObject({ sequence: 1, files: 2, left: [] });
    const result = await apart.importFrom(index);
    expect(result).toMatchObject({ revisions: 4, files: 2, decisions: true, refused: [], left: [] });
    expect(apart.state()).toEqual(connected.state());
    expect(listRuns(apart.db, 5)).toEqual([
      expect.objectContaining({
        state: 'succeeded',
        newCount: 4,
        notes: [{ kind: 'imported', archive: 'relay.sluice', createdAt: result.createdAt }],
      }),
    ]);
  });

  it('carries the keys of encrypted files, and driver sets as they were described', async () => {
    const file = { fileName: 'a.cab', content: 'locked' };
    connected.bring([
      writeDocument({ updateId: guidOf(1), files: [file] }).replace(
        '<upd:File ',
        '<upd:File IsEncrypted="true" ',
      ),
    ]);
    const sha1 = digestOf('sha1', file.content);
    storeFileKeys(connected.db, [
      {
        identity: { updateId: guidOf(1), revisionNumber: 1 },
        keys: [{ sha1, decryptionKey: Buffer.from('a secret') }],
      },
    ]);
    storeDriverSets(connected.db, [
      { driverSetId: guidOf(50), xml: '<DriverSet/>' },
      { driverSetId: guidOf(51), xml: '<DriverSet/>' },
    ]);
    await connected.exportTo(index);
    await apart.importFrom(index);
    expect(connected.state()).toMatchObject({ keys: [{ sha1 }], driverSets: [guidOf(50), guidOf(51)] });
    expect(apart.state()).toEqual(connected.state());

    removeDriverSets(connected.db, [guidOf(50)]);
    const next = join(connected.folder, 'disk', 'next.sluice');
    await connected.exportTo(next, { since: 'last' });
    await apart.importFrom(next);
    expect(apart.state()).toEqual(connected.state());
  });

  it('leaves the decisions of the other relay alone where they are not asked for', async () => {
    decideAll();
    await connected.exportTo(index);
    make(apart.db, 'Laboratory');
    const before = decisionsOf(apart.db);
    expect(await apart.importFrom(index, { withDecisions: false })).toMatchObject({
      decisions: false,
      files: 2,
    });
    expect(decisionsOf(apart.db)).toEqual(before);
    expect(apart.state()).toMatchObject({ content: [expect.any(String), expect.any(String)] });
  });

  it('holds as much as was asked for', async () => {
    decideAll();
    expect(await connected.exportTo(index, { withContent: false })).toMatchObject({ files: 0 });
    expect(await apart.importFrom(index)).toMatchObject({ files: 0, decisions: true });
    expect(decisionsOf(apart.db)).toEqual(decisionsOf(connected.db));
    // Approved, and not here: it is wanted.
    expect(fileBySha1(apart.db, digestOf('sha1', contentOf(1)))).toMatchObject({ contentState: 'wanted' });
    const metadata = join(connected.folder, 'disk', 'metadata.sluice');
    await connected.exportTo(metadata, { withContent: false, withDecisions: false });
    expect(await new ArchiveRelay().importFrom(metadata)).toMatchObject({ revisions: 4, decisions: false });
  });

  it('can be what came since the last one', async () => {
    decideAll();
    await connected.exportTo(index);
    await apart.importFrom(index);
    connected.bring([documentOf(5), documentOf(2, 2)]);
    connected.receive(contentOf(5));
    decide(connected.db, 5, make(connected.db, 'Kiosks'));
    const next = join(connected.folder, 'disk', 'next.sluice');
    await connected.exportTo(next, { since: 'last' });
    expect(await apart.importFrom(next)).toMatchObject({ revisions: 2, files: 1 });
    expect(apart.state()).toEqual(connected.state());
  });

  it('can be what came since a day, for a relay that has what was there before', async () => {
    connected.bring(DOCUMENTS, new Date('2026-06-01T12:00:00Z'));
    connected.receive(contentOf(1), new Date('2026-06-01T12:00:00Z'));
    await connected.exportTo(index);
    connected.bring([documentOf(5)], new Date('2026-06-03T12:00:00Z'));
    connected.receive(contentOf(5), new Date('2026-06-03T12:00:00Z'));
    const next = join(connected.folder, 'disk', 'next.sluice');
    await connected.exportTo(next, { since: new Date('2026-06-02T00:00:00Z') });
    await expect(apart.importFrom(next)).rejects.toMatchObject({ code: 'ARCHIVE_GAP' });
    await apart.importFrom(index);
    expect(await apart.importFrom(next)).toMatchObject({ revisions: 1, files: 1 });
    expect(apart.state()).toEqual(connected.state());
  });

  it('is cut into parts that every file system takes, wherever the cuts fall', async () => {
    decideAll();
    await connected.exportTo(index, { partSize: 300 });
    const parts = archiveFiles(index).slice(1);
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.slice(0, -1).map((path) => statSync(path).size)).toEqual(parts.slice(1).map(() => 300));
    await apart.importFrom(index);
    expect(apart.state()).toEqual(connected.state());
  });

  it('is nobody else’s to read: keys may be in it', async () => {
    decideAll();
    await connected.exportTo(index);
    for (const path of archiveFiles(index)) expect(statSync(path).mode & 0o077).toBe(0);
  });

  it('leaves out content that the disk forgot, and says which', async () => {
    decideAll();
    writeFileSync(connected.receive(contentOf(4)), 'content 4 2');
    rmSync(connected.receive(contentOf(3)));
    const { left, files } = await connected.exportTo(index);
    expect(files).toBe(2);
    expect(left.map(({ reason }) => reason).toSorted()).toEqual([
      expect.stringMatching(/ENOENT/),
      expect.stringMatching(/is not what the metadata says/),
    ]);
    expect(await apart.importFrom(index)).toMatchObject({ files: 2, left: [] });
  });

  it('is not written over', async () => {
    decideAll();
    await connected.exportTo(index);
    const before = archiveFiles(index).map((path) => readFileSync(path));
    await expect(connected.exportTo(index)).rejects.toMatchObject({ code: 'ARCHIVE_EXISTS' });
    expect(archiveFiles(index).map((path) => readFileSync(path))).toEqual(before);
  });

  it('brings the rest where a document cannot be imported, and the history says which', async () => {
    decideAll();
    await connected.exportTo(index);
    // Another document said otherwise of the same file.
    apart.bring([
      writeDocument({ updateId: guidOf(9), files: [{ fileName: 'a.cab', content: contentOf(2) }] }),
    ]);
    apart.db.prepare('UPDATE file SET size = size + 1').run();
    const { refused, revisions } = await apart.importFrom(index);
    expect(refused).toEqual([
      {
        updateId: guidOf(2),
        revisionNumber: 1,
        reason: expect.stringMatching(/One of the two documents is wrong/),
      },
    ]);
    expect(revisions).toBe(3);
    expect(listRuns(apart.db, 1)).toMatchObject([{ state: 'succeeded', failedCheck: 'document' }]);
  });

  it('gives no content that the signature policy does not let in', async () => {
    connected.bring([
      writeDocument({ updateId: guidOf(1), files: [{ fileName: 'a.exe', content: 'unsigned' }] }),
    ]);
    connected.receive('unsigned');
    await connected.exportTo(index);
    const signatures = { isRequired: true, roots: [], acceptsSha1: false };
    const { left, files } = await apart.importFrom(index, { signatures });
    expect([files, left]).toEqual([
      0,
      [{ file: expect.stringMatching(/\.exe$/), reason: expect.any(String) }],
    ]);
    expect(fileBySha1(apart.db, digestOf('sha1', 'unsigned'))?.contentState).not.toBe('present');
  });

  it('may be taken in again: nothing is done twice', async () => {
    decideAll();
    await connected.exportTo(index);
    await apart.importFrom(index);
    const before = apart.state();
    expect(await apart.importFrom(index)).toMatchObject({ revisions: 0, files: 0, alreadyHere: 2 });
    expect(apart.state()).toEqual(before);
  });

  it('is moved through memory a piece at a time, however large a file is', async () => {
    const size = 200 * 1024 * 1024;
    const sparse = join(connected.folder, 'sparse');
    writeFileSync(sparse, '');
    truncateSync(sparse, size);
    const bytes = readFileSync(sparse);
    const sha1 = createHash('sha1').update(bytes).digest('hex');
    connected.bring([documentOf(1)]);
    connected.db.pragma('foreign_keys = OFF');
    connected.db.prepare('UPDATE revision_file SET sha1 = ?').run(sha1);
    connected.db.prepare('UPDATE file SET sha1 = ?, sha256 = NULL, size = ?').run(sha1, size);
    apart.bring([documentOf(1)]);
    apart.db.pragma('foreign_keys = OFF');
    apart.db.prepare('UPDATE revision_file SET sha1 = ?').run(sha1);
    apart.db.prepare('UPDATE file SET sha1 = ?, sha256 = NULL, size = ?').run(sha1, size);
    truncateSync(connected.receive(bytes), size);
    const before = memoryInUse().arrayBuffers;
    let most = 0;
    const onProgress = (): void => void (most = Math.max(most, memoryInUse().arrayBuffers - before));
    let pieces = 0;
    const now = and(onProgress, () => (pieces += 1) % 20 === 0);
    expect(await connected.exportTo(index, { onProgress: now })).toMatchObject({ files: 1 });
    expect(await apart.importFrom(index, { onProgress: now })).toMatchObject({ files: 1, bytes: size });
    expect(pieces).toBeGreaterThan(100);
    expect(most).toBeLessThan(32 * 1024 * 1024);
  });

  it('has no end at four gigabytes', async () => {
    const beyond = 5 * 1024 ** 3;
    writeFileSync(`${index}.000`, '');
    truncateSync(`${index}.000`, beyond);
    const writer = await PartWriter.open(index, 8 * 1024 ** 3, beyond);
    await writer.write(Buffer.from('behind it'));
    await writer.close();
    const reader = new PartReader(index, 8 * 1024 ** 3);
    const pieces: Buffer[] = [];
    for await (const piece of reader.read(beyond - 1, 10)) pieces.push(Buffer.from(piece));
    await reader.close();
    expect(Buffer.concat(pieces).toString()).toBe('\0behind it');
  });
});

const and = (act: () => void, whether: () => boolean) => (): void => {
  if (whether()) act();
};

describe('An import in the history', () => {
  it('is no synchronization: none is tried again for it, and a failed one still is', async () => {
    decideAll();
    await connected.exportTo(index);
    const failed = startRun(apart.db, 'schedule', new Date('2026-06-01T12:00:00Z'));
    finishRun(apart.db, failed, 'failed', new Date('2026-06-01T12:01:00Z'), {
      check: 'timeout',
      message: 'It was slow.',
      mayPass: true,
    });
    await apart.importFrom(index);
    expect(waitingRetry(apart.db, 'main', DEFAULT_RETRY_POLICY)).toMatchObject({ retryOf: failed });
  });

  it('stays running while its process does, whoever restarts the sync worker, and is ended afterwards', async () => {
    decideAll();
    await connected.exportTo(index);
    const now = new Date();
    let seen: unknown;
    const onProgress = ({ step }: { step: string }): void => {
      if (step !== 'content') return;
      failInterruptedRuns(apart.db, now);
      endInterruptedImports(apart.db, apart.dataDirectory, now);
      seen = listRuns(apart.db, 1)[0]?.state;
    };
    await apart.importFrom(index, { onProgress });
    expect(seen).toBe('running');
    const left = startRun(apart.db, 'manual', now, { notes: [{ kind: 'imported', archive: 'x.sluice' }] });
    endInterruptedImports(apart.db, apart.dataDirectory, now);
    expect(listRuns(apart.db, 1)).toMatchObject([
      { runId: left, state: 'failed', failedCheck: 'interrupted' },
    ]);
    expect(waitingRetry(apart.db, 'main', DEFAULT_RETRY_POLICY)).toBeUndefined();
  });

  it('is alone: another one at the same time is refused', async () => {
    decideAll();
    await connected.exportTo(index);
    const { db, dataDirectory } = apart;
    const others: Promise<unknown>[] = [];
    const onProgress = ({ step }: { step: string }): void => {
      if (step !== 'content') return;
      const other = asImportRun(
        { db, dataDirectory, now: () => new Date(), about: { archive: 'other.sluice' } },
        () => Promise.resolve({ refused: [], left: [] }),
      );
      others.push(other.catch(codeOf));
    };
    await apart.importFrom(index, { onProgress });
    expect(new Set(await Promise.all(others))).toEqual(new Set(['ARCHIVE_BUSY']));
    expect(apart.state()).toEqual(connected.state());
  });
});
