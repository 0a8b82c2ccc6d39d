/**
 * Many small writes, one commit. `synchronous=FULL` makes a commit wait for the disk; when thousands of computers report
 * at once, each waiting for its own would hold up everybody. What arrives in one turn of the event loop, and while the
 * disk is busy, shares a transaction; each caller hears of its own work only once that is durable.
 */
import type { Database } from 'better-sqlite3';

/** Milliseconds of work in one transaction, after which other requests get their turn. */
const DEFAULT_SLICE = 20;

interface Waiting {
  /** Does the work within the transaction; gives what tells the caller. */
  readonly run: () => () => void;
  readonly reject: (reason: unknown) => void;
}

export class CommitGroup {
  readonly #db: Database;
  readonly #slice: number;
  #waiting: Waiting[] = [];

  constructor(db: Database, options: { readonly slice?: number } = {}) {
    this.#db = db;
    this.#slice = options.slice ?? DEFAULT_SLICE;
  }

  /**
   * Runs `work` in a transaction shared with others. If it throws, its own writes are undone and nobody else's.
   *
   * @returns resolved once committed; rejected with what `work` threw, or with why the commit failed
   */
  async add<T>(work: () => T): Promise<T> {
    return await new Promise<T>((resolve, reject) => {
      const run = (): (() => void) => {
        const value = this.#db.transaction(work)();
        return () => resolve(value);
      };
      if (this.#waiting.push({ run, reject }) === 1) setImmediate(() => this.#commit());
    });
  }

  #commit(): void {
    const taken: Waiting[] = [];
    const outcomes: (() => void)[] = [];
    const until = performance.now() + this.#slice;
    const runSome = this.#db.transaction(() => {
      do {
        const next = this.#waiting.shift();
        if (next === undefined) break;
        taken.push(next);
        outcomes.push(this.#attempt(next));
      } while (performance.now() < until);
    });
    try {
      runSome.immediate();
      for (const tell of outcomes) tell();
    } catch (error) {
      // Nothing was kept. Where the transaction could not even begin, those who wait fail with it: a database that is
      // busy for the whole of its time-out is not asked again for each of them.
      for (const { reject } of taken.length === 0 ? this.#waiting.splice(0) : taken) reject(error);
    }
    if (this.#waiting.length > 0) setImmediate(() => this.#commit());
  }

  /** Within the shared transaction a work's own is a savepoint: its failure is its own, unless it took all with it. */
  #attempt({ run, reject }: Waiting): () => void {
    try {
      return run();
    } catch (error) {
      if (!this.#db.inTransaction) throw error;
      return () => reject(error);
    }
  }
}
