/** Starts the upstream server's process, and asks it how many requests it was sent. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { Config } from '../../../config/schema.ts';

const PROCESS = fileURLToPath(new URL('./upstream-process.ts', import.meta.url));
const Started = z.object({ url: z.string(), pin: z.string(), authority: z.string() });
const Counted = z.object({ requests: z.int() });

export class BenchUpstream {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #started: z.infer<typeof Started>;

  private constructor(child: ChildProcess, folder: string, started: z.infer<typeof Started>) {
    this.#child = child;
    this.#folder = folder;
    this.#started = started;
  }

  /** @param kept the folder that holds the catalogue's `sluice.db`; it stays as it is */
  static async start(kept: string): Promise<BenchUpstream> {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-upstream-'));
    const databaseFile = join(folder, 'sluice.db');
    copyFileSync(join(kept, 'sluice.db'), databaseFile);
    const child = fork(PROCESS, [databaseFile], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const [message] = z
      .tuple([z.unknown()])
      .rest(z.unknown())
      .parse(await once(child, 'message'));
    const started = Started.parse(message);
    writeFileSync(join(folder, 'authority.pem'), started.authority);
    return new BenchUpstream(child, folder, started);
  }

  /** Of a relay that synchronizes from here. */
  configOf(dataDirectory: string): Config {
    return Config.parse({
      dataDirectory,
      log: { level: 'error' },
      upstream: {
        url: this.#started.url,
        pins: [this.#started.pin],
        trustAnchors: [join(this.#folder, 'authority.pem')],
      },
    });
  }

  /** How many there were since this was asked last. */
  async requests(): Promise<number> {
    const answer = once(this.#child, 'message');
    this.#child.send('requests');
    const [message] = z
      .tuple([z.unknown()])
      .rest(z.unknown())
      .parse(await answer);
    return Counted.parse(message).requests;
  }

  /** It stands for another machine: what it computes is to take nothing from those that are measured. */
  stepAside(): void {
    if (this.#child.pid !== undefined) setPriority(this.#child.pid, constants.priority.PRIORITY_LOW);
  }

  async stop(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.kill();
    await gone;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
