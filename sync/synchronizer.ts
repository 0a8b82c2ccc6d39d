/** Runs synchronizations, one at a time, and writes their history. */
import type { Logger } from '../config/logging.ts';
import type { Upstream } from '../config/schema.ts';
import type { ContentSelection } from '../catalog/store/content/selection.ts';
import type { Database } from '../catalog/store/database/database.ts';
import { readGeneration } from '../catalog/store/database/generation.ts';
import { STOPPED, finishRun, readRunById, startRun } from '../catalog/store/upstream/synchronization.ts';
import type { RunAbout, RunFailure, SyncRun } from '../catalog/store/upstream/synchronization.ts';
import type { WorkerMessage } from '../protocol/channel/messages.ts';
import type { SyncScope } from '../protocol/console/schedule.ts';
import { Authorization, readAccount } from './conversation/authorization.ts';
import { converse } from './conversation/conversation.ts';
import type { ConversationResult } from './conversation/conversation.ts';
import type { Pause } from './conversation/soap-client.ts';
import { toRunFailure } from './failure.ts';
import { nothingChosen } from './nothing-chosen.ts';
import { waitingApprovals } from './waiting-approvals.ts';
import { Progress } from './progress.ts';
import { rollUpAfter } from './rollup/roll-up-after.ts';
import { openUpstream } from './upstream-client.ts';

/** Refused documents whose reasons the history keeps. */
const MOST_REASONS = 50;

export interface SynchronizerOptions {
  readonly db: Database;
  /** Left out: there is none to synchronize from. */
  readonly upstream?: Upstream;
  readonly now: () => Date;
  readonly log: Logger;
  readonly send: (message: WorkerMessage) => void;
  /** Whether files of approved updates are fetched. Default: no. */
  readonly storesContent?: boolean;
  /** Which of them; left out: as usual. */
  readonly selection?: ContentSelection;
  /** Waits some milliseconds between attempts; default: by the clock. */
  readonly pause?: Pause;
}

export interface RunningSync {
  readonly runId: number;
  readonly scope: SyncScope;
}

export class Synchronizer {
  readonly #options: SynchronizerOptions;
  #current:
    (RunningSync & { readonly cancelling: AbortController; readonly ended: Promise<void> }) | undefined;
  #isStopped = false;

  constructor(options: SynchronizerOptions) {
    this.#options = options;
  }

  /** The one that runs. */
  get running(): RunningSync | undefined {
    return this.#current;
  }

  /**
   * Starts a synchronization.
   *
   * @returns settles when it has ended, however it ended; undefined where one runs already, there is no upstream, or the
   * relay is being stopped
   */
  start(trigger: SyncRun['trigger'], about: RunAbout = {}): Promise<void> | undefined {
    const { log, upstream } = this.#options;
    if (upstream === undefined) {
      log.warn(
        'There is nothing to synchronize from: no upstream server is configured (upstream.url, upstream.pins).',
      );
      return undefined;
    }
    if (this.#isStopped) {
      log.warn('The relay is being stopped; no synchronization is started.', { trigger });
      return undefined;
    }
    if (this.#current !== undefined) {
      log.warn('A synchronization is running already; no second one is started.', { trigger });
      return undefined;
    }
    const cancelling = new AbortController();
    const { scope = 'main' } = about;
    const runId = startRun(this.#options.db, trigger, this.#options.now(), about);
    log.info('Synchronization started', { runId, trigger, upstream: upstream.url, ...about });
    const ended = this.#run(runId, scope, upstream, cancelling.signal).finally(() => {
      this.#current = undefined;
    });
    this.#current = { runId, scope, cancelling, ended };
    return ended;
  }

  /** Ends the one that runs, if any, since somebody wants it ended; settles when it has. */
  async cancel(): Promise<void> {
    this.#current?.cancelling.abort();
    await this.#current?.ended;
  }

  /** Likewise, since the relay is stopped: it counts as interrupted, and none is started any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.cancel();
  }

  async #run(runId: number, scope: SyncScope, upstream: Upstream, signal: AbortSignal): Promise<void> {
    const { db, now, send } = this.#options;
    const generation = readGeneration(db);
    const progress = new Progress(runId, send);
    const { state, failure } = await this.#converse(runId, scope, upstream, signal, progress);
    finishRun(db, runId, state, now(), failure);
    this.#logEnd(runId, state, failure);
    if (readGeneration(db) !== generation) send({ type: 'catalogue-changed' });
    send({ type: 'finished', runId, state });
  }

  async #converse(
    runId: number,
    scope: SyncScope,
    upstream: Upstream,
    signal: AbortSignal,
    progress: Progress,
  ): Promise<{ state: 'succeeded' | 'failed' | 'cancelled'; failure?: RunFailure }> {
    const { db, log, now, pause, selection, storesContent = false } = this.#options;
    try {
      const warn = (message: string): void => void log.warn(message, { runId });
      await using connection = openUpstream({ upstream, signal, now, pause, warn });
      const { client } = connection;
      const authorization = new Authorization(client, await readAccount(db, upstream), now);
      const refused = await converse({
        db,
        client,
        authorization,
        runId,
        upstreamUrl: upstream.url,
        isReplica: upstream.mode === 'replica',
        storesContent,
        ...(selection === undefined ? {} : { selection }),
        scope,
        ...(upstream.languages === undefined ? {} : { languages: upstream.languages }),
        signal,
        now,
        report: (phase, done, total) => progress.report(phase, done, total),
      });
      const amiss = [
        ...(refused.length > 0 ? [setAside(refused)] : []),
        ...(upstream.mode === 'replica' ? waitingApprovals(db) : []),
        ...(await rollUpAfter({ db, client, authorization, upstream, signal, now, pause, log })),
        // What is wrong comes before what is still to be chosen.
        ...(upstream.mode === 'replica' ? [] : nothingChosen(db, scope)),
      ];
      const [first] = amiss;
      if (first === undefined) return { state: 'succeeded' };
      const message = amiss.map((one) => one.message).join(' ');
      return { state: 'succeeded', failure: { ...first, message } };
    } catch (error) {
      if (signal.aborted)
        return this.#isStopped ? { state: 'failed', failure: STOPPED } : { state: 'cancelled' };
      const failure = toRunFailure(error);
      if (failure.check === 'internal') log.error('Unexpected error', { runId, error });
      return { state: 'failed', failure };
    }
  }

  #logEnd(runId: number, state: string, failure: RunFailure | undefined): void {
    const { db, log } = this.#options;
    const run = readRunById(db, runId);
    const counts = {
      added: run?.newCount,
      revised: run?.revisedCount,
      expired: run?.expiredCount,
      approvalsMoved: run?.movedCount,
      declined: run?.declinedCount,
    };
    if (failure === STOPPED)
      log.info(`Synchronization interrupted: ${failure.message}`, { runId, ...counts });
    else if (state === 'failed')
      log.error(`Synchronization failed: ${failure?.message ?? ''}`, {
        runId,
        check: failure?.check,
        detail: failure?.detail,
        ...counts,
      });
    else log.info(`Synchronization ${state}`, { runId, ...counts, amiss: failure?.message });
  }
}

/** A run that brought everything else has succeeded; what it could not bring is said, and tried again by the next. */
function setAside(refused: ConversationResult): RunFailure {
  const [first] = refused;
  const count = refused.length === 1 ? 'One update document was' : `${refused.length} update documents were`;
  const example =
    first === undefined ? '' : ` ${first.updateId} revision ${first.revisionNumber}: ${first.reason}`;
  return {
    check: 'document',
    message: `${count} not accepted; everything else is here, and the next synchronization asks for it again.${example}`,
    detail: { refused: refused.slice(0, MOST_REASONS).map((document) => ({ ...document })) },
  };
}
