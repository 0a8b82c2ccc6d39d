/** The data directory: made for this account alone, and kept so. */
import { chmod, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf, reasonOf } from '../config/error-facts.ts';

const PRIVATE = 0o700;

export class DataDirectoryError extends Error {
  readonly code = 'DATA_DIRECTORY_UNUSABLE';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DataDirectoryError';
  }
}

/**
 * Makes the directory, or takes away what others may do in one that is there: keys and password hashes are in it.
 *
 * @throws DataDirectoryError where it cannot be made or belongs to somebody else
 */
export async function prepareDataDirectory(directory: string, log: (message: string) => void): Promise<void> {
  try {
    await makeDirectory(directory);
    const stats = await stat(directory);
    if (!stats.isDirectory()) throw new Error('it is not a directory');
    if (process.platform === 'win32' || (stats.mode & 0o077) === 0) return;
    await chmod(directory, PRIVATE);
    log(`${directory} was open to others (mode ${(stats.mode & 0o777).toString(8)}); it is 700 now.`);
  } catch (error) {
    throw new DataDirectoryError(
      `dataDirectory: ${directory} cannot be used (${reasonOf(error)}). It has to be a directory that belongs to this account.`,
      { cause: error },
    );
  }
}

/** Node's own `recursive` never comes back where a parent exists that takes no directories (`/proc`). */
async function makeDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { mode: PRIVATE });
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return;
    if (codeOf(error) !== 'ENOENT' || dirname(directory) === directory) throw error;
    await makeDirectory(dirname(directory));
    await mkdir(directory, { mode: PRIVATE });
  }
}
