/** A server process on a copy of a kept catalogue: what computers report does not belong into the kept one. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { residentBytes } from '../demo/child-processes.ts';
import { SluiceInstance } from '../demo/instance.ts';
import { LOOPBACK } from '../demo/ports.ts';

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

  async start(): Promise<void> {
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

  /** Seconds of processor time that the server used until now (Linux tells them in ticks of 10 ms). */
  get processorSeconds(): number {
    const stat = readFileSync(`/proc/${this.processId}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
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
