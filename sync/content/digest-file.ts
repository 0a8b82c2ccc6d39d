/** A file that is being received, its digests computed as its bytes arrive. */
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { reasonOf } from '../../config/error-facts.ts';
import { ContentError } from './content-error.ts';

export interface ExpectedContent {
  /** Lower-case hex. */
  readonly sha1: string;
  readonly sha256?: string;
  /** Bytes. */
  readonly size: number;
}

export class DigestFile {
  readonly path: string;
  readonly #expected: ExpectedContent;
  #handle: FileHandle;
  #sha1Hash: Hash = createHash('sha1');
  #sha256Hash: Hash = createHash('sha256');
  #size = 0;

  private constructor(path: string, expected: ExpectedContent, handle: FileHandle) {
    this.path = path;
    this.#expected = expected;
    this.#handle = handle;
  }

  /** Opens the file and takes in what an earlier attempt left in it. */
  static async open(path: string, expected: ExpectedContent): Promise<DigestFile> {
    const file = new DigestFile(path, expected, await open(path, 'a+', 0o600));
    await pipeline(
      file.#handle.createReadStream({ start: 0, autoClose: false }),
      async (earlier: AsyncIterable<Buffer>) => {
        for await (const chunk of earlier) file.#digest(chunk);
      },
    );
    if (file.#size > expected.size) await file.restart();
    return file;
  }

  /** Lower-case hex, as expected. */
  get sha1(): string {
    return this.#expected.sha1;
  }

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  /** Bytes that are expected of the whole. */
  get expectedSize(): number {
    return this.#expected.size;
  }

  /**
   * @throws ContentError `altered` where there are more bytes than expected; `unwritable` where the disk does not take
   * them, and what was there is given up, since it would keep the disk full
   */
  async append(chunk: Buffer): Promise<void> {
    if (this.#size + chunk.length > this.#expected.size) {
      throw new ContentError(
        'altered',
        `more bytes came than the ${this.#expected.size} that the metadata says`,
      );
    }
    const writing = this.#handle.appendFile(chunk);
    // While the system writes: a digest takes longer than that.
    this.#digest(chunk);
    try {
      await writing;
    } catch (error) {
      await this.restart();
      throw new ContentError('unwritable', `the disk did not take it: ${reasonOf(error)}`, { cause: error });
    }
  }

  /**
   * Begins again with nothing, in another file: whoever reads what arrives keeps the old one, and sees by it that nothing
   * more will come.
   */
  async restart(): Promise<void> {
    await this.#handle.close();
    await rm(this.path, { force: true });
    this.#handle = await open(this.path, 'a+', 0o600);
    this.#sha1Hash = createHash('sha1');
    this.#sha256Hash = createHash('sha256');
    this.#size = 0;
  }

  /**
   * Compares size and digests with what is expected and makes the bytes durable. To be called once.
   *
   * @throws ContentError `unavailable` where bytes are missing, `altered` where a digest differs
   */
  async verify(): Promise<void> {
    const { sha1, sha256, size } = this.#expected;
    if (this.#size < size) {
      throw new ContentError('unavailable', `the connection ended after ${this.#size} of ${size} bytes`);
    }
    const found = {
      size: this.#size,
      sha1: this.#sha1Hash.digest('hex'),
      sha256: this.#sha256Hash.digest('hex'),
    };
    if (found.sha1 !== sha1)
      throw new ContentError('altered', `its SHA-1 is ${found.sha1}, not ${sha1}`, { found });
    if (sha256 !== undefined && found.sha256 !== sha256) {
      throw new ContentError('altered', `its SHA-256 is ${found.sha256}, not ${sha256}`, { found });
    }
    await this.#handle.sync();
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true });
  }

  #digest(chunk: Buffer): void {
    this.#sha1Hash.update(chunk);
    this.#sha256Hash.update(chunk);
    this.#size += chunk.length;
  }
}
