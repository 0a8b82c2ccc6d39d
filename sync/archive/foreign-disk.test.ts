/** Whoever can write to the disk gets nothing signed, nothing written elsewhere, and nothing visible that is not right. */
import { createHash, generateKeyPairSync } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { lastExport } from '../../catalog/store/archive/archive-record.ts';
import { contentPath } from '../../catalog/content-path.ts';
import { storeFileKeys } from '../../catalog/store/content/decryption-keys.ts';
import { fileBySha1 } from '../../catalog/store/content/files.ts';
import { parseIndex, requireRoom } from '../../protocol/archive/archive-index.ts';
import type { ArchiveIndex, ContentEntry } from '../../protocol/archive/archive-index.ts';
import { packPayload } from '../../protocol/archive/payloads.ts';
import { readSignedIndex, signIndex } from '../../protocol/archive/signed-index.ts';
import { ArchiveRelay, alterIndex } from '../../scripts/testing/archive-scene.ts';
import { DOCUMENTS, decide, documentOf, make } from '../../scripts/testing/replica-scene.ts';
import { digestOf, guidOf, writeDocument } from '../../scripts/testing/update-documents.ts';

let connected: ArchiveRelay;
let apart: ArchiveRelay;
let index: string;
beforeEach(() => {
  connected = new ArchiveRelay();
  apart = new ArchiveRelay();
  connected.bring(DOCUMENTS);
  decide(connected.db, 1, make(connected.db, 'Servers'));
  for (const number of [1, 2, 3]) connected.receive(contentOf(number));
  index = join(connected.folder, 'disk', 'relay.sluice');
  mkdirSync(dirname(index));
});
afterEach(() => {
  connected.close();
  apart.close();
});

const contentOf = (number: number): string => `content ${number} 1`;

class Interrupted extends Error {}

/** An export that is ended once so many content files were looked at. */
async function exportUpTo(files: number): Promise<void> {
  const onProgress = (progress: { readonly files: number }): void => {
    if (progress.files === files) throw new Interrupted();
  };
  await expect(connected.exportTo(index, { partSize: 2000, onProgress })).rejects.toThrow(Interrupted);
}

const goOn = () => connected.exportTo(index, { partSize: 2000 });

const indexOf = (path: string): ArchiveIndex => parseIndex(readSignedIndex(readFileSync(path)).body);

describe('An export to a disk that others can write to', () => {
  it('signs nothing that lay there: neither parts nor what says how far it had come', async () => {
    const foreign = packPayload('documents', [
      { updateId: guidOf(66), revisionNumber: 1, document: '<Update>of somebody else</Update>' },
    ]);
    const sha256 = createHash('sha256').update(foreign).digest('hex');
    const entry = { kind: 'documents', length: foreign.length, sha256 };
    const origin = {
      createdAt: new Date().toISOString(),
      serverId: guidOf(7),
      sequence: 1,
      after: 0,
      upTo: 99,
    };
    writeFileSync(`${index}.000`, foreign);
    writeFileSync(
      `${index}.unfinished`,
      [
        { origin: { ...origin, partSize: 2000 }, withContent: true, withDecisions: true },
        { entry, revisionId: 1_000_000 },
      ]
        .map((line) => `${JSON.stringify(line)}\n`)
        .join(''),
    );
    expect(await goOn()).toMatchObject({ kept: 0, files: 3 });
    expect(indexOf(index).entries.map((one) => one.sha256)).not.toContain(sha256);
    await apart.importFrom(index);
    expect(apart.state()).toEqual(connected.state());
  });

  it('goes on with what it wrote, by what it noted with its own data, which is gone when it is done', async () => {
    await exportUpTo(2);
    expect(readdirSync(join(connected.dataDirectory, 'exports'))).toHaveLength(1);
    expect(readdirSync(dirname(index)).filter((name) => !/\.\d{3}$/.test(name))).toEqual([]);
    expect((await goOn()).kept).toBeGreaterThan(1);
    expect(readdirSync(join(connected.dataDirectory, 'exports'))).toEqual([]);
    await apart.importFrom(index);
    expect(apart.state()).toEqual(connected.state());
  });

  it('takes no index for its own that it did not sign, and counts it as no export', async () => {
    await exportUpTo(2);
    const { privateKey } = generateKeyPairSync('ed25519');
    const other = new ArchiveRelay();
    const theirs = join(other.folder, 'theirs.sluice');
    await other.exportTo(theirs);
    for (const bytes of [
      readFileSync(theirs),
      signIndex({ ...indexOf(theirs), entries: [], bytes: 0 }, privateKey),
      Buffer.from('no index'),
    ]) {
      writeFileSync(index, bytes);
      await expect(goOn()).rejects.toMatchObject({ code: 'ARCHIVE_EXISTS' });
      expect(lastExport(connected.db)).toBeUndefined();
    }
    other.close();
    rmSync(index);
    await goOn();
    expect(lastExport(connected.db)).toMatchObject({ sequence: 1 });
  });

  it('writes through no link, whether it begins or goes on', async () => {
    const elsewhere = join(connected.folder, 'elsewhere');
    const untouched = 'somebody else’s';
    writeFileSync(elsewhere, untouched);
    symlinkSync(elsewhere, `${index}.000`);
    symlinkSync(elsewhere, join(dirname(index), '.relay.sluice.part'));
    await exportUpTo(2);
    expect(readFileSync(elsewhere, 'utf8')).toBe(untouched);
    for (const link of [symlinkSync, linkSync]) {
      const part = readFileSync(`${index}.000`);
      writeFileSync(elsewhere, part);
      rmSync(`${index}.000`);
      link(elsewhere, `${index}.000`);
      await connected
        .exportTo(index, { partSize: 2000 })
        .catch((error: unknown) => expect(error).toMatchObject({ code: 'ARCHIVE_UNREADABLE' }));
      expect(readFileSync(elsewhere)).toEqual(part);
      rmSync(`${index}.000`, { force: true });
      writeFileSync(`${index}.000`, part);
      if (existsSync(index)) return;
    }
    await goOn();
    await apart.importFrom(index);
    expect(apart.state()).toEqual(connected.state());
  });

  it('leaves nothing of an earlier archive behind what it writes', async () => {
    for (const part of ['000', '001', '002', '005']) writeFileSync(`${index}.${part}`, 'x'.repeat(5000));
    await connected.exportTo(index, { partSize: 300 });
    await apart.importFrom(index);
    expect(apart.state()).toEqual(connected.state());
  });

  it('says of content that it left out before it was interrupted, too', async () => {
    const [first] = [1, 2, 3].map((number) => digestOf('sha1', contentOf(number))).toSorted();
    const path = join(
      connected.contentFolder,
      contentPath(first!, fileBySha1(connected.db, first!)!.extension),
    );
    writeFileSync(path, 'not what it was');
    await exportUpTo(2);
    const { left, files } = await goOn();
    expect([files, left.map(({ file }) => file)]).toEqual([
      2,
      [expect.stringContaining(first!.toUpperCase())],
    ]);
  });
});

describe('An archive since the last', () => {
  const next = (): string => join(dirname(index), 'next.sluice');

  it('brings content that came while archives had none', async () => {
    await connected.exportTo(index);
    await apart.importFrom(index);
    connected.bring([documentOf(5)], new Date(Date.now() - 10 * 3_600_000));
    connected.receive(contentOf(5), new Date(Date.now() - 9 * 3_600_000));
    const without = join(dirname(index), 'without.sluice');
    await connected.exportTo(without, { since: 'last', withContent: false });
    await apart.importFrom(without);
    expect(await connected.exportTo(next(), { since: 'last' })).toMatchObject({ files: expect.any(Number) });
    await apart.importFrom(next());
    expect(apart.state()).toEqual(connected.state());
  });

  it('brings all content where none had any before', async () => {
    await connected.exportTo(index, { withContent: false, withDecisions: false });
    await apart.importFrom(index);
    await connected.exportTo(next(), { since: 'last' });
    await apart.importFrom(next());
    expect(apart.state()).toEqual(connected.state());
  });

  it('brings keys of encrypted files that were fetched after their document was in an archive', async () => {
    const file = { fileName: 'a.cab', content: 'locked' };
    connected.bring([
      writeDocument({ updateId: guidOf(9), files: [file] }).replace(
        '<upd:File ',
        '<upd:File IsEncrypted="true" ',
      ),
    ]);
    await connected.exportTo(index);
    await apart.importFrom(index);
    const keys = [{ sha1: digestOf('sha1', file.content), decryptionKey: Buffer.from('a secret') }];
    storeFileKeys(connected.db, [{ identity: { updateId: guidOf(9), revisionNumber: 1 }, keys }]);
    await connected.exportTo(next(), { since: 'last' });
    await apart.importFrom(next());
    expect(apart.state()).toMatchObject({ keys: [{ sha1: keys[0]!.sha1 }] });
  });
});

describe('What no import would take', () => {
  it('is not begun to be written: too many parts, too many entries', () => {
    const room = (partSize: number, entries: number, bytes: number) => () =>
      requireRoom({ partSize }, entries, bytes);
    expect(room(1_000_000, 10, 10_000 * 1_000_000)).not.toThrow();
    expect(room(1_000_000, 10, 10_000 * 1_000_000 + 1)).toThrow(/--part-size/);
    expect(room(4_000_000_000, 1_000_000, 1)).toThrow(/--since/);
  });

  it('is not packed: what an entry may not hold', () => {
    expect(() => packPayload('driver-sets', { sets: [], removed: ['no guid'] })).toThrow(
      /An entry of driver-sets .* is not what it should be/,
    );
  });
});

describe('A signed archive', () => {
  /** The two content files that lie last, whose bytes have the same length. */
  function alterContent(change: (one: Placed, other: Placed, part: Buffer) => readonly ContentEntry[]): void {
    const path = `${index}.000`;
    const part = readFileSync(path);
    alterIndex(index, connected.key, (all) => {
      let position = 0;
      const placed = all.entries.map((entry) => {
        position += entry.length;
        return { entry, position: position - entry.length };
      });
      const [one, other] = placed
        .slice(-2)
        .flatMap(({ entry, position: at }) => (entry.kind === 'content' ? [{ entry, position: at }] : []));
      return { ...all, entries: [...all.entries.slice(0, -2), ...change(one!, other!, part)] };
    });
    writeFileSync(path, part);
  }

  interface Placed {
    readonly entry: ContentEntry;
    readonly position: number;
  }

  const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

  it.each([
    [
      'other bytes',
      (one: Placed, other: Placed, part: Buffer): readonly ContentEntry[] => {
        const bytes = Buffer.from(part.subarray(one.position));
        const half = one.entry.length;
        part.set(bytes.subarray(half), one.position);
        part.set(bytes.subarray(0, half), one.position + other.entry.length);
        return [
          { ...one.entry, sha256: other.entry.sha256 },
          { ...other.entry, sha256: one.entry.sha256 },
        ];
      },
    ],
    [
      'another length',
      (one: Placed, other: Placed, part: Buffer): readonly ContentEntry[] => {
        const cut = other.position + 1;
        return [
          { ...one.entry, length: one.entry.length + 1, sha256: sha256Of(part.subarray(one.position, cut)) },
          { ...other.entry, length: other.entry.length - 1, sha256: sha256Of(part.subarray(cut)) },
        ];
      },
    ],
  ])(
    'with content of %s than the metadata says gives no such file a name, and takes the rest in',
    async (_, change) => {
      await connected.exportTo(index);
      alterContent(change);
      const { left, files } = await apart.importFrom(index);
      expect([files, left.length]).toEqual([1, 2]);
      const names = Object.keys(apart.files);
      expect(names.filter((name) => !name.startsWith('.incoming'))).toHaveLength(1);
      expect(names.filter((name) => name.startsWith('.incoming'))).toEqual([]);
      for (const { file } of left) expect(existsSync(join(apart.contentFolder, file))).toBe(false);
    },
  );

  it('is read to its end before anything is changed: one entry that is of no schema is found first', async () => {
    storeKeys();
    await connected.exportTo(index);
    const at = indexOf(index).entries.findIndex(({ kind }) => kind === 'keys');
    const path = `${index}.000`;
    alterIndex(index, connected.key, (all) => {
      const position = all.entries.slice(0, at).reduce((sum, { length }) => sum + length, 0);
      const length = all.entries[at]!.length;
      const part = readFileSync(path);
      part.fill(0x20, position, position + length);
      writeFileSync(path, part);
      const sha256 = sha256Of(part.subarray(position, position + length));
      return { ...all, entries: all.entries.with(at, { kind: 'keys', length, sha256 }) };
    });
    const before = apart.state();
    await expect(apart.importFrom(index)).rejects.toMatchObject({ code: 'ARCHIVE_INVALID' });
    expect(apart.state()).toEqual(before);
  });

  function storeKeys(): void {
    connected.bring([
      writeDocument({ updateId: guidOf(9), files: [{ fileName: 'a.cab', content: 'locked' }] }).replace(
        '<upd:File ',
        '<upd:File IsEncrypted="true" ',
      ),
    ]);
    const keys = [{ sha1: digestOf('sha1', 'locked'), decryptionKey: Buffer.from('a secret') }];
    storeFileKeys(connected.db, [{ identity: { updateId: guidOf(9), revisionNumber: 1 }, keys }]);
  }

  it('is not read through a link in place of a part', async () => {
    await connected.exportTo(index);
    const elsewhere = join(connected.folder, 'elsewhere');
    writeFileSync(elsewhere, readFileSync(`${index}.000`));
    rmSync(`${index}.000`);
    symlinkSync(elsewhere, `${index}.000`);
    await expect(apart.importFrom(index)).rejects.toMatchObject({ code: 'ARCHIVE_TRUNCATED' });
    truncateSync(elsewhere, 0);
  });
});
