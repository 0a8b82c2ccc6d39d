/**
 * Writes an archive of what a relay without a connection needs (docs/air-gap.md). Entries are written one behind another
 * and noted when they are durable; the signed index comes last, and makes an archive of them.
 */
import { createHash } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { contentPath } from '../../catalog/content-path.ts';
import {
  changedDriverSets,
  exportedContent,
  exportedRevisions,
  revisionsWithKeys,
} from '../../catalog/store/archive/exported-rows.ts';
import type { ExportedFile } from '../../catalog/store/archive/exported-rows.ts';
import { noteExport } from '../../catalog/store/archive/archive-record.ts';
import { fileKeysOf } from '../../catalog/store/content/decryption-keys.ts';
import {
  acceptedEulas,
  decisionsAfter,
  declinedUpdates,
} from '../../catalog/store/downstream/decisions-for-replicas.ts';
import { wireDeployment, wireGroup } from '../../catalog/store/downstream/decisions-on-the-wire.ts';
import { GroupTree } from '../../catalog/store/groups/group-tree.ts';
import { readDriverSets } from '../../catalog/store/revisions/driver-sets.ts';
import { reasonOf } from '../../config/error-facts.ts';
import { METADATA_KINDS, requireRoom } from '../../protocol/archive/archive-index.ts';
import type { ArchiveEntry, MetadataKind } from '../../protocol/archive/archive-index.ts';
import { ArchiveError } from '../../protocol/archive/error.ts';
import { packPayload } from '../../protocol/archive/payloads.ts';
import type { Payload } from '../../protocol/archive/payloads.ts';
import { signIndex } from '../../protocol/archive/signed-index.ts';
import { isGuid } from '../../protocol/guid.ts';
import { syncFolder } from '../content/content-store.ts';
import { batchesOf } from '../conversation/batches.ts';
import { PartWriter, refuseDisk } from './archive-parts.ts';
import { ExportJournal, isEntry } from './export-journal.ts';
import type { EntryLine, ExportPlan, Journalled, JournalLine, LeftFile } from './export-journal.ts';
import { planOf, requireSame } from './export-plan.ts';
import type { ExportOptions, ExportProgress } from './export-plan.ts';
import { keptLines } from './kept-entries.ts';
import { openRegular } from './regular-file.ts';

/** Documents in one entry, which is one transaction of the import. */
const LARGEST_BATCH = 100;

/** Characters of the documents of one entry; a larger document has one of its own. */
const MOST_CHARACTERS = 32 * 1024 * 1024;

/** Driver sets, or revisions with keys, in one entry. */
const SMALL_BATCH = 500;

const READ_BYTES = 1024 * 1024;

export interface ExportResult {
  readonly sequence: number;
  /** Bytes of all parts. */
  readonly bytes: number;
  readonly files: number;
  /** Entries that an earlier go had written, and that were found right. */
  readonly kept: number;
  readonly left: readonly LeftFile[];
}

/**
 * Makes the archive, or goes on with one that was begun.
 *
 * @throws ArchiveError `ARCHIVE_EXISTS`
 */
export async function exportArchive(options: ExportOptions): Promise<ExportResult> {
  const { db, dataDirectory, indexPath } = options;
  const begun = ExportJournal.read(dataDirectory, indexPath);
  if (begun === undefined && existsSync(indexPath)) throw alreadyThere(indexPath);
  if (begun !== undefined) requireSame(begun.plan, options);
  if (begun !== undefined && existsSync(indexPath)) return await finishAnew(options, begun);
  const plan = begun?.plan ?? planOf(options);
  const kept = begun === undefined ? [] : await keptLines(indexPath, begun);
  const work = new ArchiveExport(options, plan, kept);
  const result = await work.run();
  noteExport(db, plan.origin, plan.withContent);
  await ExportJournal.remove(dataDirectory, indexPath);
  return { ...result, kept: kept.filter(isEntry).length };
}

/** Everything was written; the command was ended before it could say so. Any other index there is none of ours. */
async function finishAnew(
  { db, dataDirectory, indexPath, key }: ExportOptions,
  { plan, lines }: Journalled,
): Promise<ExportResult> {
  const entries = lines.filter(isEntry).map(({ entry }) => entry);
  const bytes = entries.reduce((sum, { length }) => sum + length, 0);
  const ours = signIndex({ ...plan.origin, bytes, entries }, key);
  if (!(await hasExactly(indexPath, ours))) throw alreadyThere(indexPath);
  noteExport(db, plan.origin, plan.withContent);
  await ExportJournal.remove(dataDirectory, indexPath);
  const files = entries.filter(({ kind }) => kind === 'content').length;
  const left = lines.flatMap((line) => (isEntry(line) ? [] : [line.left]));
  return { sequence: plan.origin.sequence, bytes, files, kept: entries.length, left };
}

async function hasExactly(path: string, bytes: Buffer): Promise<boolean> {
  const handle = await openRegular(path, constants.O_RDONLY);
  try {
    return (await handle.stat()).size === bytes.length && (await handle.readFile()).equals(bytes);
  } finally {
    await handle.close();
  }
}

const alreadyThere = (indexPath: string): ArchiveError =>
  new ArchiveError(
    'ARCHIVE_EXISTS',
    `${indexPath} is there already, and an archive is not written over. Name another file, or remove it and its parts.`,
  );

class ArchiveExport {
  readonly #options: ExportOptions;
  readonly #plan: ExportPlan;
  readonly #lines: EntryLine[];
  readonly #left: LeftFile[];
  /** What was noted before, of both. */
  readonly #noted: readonly JournalLine[];
  #progress: ExportProgress = { files: 0, ofFiles: 0, bytes: 0, ofBytes: 0 };

  constructor(options: ExportOptions, plan: ExportPlan, kept: readonly JournalLine[]) {
    this.#options = options;
    this.#plan = plan;
    this.#noted = kept;
    this.#lines = kept.filter(isEntry);
    this.#left = kept.flatMap((line) => (isEntry(line) ? [] : [line.left]));
  }

  async run(): Promise<Omit<ExportResult, 'kept'>> {
    const { dataDirectory, indexPath, now } = this.#options;
    const { origin } = this.#plan;
    const journal = await ExportJournal.begin(dataDirectory, this.#plan, this.#noted, now());
    const writer = await PartWriter.open(indexPath, origin.partSize, lengthOf(this.#lines));
    try {
      const out = { journal, writer };
      for (const kind of METADATA_KINDS) await this.#writeMetadata(kind, out);
      if (this.#plan.withContent) await this.#writeContent(out);
      await writer.sync();
    } catch (error) {
      // What is half written gives its room back; where even that fails, it is cut off when this is gone on with.
      await writer.truncate(lengthOf(this.#lines)).catch(() => undefined);
      throw error;
    } finally {
      await writer.close();
      await journal.close();
    }
    await this.#writeIndex(writer.position);
    return {
      sequence: origin.sequence,
      bytes: writer.position,
      files: this.#lines.filter(({ entry }) => entry.kind === 'content').length,
      left: this.#left,
    };
  }

  async #writeMetadata(kind: MetadataKind, out: Output): Promise<void> {
    const last = this.#lines.at(-1)?.entry.kind;
    // What comes behind it is there already, so it was all written.
    if (last === 'content') return;
    switch (kind) {
      case 'documents':
        return await this.#writeDocuments(out);
      case 'driver-sets':
        return await this.#writeDriverSets(out);
      case 'keys':
        return await this.#writeKeys(out);
      case 'decisions':
        if (this.#plan.withDecisions) await this.#writePayload(out, 'decisions', this.#decisions());
    }
  }

  async #writeDocuments(out: Output): Promise<void> {
    const { db } = this.#options;
    for (let last = this.#lines.at(-1)?.revisionId ?? 0; ;) {
      const rows = exportedRevisions(db, this.#plan.origin, last, LARGEST_BATCH, MOST_CHARACTERS);
      const end = rows.at(-1);
      if (end === undefined) return;
      last = end.revisionId;
      const documents = rows.map(({ updateId, revisionNumber, document, urls }) => ({
        updateId,
        revisionNumber,
        document,
        ...(urls.length === 0 ? {} : { urls: [...urls] }),
      }));
      await this.#writePayload(out, 'documents', documents, last);
    }
  }

  async #writeDriverSets(out: Output): Promise<void> {
    const { present, removed } = changedDriverSets(this.#options.db, this.#plan.origin);
    for (const ids of batchesOf(present, SMALL_BATCH))
      await this.#writePayload(out, 'driver-sets', {
        sets: readDriverSets(this.#options.db, ids),
        removed: [],
      });
    if (removed.length > 0) await this.#writePayload(out, 'driver-sets', { sets: [], removed });
  }

  async #writeKeys(out: Output): Promise<void> {
    const { db } = this.#options;
    for (const identities of batchesOf(revisionsWithKeys(db, this.#plan.origin), SMALL_BATCH))
      await this.#writePayload(
        out,
        'keys',
        identities.map((identity) => ({
          ...identity,
          keys: fileKeysOf(db, identity).flatMap(({ sha1, decryptionKey }) =>
            decryptionKey === undefined ? [] : [{ sha1, decryptionKey: decryptionKey.toString('base64') }],
          ),
        })),
      );
  }

  /** Of one moment; what stands on a revision that came after this archive's is told by the next. */
  #decisions(): Payload<'decisions'> {
    const { db } = this.#options;
    const { upTo, sequence } = this.#plan.origin;
    return db.transaction(() => ({
      Anchor: `archive ${sequence}`,
      Groups: GroupTree.read(db).groups.map(wireGroup),
      Deployments: decisionsAfter(db, 0, upTo).deployments.map(wireDeployment),
      DeadDeployments: [],
      HiddenUpdates: declinedUpdates(db),
      AcceptedEulas: acceptedEulas(db).filter(isGuid),
    }))();
  }

  async #writePayload<K extends MetadataKind>(
    { journal, writer }: Output,
    kind: K,
    payload: Payload<K>,
    revisionId?: number,
  ): Promise<void> {
    const bytes = packPayload(kind, payload);
    await writer.write(bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const entry: ArchiveEntry = { kind, length: bytes.length, sha256 };
    await this.#finishEntry(
      { journal, writer },
      { entry, ...(revisionId === undefined ? {} : { revisionId }) },
    );
  }

  async #finishEntry({ journal, writer }: Output, line: EntryLine): Promise<void> {
    await writer.sync();
    await journal.add(line);
    this.#lines.push(line);
  }

  async #writeContent(out: Output): Promise<void> {
    const last = this.#lines.at(-1)?.entry;
    const done = last?.kind === 'content' ? last.sha1 : '';
    const { contentAfter, contentSince } = this.#plan;
    const files = exportedContent(this.#options.db, contentAfter, contentSince).filter(
      ({ sha1 }) => sha1 > done,
    );
    const ofBytes = files.reduce((sum, { size }) => sum + size, 0);
    requireRoom(this.#plan.origin, this.#lines.length + files.length, out.writer.position + ofBytes);
    this.#progress = { files: 0, ofFiles: files.length, bytes: 0, ofBytes };
    for (const file of files) {
      const before = out.writer.position;
      const progressed = this.#progress.bytes;
      try {
        await this.#finishEntry(out, { entry: await this.#copyContent(out, file) });
      } catch (error) {
        if (!(error instanceof LeftOutError)) throw error;
        await out.writer.truncate(before);
        const left = { file: contentPath(file.sha1, file.extension), reason: error.message };
        await out.journal.add({ left });
        this.#left.push(left);
      }
      this.#tell({ files: this.#progress.files + 1, bytes: progressed + file.size });
    }
  }

  /** What is read is checked: a relay that cannot ask again is not given what a disk forgot. */
  async #copyContent({ writer }: Output, file: ExportedFile): Promise<ArchiveEntry> {
    const sha1 = createHash('sha1');
    const sha256 = createHash('sha256');
    let length = 0;
    for await (const piece of this.#contentOf(file)) {
      sha1.update(piece);
      sha256.update(piece);
      length += piece.length;
      if (length > file.size) break;
      await writer.write(piece);
      this.#tell({ bytes: this.#progress.bytes + piece.length });
    }
    const found = sha256.digest('hex');
    if (length !== file.size || sha1.digest('hex') !== file.sha1 || (file.sha256 ?? found) !== found)
      throw new LeftOutError('the file on disk is not what the metadata says; run `sluice content verify`');
    return { kind: 'content', sha1: file.sha1, extension: file.extension, length, sha256: found };
  }

  async *#contentOf({ sha1, extension }: ExportedFile): AsyncGenerator<Buffer> {
    const path = join(this.#options.dataDirectory, 'content', contentPath(sha1, extension));
    const handle = await open(path, 'r').catch((error: unknown) => {
      throw new LeftOutError(reasonOf(error));
    });
    try {
      yield* handle.createReadStream({
        autoClose: false,
        highWaterMark: READ_BYTES,
      }) as AsyncIterable<Buffer>;
    } finally {
      await handle.close();
    }
  }

  /** Under another name until it is whole: where it is, all it speaks of is. */
  async #writeIndex(bytes: number): Promise<void> {
    const { indexPath, key } = this.#options;
    const entries = this.#lines.map(({ entry }) => entry);
    const beside = join(dirname(indexPath), `.${basename(indexPath)}.part`);
    // Nobody's else, and no link to anything.
    await rm(beside, { force: true });
    try {
      const handle = await open(beside, 'wx', 0o600);
      try {
        await handle.writeFile(signIndex({ ...this.#plan.origin, bytes, entries }, key));
        await handle.sync();
      } finally {
        await handle.close();
      }
    } catch (error) {
      await rm(beside, { force: true });
      throw error instanceof ArchiveError ? error : refuseDisk(indexPath, error);
    }
    await rename(beside, indexPath);
    await syncFolder(dirname(indexPath));
  }

  #tell(change: Partial<ExportProgress>): void {
    this.#progress = { ...this.#progress, ...change };
    this.#options.onProgress?.(this.#progress);
  }
}

const lengthOf = (lines: readonly EntryLine[]): number =>
  lines.reduce((sum, { entry }) => sum + entry.length, 0);

interface Output {
  readonly journal: ExportJournal;
  readonly writer: PartWriter;
}

/** A content file that is not to be given on. */
class LeftOutError extends Error {}
