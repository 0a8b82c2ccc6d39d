/** The folder with Microsoft's signed self-update files that an administrator may have put there; we have none. */
import { constants, read } from 'node:fs';
import type { Dirent } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../../config/error-facts.ts';
import type { ContentSource } from '../content/content-sender.ts';

/** Of a name under the folder; Microsoft's tree has five. */
const DEEPEST = 8;

/** The folder need not be there, and files may go between looking and opening. That it may not be read is an error. */
const ABSENT: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG']);

export interface SelfUpdateFile extends ContentSource {
  /** To be called when nothing is read any more. */
  readonly close: () => Promise<void>;
}

export class SelfUpdateFolder {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Opens the file of that name, whatever its case. A name is only ever compared with what the folder lists, so there is
   * no name that leads out of it; links are not followed.
   *
   * @param name segments joined by `/`, decoded
   * @returns undefined where the folder has no such file
   */
  async open(name: string): Promise<SelfUpdateFile | undefined> {
    const segments = name.toLowerCase().split('/');
    if (segments.length > DEEPEST) return undefined;
    let path = this.#folder;
    for (const [index, segment] of segments.entries()) {
      const isLast = index === segments.length - 1;
      const entry = (await listed(path)).find(
        (candidate) =>
          candidate.name.toLowerCase() === segment && (isLast ? candidate.isFile() : candidate.isDirectory()),
      );
      if (entry === undefined) return undefined;
      path = join(path, entry.name);
    }
    return await openFile(path);
  }
}

/** By name, so that of two that differ in case it is always the same that is found. */
async function listed(folder: string): Promise<readonly Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (ABSENT.has(codeOf(error))) return [];
    throw error;
  }
}

async function openFile(path: string): Promise<SelfUpdateFile | undefined> {
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const stats = await handle.stat();
      if (stats.isFile()) {
        return {
          size: stats.size,
          modified: stats.mtime,
          read: (buffer, length, position, done) => read(handle.fd, buffer, 0, length, position, done),
          close: () => handle.close(),
        };
      }
    } catch (error) {
      await handle.close();
      throw error;
    }
    await handle.close();
    return undefined;
  } catch (error) {
    if (ABSENT.has(codeOf(error))) return undefined;
    throw error;
  }
}
