/** A file whose signature is read again after each change. */
import { mkdtemp, open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSignature } from '../../../catalog/authenticode/read-signature.ts';
import type { FileSignature } from '../../../protocol/authenticode/file-signature.ts';

export class EditedFile {
  readonly #folder: string;
  readonly #file: FileHandle;

  private constructor(folder: string, file: FileHandle) {
    this.#folder = folder;
    this.#file = file;
  }

  static async create(): Promise<EditedFile> {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-signed-'));
    return new EditedFile(folder, await open(join(folder, 'file'), 'w+'));
  }

  /** What is read of a file of these bytes. */
  async read(bytes: Buffer): Promise<FileSignature> {
    await this.#file.truncate(bytes.length);
    await this.#file.write(bytes, 0, bytes.length, 0);
    return await readSignature(this.#file);
  }

  async remove(): Promise<void> {
    await this.#file.close();
    await rm(this.#folder, { recursive: true });
  }
}
