/**
 * Takes an archive in as if it came from an upstream server: documents through the same import, content by size, digests
 * and the signature policy, decisions as a replica is told them. Everything is checked before anything is changed; then
 * what was committed stays, and an import that was ended goes on behind it.
 */
import { basename } from 'node:path';
import type { ContentSignaturePolicy } from '../../catalog/authenticode/content-signature-policy.ts';
import { lastTakenIn, noteTakenIn } from '../../catalog/store/archive/archive-record.ts';
import { storeFileKeys } from '../../catalog/store/content/decryption-keys.ts';
import { followSelection } from '../../catalog/store/content/files.ts';
import { USUAL_SELECTION } from '../../catalog/store/content/selection.ts';
import type { ContentSelection } from '../../catalog/store/content/selection.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { moveAllApprovals } from '../../catalog/store/decisions/followed-revisions.ts';
import { removeDriverSets, storeDriverSets } from '../../catalog/store/revisions/driver-sets.ts';
import { missingIdentities } from '../../catalog/store/revisions/revisions.ts';
import { applyUpstreamDecisions } from '../../catalog/store/upstream/replica.ts';
import type { UpstreamDecisions } from '../../catalog/store/upstream/upstream-decisions.ts';
import { parseIndex } from '../../protocol/archive/archive-index.ts';
import type { ArchiveIndex, ContentEntry, MetadataEntry } from '../../protocol/archive/archive-index.ts';
import { ArchiveError } from '../../protocol/archive/error.ts';
import { unpackPayload } from '../../protocol/archive/payloads.ts';
import type { Payload } from '../../protocol/archive/payloads.ts';
import type { SignedIndex } from '../../protocol/archive/signed-index.ts';
import { DocumentPreparation } from '../conversation/document-preparation.ts';
import { readDecisions } from '../conversation/told-decisions.ts';
import { importArrivals } from './arrivals-import.ts';
import type { RefusedDocument } from '../conversation/document-import.ts';
import { ContentTaking } from './content-taking.ts';
import type { LeftContent } from './content-taking.ts';
import { asImportRun } from './import-run.ts';
import { ArchiveReader } from './open-archive.ts';
import type { PlacedEntry } from './open-archive.ts';

/** Who is named as having declined updates and accepted terms; of that an archive does not speak. */
const BY_IMPORT = 'Imported from disk';

export interface ArchiveImportOptions {
  readonly db: Database;
  readonly dataDirectory: string;
  /** Of the index. */
  readonly path: string;
  /** As it was opened, and whose signer the caller trusts. */
  readonly signed: SignedIndex;
  readonly now: () => Date;
  /** Whether groups, approvals, declines and accepted terms take the place of those that are here. */
  readonly withDecisions: boolean;
  readonly withContent: boolean;
  /** Whether files of approved updates are fetched (`content.store`). */
  readonly storesContent: boolean;
  /** Whether those of all updates are; default: of approved ones. */
  readonly storesAll?: boolean;
  /** Which of them; left out: as usual. */
  readonly selection?: ContentSelection;
  /** Left out: signatures are recorded alone. */
  readonly signatures?: ContentSignaturePolicy;
  /** Whether one that is older than what was taken in is taken too. */
  readonly allowOlder?: boolean;
  /** Whether one is taken whose predecessor was not. */
  readonly allowGap?: boolean;
  readonly onProgress?: (progress: ImportProgress) => void;
}

export interface ImportProgress {
  readonly step: 'checking' | 'content';
  /** Bytes. */
  readonly done: number;
  readonly total: number;
}

export interface ArchiveImportResult {
  readonly runId: number;
  readonly createdAt: string;
  /** Revisions that were not here. */
  readonly revisions: number;
  readonly refused: readonly RefusedDocument[];
  /** Content files that were copied, and their bytes. */
  readonly files: number;
  readonly bytes: number;
  readonly alreadyHere: number;
  /** Files that no document here names. */
  readonly unknown: number;
  readonly left: readonly LeftContent[];
  /** Whether decisions were taken over. */
  readonly decisions: boolean;
}

/** @throws ArchiveError, UpstreamError where the decisions cannot hold; before anything was changed */
export async function importArchive(options: ArchiveImportOptions): Promise<ArchiveImportResult> {
  const { db, dataDirectory, path, signed } = options;
  const index = parseIndex(signed.body);
  requireNext(options, index);
  const reader = new ArchiveReader(path, index);
  try {
    let done = 0;
    await reader.verify((bytes) => {
      done += bytes;
      options.onProgress?.({ step: 'checking', done, total: index.bytes });
    });
    await requireReadable(reader);
    const told = options.withDecisions ? await readTold(reader) : undefined;
    const about = { archive: basename(path), createdAt: index.createdAt };
    return await asImportRun({ db, dataDirectory, now: options.now, about }, async (runId) => {
      // Another import may have ended since; now that this one is alone it stays true.
      requireNext(options, index);
      const work = new ArchiveImport(options, index, reader, runId);
      return await work.run(told);
    });
  } finally {
    await reader.close();
  }
}

/** A disk that was kept, or put back, must not undo what a later one brought; one that is missing must not be unnoticed. */
function requireNext(
  { db, signed, allowOlder = false, allowGap = false }: ArchiveImportOptions,
  index: ArchiveIndex,
) {
  const last = lastTakenIn(db, index.serverId);
  const isOlder =
    last !== undefined &&
    (index.sequence < last.sequence || (index.sequence === last.sequence && signed.digest !== last.digest));
  if (isOlder && !allowOlder)
    throw new ArchiveError(
      'ARCHIVE_OLDER',
      `The archive is number ${index.sequence} of its relay, of ${index.createdAt}, and number ${last.sequence}, of ${last.createdAt}, was taken in already. Take the newest; or give --allow-older where the other relay was put back to an older state.`,
    );
  if (index.after > (last?.upTo ?? 0) && !allowGap)
    throw new ArchiveError(
      'ARCHIVE_GAP',
      `The archive holds only what came after another one, which was not taken in here${last === undefined ? '' : ` (the last was number ${last.sequence}, of ${last.createdAt})`}. Take in those between first, or one that was made without --since; --allow-gap takes it all the same.`,
    );
}

/** What was signed is of the schema that it is to be taken in by: a relay is not left with half of an archive. */
async function requireReadable(reader: ArchiveReader): Promise<void> {
  for (const placed of reader.entries()) {
    if (isMetadata(placed)) unpackPayload(placed.entry.kind, await reader.readWhole(placed));
  }
}

async function readTold(reader: ArchiveReader): Promise<UpstreamDecisions | undefined> {
  for (const placed of reader.entries()) {
    if (!isMetadata(placed) || placed.entry.kind !== 'decisions') continue;
    return readDecisions(unpackPayload('decisions', await reader.readWhole(placed)), true);
  }
  return undefined;
}

const isMetadata = (placed: PlacedEntry): placed is PlacedEntry<MetadataEntry> =>
  placed.entry.kind !== 'content';
const isContent = (placed: PlacedEntry): placed is PlacedEntry<ContentEntry> =>
  placed.entry.kind === 'content';

class ArchiveImport {
  readonly #options: ArchiveImportOptions;
  readonly #index: ArchiveIndex;
  readonly #reader: ArchiveReader;
  readonly #runId: number;
  readonly #refused: RefusedDocument[] = [];
  #revisions = 0;

  constructor(options: ArchiveImportOptions, index: ArchiveIndex, reader: ArchiveReader, runId: number) {
    this.#options = options;
    this.#index = index;
    this.#reader = reader;
    this.#runId = runId;
  }

  async run(told: UpstreamDecisions | undefined): Promise<ArchiveImportResult> {
    const { now, withContent } = this.#options;
    await using preparation = new DocumentPreparation();
    for (const placed of this.#reader.entries())
      if (isMetadata(placed)) await this.#takeMetadata(placed, preparation);
    const content = new ContentTaking({
      ...this.#options,
      origin: `archive ${basename(this.#options.path)}`,
    });
    if (withContent) await this.#takeContent(content);
    // Last: what is approved is here when agents hear of it.
    this.#settle(told, now());
    return {
      runId: this.#runId,
      createdAt: this.#index.createdAt,
      revisions: this.#revisions,
      refused: this.#refused,
      ...content.counts,
      left: content.left,
      decisions: told !== undefined,
    };
  }

  async #takeMetadata(placed: PlacedEntry<MetadataEntry>, preparation: DocumentPreparation): Promise<void> {
    const { db } = this.#options;
    const { kind } = placed.entry;
    if (kind === 'decisions') return;
    const bytes = await this.#reader.readWhole(placed);
    switch (kind) {
      case 'documents':
        return await this.#takeDocuments(unpackPayload('documents', bytes), preparation);
      case 'driver-sets': {
        const { sets, removed } = unpackPayload('driver-sets', bytes);
        db.transaction(() => {
          storeDriverSets(db, sets);
          removeDriverSets(db, removed);
        }).immediate();
        return;
      }
      case 'keys':
        this.#takeKeys(unpackPayload('keys', bytes));
    }
  }

  async #takeDocuments(documents: Payload<'documents'>, preparation: DocumentPreparation): Promise<void> {
    const { db, now, withDecisions, selection, storesContent } = this.#options;
    const missing = new Set(
      missingIdentities(db, documents).map(({ updateId, revisionNumber }) => `${updateId}/${revisionNumber}`),
    );
    const arrivals = documents.filter(({ updateId, revisionNumber }) =>
      missing.has(`${updateId}/${revisionNumber}`),
    );
    const following = { runId: this.#runId, now: now(), isReplica: withDecisions, storesContent, selection };
    const { imported, refused } = await importArrivals(db, arrivals, preparation, following);
    this.#revisions += imported;
    this.#refused.push(...refused);
  }

  #takeKeys(revisions: Payload<'keys'>): void {
    storeFileKeys(
      this.#options.db,
      revisions.map(({ keys, ...identity }) => ({
        identity,
        keys: keys.map(({ sha1, decryptionKey }) => ({
          sha1,
          decryptionKey: Buffer.from(decryptionKey, 'base64'),
        })),
      })),
    );
  }

  async #takeContent(content: ContentTaking): Promise<void> {
    await content.begin();
    const files = [...this.#reader.entries()].filter(isContent);
    const total = files.reduce((sum, { entry }) => sum + entry.length, 0);
    let done = 0;
    for (const placed of files) {
      const { entry } = placed;
      await content.take(entry, this.#reader.read(placed), (bytes) =>
        this.#options.onProgress?.({ step: 'content', done: done + bytes, total }),
      );
      done += entry.length;
    }
  }

  /** Decisions, and that this archive was taken in, in one transaction. */
  #settle(told: UpstreamDecisions | undefined, now: Date): void {
    const {
      db,
      signed,
      selection = USUAL_SELECTION,
      storesAll = false,
      storesContent,
      withDecisions,
    } = this.#options;
    const { serverId, sequence, upTo, createdAt } = this.#index;
    db.transaction(() => {
      if (told !== undefined)
        // No address of an upstream server: a replica that has one asks it for everything the next time.
        applyUpstreamDecisions(db, told, { upstreamUrl: `archive:${serverId}`, adminName: BY_IMPORT, now });
      else if (!withDecisions) moveAllApprovals(db, { runId: this.#runId, now, storesContent, selection });
      if (storesContent) followSelection(db, { isAll: storesAll, selection, now });
      // Of one that was older on purpose too: the other relay counts on from there.
      noteTakenIn(db, serverId, { sequence, upTo, createdAt, digest: signed.digest });
    }).immediate();
  }
}
