/** Notes which content was served on which day: what nobody uses makes room first. */
import { markUsed } from '../../catalog/store/content/eviction.ts';
import { CommitGroup } from '../../catalog/store/database/commit-group.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { reasonOf } from '../../config/error-facts.ts';
import type { Logger } from '../../config/logging.ts';

export class ContentUses {
  readonly #db: Database;
  readonly #commits: CommitGroup;
  readonly #log: Logger;
  readonly #now: () => Date;
  #day = '';
  /** Digests that were written down today already. */
  readonly #noted = new Set<string>();

  constructor({ db, log, now }: { readonly db: Database; readonly log: Logger; readonly now: () => Date }) {
    this.#db = db;
    this.#commits = CommitGroup.of(db);
    this.#log = log;
    this.#now = now;
  }

  /** One write a file, a day and a process; nobody waits for it. */
  note(sha1: string): void {
    const day = this.#now().toISOString().slice(0, 10);
    if (day !== this.#day) this.#noted.clear();
    this.#day = day;
    if (this.#noted.has(sha1)) return;
    this.#noted.add(sha1);
    this.#commits
      .add(() => markUsed(this.#db, sha1, day))
      .catch((error: unknown) =>
        this.#log.warn('The use of a content file could not be noted', { sha1, reason: reasonOf(error) }),
      );
  }
}
