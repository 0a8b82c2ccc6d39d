/** One Sluice as a child process of its own, started the way a person starts it: `server/main.ts serve --config FILE`. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { z } from 'zod';
import type { Config } from '../../config/schema.ts';
import { AUTHORITY_CERTIFICATE } from '../../server/pki/authority.ts';
import { childProcesses } from './child-processes.ts';

const MAIN = fileURLToPath(new URL('../../server/main.ts', import.meta.url));
/** Milliseconds that a start may take on a busy machine. */
const START_TIMEOUT = 180_000;
const STOP_GRACE = 20_000;
const KEPT_OUTPUT = 20_000;

const Listening = z.object({
  role: z.enum(['client', 'content', 'downstream', 'console']),
  address: z.string(),
  port: z.int(),
  protocol: z.enum(['http', 'https']),
});
const ReadyMessage = z.object({ type: z.literal('ready'), listening: z.array(Listening) });

export type ListeningRole = z.infer<typeof Listening>['role'];

export class InstanceError extends Error {
  readonly code = 'INSTANCE_FAILED';

  constructor(message: string) {
    super(message);
    this.name = 'InstanceError';
  }
}

export interface InstanceOptions {
  /** For messages: `relay`, `upstream`. */
  readonly name: string;
  /** What goes into its configuration file; `dataDirectory` besides. */
  readonly config: Omit<z.input<typeof Config>, 'dataDirectory'>;
  readonly dataDirectory: string;
  readonly configFile: string;
}

export class SluiceInstance {
  readonly dataDirectory: string;
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #output = '';
  #listening: z.infer<typeof ReadyMessage>['listening'] = [];

  private constructor(options: InstanceOptions) {
    this.name = options.name;
    this.dataDirectory = options.dataDirectory;
    writeFileSync(
      options.configFile,
      stringify({ dataDirectory: options.dataDirectory, ...options.config }),
      {
        mode: 0o600,
      },
    );
    this.#child = fork(MAIN, ['serve', '--config', options.configFile], {
      env: withoutOverrides(process.env),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const keep = (chunk: Buffer): void => {
      this.#output = (this.#output + chunk.toString('utf8')).slice(-KEPT_OUTPUT);
    };
    this.#child.stdout?.on('data', keep);
    this.#child.stderr?.on('data', keep);
    this.#ended = new Promise((resolve) => {
      this.#child.once('exit', () => resolve());
    });
  }

  /** @throws InstanceError where it ends, or says nothing, instead of getting ready */
  static async start(options: InstanceOptions): Promise<SluiceInstance> {
    const instance = new SluiceInstance(options);
    try {
      await instance.#untilReady();
    } catch (error) {
      await instance.stop();
      throw error;
    }
    return instance;
  }

  get processId(): number | undefined {
    return this.#child.pid;
  }

  /** The web workers that live now, where `server.workers` is more than one and the system tells (Linux). */
  get webWorkerIds(): readonly number[] {
    return this.#childrenThatRun('/server/web-worker/main.ts');
  }

  /** The sync worker, where the system tells. */
  get syncWorkerId(): number | undefined {
    return this.#childrenThatRun('/sync/main.ts')[0];
  }

  #childrenThatRun(module: string): readonly number[] {
    return childProcesses(this.#child.pid ?? 0)
      .filter(({ command }) => command.some((argument) => argument.endsWith(module)))
      .map(({ processId }) => processId);
  }

  /** What it wrote to its terminal, the end of it where it is much. */
  get output(): string {
    return this.#output;
  }

  /** The one-time password that the first start prints. */
  get firstPassword(): string {
    const password = /changed at once:\s+(\S+)/.exec(this.#output)?.[1];
    if (password === undefined) {
      throw new InstanceError(`The ${this.name} printed no one-time password. It wrote:\n${this.#output}`);
    }
    return password;
  }

  /** PEM of its private authority, for clients to trust. */
  get authority(): string {
    return readFileSync(this.authorityFile, 'utf8');
  }

  get authorityFile(): string {
    return join(this.dataDirectory, 'pki', AUTHORITY_CERTIFICATE);
  }

  /** @throws InstanceError where it does not listen so */
  url(role: ListeningRole, protocol: 'http' | 'https'): string {
    const found = this.#listening.find((one) => one.role === role && one.protocol === protocol);
    if (found === undefined)
      throw new InstanceError(`The ${this.name} does not listen for ${role} over ${protocol}.`);
    return `${protocol}://${found.address}:${found.port}`;
  }

  /** Asks it to end, and makes it after a while. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), STOP_GRACE);
    this.#child.kill('SIGTERM');
    await this.#ended;
    clearTimeout(kill);
  }

  async #untilReady(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const failed = (what: string): void =>
        reject(new InstanceError(`The ${this.name} ${what}. It wrote:\n${this.#output}`));
      const timer = setTimeout(
        () => failed(`was not ready after ${START_TIMEOUT / 1000} seconds`),
        START_TIMEOUT,
      );
      const exited = (): void => {
        clearTimeout(timer);
        failed('ended instead of starting');
      };
      this.#child.once('error', (error) => failed(`could not be started (${error.message})`));
      this.#child.once('exit', exited);
      this.#child.on('message', (message) => {
        const ready = ReadyMessage.safeParse(message);
        if (!ready.success) return;
        clearTimeout(timer);
        this.#child.off('exit', exited);
        this.#listening = ready.data.listening;
        resolve();
      });
    });
  }
}

/** The caller's own SLUICE_ variables are for the caller's own relay. */
function withoutOverrides(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('SLUICE_')));
}
