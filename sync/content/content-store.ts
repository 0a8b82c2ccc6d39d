/** The folder of content files: a file appears under its final name only whole and verified. */
import { rmSync } from 'node:fs';
import { mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { contentPath, incomingPath } from '../../catalog/content-path.ts';
import type { WantedFile } from '../../catalog/store/content/content-queue.ts';
import { statKey } from '../../catalog/verified-stat.ts';
import { codeOf } from '../../config/error-facts.ts';
import { DigestFile } from './digest-file.ts';
import { checkFreeSpace } from './free-space.ts';

/** By which a file is found. */
type StoredName = Pick<WantedFile, 'sha1' | 'extension'>;

export class ContentStore {
  readonly #folder: string;

  /** Beside it; what is not to be served is kept there. */
  readonly #quarantine: string;

  /** @param folder `<data>/content` */
  constructor(folder: string) {
    this.#folder = folder;
    this.#quarantine = join(dirname(folder), 'quarantine');
  }

  /**
   * Where the file is received; what an interrupted attempt left there is taken in.
   *
   * @throws ContentError where the disk has no room for the rest
   */
  async openIncoming(file: WantedFile): Promise<DigestFile> {
    const path = join(this.#folder, incomingPath(file.sha1));
    const folder = dirname(path);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const incoming = await DigestFile.open(path, file);
    try {
      await checkFreeSpace(folder, file.size - incoming.size);
    } catch (error) {
      await incoming.close();
      throw error;
    }
    return incoming;
  }

  /**
   * Gives a verified and closed file its final name, durably.
   *
   * @param incoming in the same file system
   * @returns its `statKey`, by which it is known later that the file is still the one that was verified
   */
  async admit(
    file: Pick<WantedFile, 'sha1' | 'extension'>,
    incoming: { readonly path: string },
  ): Promise<string> {
    const path = this.pathOf(file);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await rename(incoming.path, path);
    await syncFolder(dirname(path));
    return statKey(await stat(path, { bigint: true }));
  }

  /** Takes a file that is under its final name, though nobody vouches for it, back to be verified anew. */
  async takeBack(file: WantedFile): Promise<void> {
    const incoming = join(this.#folder, incomingPath(file.sha1));
    await mkdir(dirname(incoming), { recursive: true, mode: 0o700 });
    try {
      await rename(this.pathOf(file), incoming);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  }

  /** Moves what was received into quarantine, whole and verified as it is. */
  async putAway(file: WantedFile): Promise<void> {
    const target = join(this.#quarantine, contentPath(file.sha1, file.extension));
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await rename(join(this.#folder, incomingPath(file.sha1)), target);
  }

  /** The other way, so that it need not be fetched again to be judged again. */
  async takeFromQuarantine(file: WantedFile): Promise<void> {
    const incoming = join(this.#folder, incomingPath(file.sha1));
    await mkdir(dirname(incoming), { recursive: true, mode: 0o700 });
    try {
      await rename(join(this.#quarantine, contentPath(file.sha1, file.extension)), incoming);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  }

  /** Deletes the file under its final name; one that is not there is as good. */
  remove(file: StoredName): void {
    rmSync(this.pathOf(file), { force: true });
  }

  pathOf({ sha1, extension }: StoredName): string {
    return join(this.#folder, contentPath(sha1, extension));
  }
}

/** A rename is durable when the folder is. Windows has no such operation and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
