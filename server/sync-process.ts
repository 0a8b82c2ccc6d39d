/** The sync worker as a child of the server: started, restarted when it dies, spoken to in typed messages. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Logger } from '../config/logging.ts';
import type { Config } from '../config/schema.ts';
import { WorkerMessage } from '../protocol/channel/messages.ts';
import type { CommandMessage } from '../protocol/channel/messages.ts';
import { RestartDelay } from './restart-delay.ts';
import { WORKER_EXECUTION_ARGUMENTS } from './worker-memory.ts';
import { lowerPriority } from './worker-priority.ts';

export interface SyncProcessOptions {
  readonly config: Config;
  readonly log: Logger;
  /** Default: `sync/main.ts`. */
  readonly modulePath?: string;
  /** Milliseconds before the first restart; doubles with each death that follows soon, up to a minute. */
  readonly restartDelay?: number;
}

const MODULE = fileURLToPath(new URL('../sync/main.ts', import.meta.url));
/** How long a worker may take to put its work away, before it is made to stop. */
const SHUTDOWN_GRACE = 10_000;
/** Commands that wait for a worker that is being restarted. What they stand for is in the database. */
const MAXIMUM_WAITING = 64;

type Listener = (message: WorkerMessage) => void;

export class SyncProcess {
  readonly #options: SyncProcessOptions;
  readonly #listeners = new Set<Listener>();
  readonly #restartDelay: RestartDelay;
  #child: ChildProcess | undefined;
  #isReady = false;
  #isClosing = false;
  #restart: NodeJS.Timeout | undefined;
  #waiting: CommandMessage[] = [];
  #lastProgress: WorkerMessage | undefined;

  constructor(options: SyncProcessOptions) {
    this.#options = options;
    this.#restartDelay = new RestartDelay(options.restartDelay);
  }

  /** Does nothing once it was retired. */
  start(): void {
    if (this.#isClosing) return;
    const { config, log, modulePath = MODULE } = this.#options;
    this.#restartDelay.started();
    const child = fork(modulePath, [], {
      execArgv: [...process.execArgv, ...WORKER_EXECUTION_ARGUMENTS],
      env: { ...process.env, SLUICE_CONFIG: JSON.stringify(config) },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    lowerPriority(child.pid, log);
    this.#child = child;
    child.on('message', (message) => this.#receive(message));
    child.on('error', (error) => log.error('The sync worker could not be started', { error }));
    child.on('exit', (code, signal) => this.#ended(code, signal));
  }

  /** Sends now, or as soon as the worker is ready. */
  send(command: CommandMessage): void {
    if (this.#isReady && this.#child?.connected === true) {
      this.#child.send(command, (error) => {
        if (error !== null)
          this.#options.log.debug('The sync worker went away while being spoken to', { error });
      });
      return;
    }
    if (this.#waiting.some(({ type }) => type === command.type)) return;
    this.#waiting = [...this.#waiting, command].slice(-MAXIMUM_WAITING);
  }

  /** @returns a function that takes the listener away again */
  onMessage(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The last progress of the synchronization that is running; undefined while none is. */
  lastProgress(): WorkerMessage | undefined {
    return this.#lastProgress;
  }

  /** The worker's process id while it lives. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** From now on the worker is not started again: a signal to the whole process group ends it before `close` does. */
  retire(): void {
    this.#isClosing = true;
    clearTimeout(this.#restart);
  }

  /** Asks the worker to put its work away and end; makes it, where it does not. */
  async close(grace = SHUTDOWN_GRACE): Promise<void> {
    this.retire();
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
    });
    const kill = setTimeout(() => child.kill('SIGKILL'), grace);
    if (this.#isReady && child.connected) child.send({ type: 'shutdown' } satisfies CommandMessage, () => {});
    else child.kill('SIGTERM');
    await ended;
    clearTimeout(kill);
  }

  #receive(raw: unknown): void {
    const parsed = WorkerMessage.safeParse(raw);
    if (!parsed.success) {
      this.#options.log.error('The sync worker sent a message that is not one of the channel', {
        problem: parsed.error.message,
      });
      return;
    }
    const message = parsed.data;
    if (message.type === 'progress') this.#lastProgress = message;
    if (message.type === 'finished') this.#lastProgress = undefined;
    if (message.type === 'ready') {
      this.#isReady = true;
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const command of waiting) this.send(command);
    }
    for (const listener of this.#listeners) listener(message);
  }

  #ended(code: number | null, signal: NodeJS.Signals | null): void {
    this.#child = undefined;
    this.#isReady = false;
    this.#lastProgress = undefined;
    if (this.#isClosing) return;
    const delay = this.#restartDelay.next();
    this.#options.log.error('The sync worker died and is started again', {
      exitCode: code,
      signal,
      afterMilliseconds: delay,
    });
    this.#restart = setTimeout(() => this.start(), delay);
  }
}
