/** A server process on a copy of a kept catalogue: what computers report does not belong into the kept one. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childProcesses, residentBytes } from '../demo/child-processes.ts';
import { SluiceInstance } from '../demo/instance.ts';
import { LOOPBACK } from '../demo/ports.ts';
import { processorSeconds } from './processor-time.ts';

export class ServedCatalogue {
  readonly #folder: string;
  #server: SluiceInstance | undefined;

  /** @param kept the folder that holds `sluice.db` */
  constructor(kept: string) {
    this.#folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
    mkdirSync(join(this.#folder, 'data'), { mode: 0o700 });
    copyFileSync(join(kept, 'sluice.db'), this.databaseFile);
  }

  get databaseFile(): string {
    return join(this.#folder, 'data', 'sluice.db');
  }

  get processId(): number | undefined {
    return this.#server?.processId;
  }

  /** Where agents reach the server that was started. */
  get url(): string {
    if (this.#server === undefined) throw new Error('The server of this benchmark is not started.');
    return this.#server.url('client', 'http');
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** @param options.workers of `server.workers` */
  async start({ workers = 1 }: { readonly workers?: number } = {}): Promise<void> {
    const update = [{ address: LOOPBACK, port: 0, protocol: 'http' as const }];
    this.#server = await SluiceInstance.start({
      name: 'server under load',
      dataDirectory: join(this.#folder, 'data'),
      configFile: join(this.#folder, 'bench.yaml'),
      config: {
        listeners: { client: update, content: update, downstream: [], console: [] },
        client: { targeting: 'client' },
        limits: { requestsPerSecond: 0, connectionsPerAddress: 0 },
        log: { level: 'warn' },
        server: { workers },
      },
    });
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
    this.#server = undefined;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** The server process and its web workers, where there are any. */
  get processIds(): readonly (number | undefined)[] {
    const workers =
      this.processId === undefined
        ? []
        : childProcesses(this.processId).filter(({ command }) => command.join(' ').includes('web-worker'));
    return [this.processId, ...workers.map(({ processId }) => processId)];
  }

  /** Seconds of processor time that the server process used until now. */
  get processorSeconds(): number {
    return processorSeconds([this.processId]);
  }

  /**
   * Milliseconds that the server's main thread was ready to run and had to wait for a processor (Linux): what other
   * programs on this machine took from it.
   */
  get processorWait(): number {
    const [, nanoseconds] = readFileSync(`/proc/${this.processId}/schedstat`, 'utf8').split(' ');
    return Number(nanoseconds) / 1e6;
  }

  /** Bytes in memory (Linux); NaN where the system does not tell. */
  get residentBytes(): number {
    return residentBytes(this.processId) ?? Number.NaN;
  }
}
