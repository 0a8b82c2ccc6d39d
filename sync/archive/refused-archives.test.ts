import { createHash, generateKeyPairSync } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { codeOf } from '../../config/error-facts.ts';
import { listRuns } from '../../catalog/store/upstream/synchronization.ts';
import type { ArchiveIndex } from '../../protocol/archive/archive-index.ts';
import { packPayload } from '../../protocol/archive/payloads.ts';
import { ArchiveRelay, alterIndex, archiveFiles } from '../../scripts/testing/archive-scene.ts';
import { decide, DOCUMENTS, documentOf, make } from '../../scripts/testing/replica-scene.ts';
import { openArchive } from './open-archive.ts';

let connected: ArchiveRelay;
let apart: ArchiveRelay;
let original: string;
let index: string;
beforeAll(async () => {
  connected = new ArchiveRelay();
  connected.bring(DOCUMENTS);
  decide(connected.db, 1, make(connected.db, 'Servers'));
  for (const number of [1, 2]) connected.receive(`content ${number} 1`);
  original = join(connected.folder, 'original', 'relay.sluice');
  mkdirSync(dirname(original));
  await connected.exportTo(original, { partSize: 500 });
});
afterAll(() => connected.close());
beforeEach(() => {
  apart = new ArchiveRelay();
  index = join(apart.folder, 'disk', 'relay.sluice');
  cpSync(dirname(original), dirname(index), { recursive: true });
});
afterEach(() => apart.close());

/** It is refused with that code, and the relay is as it was. */
async function expectRefused(code: string, message: RegExp = /./): Promise<void> {
  const before = apart.state();
  await expect(apart.importFrom(index)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
  });
  expect(apart.state()).toEqual(before);
  expect(listRuns(apart.db, 9)).toEqual([]);
}

/** Signed anew by the relay's own key: what only its owner, or a fault of ours, could have made. */
const signAnew = (change: (index: ArchiveIndex) => object): void => alterIndex(index, connected.key, change);

describe('An archive is refused, and nothing of it taken in, when', () => {
  it('any one byte of it is another, wherever', async () => {
    const files = archiveFiles(index).map((path) => ({ path, bytes: readFileSync(path) }));
    const total = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const before = apart.state();
    await fc.assert(
      fc.asyncProperty(fc.nat(total - 1), fc.integer({ min: 1, max: 255 }), async (place, difference) => {
        let at = place;
        const file = files.find(({ bytes }) => (at < bytes.length ? true : ((at -= bytes.length), false)));
        const changed = Buffer.from(file!.bytes);
        changed[at]! ^= difference;
        writeFileSync(file!.path, changed);
        try {
          const { signer } = await openArchive(original);
          const refused = await apart
            .importFrom(index)
            .then(() => false)
            .catch((error: unknown) => (codeOf(error) ?? '').startsWith('ARCHIVE_'));
          // Where the signature is right, it is by somebody else: that is for the caller to refuse.
          expect(refused || (await openArchive(index)).signer !== signer).toBe(true);
          expect(apart.state()).toEqual(before);
        } finally {
          writeFileSync(file!.path, file!.bytes);
        }
      }),
      { numRuns: 300 },
    );
    expect(listRuns(apart.db, 9)).toEqual([]);
    expect(await apart.importFrom(index)).toMatchObject({ revisions: 4 });
  });

  it('any byte of its index is removed, or one is added', async () => {
    const bytes = readFileSync(index);
    for (const at of [0, 5, 15, 17, 60, 80, 150, 165, 200, bytes.length - 1]) {
      writeFileSync(index, Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]));
      await expect(openArchive(index)).rejects.toMatchObject({ code: expect.stringMatching(/^ARCHIVE_/) });
      writeFileSync(index, Buffer.concat([bytes.subarray(0, at), Buffer.from(' '), bytes.subarray(at)]));
      await expect(openArchive(index)).rejects.toMatchObject({ code: expect.stringMatching(/^ARCHIVE_/) });
    }
  });

  it('it has no signature', async () => {
    const [first, , , body] = readFileSync(index, 'utf8').split('\n');
    for (const text of [`${first}\n${body}`, `${first}\n\n\n${body}`]) {
      writeFileSync(index, text);
      await expectRefused('ARCHIVE_UNSIGNED', /does not bear a signature/);
    }
  });

  it('its signature is by a key of another kind', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const lines = readFileSync(index, 'utf8').split('\n');
    lines[1] = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    writeFileSync(index, lines.join('\n'));
    await expectRefused('ARCHIVE_UNSIGNED');
  });

  it('a part is missing, cut or grown', async () => {
    const [, first, second] = archiveFiles(index);
    truncateSync(second!, 300);
    await expectRefused('ARCHIVE_TRUNCATED', /001 of the archive is not whole: it has 300 bytes/);
    rmSync(second!);
    await expectRefused('ARCHIVE_TRUNCATED', /it is not there/);
    cpSync(archiveFiles(original)[2]!, second!);
    appendFileSync(first!, 'x');
    await expectRefused('ARCHIVE_TRUNCATED', /it has 501 bytes, and 500 were signed/);
  });

  it('it is something else', async () => {
    for (const bytes of ['', 'x', 'sluice-archive', '\0'.repeat(5000)]) {
      writeFileSync(index, bytes);
      await expectRefused('ARCHIVE_UNREADABLE');
    }
    rmSync(index);
    mkdirSync(index);
    await expectRefused('ARCHIVE_UNREADABLE');
  });

  it('it is of a format of another time', async () => {
    writeFileSync(index, readFileSync(index, 'utf8').replace('sluice-archive 1', 'sluice-archive 2'));
    await expectRefused('ARCHIVE_VERSION', /format 2, and this Sluice reads format 1/);
  });

  it.each<[string, (index: ArchiveIndex) => object]>([
    ['an entry says that it is longer', (all) => ({ ...all, entries: longer(all) })],
    ['it says less of itself than its entries do', (all) => ({ ...all, bytes: all.bytes - 1 })],
    ['a content file has a path for a name', (all) => named(all, { sha1: '../../../../etc/passwd' })],
    ['a content file has a path for an extension', (all) => named(all, { extension: '.cab/../../x' })],
    ['an entry is absurdly long', (all) => named(all, { length: 2 ** 52 })],
    ['an entry has less than no bytes', (all) => named(all, { length: -1 })],
    ['it would have a billion parts', (all) => ({ ...withLast(all, 1e9), partSize: 1 })],
    ['its parts have no size', (all) => ({ ...all, partSize: 0 })],
    ['it has an entry of a kind that nobody knows', (all) => named(all, { kind: 'program' })],
    ['it says more than anybody knows', (all) => ({ ...all, more: 1 })],
    ['a content file is in it twice', twice],
    [
      'content comes before what says what is right',
      (all) => ({ ...all, entries: all.entries.toReversed() }),
    ],
    ['it ends before it begins', (all) => ({ ...all, after: all.upTo + 1 })],
  ])('%s, though it is signed', async (_, change) => {
    signAnew(change);
    await expectRefused('ARCHIVE_INVALID');
  });

  it('decisions in it could not hold here, though it is signed', async () => {
    const parts = archiveFiles(index).slice(1);
    const stream = Buffer.concat(parts.map((path) => readFileSync(path)));
    signAnew((all) => {
      const at = all.entries.findIndex(({ kind }) => kind === 'decisions');
      const begin = all.entries.slice(0, at).reduce((sum, { length }) => sum + length, 0);
      const payload = packPayload('decisions', {
        Anchor: '',
        Groups: [],
        Deployments: [],
        DeadDeployments: [],
        HiddenUpdates: [],
        AcceptedEulas: [],
      });
      const entry = all.entries[at]!;
      const changed = Buffer.concat([
        stream.subarray(0, begin),
        payload,
        stream.subarray(begin + entry.length),
      ]);
      for (const path of parts) rmSync(path);
      writeFileSync(parts[0]!, changed);
      const sha256 = createHash('sha256').update(payload).digest('hex');
      const entries = all.entries.with(at, { kind: 'decisions', length: payload.length, sha256 });
      return { ...all, partSize: changed.length, bytes: changed.length, entries };
    });
    await expectRefused('UPSTREAM_ANSWER_INVALID', /without the group All Computers/);
  });
});

describe('An older archive', () => {
  it('does not undo what a newer one brought, unless it is meant', async () => {
    const newer = new ArchiveRelay();
    try {
      newer.bring(DOCUMENTS);
      const [first, second] = ['a.sluice', 'b.sluice'].map((name) => join(newer.folder, name));
      await newer.exportTo(first!);
      decide(newer.db, 1, make(newer.db, 'Servers'));
      await newer.exportTo(second!);
      await apart.importFrom(second!);
      const before = apart.state();
      await expect(apart.importFrom(first!)).rejects.toMatchObject({
        code: 'ARCHIVE_OLDER',
        message: expect.stringMatching(/number 1 of its relay, .* number 2, .* --allow-older/),
      });
      expect(apart.state()).toEqual(before);
      await apart.importFrom(first!, { allowOlder: true });
      expect(apart.state()).not.toEqual(before);
      await apart.importFrom(second!);
      expect(apart.state()).toEqual(before);
    } finally {
      newer.close();
    }
  });

  it('that was meant is where the other relay counts on from: it was put back to then', async () => {
    const newer = new ArchiveRelay();
    try {
      const [first, second, again] = ['a.sluice', 'b.sluice', 'c.sluice'].map((name) =>
        join(newer.folder, name),
      );
      await newer.exportTo(first!);
      newer.bring([documentOf(1)]);
      await newer.exportTo(second!);
      await apart.importFrom(second!);
      await apart.importFrom(first!, { allowOlder: true });
      newer.db.prepare("UPDATE setting SET value = '1' WHERE name = 'export.sequence'").run();
      newer.bring([documentOf(2)]);
      await newer.exportTo(again!);
      expect(await apart.importFrom(again!)).toMatchObject({ revisions: 1 });
    } finally {
      newer.close();
    }
  });

  it('of another relay is of its own time', async () => {
    await apart.importFrom(index);
    const other = new ArchiveRelay();
    try {
      other.bring([documentOf(7)]);
      const path = join(other.folder, 'other.sluice');
      await other.exportTo(path);
      expect(await apart.importFrom(path)).toMatchObject({ revisions: 1 });
    } finally {
      other.close();
    }
  });

  it('that is missing is noticed when the next one comes', async () => {
    const newer = new ArchiveRelay();
    try {
      const names = ['a.sluice', 'b.sluice', 'c.sluice'].map((name) => join(newer.folder, name));
      for (const [number, path] of names.entries()) {
        newer.bring([documentOf(number + 1)]);
        await newer.exportTo(path, number === 0 ? {} : { since: 'last' });
      }
      const [first, second, third] = names;
      await expect(apart.importFrom(second!)).rejects.toMatchObject({ code: 'ARCHIVE_GAP' });
      await apart.importFrom(first!);
      await expect(apart.importFrom(third!)).rejects.toMatchObject({
        code: 'ARCHIVE_GAP',
        message: expect.stringMatching(/the last was number 1/),
      });
      await apart.importFrom(second!);
      await apart.importFrom(third!);
      expect(apart.state()).toEqual(newer.state());
    } finally {
      newer.close();
    }
  });
});

const longer = ({ entries }: ArchiveIndex): unknown[] =>
  entries.with(0, { ...entries[0]!, length: entries[0]!.length + 1 });

const named = (all: ArchiveIndex, change: Record<string, unknown>) => ({
  ...all,
  entries: all.entries.map((entry, at) => (at === all.entries.length - 1 ? { ...entry, ...change } : entry)),
});

/** As long as it says. */
function withLast(all: ArchiveIndex, length: number) {
  const changed = named(all, { length });
  return { ...changed, bytes: all.bytes - all.entries.at(-1)!.length + length };
}

function twice(all: ArchiveIndex): object {
  const last = all.entries.at(-1)!;
  return { ...all, bytes: all.bytes + last.length, entries: [...all.entries, last] };
}
