/** Which of several relays nearby fetches a file that more than one of them is about to fetch. */
import { contentTurn } from '../../catalog/content-turn.ts';
import { serverIdentity } from '../../catalog/store/access/server-identity.ts';
import { RequestedFiles } from '../../catalog/store/content/requested-files.ts';
import type { Database } from '../../catalog/store/database/database.ts';

export interface FetchTurnsOptions {
  readonly db: Database;
  readonly now: () => Date;
  /** Whether only what a client asked for is fetched. */
  readonly onlyRequested: boolean;
}

export class FetchTurns {
  readonly #options: FetchTurnsOptions;
  readonly #files: RequestedFiles;
  readonly #identity: string;

  constructor(options: FetchTurnsOptions) {
    this.#options = options;
    this.#files = new RequestedFiles(options.db);
    this.#identity = serverIdentity(options.db);
  }

  /**
   * This relay's turn, where it is about to fetch the file; undefined where it is not: it does not want it, or waits
   * before it tries again.
   *
   * @param sha1 lower-case hex
   */
  of(sha1: string): string | undefined {
    const { now, onlyRequested } = this.#options;
    const found = this.#files.progressOf(sha1);
    if (found?.state !== 'wanted' || (onlyRequested && !found.isRequested)) return undefined;
    if (found.retryAt !== undefined && found.retryAt > now()) return undefined;
    return contentTurn(this.#identity, sha1);
  }
}
