/**
 * When rules of automatic approval are looked at: after a synchronization, once an hour, and when somebody asks. The
 * worker alone runs them, one after the other. What is to be run waits in the database: a worker that dies goes on
 * where it was.
 */
import { setImmediate } from 'node:timers/promises';
import type { Logger } from '../config/logging.ts';
import type { ContentSelection } from '../catalog/store/content/selection.ts';
import { isDatabaseBusy } from '../catalog/store/database/database-busy.ts';
import type { Database } from '../catalog/store/database/database.ts';
import { nextRun, readRun } from '../catalog/store/rules/rule-runs.ts';
import type { StoredRun } from '../catalog/store/rules/rule-runs.ts';
import { failRun, planRuns, runSlice } from '../catalog/store/rules/rule-run.ts';
import type { WorkerMessage } from '../protocol/channel/messages.ts';

export interface RuleLooksOptions {
  readonly db: Database;
  readonly log: Logger;
  readonly now: () => Date;
  readonly send: (message: WorkerMessage) => void;
  /** Whether an upstream server decides: no rule does then. */
  readonly isReplica: boolean;
  /** Whether files of approved updates are fetched. */
  readonly storesContent: boolean;
  /** Which of them; left out: as usual. */
  readonly selection?: ContentSelection;
  /** Revisions are arriving: what they bundle may be still to come, so that their end is waited for. */
  readonly isSynchronizing: () => boolean;
  /** Told when files became wanted. */
  readonly contentWanted: () => void;
}

export class RuleLooks {
  readonly #options: RuleLooksOptions;
  #current: Promise<void> | undefined;
  /** Asked for while one was on. */
  #isAskedAgain = false;
  #isStopped = false;

  constructor(options: RuleLooksOptions) {
    this.#options = options;
  }

  /** Runs what waits and what is due. Settles when nothing is left; never rejects. */
  look(): Promise<void> {
    if (this.#options.isReplica || this.#isStopped) return Promise.resolve();
    this.#isAskedAgain = true;
    this.#current ??= this.#lookOn().finally(() => {
      this.#current = undefined;
    });
    return this.#current;
  }

  /** Settles when nothing is under way any more; the next start goes on with what was. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#current;
  }

  async #lookOn(): Promise<void> {
    const { db, log, now, isSynchronizing } = this.#options;
    try {
      while (this.#isAskedAgain && !this.#isStopped) {
        this.#isAskedAgain = false;
        if (!isSynchronizing()) planRuns(db, now());
        for (let run = nextRun(db); run !== undefined && !this.#isStopped; run = nextRun(db))
          await this.#run(run);
      }
    } catch (error) {
      if (isDatabaseBusy(error))
        log.warn('Rules wait: another process keeps the database. They are run within a minute.');
      else log.error('Rules could not be run. They are tried again within a minute.', { error });
    }
  }

  async #run({ runId, ruleId, trigger }: StoredRun): Promise<void> {
    const { db, log, now, send, storesContent, selection, contentWanted } = this.#options;
    let updates = 0;
    let wantedFiles = 0;
    for (let isOver = false; !isOver && !this.#isStopped;) {
      try {
        const slice = runSlice(db, runId, { now: now(), storesContent, selection });
        ({ isOver } = slice);
        updates += slice.updates;
        wantedFiles += slice.wantedFiles;
      } catch (error) {
        if (isDatabaseBusy(error)) throw error;
        log.error('A rule could not be run to its end. What it decided until then stands.', {
          runId,
          ruleId,
          error,
        });
        failRun(db, runId, now());
        isOver = true;
      }
      await setImmediate();
    }
    if (wantedFiles > 0) contentWanted();
    if (updates === 0) return;
    send({ type: 'catalogue-changed' });
    const run = readRun(db, runId);
    log.info('A rule approved updates', { runId, ruleId, trigger, updates, decisions: run?.decisions });
  }
}
