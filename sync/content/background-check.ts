/** Has every content file read again within some days, a little at a time and never while something is fetched. */
import { nextToCheck, totalsToCheck } from '../../catalog/store/content/checks.ts';
import type { PresentFile } from '../../catalog/store/content/checks.ts';
import type { ContentSignaturePolicy } from '../../catalog/authenticode/content-signature-policy.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { reasonOf } from '../../config/error-facts.ts';
import type { Logger } from '../../config/logging.ts';
import type { WorkerMessage } from '../../protocol/channel/messages.ts';
import { ReadingPace } from './reading-pace.ts';
import { StoredCheck } from './stored-check.ts';

const SECOND = 1000;
const DAY = 86_400 * SECOND;

/** Milliseconds; as long as one look is from the next, so that many small files are read at each. */
const LOOK = 60 * SECOND;

/** Bytes a second at least while a file is read: a large one is done within one run of the process. */
const LEAST_PACE = 8_000_000;

export interface BackgroundCheckOptions {
  readonly db: Database;
  readonly dataDirectory: string;
  readonly log: Logger;
  readonly now: () => Date;
  readonly send: (message: WorkerMessage) => void;
  /** Within which each file is read again; 0: none is. */
  readonly days: number;
  /** Left out: signatures are recorded alone. */
  readonly signatures?: ContentSignaturePolicy;
  /** Settles when nothing is being fetched. */
  readonly quiet: () => Promise<void>;
  /** Called when a file has to be fetched again. */
  readonly contentWanted: () => void;
}

export class BackgroundCheck {
  readonly #options: BackgroundCheckOptions;
  readonly #check: StoredCheck;
  readonly #stopping = new AbortController();
  /** Digests of files that could not be read, until the process ends. */
  readonly #unreadable = new Set<string>();
  /** Of files that somebody wrote to; they are tried at the next look. */
  readonly #moving = new Set<string>();
  #running: Promise<void> | undefined;
  /** Milliseconds since 1970; nothing is read before. */
  #restUntil = 0;

  constructor(options: BackgroundCheckOptions) {
    this.#options = options;
    this.#check = new StoredCheck(options);
  }

  /** Reads what is due, unless that is under way. To be called every minute. */
  look(): void {
    const { days, log } = this.#options;
    if (days === 0 || this.#stopping.signal.aborted) return;
    this.#running ??= this.#readDue()
      .catch((error: unknown) => {
        if (!this.#stopping.signal.aborted)
          log.warn('Checking content again is interrupted', { reason: reasonOf(error) });
      })
      .finally(() => (this.#running = undefined));
  }

  /** Settles when nothing is read any more. */
  async settled(): Promise<void> {
    await this.#running;
  }

  /** What was being read is read again another time. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /**
   * A file is due when half of the time is over, and the others are read in the other half, evenly: however often this
   * process begins anew, nothing is read much oftener than it should be.
   */
  async #readDue(): Promise<void> {
    const { db, days, now } = this.#options;
    const half = (days * DAY) / 2;
    /** Bytes a millisecond. */
    const rate = totalsToCheck(db).bytes / half;
    const pace = new ReadingPace(Math.max(LEAST_PACE, 2 * SECOND * rate), {
      signal: this.#stopping.signal,
    });
    this.#moving.clear();
    this.#restUntil = Math.max(this.#restUntil, now().getTime() - LOOK);
    while (!this.#stopping.signal.aborted && this.#restUntil <= now().getTime()) {
      const before = new Date(now().getTime() - half);
      const file = nextToCheck(db, before, [...this.#unreadable, ...this.#moving]);
      if (file === undefined) return;
      await this.#read(file, pace);
      this.#restUntil += rate === 0 ? 0 : file.size / rate;
    }
  }

  async #read(file: PresentFile, pace: ReadingPace): Promise<void> {
    const { log, send, quiet, contentWanted } = this.#options;
    try {
      await quiet();
      const outcome = await this.#check.check(file, {
        readBytes: pace.readBytes,
        onRead: async (bytes) => {
          await pace.onRead(bytes);
          await quiet();
        },
      });
      if (outcome.state === 'moving') this.#moving.add(file.sha1);
      if (outcome.state !== 'differs') return;
      const { reason, keptAt } = outcome;
      log.error('Content on disk is served no more', {
        sha1: file.sha1,
        reason,
        keptAt,
      });
      send({ type: 'content', sha1: file.sha1, state: 'quarantined' });
      contentWanted();
    } catch (error) {
      if (this.#stopping.signal.aborted) throw error;
      this.#unreadable.add(file.sha1);
      log.warn('A content file cannot be checked', { sha1: file.sha1, reason: reasonOf(error) });
    }
  }
}
