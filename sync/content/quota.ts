/** Holds the content folder to its quota: what no approval needs makes room for what is to come. */
import type { Logger } from '../../config/logging.ts';
import {
  evict,
  isNeeded,
  leftoverFiles,
  markDeleted,
  storedBytes,
} from '../../catalog/store/content/eviction.ts';
import type { EvictedFile } from '../../catalog/store/content/eviction.ts';
import type { WantedFile } from '../../catalog/store/content/content-queue.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { ContentError } from './content-error.ts';
import type { ContentStore } from './content-store.ts';
import { inMegabytes } from './free-space.ts';

export interface QuotaOptions {
  readonly db: Database;
  readonly store: ContentStore;
  readonly log: Logger;
  readonly now: () => Date;
  /** Bytes; 0 for no limit. */
  readonly quota: number;
}

export class Quota {
  readonly #options: QuotaOptions;

  constructor(options: QuotaOptions) {
    this.#options = options;
  }

  /**
   * Deletes what an earlier process gave up and was stopped before it deleted. A file is given up in the database first:
   * what is on disk and not in the database costs room until the next start, and nobody is ever promised what is gone.
   */
  deleteLeftovers(): void {
    for (const file of leftoverFiles(this.#options.db)) this.#delete(file);
  }

  /**
   * Nothing is waited for in here, so that no other download begins meanwhile.
   *
   * @param arriving bytes of all that is being fetched, this file among it
   * @throws ContentError where there is no room, and nothing was deleted: `full` for what is needed or asked for
   */
  makeRoomFor(file: WantedFile, arriving: number): void {
    const { db, log, now, quota } = this.#options;
    if (quota === 0) return;
    const missing = storedBytes(db) + arriving - quota;
    if (missing <= 0) return;
    const problem = `content.quota is ${inMegabytes(quota)} and ${inMegabytes(missing)} of it are missing for this file`;
    // What nobody needs does not push out what nobody needs: both would be fetched by turns.
    if (!file.isRequested && !isNeeded(db, file.sha1)) {
      throw new ContentError('unavailable', `${problem}, which no approval needs. Raise content.quota`);
    }
    const evicted = evict(db, missing, now());
    if (evicted === undefined) {
      throw new ContentError(
        'full',
        `${problem}; what approvals need is never deleted. Raise content.quota, or take approvals back`,
      );
    }
    for (const each of evicted) {
      this.#delete(each);
      log.info('Content file deleted to make room: no approval needs it', {
        sha1: each.sha1,
        bytes: each.size,
      });
    }
  }

  #delete(file: EvictedFile): void {
    this.#options.store.remove(file);
    markDeleted(this.#options.db, file.sha1);
  }
}
