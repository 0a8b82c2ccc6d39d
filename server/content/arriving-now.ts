/** Whether a content file is being received at this moment: then a relay nearby need not fetch it over the same line. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { incomingPath } from '../../catalog/content-path.ts';
import { codeOf } from '../../config/error-facts.ts';

/**
 * Milliseconds since its last byte came. Less than the first wait after a failed attempt: two relays whose downloads were
 * cut at the same time do not take what the other has left for an arrival, and never wait for each other.
 */
const FRESH = 20_000;

/** Whether the last byte of what is being received came just now. */
export const isFresh = (mtimeMs: number): boolean => Date.now() - mtimeMs < FRESH;

/**
 * @param folder `<data>/content`
 * @param sha1 lower-case hex
 */
export async function isArrivingNow(folder: string, sha1: string): Promise<boolean> {
  try {
    const { mtimeMs, size } = await stat(join(folder, incomingPath(sha1)));
    return size > 0 && isFresh(mtimeMs);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}
