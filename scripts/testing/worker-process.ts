/** The sync worker as the server runs it: a process of its own, told and telling over the channel. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Config } from '../../config/schema.ts';
import type { CommandMessage } from '../../protocol/channel/messages.ts';
import { WorkerMessage } from '../../protocol/channel/messages.ts';
import { WORKER_EXECUTION_ARGUMENTS } from '../../server/worker-memory.ts';
import { lowerPriority } from '../../server/worker-priority.ts';

const MAIN = fileURLToPath(new URL('../../sync/main.ts', import.meta.url));

export class WorkerProcess {
  readonly messages: WorkerMessage[] = [];
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown>;
  readonly #listeners = new Set<(message: WorkerMessage) => void>();

  constructor(config: Config, env: NodeJS.ProcessEnv = {}) {
    this.#child = fork(MAIN, [], {
      execArgv: [...WORKER_EXECUTION_ARGUMENTS],
      env: { ...process.env, ...env, SLUICE_CONFIG: JSON.stringify(config) },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    lowerPriority(this.#child.pid);
    this.#exit = once(this.#child, 'exit');
    this.#child.on('error', () => undefined);
    this.#child.on('message', (raw) => {
      const message = WorkerMessage.parse(raw);
      this.messages.push(message);
      for (const listener of this.#listeners) listener(message);
    });
  }

  get processId(): number | undefined {
    return this.#child.pid;
  }

  /** Nothing happens where the process is gone. */
  send(command: CommandMessage): void {
    if (this.#child.connected) this.#child.send(command, () => undefined);
  }

  /** The first message that is so, of those that came and those to come; never settles where none comes. */
  async seen(isSo: (message: WorkerMessage) => boolean): Promise<WorkerMessage> {
    const known = this.messages.find(isSo);
    if (known !== undefined) return known;
    return await new Promise((resolve) => {
      const listener = (message: WorkerMessage): void => {
        if (!isSo(message)) return;
        this.#listeners.delete(listener);
        resolve(message);
      };
      this.#listeners.add(listener);
    });
  }

  /** With SIGKILL; settles when it is gone. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exit;
  }

  /** @returns its exit status */
  async ended(): Promise<unknown> {
    await this.#exit;
    return this.#child.exitCode;
  }
}
