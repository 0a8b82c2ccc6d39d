import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { contentPath } from '../../catalog/content-path.ts';
import { fileBySha1 } from '../../catalog/store/content/files.ts';
import type { ContentState } from '../../catalog/store/content/files.ts';
import { openDatabase } from '../../catalog/store/database/database.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { statKey } from '../../catalog/verified-stat.ts';
import { knowFile, putFile, sampleOf } from '../../scripts/testing/content-files.ts';
import type { ContentSample } from '../../scripts/testing/content-files.ts';
import { Adoption } from './adoption.ts';
import type { AdoptionOptions, AdoptionResult } from './adoption.ts';

let folder = '';
let content = '';
let old = '';
let db: Database;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-adopt-'));
  content = join(folder, 'content');
  old = join(folder, 'WsusContent');
  mkdirSync(old);
  db = openDatabase(join(folder, 'sluice.db'));
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

const know = (sample: ContentSample, state?: ContentState): void => knowFile(db, sample, state);

/** As the other server has it. */
function leave(sample: ContentSample, options: { bytes?: Buffer; name?: string } = {}): string {
  const path = join(old, options.name ?? contentPath(sample.sha1, '.cab'));
  putFile(path, options.bytes ?? sample.bytes);
  return path;
}

const run = (options: Partial<AdoptionOptions> = {}, directory = old): Promise<AdoptionResult> =>
  new Adoption({ db, folder: content, now: () => new Date(), all: false, move: false, ...options }).run(
    directory,
  );

const pathHere = ({ sha1 }: ContentSample): string => join(content, contentPath(sha1, '.cab'));
const temporaries = (): string[] => readdirSync(join(content, '.incoming'));

function expectHere(sample: ContentSample): void {
  expect(readFileSync(pathHere(sample)).equals(sample.bytes)).toBe(true);
  expect(fileBySha1(db, sample.sha1)).toMatchObject({
    contentState: 'present',
    verifiedStat: statKey(statSync(pathHere(sample), { bigint: true })),
  });
  expect(temporaries()).toEqual([]);
}

describe('A folder of content that another server left', () => {
  it('is taken over by hard link, so that it takes no room twice, in whatever case its names are', async () => {
    const [one, two] = [sampleOf(3_000_000), sampleOf(0)];
    for (const sample of [one, two]) know(sample);
    const path = leave(one, { name: contentPath(one.sha1, '.CAB').toLowerCase() });
    leave(two);
    const result = await run();
    expect(result).toMatchObject({ linked: 2, copied: 0, inPlace: 0, bytes: 3_000_000, unknown: 0 });
    expect(result.differing).toEqual([]);
    expectHere(one);
    expectHere(two);
    expect(statSync(path).ino).toBe(statSync(pathHere(one)).ino);
  });

  it('is left where its bytes are not those of the catalogue, whatever its names say', async () => {
    const [altered, short, otherSha256, right] = [sampleOf(5000), sampleOf(5000), sampleOf(9), sampleOf(10)];
    for (const sample of [altered, short, right]) know(sample);
    know({ ...otherSha256, sha256: '0'.repeat(64) });
    const bytes = Buffer.from(altered.bytes);
    bytes[2500]! ^= 1;
    const paths = [
      leave(altered, { bytes }),
      leave(short, { bytes: short.bytes.subarray(1) }),
      leave(otherSha256),
    ];
    leave(right);
    const { differing, linked } = await run();
    expect(linked).toBe(1);
    expect(new Map(differing.map(({ path, reason }) => [path, reason]))).toEqual(
      new Map([
        [paths[0], expect.stringMatching(/has SHA-1 [0-9a-f]{40}, the metadata says/)],
        [paths[1], expect.stringMatching(/has 4999 bytes, the metadata says 5000/)],
        [paths[2], expect.stringMatching(/has SHA-256/)],
      ]),
    );
    for (const path of paths) expect(existsSync(path)).toBe(true);
    for (const sample of [altered, short, otherSha256]) {
      expect(existsSync(pathHere(sample))).toBe(false);
      expect(fileBySha1(db, sample.sha1)).toMatchObject({ contentState: 'wanted' });
    }
    expectHere(right);
  });

  it('gives what is wanted, and with --all whatever is known', async () => {
    const [wanted, quarantined, known, stranger] = [1, 2, 3, 4].map((size) => sampleOf(size * 100));
    know(wanted!);
    know(quarantined!, 'quarantined');
    know(known!, 'absent');
    for (const sample of [wanted!, quarantined!, known!, stranger!]) leave(sample);
    writeFileSync(join(old, 'anonymousCheckFile.txt'), '');
    expect(await run()).toMatchObject({ linked: 2, notWanted: 1, unknown: 2, alreadyHere: 0 });
    expect(fileBySha1(db, known!.sha1)).toMatchObject({ contentState: 'absent' });
    expect(await run({ all: true })).toMatchObject({ linked: 1, notWanted: 0, unknown: 2, alreadyHere: 2 });
    expectHere(known!);
    expect(fileBySha1(db, stranger!.sha1)).toBeUndefined();
  });

  it('is emptied of what was taken over when it is to be moved, and of nothing else', async () => {
    const [one, altered] = [sampleOf(1000), sampleOf(1000)];
    know(one);
    know(altered);
    const moved = leave(one);
    const left = leave(altered, { bytes: Buffer.alloc(1000) });
    expect(await run({ move: true })).toMatchObject({ linked: 1 });
    expect([existsSync(moved), existsSync(left)]).toEqual([false, true]);
    expectHere(one);
    expect(statSync(pathHere(one)).nlink).toBe(1);
  });

  it('may be the content folder itself, in which nothing is moved or removed', async () => {
    const [inPlace, lowerCase] = [sampleOf(1000), sampleOf(2000)];
    for (const sample of [inPlace, lowerCase]) know(sample);
    old = content;
    leave(inPlace);
    leave(lowerCase, { name: contentPath(lowerCase.sha1, '.cab').toLowerCase() });
    expect(await run({ move: true }, content)).toMatchObject({ inPlace: 1, linked: 1 });
    expectHere(inPlace);
    expectHere(lowerCase);
  });

  it('replaces what lies under the final name without anybody vouching for it', async () => {
    const one = sampleOf(1000);
    know(one);
    leave(one);
    mkdirSync(dirname(pathHere(one)), { recursive: true });
    writeFileSync(pathHere(one), 'rest of something');
    await run();
    expectHere(one);
  });

  it('is not followed over links out of it', async () => {
    const one = sampleOf(1000);
    know(one);
    const secret = join(folder, 'elsewhere');
    writeFileSync(secret, one.bytes);
    const path = join(old, contentPath(one.sha1, '.cab'));
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(secret, path);
    symlinkSync(dirname(path), join(old, 'FF'));
    expect(await run()).toMatchObject({ linked: 0, copied: 0, differing: [], failed: [] });
    expect(existsSync(pathHere(one))).toBe(false);
  });

  it('is gone on with where it was left, and what a copy that was ended left behind is removed', async () => {
    const samples = [sampleOf(100), sampleOf(200)];
    samples.forEach((sample) => know(sample));
    leave(samples[0]!);
    await run();
    // A process of this number was never there.
    const leftover = join(content, '.incoming', `${samples[1]!.sha1}.adopting-4194305`);
    const received = join(content, '.incoming', samples[1]!.sha1);
    writeFileSync(leftover, 'half');
    writeFileSync(received, 'half that the sync worker receives');
    leave(samples[1]!);
    expect(await run()).toMatchObject({ linked: 1, alreadyHere: 1 });
    expect(temporaries()).toEqual([samples[1]!.sha1]);
    rmSync(received);
    samples.forEach(expectHere);
  });

  const SHM = '/dev/shm';
  const isElsewhere = existsSync(SHM) && statSync(SHM).dev !== statSync(tmpdir()).dev;
  const betweenTwo = isElsewhere ? it : it.skip;
  const reason = isElsewhere ? '' : ` (not tried here: ${SHM} is no other file system)`;
  betweenTwo(
    `is copied from another file system, and what was copied is what is believed${reason}`,
    async () => {
      const [one, altered] = [sampleOf(3_000_000), sampleOf(1000)];
      for (const sample of [one, altered]) know(sample);
      old = mkdtempSync(join(SHM, 'sluice-adopt-'));
      try {
        const path = leave(one);
        leave(altered, { bytes: Buffer.alloc(1000) });
        const seen: number[] = [];
        const onProgress = ({ bytes }: { bytes: number }): void => void seen.push(bytes);
        const result = await run({ move: true, onProgress });
        expect(result).toMatchObject({ linked: 0, copied: 1, differing: [{ reason: expect.any(String) }] });
        expectHere(one);
        expect(existsSync(path)).toBe(false);
        expect(seen.at(-1)).toBe(3_001_000);
        expect(seen).toEqual(seen.toSorted((a, b) => a - b));
      } finally {
        rmSync(old, { recursive: true });
      }
    },
  );

  it('tells of each file that cannot be taken over, and goes on with the others', async () => {
    const [one, two] = [sampleOf(100), sampleOf(200)];
    for (const sample of [one, two]) know(sample);
    leave(one);
    leave(two);
    // Something that cannot be replaced by a file.
    mkdirSync(join(pathHere(one), 'folder'), { recursive: true });
    const { failed, linked } = await run();
    expect(linked).toBe(1);
    expect(failed).toEqual([{ path: join(old, contentPath(one.sha1, '.cab')), reason: expect.any(String) }]);
    expectHere(two);
  });

  it('has a file once that is there under two names', async () => {
    const one = sampleOf(100);
    know(one);
    const path = leave(one);
    linkSync(path, `${path.slice(0, -4)}.txt`);
    expect(await run()).toMatchObject({ linked: 1, alreadyHere: 1 });
    expectHere(one);
  });
});
