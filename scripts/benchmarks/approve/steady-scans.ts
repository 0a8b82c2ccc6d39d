/** Scans all the time, at a fixed rate: what computers notice of a rebuild is in how long each was waited for. */
import { setTimeout as wait } from 'node:timers/promises';
import { KeepAliveConnection } from '../keep-alive-connection.ts';
import type { PreparedRequest } from '../scan/prepared-request.ts';
import { clock } from './decider.ts';

export interface TimedScan {
  /** Milliseconds of `clock`. */
  readonly sent: number;
  readonly answered: number;
  /** Milliseconds of it that the server waited for a processor. */
  readonly waited: number;
}

export interface SteadyOptions {
  readonly connections: number;
  readonly scansPerSecond: number;
  /** Milliseconds that the server has waited for a processor until now. */
  readonly processorWait: () => number;
}

export class SteadyScans {
  readonly done: TimedScan[] = [];
  readonly #scans: readonly PreparedRequest[];
  readonly #processorWait: () => number;
  readonly #interval: number;
  readonly #connections: KeepAliveConnection[];
  #isStopped = false;
  readonly #running: Promise<unknown>;

  private constructor(
    connections: KeepAliveConnection[],
    scans: readonly PreparedRequest[],
    { scansPerSecond, processorWait }: SteadyOptions,
  ) {
    this.#processorWait = processorWait;
    this.#connections = connections;
    this.#scans = scans;
    this.#interval = (1000 * connections.length) / scansPerSecond;
    this.#running = Promise.all(connections.map((connection, index) => this.#run(connection, index)));
  }

  static async start(
    port: number,
    scans: readonly PreparedRequest[],
    options: SteadyOptions,
  ): Promise<SteadyScans> {
    const open = await Promise.all(
      Array.from({ length: options.connections }, () => KeepAliveConnection.open(port)),
    );
    return new SteadyScans(open, scans, options);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
    for (const connection of this.#connections) connection.close();
  }

  async #run(connection: KeepAliveConnection, index: number): Promise<void> {
    let next = index;
    let due = clock() + (this.#interval * index) / this.#connections.length;
    while (!this.#isStopped) {
      await wait(Math.max(0, due - clock()));
      due = Math.max(due + this.#interval, clock());
      const request = this.#scans[next % this.#scans.length];
      if (request === undefined) return;
      next += this.#connections.length;
      const waitedBefore = this.#processorWait();
      const sent = clock();
      const { status } = await connection.send(request.fresh());
      if (status !== 200) throw new Error(`A scan was answered with status ${status}.`);
      const answered = clock();
      this.done.push({ sent, answered, waited: this.#processorWait() - waitedBefore });
    }
  }
}
