/**
 * Many small writes, one commit. `synchronous=FULL` makes a commit wait for the disk; when thousands of computers report
 * at once, each waiting for its own would hold up everybody. What arrives in one turn of the event loop, and while the
 * disk is busy, shares a transaction; each caller hears of its own work only once that is durable.
 *
 * Another process's transaction is waited for between turns of the event loop: SQLite itself waits by standing still, and
 * whoever asks for something that needs no write would stand still with it.
 */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { isDatabaseBusy } from './database-busy.ts';

/**
 * Milliseconds from one commit to the next. A commit costs the wait for the disk, during which nothing else happens
 * here: forty a second, whatever the load, leave the time for scans, and nobody who reports notices the delay.
 */
const DEFAULT_PACE = 25;

/** Milliseconds of work in one transaction, after which other requests get their turn. */
const DEFAULT_SLICE = 20;

/** Milliseconds that a first try stands still for: another's short commit has ended by then. Further ones do not. */
const STAND_STILL = 2;

/** Milliseconds between tries, some more and some less, so that several processes do not keep step. */
const TRY_AGAIN = 10;

/** How `synchronous` is written: wait for the disk with each commit (what `openDatabase` sets), or with none. */
const SYNCED = 'FULL';
const UNSYNCED = 'NORMAL';

export interface CommitOptions {
  /**
   * Whether a power cut must not undo it. What may be lost waits for the disk only together with what may not; the
   * database is whole either way (SQLite, PRAGMA synchronous). Default: yes.
   */
  readonly isDurable?: boolean;
}

interface Waiting {
  readonly isDurable: boolean;
  /** Of the clock of `performance`, in milliseconds. */
  readonly since: number;
  /** Does the work within the transaction; gives what tells the caller. */
  readonly run: () => () => void;
  readonly reject: (reason: unknown) => void;
}

export class CommitGroup {
  static readonly #ofConnections = new WeakMap<Database, CommitGroup>();
  readonly #db: Database;
  readonly #slice: number;
  readonly #pace: number;
  /** Milliseconds that the connection waits for others. */
  readonly #patience: number;
  #waiting: Waiting[] = [];
  #committedAt = Number.NEGATIVE_INFINITY;
  #isTriedAgain = false;

  /** The connection's one, so that all who write through it share its commits. */
  static of(db: Database): CommitGroup {
    const known = CommitGroup.#ofConnections.get(db);
    if (known !== undefined) return known;
    const group = new CommitGroup(db);
    CommitGroup.#ofConnections.set(db, group);
    return group;
  }

  constructor(db: Database, options: { readonly slice?: number; readonly pace?: number } = {}) {
    this.#pace = options.pace ?? DEFAULT_PACE;
    this.#db = db;
    this.#slice = options.slice ?? DEFAULT_SLICE;
    this.#patience = z.int().parse(db.pragma('busy_timeout', { simple: true }));
  }

  /**
   * Runs `work` in a transaction shared with others. If it throws, its own writes are undone and nobody else's.
   *
   * @returns resolved once committed (and on disk, unless it need not be durable); rejected with what `work` threw, or with why the commit failed: that others had the
   *   database for longer than its connection waits, for one
   */
  async add<T>(work: () => T, { isDurable = true }: CommitOptions = {}): Promise<T> {
    return await new Promise<T>((resolve, reject) => {
      const run = (): (() => void) => {
        const value = this.#db.transaction(work)();
        return () => resolve(value);
      };
      if (this.#waiting.push({ isDurable, since: performance.now(), run, reject }) === 1) this.#commitSoon();
    });
  }

  #commit(): void {
    const taken: Waiting[] = [];
    const outcomes: (() => void)[] = [];
    const until = performance.now() + this.#slice;
    const isSynced = this.#waiting.some(({ isDurable }) => isDurable);
    const runSome = this.#db.transaction(() => {
      do {
        const [next] = this.#waiting;
        // What works add themselves may be of the other kind.
        if (next === undefined || (next.isDurable && !isSynced)) break;
        this.#waiting.shift();
        taken.push(next);
        outcomes.push(this.#attempt(next));
      } while (performance.now() < until);
    });
    try {
      this.#withoutPatience(isSynced, () => runSome.immediate());
      for (const tell of outcomes) tell();
    } catch (error) {
      // Nothing was kept.
      if (taken.length > 0) for (const { reject } of taken) reject(error);
      else if (this.#waitOn(error)) return;
    }
    this.#isTriedAgain = false;
    this.#committedAt = performance.now();
    // Those who found no room in the slice have waited already.
    if (this.#waiting.length > 0) setImmediate(() => this.#commit());
  }

  /** Statements within wait for nobody either; once the transaction has begun, there is nobody to wait for. */
  #withoutPatience(isSynced: boolean, work: () => void): void {
    this.#setPatience(this.#isTriedAgain ? 0 : Math.min(STAND_STILL, this.#patience));
    if (!isSynced) this.#db.pragma(`synchronous = ${UNSYNCED}`);
    try {
      work();
    } finally {
      this.#setPatience(this.#patience);
      if (!isSynced && this.#db.open) this.#db.pragma(`synchronous = ${SYNCED}`);
    }
  }

  #setPatience(milliseconds: number): void {
    if (this.#db.open) this.#db.pragma(`busy_timeout = ${milliseconds}`);
  }

  /**
   * The transaction could not begin. Fails those who waited long enough, or all of them where waiting does not help.
   *
   * @returns whether another try is under way for those who are left
   */
  #waitOn(error: unknown): boolean {
    const isBusy = isDatabaseBusy(error);
    const late = performance.now() - this.#patience;
    const isLate = ({ since }: Waiting): boolean => !isBusy || since <= late;
    for (const { reject } of this.#waiting.filter(isLate)) reject(error);
    this.#waiting = this.#waiting.filter((one) => !isLate(one));
    if (this.#waiting.length === 0) return false;
    this.#isTriedAgain = true;
    setTimeout(() => this.#commit(), TRY_AGAIN * (0.5 + Math.random()));
    return true;
  }

  /** Not before the next turn, so that others can join. */
  #commitSoon(): void {
    const wait = this.#committedAt + this.#pace - performance.now();
    if (wait > 1) setTimeout(() => this.#commit(), wait);
    else setImmediate(() => this.#commit());
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
