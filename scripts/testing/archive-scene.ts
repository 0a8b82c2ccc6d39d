/** Relays of a test that hand archives on: each with a data directory, a database and content of its own. */
import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { contentPath } from '../../catalog/content-path.ts';
import { markPresent } from '../../catalog/store/content/content-queue.ts';
import { fileBySha1 } from '../../catalog/store/content/files.ts';
import { openDatabase } from '../../catalog/store/database/database.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { importRevisions } from '../../catalog/store/revisions/revisions.ts';
import { statKey } from '../../catalog/verified-stat.ts';
import { parseIndex } from '../../protocol/archive/archive-index.ts';
import type { ArchiveIndex } from '../../protocol/archive/archive-index.ts';
import { readSignedIndex, signIndex } from '../../protocol/archive/signed-index.ts';
import { exportArchive } from '../../sync/archive/archive-export.ts';
import type { ExportResult } from '../../sync/archive/archive-export.ts';
import type { ExportOptions } from '../../sync/archive/export-plan.ts';
import { importArchive } from '../../sync/archive/archive-import.ts';
import type { ArchiveImportOptions, ArchiveImportResult } from '../../sync/archive/archive-import.ts';
import { openArchive } from '../../sync/archive/open-archive.ts';
import { catalogueDigest } from './catalogue-digest.ts';
import { putFile, sampleOf } from './content-files.ts';
import { decisionsOf } from './replica.ts';

export class ArchiveRelay {
  readonly folder = mkdtempSync(join(tmpdir(), 'sluice-archive-'));
  readonly dataDirectory = join(this.folder, 'data');
  readonly db: Database;
  readonly key: KeyObject = generateKeyPairSync('ed25519').privateKey;

  constructor() {
    mkdirSync(this.dataDirectory);
    this.db = openDatabase(join(this.dataDirectory, 'sluice.db'));
  }

  close(): void {
    this.db.close();
    rmSync(this.folder, { recursive: true });
  }

  get contentFolder(): string {
    return join(this.dataDirectory, 'content');
  }

  /** Digests of all files of content, by their names. */
  get files(): Readonly<Record<string, string>> {
    return filesBelow(this.contentFolder);
  }

  bring(documents: readonly string[], now = new Date()): void {
    importRevisions(
      this.db,
      documents.map((document) => ({ document, fileUrls: new Map() })),
      now,
    );
  }

  /** Received and verified; a document here names it. */
  receive(content: string | Buffer, now = new Date()): string {
    const { bytes, sha1 } = sampleOf(Buffer.from(content));
    const path = join(this.contentFolder, contentPath(sha1, fileBySha1(this.db, sha1)?.extension ?? ''));
    putFile(path, bytes);
    markPresent(this.db, sha1, statKey(statSync(path, { bigint: true })), now, 'a test');
    return path;
  }

  async exportTo(indexPath: string, options: Partial<ExportOptions> = {}): Promise<ExportResult> {
    return await exportArchive({
      db: this.db,
      dataDirectory: this.dataDirectory,
      indexPath,
      key: this.key,
      now: () => new Date(),
      withContent: true,
      withDecisions: true,
      partSize: 4_000_000_000,
      ...options,
    });
  }

  /** With everything; whoever signed it is believed. */
  async importFrom(path: string, options: Partial<ArchiveImportOptions> = {}): Promise<ArchiveImportResult> {
    return await importArchive({
      db: this.db,
      dataDirectory: this.dataDirectory,
      path,
      signed: await openArchive(path),
      now: () => new Date(),
      withDecisions: true,
      withContent: true,
      storesContent: true,
      ...options,
    });
  }

  /** Everything that an archive carries, so that two relays can be compared. */
  state(): unknown {
    return {
      catalogue: catalogueDigest(this.db),
      decisions: decisionsOf(this.db),
      content: this.db
        .prepare("SELECT sha1 FROM file WHERE content_state = 'present' ORDER BY sha1")
        .pluck()
        .all(),
      files: this.files,
      keys: this.db
        .prepare('SELECT sha1, hex(decryption_key) AS key FROM file_decryption_key ORDER BY sha1')
        .all(),
      driverSets: this.db
        .prepare('SELECT driver_set_id FROM driver_set WHERE is_removed = 0 ORDER BY 1')
        .pluck()
        .all(),
    };
  }
}

function filesBelow(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {};
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(folder, name)).isFile())
      .toSorted()
      .map((name) => [name, sampleOf(readFileSync(join(folder, name))).sha256]),
  );
}

/** The index and the parts, the index first. */
export const archiveFiles = (indexPath: string): string[] =>
  readdirSync(dirname(indexPath))
    .filter((name) => name === basename(indexPath) || name.startsWith(`${basename(indexPath)}.`))
    .toSorted()
    .map((name) => join(dirname(indexPath), name));

/** Signs the index anew after a change that no export makes: whatever the change made of it. */
export function alterIndex(indexPath: string, key: KeyObject, change: (index: ArchiveIndex) => object): void {
  const index = parseIndex(readSignedIndex(readFileSync(indexPath)).body);
  writeFileSync(indexPath, signIndex(Object.assign(index, { more: undefined }, change(index)), key));
}
