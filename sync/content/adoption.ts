/** Takes over content files that another server left in a folder, each believed by size and digests alone. */
import { constants } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { link, lstat, open, rm, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { ContentSignaturePolicy } from '../../catalog/authenticode/content-signature-policy.ts';
import { checkContent } from '../../catalog/content-check.ts';
import { markPresent } from '../../catalog/store/content/content-queue.ts';
import { FileLookup } from '../../catalog/store/content/files.ts';
import type { FileRow } from '../../catalog/store/content/files.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { statKey } from '../../catalog/verified-stat.ts';
import { codeOf, reasonOf } from '../../config/error-facts.ts';
import { namedFiles } from './adoption-folder.ts';
import type { NamedFile } from './adoption-folder.ts';
import { ContentError } from './content-error.ts';
import { ContentStore } from './content-store.ts';
import { IncomingCopies } from './incoming-copies.ts';
import { SignatureGate } from './signature-gate.ts';

export interface AdoptionOptions {
  readonly db: Database;
  /** `<data>/content`. */
  readonly folder: string;
  readonly now: () => Date;
  /** Whether what no approval needs is taken over too. */
  readonly all: boolean;
  /** Whether files leave the folder that they were in. */
  readonly move: boolean;
  /** Left out: signatures are recorded alone. */
  readonly signatures?: ContentSignaturePolicy;
  /** Told after every piece that was read, and after every file. */
  readonly onProgress?: (progress: AdoptionProgress) => void;
}

export interface AdoptionProgress {
  readonly files: number;
  readonly ofFiles: number;
  readonly bytes: number;
  readonly ofBytes: number;
}

export interface LeftFile {
  readonly path: string;
  /** A clause. */
  readonly reason: string;
}

export interface AdoptionResult {
  readonly linked: number;
  readonly copied: number;
  /** They were under their final name already. */
  readonly inPlace: number;
  /** Bytes of all three. */
  readonly bytes: number;
  /** Of which there is a verified file here. */
  readonly alreadyHere: number;
  /** In the catalogue, but needed by no approval. */
  readonly notWanted: number;
  /** Named by a digest that is not in the catalogue, or not named by one. */
  readonly unknown: number;
  readonly differing: readonly LeftFile[];
  readonly failed: readonly LeftFile[];
}

type Way = 'linked' | 'copied' | 'inPlace';

/** What cannot be linked, or not from here, can be copied. */
const NO_LINK = new Set(['EXDEV', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES']);

export class Adoption {
  readonly #options: AdoptionOptions;
  readonly #store: ContentStore;
  readonly #lookup: FileLookup;
  readonly #gate: SignatureGate;
  readonly #copies: IncomingCopies;
  readonly #counts = { linked: 0, copied: 0, inPlace: 0, bytes: 0, alreadyHere: 0, notWanted: 0, unknown: 0 };
  readonly #differing: LeftFile[] = [];
  readonly #failed: LeftFile[] = [];
  #progress: AdoptionProgress = { files: 0, ofFiles: 0, bytes: 0, ofBytes: 0 };

  constructor(options: AdoptionOptions) {
    this.#options = options;
    this.#store = new ContentStore(options.folder);
    this.#lookup = new FileLookup(options.db);
    this.#gate = new SignatureGate(options);
    this.#copies = new IncomingCopies({
      folder: options.folder,
      store: this.#store,
      gate: this.#gate,
      purpose: 'adopting',
    });
  }

  /**
   * To be called once. A file that is here is not looked at again, so it may be begun again however it ended.
   *
   * @param directory in the layout of WSUS
   * @throws where the folder itself cannot be read
   */
  async run(directory: string): Promise<AdoptionResult> {
    await this.#copies.begin();
    const candidates: NamedFile[] = [];
    let ofBytes = 0;
    const countOther = (): void => void (this.#counts.unknown += 1);
    for await (const file of namedFiles(directory, countOther)) {
      const row = this.#chosen(file);
      if (row === undefined) continue;
      candidates.push(file);
      ofBytes += row.size;
    }
    this.#progress = { files: 0, ofFiles: candidates.length, bytes: 0, ofBytes };
    for (const file of candidates) await this.#take(file);
    return { ...this.#counts, differing: this.#differing, failed: this.#failed };
  }

  /** What the catalogue says of a file that is to be taken over; counts it otherwise. */
  #chosen({ sha1 }: NamedFile): FileRow | undefined {
    const row = this.#lookup.bySha1(sha1);
    if (row === undefined) this.#counts.unknown += 1;
    else if (row.contentState === 'present') this.#counts.alreadyHere += 1;
    else if (row.contentState === 'absent' && !this.#options.all) this.#counts.notWanted += 1;
    else return row;
    return undefined;
  }

  async #take(file: NamedFile): Promise<void> {
    // The sync worker may have fetched it meanwhile, or the folder may have it twice.
    const row = this.#chosen(file);
    const bytesBefore = this.#progress.bytes;
    if (row !== undefined) {
      try {
        const way = await this.#adopt(file, row);
        this.#counts[way] += 1;
        this.#counts.bytes += row.size;
      } catch (error) {
        const left = { path: file.path, reason: reasonOf(error) };
        if (isOther(error)) this.#differing.push(left);
        else this.#failed.push(left);
      }
    }
    this.#tell({ files: this.#progress.files + 1, bytes: bytesBefore + (row?.size ?? 0) });
  }

  async #adopt(file: NamedFile, row: FileRow): Promise<Way> {
    const { db, move, now } = this.#options;
    const noFollow = constants.O_NOFOLLOW ?? 0;
    const handle = await open(file.path, constants.O_RDONLY | noFollow);
    try {
      const before = await handle.stat({ bigint: true });
      const { way, verifiedStat } = await this.#bring(file, row, handle, before);
      markPresent(db, row.sha1, verifiedStat, now(), `taken over from ${file.path}`);
      if (move) await this.#removeSource(file, row, before);
      return way;
    } finally {
      await handle.close();
    }
  }

  async #bring(
    file: NamedFile,
    row: FileRow,
    handle: FileHandle,
    before: BigIntStats,
  ): Promise<{ readonly way: Way; readonly verifiedStat: string }> {
    const isSameFileSystem = before.dev === (await this.#copies.device());
    if (!isSameFileSystem) return { way: 'copied', verifiedStat: await this.#copy(row, handle) };
    const key = await this.#verified(handle, row);
    await this.#gate.judge(row, handle);
    const there = await lstatIfThere(this.#store.pathOf(row));
    if (there !== undefined && isSameFile(there, before)) {
      if (statKey(there) !== key) throw changed();
      return { way: 'inPlace', verifiedStat: key };
    }
    const linked = await this.#link(file, row, key);
    if (linked !== undefined) return { way: 'linked', verifiedStat: linked };
    return { way: 'copied', verifiedStat: await this.#copy(row, handle) };
  }

  /** The `statKey` of the file whose bytes were found right. */
  async #verified(handle: FileHandle, row: FileRow): Promise<string> {
    const onRead = (bytes: number): void => this.#tell({ bytes: this.#progress.bytes + bytes });
    const { key, isSteady, difference } = await checkContent(handle, row, { onRead });
    if (!isSteady) throw changed();
    if (difference !== undefined) throw new ContentError('altered', difference);
    return key;
  }

  /** Undefined where it cannot be linked. */
  async #link(file: NamedFile, row: FileRow, key: string): Promise<string | undefined> {
    const path = this.#copies.temporary(row);
    await rm(path, { force: true });
    try {
      await link(file.path, path);
    } catch (error) {
      if (NO_LINK.has(codeOf(error) ?? '')) return undefined;
      throw error;
    }
    try {
      // The name may be another file's since it was opened.
      if (statKey(await lstat(path, { bigint: true })) !== key) throw changed();
      const admitted = await this.#store.admit(row, { path });
      if (admitted !== key) throw changed();
      return admitted;
    } finally {
      await rm(path, { force: true });
    }
  }

  async #copy(row: FileRow, handle: FileHandle): Promise<string> {
    const { size } = await handle.stat();
    if (size !== row.size)
      throw new ContentError('altered', `the file on disk has ${size} bytes, the metadata says ${row.size}`);
    const source = handle.createReadStream({ start: 0, autoClose: false, highWaterMark: 1024 * 1024 });
    return await this.#copies.copy(row, source as AsyncIterable<Buffer>, (bytes) =>
      this.#tell({ bytes: this.#progress.bytes + bytes }),
    );
  }

  async #removeSource(file: NamedFile, row: FileRow, before: BigIntStats): Promise<void> {
    const source = await lstatIfThere(file.path);
    if (source === undefined || !isSameFile(source, before)) return;
    const here = await lstatIfThere(this.#store.pathOf(row));
    // Where the two names are one, the file has no other.
    if (here === undefined || (isSameFile(here, source) && source.nlink < 2n)) return;
    await unlink(file.path);
  }

  #tell(change: Partial<AdoptionProgress>): void {
    this.#progress = { ...this.#progress, ...change };
    this.#options.onProgress?.(this.#progress);
  }
}

/** Whether the file is not what it should be, rather than not to be had. */
const isOther = (error: unknown): boolean =>
  error instanceof ContentError && (error.problem === 'altered' || error.problem === 'refused');

const changed = (): ContentError =>
  new ContentError('unavailable', 'somebody wrote to it while it was read; run the command again');

const isSameFile = (one: BigIntStats, other: BigIntStats): boolean =>
  one.dev === other.dev && one.ino === other.ino;

async function lstatIfThere(path: string): Promise<BigIntStats | undefined> {
  try {
    return await lstat(path, { bigint: true });
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
