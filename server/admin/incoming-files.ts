/** What came so far of files that are not whole yet: it lies beside the content, each under its digest. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { incomingPath } from '../../catalog/content-path.ts';
import { codeOf } from '../../config/error-facts.ts';
import { isFresh } from '../content/arriving-now.ts';

const SHA1 = /^[0-9a-f]{40}$/;

/** Files that are looked at, of those that are there: what was cut and never went on may be many. */
const MOST = 2000;

export interface IncomingFile {
  /** Bytes. */
  readonly receivedBytes: number;
  /** Bytes are coming at this moment. */
  readonly isArriving: boolean;
}

/**
 * By their digests.
 *
 * @param folder `<data>/content`
 * @param sha1s left out: any
 */
export async function incomingFiles(
  folder: string,
  sha1s?: readonly string[],
): Promise<Map<string, IncomingFile>> {
  const wanted = sha1s === undefined ? undefined : new Set(sha1s);
  const names = (await namesIn(join(folder, '.incoming')))
    .filter((name) => SHA1.test(name) && (wanted === undefined || wanted.has(name)))
    .slice(0, MOST);
  const found = new Map<string, IncomingFile>();
  for (const name of names) {
    const incoming = await lookAt(join(folder, incomingPath(name)));
    // What came altered leaves an empty one.
    if (incoming !== undefined && incoming.receivedBytes > 0) found.set(name, incoming);
  }
  return found;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Undefined where it has become whole, or was given up, meanwhile. */
async function lookAt(path: string): Promise<IncomingFile | undefined> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { receivedBytes: size, isArriving: isFresh(mtimeMs) };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
