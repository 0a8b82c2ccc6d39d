/** Whether the disk has room for a file before a byte of it is fetched. */
import { statfs } from 'node:fs/promises';
import { MEGABYTE, RESERVED_BYTES } from '../../catalog/free-space.ts';
import { ContentError } from './content-error.ts';

/** For messages. */
export const inMegabytes = (bytes: number): string => `${Math.ceil(bytes / MEGABYTE)} MB`;

/**
 * @param folder that the file will be in
 * @param bytes that are still to come
 * @throws ContentError `unavailable`: it is tried again, and nothing is put into quarantine
 */
export async function checkFreeSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free - bytes >= RESERVED_BYTES) return;
  throw new ContentError(
    'unavailable',
    `the disk of ${folder} has ${Math.floor(free / MEGABYTE)} MB free, and ${inMegabytes(bytes)} are to come, with ${inMegabytes(RESERVED_BYTES)} kept free for the database; make room, or move dataDirectory to a larger disk`,
  );
}
