/** Reads an archive that somebody brought: nothing of it counts before its signature, and then each byte, was checked. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { LARGEST_INDEX } from '../../protocol/archive/archive-index.ts';
import type { ArchiveEntry, ArchiveIndex, MetadataEntry } from '../../protocol/archive/archive-index.ts';
import { ArchiveError } from '../../protocol/archive/error.ts';
import { readSignedIndex } from '../../protocol/archive/signed-index.ts';
import type { SignedIndex } from '../../protocol/archive/signed-index.ts';
import { reasonOf } from '../../config/error-facts.ts';
import { PartReader, requireParts } from './archive-parts.ts';

/**
 * @param path of the index
 * @returns the index with whose signature it bears: it is for the caller to ask whether that one is trusted
 * @throws ArchiveError
 */
export async function openArchive(path: string): Promise<SignedIndex> {
  // A pipe would be waited for.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(
    (error: unknown) => {
      throw new ArchiveError('ARCHIVE_UNREADABLE', `${path} cannot be read: ${reasonOf(error)}.`);
    },
  );
  try {
    const found = await handle.stat();
    if (!found.isFile() || found.size > LARGEST_INDEX)
      throw new ArchiveError(
        'ARCHIVE_UNREADABLE',
        `${path} is no index of an archive. Name the file that ends in .sluice.`,
      );
    return readSignedIndex(await handle.readFile());
  } finally {
    await handle.close();
  }
}

/** An entry, and where in the stream it lies. */
export interface PlacedEntry<E extends ArchiveEntry = ArchiveEntry> {
  readonly entry: E;
  /** Bytes. */
  readonly position: number;
}

export class ArchiveReader {
  readonly #parts: PartReader;
  readonly #path: string;
  readonly #index: ArchiveIndex;

  /** @param index whose signature was checked */
  constructor(path: string, index: ArchiveIndex) {
    this.#path = path;
    this.#index = index;
    this.#parts = new PartReader(path, index.partSize);
  }

  *entries(): Generator<PlacedEntry> {
    let position = 0;
    for (const entry of this.#index.entries) {
      yield { entry, position };
      position += entry.length;
    }
  }

  /**
   * Reads all of it, and compares each byte with what was signed.
   *
   * @param onPiece told how many bytes were just read
   * @throws ArchiveError `ARCHIVE_TRUNCATED`, `ARCHIVE_ALTERED`
   */
  async verify(onPiece: (bytes: number) => void = () => undefined): Promise<void> {
    await requireParts(this.#path, this.#index);
    for (const placed of this.entries()) for await (const piece of this.read(placed)) onPiece(piece.length);
  }

  /** An entry that is read at once. @throws ArchiveError */
  async readWhole(placed: PlacedEntry<MetadataEntry>): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(placed.entry.length);
    let at = 0;
    for await (const piece of this.read(placed)) at += piece.copy(bytes, at);
    return bytes;
  }

  /**
   * An entry piece by piece; each is overwritten by the next. Whether they were right is known when the last was taken.
   *
   * @throws ArchiveError
   */
  async *read({ entry, position }: PlacedEntry): AsyncGenerator<Buffer> {
    const hash = createHash('sha256');
    for await (const piece of this.#parts.read(position, entry.length)) {
      hash.update(piece);
      yield piece;
    }
    if (hash.digest('hex') === entry.sha256) return;
    const what = entry.kind === 'content' ? `the content file ${entry.sha1}` : `an entry of ${entry.kind}`;
    throw new ArchiveError(
      'ARCHIVE_ALTERED',
      `${what} in the archive is not what was signed (bytes ${position} to ${position + entry.length}). Copy the archive again from where it was exported; the disk may be failing.`,
    );
  }

  async close(): Promise<void> {
    await this.#parts.close();
  }
}
