/**
 * Keeps what computers say they have when a scan ends, for the console's answer to why one is not offered an update. Most
 * say what they said a day ago: only what differs is written, with others a moment later, and a crash loses it until the
 * next scan.
 */
import { BoundedCache } from '../../catalog/bounded-cache.ts';
import type { ScanAnswer, ScanRequest } from '../../catalog/scan/scan.ts';
import { LastScanStore } from '../../catalog/store/computers/last-scans.ts';
import type { LastScan } from '../../catalog/store/computers/last-scans.ts';
import type { CommitGroup } from '../../catalog/store/database/commit-group.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import type { Logger } from '../../config/logging.ts';

/** Milliseconds. */
const DELAY = 2000;

/** Computers of which this process knows what was written. */
const MOST_KNOWN = 50_000;
/** Computers that wait to be written; those beyond are written after their next scan. */
const MOST_PENDING = 2_000;

export interface LastScansParts {
  readonly db: Database;
  readonly commits: CommitGroup;
  readonly log: Logger;
  readonly now: () => Date;
}

type Scan = Pick<ScanRequest, 'installedNonLeafRevisionIds' | 'drivers' | 'categoryIds'>;

export class LastScans {
  readonly #parts: LastScansParts;
  readonly #store: LastScanStore;
  readonly #known = new BoundedCache<string>(MOST_KNOWN);
  #pending = new Map<string, LastScan>();

  constructor(parts: LastScansParts) {
    this.#parts = parts;
    this.#store = new LastScanStore(parts.db);
  }

  /** Of a software scan without categories that ended: nothing came that could make the agent ask again. */
  note(computerId: string, scan: Scan, answer: Pick<ScanAnswer, 'newUpdates' | 'truncated'>): void {
    if (scan.drivers !== undefined || scan.categoryIds !== undefined) return;
    if (answer.truncated || !answer.newUpdates.every(({ isLeaf }) => isLeaf)) return;
    const installed = scan.installedNonLeafRevisionIds;
    const print = fingerprint(installed);
    if (this.#known.get(computerId) === print) return;
    if (this.#pending.size >= MOST_PENDING && !this.#pending.has(computerId)) return;
    this.#known.set(computerId, print);
    if (this.#pending.size === 0) setTimeout(() => void this.flush(), DELAY).unref();
    this.#pending.set(computerId, { computerId, installed, at: this.#parts.now() });
  }

  /** Writes what is pending, together with what else is written then; nothing once the database is closed. */
  async flush(): Promise<void> {
    const { db, commits, log } = this.#parts;
    const scans = [...this.#pending.values()];
    this.#pending = new Map();
    if (!db.open || scans.length === 0) return;
    try {
      const work = (): void => {
        for (const scan of scans) this.#store.write(scan);
      };
      await commits.add(work, { isDurable: false });
    } catch (error) {
      for (const { computerId } of scans) this.#known.forget(computerId);
      log.warn('What computers have installed could not be written', { computers: scans.length, error });
    }
  }
}

/** Of a set of ids in any order: the same for the same set, another for nearly every other. */
function fingerprint(revisionIds: readonly number[]): string {
  let sum = 0;
  let mixed = 0;
  for (const id of revisionIds) {
    // Two rounds of multiplying and folding spread each id over all bits, so that sums tell sets apart.
    let hash = Math.imul(id ^ (id >>> 16), 0x45d9f3b);
    hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
    sum = (sum + hash) | 0;
    mixed ^= Math.imul(hash ^ (hash >>> 13), 0x27d4eb2d);
  }
  return `${revisionIds.length}:${sum}:${mixed}`;
}
