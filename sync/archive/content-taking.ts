/** Takes content files out of an archive, each believed as downloaded content is. */
import { join } from 'node:path';
import type { ContentSignaturePolicy } from '../../catalog/authenticode/content-signature-policy.ts';
import { contentPath } from '../../catalog/content-path.ts';
import { markPresent } from '../../catalog/store/content/content-queue.ts';
import { FileLookup } from '../../catalog/store/content/files.ts';
import type { FileRow } from '../../catalog/store/content/files.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import type { ContentEntry } from '../../protocol/archive/archive-index.ts';
import { ContentError } from '../content/content-error.ts';
import { ContentStore } from '../content/content-store.ts';
import { IncomingCopies } from '../content/incoming-copies.ts';
import { SignatureGate } from '../content/signature-gate.ts';

export interface ContentTakingOptions {
  readonly db: Database;
  readonly dataDirectory: string;
  readonly now: () => Date;
  readonly signatures?: ContentSignaturePolicy;
  /** Noted with each file. */
  readonly origin: string;
}

export interface LeftContent {
  readonly file: string;
  /** A clause. */
  readonly reason: string;
}

export class ContentTaking {
  readonly left: LeftContent[] = [];
  readonly #options: ContentTakingOptions;
  readonly #copies: IncomingCopies;
  readonly #lookup: FileLookup;
  #counts = { files: 0, bytes: 0, alreadyHere: 0, unknown: 0 };

  constructor(options: ContentTakingOptions) {
    const folder = join(options.dataDirectory, 'content');
    this.#options = options;
    this.#lookup = new FileLookup(options.db);
    this.#copies = new IncomingCopies({
      folder,
      store: new ContentStore(folder),
      gate: new SignatureGate(options),
      purpose: 'importing',
    });
  }

  get counts(): {
    readonly files: number;
    readonly bytes: number;
    readonly alreadyHere: number;
    readonly unknown: number;
  } {
    return this.#counts;
  }

  /** Before the first one. */
  async begin(): Promise<void> {
    await this.#copies.begin();
  }

  /**
   * @param source its bytes; not read where the file is not to be taken
   * @param onBytes told how many bytes of the file were taken so far
   * @throws what `source` throws
   */
  async take(
    entry: ContentEntry,
    source: AsyncIterable<Buffer>,
    onBytes: (bytes: number) => void,
  ): Promise<void> {
    const row = this.#lookup.bySha1(entry.sha1);
    if (row === undefined) this.#counts.unknown += 1;
    else if (row.contentState === 'present') this.#counts.alreadyHere += 1;
    else await this.#take(row, entry, source, onBytes);
  }

  async #take(
    row: FileRow,
    entry: ContentEntry,
    source: AsyncIterable<Buffer>,
    onBytes: (bytes: number) => void,
  ): Promise<void> {
    const { db, now, origin } = this.#options;
    let taken = 0;
    try {
      if (entry.length !== row.size)
        throw new ContentError('altered', `it has ${entry.length} bytes, the metadata says ${row.size}`);
      const verifiedStat = await this.#copies.copy(row, source, (bytes) => {
        taken += bytes;
        onBytes(taken);
      });
      markPresent(db, row.sha1, verifiedStat, now(), origin);
      this.#counts = {
        ...this.#counts,
        files: this.#counts.files + 1,
        bytes: this.#counts.bytes + row.size,
      };
    } catch (error) {
      if (!(error instanceof ContentError)) throw error;
      this.left.push({ file: contentPath(row.sha1, row.extension), reason: error.message });
    }
  }
}
