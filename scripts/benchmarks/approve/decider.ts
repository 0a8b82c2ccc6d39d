/** Has decisions made by a process of their own. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const MODULE = fileURLToPath(new URL('./decider-process.ts', import.meta.url));

export const DecideMessage = z.object({
  updateId: z.string(),
  groupId: z.string(),
  action: z.enum(['Install', 'Remove']),
});
export type DecideMessage = z.infer<typeof DecideMessage>;

/** On the system's monotonic clock, which processes share. */
const CommittedMessage = z.object({ committed: z.string() });

export class Decider {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(databaseFile: string): Promise<Decider> {
    const child = fork(MODULE, [databaseFile], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    await nextMessage(child);
    return new Decider(child);
  }

  /** @returns the instant of the commit, in milliseconds of `process.hrtime` */
  async decide(decision: DecideMessage): Promise<number> {
    const answered = nextMessage(this.#child);
    this.#child.send(decision);
    return Number(BigInt(CommittedMessage.parse(await answered).committed)) / 1e6;
  }

  stop(): void {
    this.#child.disconnect();
  }
}

const nextMessage = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error('The deciding process ended.'));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message);
    });
  });

/** Milliseconds on the clock that `decide` answers in. */
export const clock = (): number => Number(process.hrtime.bigint()) / 1e6;
