/** Copies one content file from a disk or a mounted share into a file of its own; digests decide, as over a network. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { codeOf, reasonOf } from '../../config/error-facts.ts';
import { ContentError } from './content-error.ts';
import type { DigestFile } from './digest-file.ts';

/**
 * Copies what is missing of the file.
 *
 * @throws ContentError with status 404 where no such file is there; the signal's reason when aborted
 */
export async function copyContent(path: string, file: DigestFile, signal: AbortSignal): Promise<void> {
  try {
    // What is no plain file (a pipe, a device) is opened without waiting for its other end.
    await using source = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stats = await source.stat();
    if (!stats.isFile() || stats.size !== file.expectedSize) throw notThere(path);
    const content: AsyncIterable<Buffer> = source.createReadStream({ start: file.size, autoClose: false });
    for await (const chunk of content) {
      signal.throwIfAborted();
      await file.append(chunk);
    }
  } catch (error) {
    if (signal.aborted || error instanceof ContentError) throw error;
    if (['ENOENT', 'ENOTDIR', 'EISDIR', 'ENXIO'].includes(codeOf(error) ?? '')) throw notThere(path);
    throw new ContentError('unavailable', `${path} cannot be read: ${reasonOf(error)}`, { cause: error });
  }
}

const notThere = (path: string): ContentError =>
  new ContentError('unavailable', `${path} is not there, or not of the size that the metadata says`, {
    status: 404,
  });
