/** Content that is wanted and not here yet, served while it arrives: who asks first need not wait for the whole. */
import { CommitGroup } from '../../catalog/store/database/commit-group.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { RequestedFiles } from '../../catalog/store/content/requested-files.ts';
import { Arrivals } from './arrivals.ts';
import { CONTENT_MODIFIED } from './stored-file.ts';
import type { StoredFile } from './stored-file.ts';

/** Milliseconds that a client is kept waiting for the first byte; it asks again then. */
const PATIENCE = 20_000;

/** Milliseconds between two calls for the sync worker by clients who wait for the same file. */
const CALL_AGAIN = 1000;

export interface PullThroughOptions {
  readonly db: Database;
  /** `<data>/content`. */
  readonly folder: string;
  readonly now: () => Date;
  /** Called when a file has to be fetched before others. */
  readonly contentWanted: () => void;
  /** Whether nothing is sent before the whole was judged. */
  readonly waitsForWhole?: boolean;
  /** Milliseconds; for tests. */
  readonly patience?: number;
}

export type Pulled =
  | StoredFile
  /** It is under its final name now. */
  | 'here'
  /** It does not come yet; to be asked for again. */
  | 'later';

export class PullThrough {
  readonly #options: PullThroughOptions;
  readonly #files: RequestedFiles;
  readonly #arrivals: Arrivals;
  readonly #commits: CommitGroup;
  #calledAt = Number.NEGATIVE_INFINITY;

  constructor(options: PullThroughOptions) {
    this.#options = options;
    this.#files = new RequestedFiles(options.db);
    this.#arrivals = new Arrivals(options.folder, this.#files, options.waitsForWhole);
    this.#commits = CommitGroup.of(options.db);
  }

  /**
   * Has a wanted file fetched before others, and waits for its first byte. Only what is to be fetched is wanted,
   * so nobody can have more than the configuration says fetched by asking for it.
   *
   * @param sha1 lower-case hex
   * @param extension as asked for, in lower case, with its dot, or empty
   * @returns undefined where the file is not wanted
   */
  async open(sha1: string, extension: string): Promise<Pulled | undefined> {
    const { now, patience = PATIENCE } = this.#options;
    const found = this.#files.progressOf(sha1);
    if (found?.state !== 'wanted' || found.extension !== extension) return undefined;
    if (!found.isRequested) await this.#commits.add(() => this.#files.request(sha1, now()));
    if (found.retryAt !== undefined && found.retryAt > now()) return 'later';
    const arrival = this.#arrivals.join(sha1, found.size, found.attempts);
    this.#callWorker();
    const outcome = await arrival.begun(patience);
    if (outcome === 'arriving') return { ...arrival, modified: CONTENT_MODIFIED, isArriving: true };
    arrival.release();
    return outcome === 'here' ? 'here' : 'later';
  }

  #callWorker(): void {
    const now = performance.now();
    if (now - this.#calledAt < CALL_AGAIN) return;
    this.#calledAt = now;
    this.#options.contentWanted();
  }
}
