/** A file that is read here and there, each place and length bounded by its size. */
import type { FileHandle } from 'node:fs/promises';
import { AuthenticodeError } from '../../protocol/authenticode/error.ts';

/** From `start` up to, not including, `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export class FileBytes {
  readonly size: number;
  readonly #handle: FileHandle;

  private constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.size = size;
  }

  /** As large as the file is now. */
  static async of(handle: FileHandle): Promise<FileBytes> {
    return new FileBytes(handle, (await handle.stat()).size);
  }

  /**
   * @throws AuthenticodeError CONTAINER_DAMAGED where the range is not all inside the file, FILE_CHANGED where it was
   *   when the file was opened
   */
  async read(position: number, length: number): Promise<Buffer> {
    this.check({ start: position, end: position + length });
    const target = Buffer.allocUnsafe(length);
    await this.readInto(target, position);
    return target;
  }

  /** @throws AuthenticodeError CONTAINER_DAMAGED */
  check({ start, end }: ByteRange): void {
    if (start < 0 || end < start || end > this.size)
      throw new AuthenticodeError(
        'CONTAINER_DAMAGED',
        `the file has ${this.size} bytes but says that something is in it from byte ${start} to ${end}.`,
      );
  }

  /**
   * Fills the target.
   *
   * @throws AuthenticodeError FILE_CHANGED
   */
  async readInto(target: Buffer, position: number): Promise<void> {
    for (let done = 0; done < target.length;) {
      const { bytesRead } = await this.#handle.read(target, done, target.length - done, position + done);
      if (bytesRead === 0)
        throw new AuthenticodeError('FILE_CHANGED', 'the file became shorter while it was read.');
      done += bytesRead;
    }
  }
}
