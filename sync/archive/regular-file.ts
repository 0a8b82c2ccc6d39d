/** Opens files on a disk that others can write to: what is there may be a link, a pipe or a device. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { codeOf } from '../../config/error-facts.ts';
import { ArchiveError } from '../../protocol/archive/error.ts';

/**
 * Where the system knows no such flag (Windows), links are not followed in a way that would need it: making one takes an
 * administrator's right there.
 */
const NOT_THROUGH_LINKS = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * @param flags of `node:fs` constants
 * @throws ArchiveError `ARCHIVE_UNREADABLE` where it is no regular file, or one with other names too that is to be written
 */
export async function openRegular(path: string, flags: number): Promise<FileHandle> {
  const handle = await open(path, flags | NOT_THROUGH_LINKS).catch((error: unknown) => {
    if (codeOf(error) === 'ELOOP' || codeOf(error) === 'ENXIO') throw notRegular(path);
    throw error;
  });
  try {
    const found = await handle.stat();
    const isWritten = (flags & (constants.O_RDWR | constants.O_WRONLY)) !== 0;
    if (!found.isFile() || (isWritten && found.nlink > 1)) throw notRegular(path);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

const notRegular = (path: string): ArchiveError =>
  new ArchiveError(
    'ARCHIVE_UNREADABLE',
    `${path} is no file of an archive: it is a link, or something else than a file. Somebody may have been at the disk; remove it.`,
  );
