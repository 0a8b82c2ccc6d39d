/** Runs synchronizations, one at a time, and writes their history. */
import type { Logger } from '../config/logging.ts';
import type { Upstream } from '../config/schema.ts';
import type { Database } from '../catalog/store/database/database.ts';
import { readGeneration } from '../catalog/store/database/generation.ts';
import { finishRun, readRunById, startRun } from '../catalog/store/upstream/synchronization.ts';
import type { RunFailure, SyncRun } from '../catalog/store/upstream/synchronization.ts';
import type { WorkerMessage } from '../protocol/channel/messages.ts';
import { converse } from './conversation/conversation.ts';
import type { ConversationResult } from './conversation/conversation.ts';
import type { Pause } from './conversation/soap-client.ts';
import { toRunFailure } from './failure.ts';
import { Progress } from './progress.ts';
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
  /** Waits some milliseconds between attempts; default: by the clock. */
  readonly pause?: Pause;
}

export class Synchronizer {
  readonly #options: SynchronizerOptions;
  #current: { readonly cancelling: AbortController; readonly ended: Promise<void> } | undefined;

  constructor(options: SynchronizerOptions) {
    this.#options = options;
  }

  /**
   * Starts a synchronization.
   *
   * @returns settles when it has ended, however it ended; undefined where one runs already or there is no upstream
   */
  start(trigger: SyncRun['trigger']): Promise<void> | undefined {
    const { log, upstream } = this.#options;
    if (upstream === undefined) {
      log.warn(
        'There is nothing to synchronize from: no upstream server is configured (upstream.url, upstream.pins).',
      );
      return undefined;
    }
    if (this.#current !== undefined) {
      log.warn('A synchronization is running already; no second one is started.', { trigger });
      return undefined;
    }
    const cancelling = new AbortController();
    const ended = this.#run(trigger, upstream, cancelling.signal).finally(() => {
      this.#current = undefined;
    });
    this.#current = { cancelling, ended };
    return ended;
  }

  /** Stops the one that runs, if any; settles when it has ended. */
  async cancel(): Promise<void> {
    this.#current?.cancelling.abort();
    await this.#current?.ended;
  }

  async #run(trigger: SyncRun['trigger'], upstream: Upstream, signal: AbortSignal): Promise<void> {
    const { db, log, now, send } = this.#options;
    const runId = startRun(db, trigger, now());
    const generation = readGeneration(db);
    const progress = new Progress(runId, send);
    log.info('Synchronization started', { runId, trigger, upstream: upstream.url });
    const { state, failure } = await this.#converse(runId, upstream, signal, progress);
    finishRun(db, runId, state, now(), failure);
    this.#logEnd(runId, state, failure);
    if (readGeneration(db) !== generation) send({ type: 'catalogue-changed' });
    send({ type: 'finished', runId, state });
  }

  async #converse(
    runId: number,
    upstream: Upstream,
    signal: AbortSignal,
    progress: Progress,
  ): Promise<{ state: 'succeeded' | 'failed' | 'cancelled'; failure?: RunFailure }> {
    const { db, log, now, pause } = this.#options;
    try {
      const warn = (message: string): void => void log.warn(message, { runId });
      await using connection = openUpstream({ upstream, signal, now, pause, warn });
      const refused = await converse({
        db,
        client: connection.client,
        runId,
        upstreamUrl: upstream.url,
        signal,
        now,
        report: (phase, done, total) => progress.report(phase, done, total),
      });
      return refused.length === 0
        ? { state: 'succeeded' }
        : { state: 'succeeded', failure: setAside(refused) };
    } catch (error) {
      if (signal.aborted) return { state: 'cancelled' };
      const failure = toRunFailure(error);
      if (failure.check === 'internal') log.error('Unexpected error', { runId, error });
      return { state: 'failed', failure };
    }
  }

  #logEnd(runId: number, state: string, failure: RunFailure | undefined): void {
    const { db, log } = this.#options;
    const run = readRunById(db, runId);
    const counts = { added: run?.newCount, revised: run?.revisedCount, expired: run?.expiredCount };
    if (state === 'failed')
      log.error(`Synchronization failed: ${failure?.message ?? ''}`, {
        runId,
        check: failure?.check,
        detail: failure?.detail,
        ...counts,
      });
    else log.info(`Synchronization ${state}`, { runId, ...counts, refused: failure?.message });
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
