/** The place of one web worker: a process that is started, watched, replaced when it dies and in the end sent away. */
import cluster from 'node:cluster';
import type { Worker } from 'node:cluster';
import { fileURLToPath } from 'node:url';
import type { Logger } from '../../config/logging.ts';
import type { Config } from '../../config/schema.ts';
import { WebWorkerReport } from '../../protocol/channel/web-worker.ts';
import type { WebWorkerCommand } from '../../protocol/channel/web-worker.ts';
import { ListenError } from '../http/listener.ts';
import { RestartDelay } from '../restart-delay.ts';
import { WebWorkerError } from './error.ts';

export type OpenCommand = Extract<WebWorkerCommand, { type: 'open' }>;
export type ListeningReport = Extract<WebWorkerReport, { type: 'listening' }>;

export interface SeatOptions {
  readonly config: Config;
  readonly log: Logger;
  /** What the sockets are now, each time a process asks. */
  readonly sockets: () => OpenCommand['sockets'];
  readonly contentWanted: () => void;
  /** Default: `main.ts` beside this. */
  readonly modulePath?: string | undefined;
  /** Milliseconds before the first restart; doubles with each death that follows soon, up to a minute. */
  readonly restartDelay?: number | undefined;
  /** Milliseconds beside the grace for requests to put everything away, before a process is made to end. Default: 5 s. */
  readonly putAway?: number | undefined;
}

/** Where its process finds its number, which is part of its log's name. */
export const SEAT_VARIABLE = 'SLUICE_WEB_WORKER';

const MODULE = fileURLToPath(new URL('./main.ts', import.meta.url));
/** How long a process may take until it listens, before it is ended. */
const START_TIMEOUT = 60_000;
const PUT_AWAY = 5_000;

export class Seat {
  readonly #number: number;
  readonly #options: SeatOptions;
  readonly #restartDelay: RestartDelay;
  readonly #firstListening = Promise.withResolvers<ListeningReport>();
  #worker: Worker | undefined;
  #isClosing = false;
  #restart: NodeJS.Timeout | undefined;
  #startLimit: NodeJS.Timeout | undefined;
  /** Why the process that is there now said it would end. */
  #failure: Extract<WebWorkerReport, { type: 'failed' }> | undefined;
  #hasListened = false;

  /** @param number from 1 */
  constructor(number: number, options: SeatOptions) {
    this.#number = number;
    this.#options = options;
    this.#restartDelay = new RestartDelay(options.restartDelay);
    // Whoever starts it waits for it; the start may have failed elsewhere before.
    this.#firstListening.promise.catch(() => {});
  }

  /**
   * Starts the process. Settles when it listens; from then on it is replaced when it dies.
   *
   * @throws ListenError, WebWorkerError
   */
  async start(): Promise<ListeningReport> {
    this.#fork();
    return await this.#firstListening.promise;
  }

  /** To the process that is there; one to come asks for what it needs. */
  send(command: WebWorkerCommand): void {
    if (this.#worker?.isConnected() !== true) return;
    this.#worker.send(command, (error) => {
      if (error !== null)
        this.#options.log.debug('A web worker went away while being spoken to', {
          worker: this.#number,
          error,
        });
    });
  }

  /** From now on its process is not replaced. */
  retire(): void {
    this.#isClosing = true;
    clearTimeout(this.#restart);
  }

  /** Has it finish what is under way and end; makes it, where it does not. @param grace milliseconds for requests */
  async close(grace: number): Promise<void> {
    this.retire();
    const worker = this.#worker;
    if (worker === undefined) return;
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    worker.once('exit', () => resolve());
    const kill = setTimeout(
      () => worker.process.kill('SIGKILL'),
      grace + (this.#options.putAway ?? PUT_AWAY),
    );
    this.send({ type: 'shutdown', grace });
    if (!worker.isConnected()) worker.process.kill('SIGKILL');
    await ended;
    clearTimeout(kill);
  }

  #fork(): void {
    const { config, log, modulePath = MODULE } = this.#options;
    this.#restartDelay.started();
    this.#failure = undefined;
    cluster.setupPrimary({ exec: modulePath, args: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const worker = cluster.fork({
      SLUICE_CONFIG: JSON.stringify(config),
      [SEAT_VARIABLE]: String(this.#number),
    });
    this.#worker = worker;
    this.#startLimit = setTimeout(() => {
      log.error('A web worker takes too long to start and is ended', { worker: this.#number });
      worker.process.kill('SIGKILL');
    }, START_TIMEOUT);
    worker.on('message', (raw) => this.#receive(raw));
    worker.on('error', (error) => {
      log.error('A web worker failed', { worker: this.#number, error });
      // A process that never was has no end to tell of.
      if (worker.process.pid === undefined) this.#ended('could not be started');
    });
    worker.on('exit', (code, signal) => this.#ended(endOf(code, signal)));
  }

  #receive(raw: unknown): void {
    const parsed = WebWorkerReport.safeParse(raw);
    if (!parsed.success) {
      this.#options.log.error('A web worker sent a message that is not one of the channel', {
        worker: this.#number,
        problem: parsed.error.message,
      });
      return;
    }
    const report = parsed.data;
    if (report.type === 'started') this.send({ type: 'open', sockets: this.#options.sockets() });
    else if (report.type === 'failed') this.#failure = report;
    else if (report.type === 'content-wanted') this.#options.contentWanted();
    else this.#listens(report);
  }

  #listens(report: ListeningReport): void {
    clearTimeout(this.#startLimit);
    if (this.#hasListened) this.#options.log.info('A web worker was replaced', { worker: this.#number });
    this.#hasListened = true;
    this.#firstListening.resolve(report);
  }

  #ended(how: string): void {
    clearTimeout(this.#startLimit);
    if (this.#worker === undefined) return;
    this.#worker = undefined;
    if (!this.#hasListened) this.#firstListening.reject(this.#failureOfStart(how));
    if (this.#isClosing || !this.#hasListened) return;
    const delay = this.#restartDelay.next();
    this.#options.log.error('A web worker died and is started again; the others serve meanwhile', {
      worker: this.#number,
      reason: this.#failure?.message ?? how,
      afterMilliseconds: delay,
    });
    this.#restart = setTimeout(() => this.#fork(), delay);
  }

  #failureOfStart(how: string): Error {
    if (this.#failure === undefined) {
      return new WebWorkerError(
        `Web worker ${this.#number} of ${this.#options.config.server.workers} ${how} before it listened. The log of web-${this.#number} under ${this.#options.config.dataDirectory}/logs says why; server.workers: 1 does without.`,
      );
    }
    const { code, message } = this.#failure;
    return code === 'LISTEN_FAILED' ? new ListenError(message) : new WebWorkerError(message);
  }
}

const endOf = (code: number | null, signal: string | null): string =>
  signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
