/**
 * Holds the present snapshot, and has the next one made when the catalogue's generation moved: beside it, in slices
 * between which requests are answered, over a connection of its own that stays at one state meanwhile. The next takes
 * the present one's place in one assignment.
 */
import { CurrentCounter } from '../store/database/current-counter.ts';
import { openReader } from '../store/database/database.ts';
import type { Database } from '../store/database/database.ts';
import { ScanRows } from '../store/scan-rows.ts';
import { SnapshotBuilder } from './snapshot-builder.ts';
import type { Snapshot } from './snapshot.ts';

export interface SnapshotKeeperOptions {
  /** Told of each attempt that failed; the present snapshot stays, and it is tried again. Default: nobody. */
  readonly onFailed?: (error: unknown) => void;
  /** Milliseconds from one snapshot to the next while nothing but arrivals happens. Default: a second. */
  readonly arrivalsInterval?: number;
}

/** Milliseconds of building before requests get their turn. */
const SLICE = 4;
/** The same where nothing presses. */
const UNHURRIED_SLICE = 1;
/** The most that a slice grows to where requests take longer than that each turn, so that the build comes to an end. */
const LONGEST_SLICE = 12;
/** Milliseconds between looks at whether another process changed something while nobody asks for a scan. */
const LOOK_INTERVAL = 100;
/** A synchronization commits ten times a second, and nobody waits for what it brings. */
const DEFAULT_ARRIVALS_INTERVAL = 1_000;
/** Milliseconds until a failed attempt is made again; doubles up to the maximum. */
const RETRY_DELAY = 100;
const MAXIMUM_RETRY_DELAY = 10_000;

/** Why there is no snapshot to answer from; its cause is what failed. */
export class SnapshotError extends Error {
  readonly code = 'SNAPSHOT_FAILED';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SnapshotError';
  }
}

interface Build {
  /** Milliseconds. */
  readonly slice: number;
  readonly work: Generator<void, Snapshot>;
  readonly finished: PromiseWithResolvers<Snapshot>;
}

export class SnapshotKeeper {
  readonly #reader: Database;
  readonly #rows: ScanRows;
  readonly #generation: CurrentCounter;
  readonly #onFailed: (error: unknown) => void;
  readonly #arrivalsInterval: number;
  #builder: SnapshotBuilder;
  #snapshot: Snapshot | undefined;
  #build: Build | undefined;
  #slice: NodeJS.Immediate | undefined;
  #look: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #retryDelay = RETRY_DELAY;
  /** By `performance.now()`. */
  #madeAt = Number.NEGATIVE_INFINITY;
  /** The generation up to which nothing presses that the present snapshot does not have. */
  #calmUntil = -1;
  #isClosed = false;

  /** @param db whose file is read; open for as long as this is */
  constructor(db: Database, options: SnapshotKeeperOptions = {}) {
    const { onFailed = () => {}, arrivalsInterval = DEFAULT_ARRIVALS_INTERVAL } = options;
    this.#reader = openReader(db);
    this.#rows = new ScanRows(this.#reader);
    this.#generation = new CurrentCounter(db, 'catalogue.generation');
    this.#onFailed = onFailed;
    this.#arrivalsInterval = arrivalsInterval;
    this.#builder = new SnapshotBuilder(this.#rows);
  }

  /**
   * The present snapshot; a request keeps the one it began with. Where something changed since, the next begins to be
   * made. Only where there is none yet does the caller wait for it.
   *
   * @throws SnapshotError where the first one could not be made
   */
  current(): Snapshot {
    if (this.#snapshot === undefined) return this.#finishNow();
    this.noticeChange();
    return this.#snapshot;
  }

  /** A snapshot of what was committed when this was called, or of later. @throws SnapshotError */
  async refreshed(): Promise<Snapshot> {
    const wanted = this.#generation.read();
    for (;;) {
      if (this.#snapshot !== undefined && this.#snapshot.generation >= wanted) return this.#snapshot;
      await this.#begin().finished.promise;
    }
  }

  /**
   * To be called after a commit that a scan could notice, whoever made it: the next snapshot begins to be made at once.
   * Where all that happened is that revisions arrived, and one was made a moment ago, that is left to a later call.
   */
  noticeChange(): void {
    if (this.#isClosed || this.#build !== undefined || this.#retry !== undefined) return;
    try {
      const generation = this.#generation.read();
      if (this.#snapshot?.generation === generation) return;
      const isCalm = this.#isCalm(generation);
      if (isCalm && performance.now() < this.#madeAt + this.#arrivalsInterval) return;
      this.#begin(isCalm ? UNHURRIED_SLICE : SLICE);
    } catch (error) {
      this.#tryLater(error);
    }
  }

  /** Begins the first snapshot, and from now on notices changes by itself until it is closed. */
  watch(): void {
    this.noticeChange();
    this.#look ??= setInterval(() => this.noticeChange(), LOOK_INTERVAL).unref();
  }

  /** Ends what is under way; to be called before the database is closed. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#look);
    clearTimeout(this.#retry);
    clearImmediate(this.#slice);
    this.#build?.finished.reject(new SnapshotError('The server stops.'));
    this.#build = undefined;
    this.#reader.close();
  }

  /** Looked for once a generation: requests ask with each of theirs. */
  #isCalm(generation: number): boolean {
    if (this.#calmUntil === generation) return true;
    if (this.#builder.isPressing()) return false;
    this.#calmUntil = generation;
    return true;
  }

  #begin(slice = SLICE): Build {
    if (this.#build !== undefined) return this.#build;
    clearTimeout(this.#retry);
    this.#retry = undefined;
    const build = { slice, work: this.#builder.next(), finished: Promise.withResolvers<Snapshot>() };
    // Whoever waits hears of a failure; nobody may be waiting.
    build.finished.promise.catch(() => {});
    this.#build = build;
    this.#continueSoon(build);
    return build;
  }

  #continueSoon(build: Build): void {
    const yielded = performance.now();
    this.#slice = setImmediate(() => {
      const now = performance.now();
      this.#work(build, now + Math.min(Math.max(now - yielded, build.slice), LONGEST_SLICE));
      if (this.#build === build) this.#continueSoon(build);
      else this.noticeChange();
    });
  }

  /**
   * Goes on until the time comes or the build ends, one way or the other.
   *
   * @returns why it failed, where it did
   */
  #work(build: Build, until: number): SnapshotError | undefined {
    try {
      do {
        const step = build.work.next();
        if (step.done === true) {
          this.#swap(build, step.value);
          return undefined;
        }
      } while (performance.now() < until);
      return undefined;
    } catch (cause) {
      const error = new SnapshotError(
        'No snapshot of what is deployed could be made; it is tried again soon. The log says what failed.',
        { cause },
      );
      this.#build = undefined;
      this.#tryLater(cause);
      build.finished.reject(error);
      return error;
    }
  }

  #finishNow(): Snapshot {
    const build = this.#begin();
    clearImmediate(this.#slice);
    const error = this.#work(build, Number.POSITIVE_INFINITY);
    if (this.#snapshot === undefined) throw error ?? new SnapshotError('The server stops.');
    return this.#snapshot;
  }

  #swap(build: Build, snapshot: Snapshot): void {
    this.#snapshot = snapshot;
    this.#madeAt = performance.now();
    this.#build = undefined;
    this.#retryDelay = RETRY_DELAY;
    build.finished.resolve(snapshot);
  }

  #tryLater(error: unknown): void {
    // What the builder knows may be half of one state and half of another: the next attempt begins from nothing.
    this.#builder = new SnapshotBuilder(this.#rows);
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.noticeChange();
    }, this.#retryDelay).unref();
    this.#retryDelay = Math.min(this.#retryDelay * 2, MAXIMUM_RETRY_DELAY);
    this.#onFailed(error);
  }
}
