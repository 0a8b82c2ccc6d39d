/** Tells the server process how far a synchronization is, not oftener than anybody could look. */
import type { WorkerMessage } from '../protocol/channel/messages.ts';
import type { SyncPhase } from './conversation/context.ts';

/** Milliseconds between two messages of one phase. */
const LEAST_INTERVAL = 200;

export class Progress {
  readonly #runId: number;
  readonly #send: (message: WorkerMessage) => void;
  #phase: SyncPhase | undefined;
  #sentAt = 0;

  constructor(runId: number, send: (message: WorkerMessage) => void) {
    this.#runId = runId;
    this.#send = send;
  }

  /** The beginning and the end of a phase are always told. */
  report(phase: SyncPhase, done: number, total: number): void {
    const now = performance.now();
    if (phase === this.#phase && done < total && now - this.#sentAt < LEAST_INTERVAL) return;
    this.#phase = phase;
    this.#sentAt = now;
    this.#send({ type: 'progress', runId: this.#runId, phase, done, total });
  }
}
