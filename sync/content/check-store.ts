/** Reads every content file that is here once, the one that was checked the longest ago first. */
import { nextToCheck, totalsToCheck } from '../../catalog/store/content/checks.ts';
import { contentPath } from '../../catalog/content-path.ts';
import { reasonOf } from '../../config/error-facts.ts';
import { ReadingPace } from './reading-pace.ts';
import { StoredCheck } from './stored-check.ts';
import type { StoredCheckOptions } from './stored-check.ts';

export interface CheckStoreOptions extends StoredCheckOptions {
  /** Left out: as fast as the disk is. */
  readonly bytesPerSecond?: number;
  /** Told after every piece that was read, and after every file. */
  readonly onProgress?: (progress: CheckProgress) => void;
}

export interface CheckProgress {
  readonly files: number;
  readonly ofFiles: number;
  readonly bytes: number;
  readonly ofBytes: number;
}

/** By its place below `content`. */
export interface NamedFinding {
  readonly file: string;
  /** A clause. */
  readonly reason: string;
  /** Where the bytes are now; left out where there were none. */
  readonly keptAt?: string;
}

export interface CheckStoreResult {
  readonly right: number;
  /** Bytes of those. */
  readonly bytes: number;
  readonly differing: readonly NamedFinding[];
  /** Nobody knows what is in them. */
  readonly failed: readonly NamedFinding[];
}

/** What was checked before it was ended stays checked: it may be begun again however it ended. */
export async function checkStore(options: CheckStoreOptions): Promise<CheckStoreResult> {
  const { db, now, bytesPerSecond, onProgress } = options;
  const began = now();
  const { files: ofFiles, bytes: ofBytes } = totalsToCheck(db, began);
  const check = new StoredCheck(options);
  const pace = bytesPerSecond === undefined ? undefined : new ReadingPace(bytesPerSecond);
  const looked: string[] = [];
  const differing: NamedFinding[] = [];
  const failed: NamedFinding[] = [];
  let right = 0;
  let rightBytes = 0;
  let bytes = 0;
  for (;;) {
    const file = nextToCheck(db, began, looked);
    if (file === undefined) break;
    const name = contentPath(file.sha1, file.extension);
    const bytesBefore = bytes;
    try {
      const outcome = await check.check(file, {
        ...(pace === undefined ? {} : { readBytes: pace.readBytes }),
        onRead: async (read) => {
          bytes += read;
          onProgress?.({ files: right + looked.length, ofFiles, bytes, ofBytes });
          await pace?.onRead(read);
        },
      });
      if (outcome.state === 'right') {
        right += 1;
        rightBytes += file.size;
      } else {
        looked.push(file.sha1);
        if (outcome.state === 'moving') failed.push({ file: name, reason: 'somebody is writing to it' });
        else {
          const { reason, keptAt } = outcome;
          differing.push({ file: name, reason, ...(keptAt === undefined ? {} : { keptAt }) });
        }
      }
    } catch (error) {
      looked.push(file.sha1);
      failed.push({ file: name, reason: reasonOf(error) });
    }
    bytes = bytesBefore + file.size;
    onProgress?.({ files: right + looked.length, ofFiles, bytes, ofBytes });
  }
  return { right, bytes: rightBytes, differing, failed };
}
