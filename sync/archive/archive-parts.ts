/** The stream of an archive on disk: parts beside the index, each small enough for any file system. */
import { constants } from 'node:fs';
import { lstat, open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { partsOf } from '../../protocol/archive/archive-index.ts';
import type { ArchiveIndex } from '../../protocol/archive/archive-index.ts';
import { ArchiveError } from '../../protocol/archive/error.ts';
import { codeOf, reasonOf } from '../../config/error-facts.ts';
import { openRegular } from './regular-file.ts';

const READ_BYTES = 1024 * 1024;

/** `relay.sluice.000`, `relay.sluice.001`, … beside `relay.sluice`. */
export const partPath = (indexPath: string, part: number): string =>
  `${indexPath}.${part.toString().padStart(3, '0')}`;

export class PartWriter {
  readonly #indexPath: string;
  readonly #partSize: number;
  #position: number;
  #open: { readonly part: number; readonly handle: FileHandle } | undefined;

  private constructor(indexPath: string, partSize: number, position: number) {
    this.#indexPath = indexPath;
    this.#partSize = partSize;
    this.#position = position;
  }

  /** @param position bytes of the stream that stay; what is behind them is removed */
  static async open(indexPath: string, partSize: number, position: number): Promise<PartWriter> {
    const writer = new PartWriter(indexPath, partSize, position);
    await writer.truncate(position);
    return writer;
  }

  /** Bytes of the stream. */
  get position(): number {
    return this.#position;
  }

  async write(chunk: Buffer): Promise<void> {
    for (let rest = chunk; rest.length > 0;) {
      const part = Math.floor(this.#position / this.#partSize);
      const at = this.#position % this.#partSize;
      const piece = rest.subarray(0, this.#partSize - at);
      const handle = await this.#part(part);
      const { bytesWritten } = await handle
        .write(piece, 0, piece.length, at)
        .catch((error: unknown) => refuseDisk(partPath(this.#indexPath, part), error));
      this.#position += bytesWritten;
      rest = rest.subarray(bytesWritten);
    }
  }

  /** What was written survives a power cut. */
  async sync(): Promise<void> {
    const last = this.#open;
    await last?.handle
      .sync()
      .catch((error: unknown) => refuseDisk(partPath(this.#indexPath, last.part), error));
  }

  /** Takes back what was written behind that place. */
  async truncate(position: number): Promise<void> {
    this.#position = position;
    const whole = Math.floor(position / this.#partSize);
    const rest = position % this.#partSize;
    if (rest > 0) await (await this.#part(whole)).truncate(rest);
    else await this.close();
    for (let part = rest > 0 ? whole + 1 : whole; ; part += 1) {
      try {
        await rm(partPath(this.#indexPath, part));
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return;
        throw error;
      }
    }
  }

  async close(): Promise<void> {
    await this.#open?.handle.close();
    this.#open = undefined;
  }

  /** The last part is the only one that is open; the one before it is made durable when it is left. */
  async #part(part: number): Promise<FileHandle> {
    if (this.#open?.part === part) return this.#open.handle;
    await this.sync();
    await this.close();
    const path = partPath(this.#indexPath, part);
    const isBegun = this.#position > part * this.#partSize;
    const handle = isBegun ? await openRegular(path, constants.O_RDWR) : await make(path);
    this.#open = { part, handle };
    return handle;
  }
}

/** @throws ArchiveError `ARCHIVE_UNWRITABLE` */
export function refuseDisk(path: string, error: unknown): never {
  throw new ArchiveError(
    'ARCHIVE_UNWRITABLE',
    `The disk did not take ${path}: ${reasonOf(error)}. Make room, or use a larger disk, and run the same command again: it goes on.`,
    { cause: error },
  );
}

/** Anew, whatever was there: nothing of another archive stays behind what is written. Keys of encrypted files may be in it. */
async function make(path: string): Promise<FileHandle> {
  await rm(path, { force: true });
  return await open(path, 'wx+', 0o600).catch((error: unknown) => refuseDisk(path, error));
}

export class PartReader {
  readonly #indexPath: string;
  readonly #partSize: number;
  readonly #buffer = Buffer.allocUnsafe(READ_BYTES);
  #open: { readonly part: number; readonly handle: FileHandle } | undefined;

  constructor(indexPath: string, partSize: number) {
    this.#indexPath = indexPath;
    this.#partSize = partSize;
  }

  /**
   * A stretch of the stream, piece by piece; each piece is overwritten by the next.
   *
   * @throws ArchiveError `ARCHIVE_TRUNCATED`
   */
  async *read(position: number, length: number): AsyncGenerator<Buffer> {
    for (let at = position; at < position + length;) {
      const part = Math.floor(at / this.#partSize);
      const within = at % this.#partSize;
      const wanted = Math.min(this.#buffer.length, this.#partSize - within, position + length - at);
      const handle = await this.#part(part);
      const { bytesRead } = await handle.read(this.#buffer, 0, wanted, within);
      if (bytesRead === 0) throw truncated(partPath(this.#indexPath, part), `it ends after ${within} bytes`);
      yield this.#buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  }

  async close(): Promise<void> {
    await this.#open?.handle.close();
    this.#open = undefined;
  }

  async #part(part: number): Promise<FileHandle> {
    if (this.#open?.part === part) return this.#open.handle;
    await this.close();
    const path = partPath(this.#indexPath, part);
    try {
      this.#open = { part, handle: await openRegular(path, constants.O_RDONLY) };
      return this.#open.handle;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') throw truncated(path, 'it is not there');
      throw error;
    }
  }
}

/**
 * Whether every part is there and of its size, told without reading them.
 *
 * @throws ArchiveError `ARCHIVE_TRUNCATED`
 */
export async function requireParts(
  indexPath: string,
  index: Pick<ArchiveIndex, 'bytes' | 'partSize'>,
): Promise<void> {
  const count = partsOf(index);
  for (let part = 0; part < count; part += 1) {
    const path = partPath(indexPath, part);
    const size = part < count - 1 ? index.partSize : index.bytes - part * index.partSize;
    const found = await sizeOf(path);
    if (found === undefined) throw truncated(path, 'it is not there');
    if (found !== size) throw truncated(path, `it has ${found} bytes, and ${size} were signed`);
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    const found = await lstat(path);
    // What is no file is refused when it is opened.
    return found.isFile() ? found.size : undefined;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

const truncated = (path: string, what: string): ArchiveError =>
  new ArchiveError(
    'ARCHIVE_TRUNCATED',
    `The part ${path} of the archive is not whole: ${what}. Copy all files of the archive again.`,
  );
