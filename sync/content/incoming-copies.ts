/** Copies of content that is brought from elsewhere on this machine: believed and admitted as what was downloaded is. */
import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileRow } from '../../catalog/store/content/files.ts';
import { codeOf } from '../../config/error-facts.ts';
import type { ContentStore } from './content-store.ts';
import { DigestFile } from './digest-file.ts';
import { checkFreeSpace } from './free-space.ts';
import type { SignatureGate } from './signature-gate.ts';

export interface IncomingCopiesOptions {
  /** `<data>/content`. */
  readonly folder: string;
  readonly store: ContentStore;
  readonly gate: SignatureGate;
  /** What brings them, in the names that files have until they are verified. */
  readonly purpose: 'adopting' | 'importing';
}

export class IncomingCopies {
  readonly #options: IncomingCopiesOptions;
  readonly #incoming: string;

  constructor(options: IncomingCopiesOptions) {
    this.#options = options;
    this.#incoming = join(options.folder, '.incoming');
  }

  /** Makes the folder, and removes from it what a command that was ended left there. */
  async begin(): Promise<void> {
    await mkdir(this.#incoming, { recursive: true, mode: 0o700 });
    const temporary = new RegExp(`^[0-9a-f]{40}\\.${this.#options.purpose}-(\\d+)$`);
    for (const name of await readdir(this.#incoming)) {
      const pid = temporary.exec(name)?.[1];
      if (pid !== undefined && !isRunning(Number(pid))) await rm(join(this.#incoming, name), { force: true });
    }
  }

  /** Where a file is until it is verified; not where the sync worker receives the same file. */
  temporary({ sha1 }: Pick<FileRow, 'sha1'>): string {
    return join(this.#incoming, `${sha1}.${this.#options.purpose}-${process.pid}`);
  }

  /** Device that the folder is on. */
  async device(): Promise<bigint> {
    return (await lstat(this.#incoming, { bigint: true })).dev;
  }

  /**
   * What is believed is what was written here, whatever becomes of where it came from.
   *
   * @returns its `statKey`
   * @throws ContentError
   */
  async copy(row: FileRow, source: AsyncIterable<Buffer>, onPiece: (bytes: number) => void): Promise<string> {
    const { gate, store } = this.#options;
    await checkFreeSpace(this.#incoming, row.size);
    const path = this.temporary(row);
    await rm(path, { force: true });
    const copy = await DigestFile.open(path, row);
    try {
      try {
        for await (const piece of source) {
          await copy.append(piece);
          onPiece(piece.length);
        }
        await copy.verify();
      } finally {
        await copy.close();
      }
      await gate.judge(row, path);
      return await store.admit(row, copy);
    } finally {
      await rm(path, { force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}
