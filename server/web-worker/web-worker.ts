/** What a web worker does between its start and its end: the shared sockets, and the services behind them. */
import { join } from 'node:path';
import { openDatabase } from '../../catalog/store/database/database.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import type { Logger } from '../../config/logging.ts';
import type { Config } from '../../config/schema.ts';
import type { WebWorkerCommand, WebWorkerReport } from '../../protocol/channel/web-worker.ts';
import { createDispatcher } from '../http/dispatcher.ts';
import { ListenError, listen } from '../http/listener.ts';
import type { Listener } from '../http/listener.ts';
import { shareOfConnections, shareOfRate } from '../http/share-of-limits.ts';
import { planSockets } from '../http/socket-plan.ts';
import { createUpdateServices } from '../update-services.ts';
import type { UpdateServices } from '../update-services.ts';

type Sockets = Extract<WebWorkerCommand, { type: 'open' }>['sockets'];
type Certificates = Extract<WebWorkerCommand, { type: 'certificates' }>['certificates'];

export interface WebWorkerOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly tell: (report: WebWorkerReport) => void;
}

export class WebWorker {
  readonly #options: WebWorkerOptions;
  readonly #db: Database;
  readonly #services: UpdateServices;
  readonly #listeners = new Map<string, Listener>();

  /** The server process has made the directory and brought the database up to date. */
  constructor(options: WebWorkerOptions) {
    const { config, log, tell } = options;
    this.#options = options;
    this.#db = openDatabase(join(config.dataDirectory, 'sluice.db'));
    this.#services = createUpdateServices({
      db: this.#db,
      config,
      log,
      now: () => new Date(),
      contentWanted: () => tell({ type: 'content-wanted' }),
    });
  }

  /** @throws ListenError */
  async open(sockets: Sockets): Promise<void> {
    const { config, log, tell } = this.#options;
    const plans = new Map(planSockets(config.listeners).map((plan) => [plan.key, plan]));
    const limit = shareOfRate(config);
    const connections = shareOfConnections(config, log);
    for (const { key, port, certificate } of sockets) {
      const plan = plans.get(key);
      if (plan === undefined) throw new ListenError(`${key} is not in the configuration.`);
      const handler = createDispatcher(this.#services.routesOf(plan.roles), limit, log);
      const endpoint = { ...plan.endpoint, port };
      const listener = await listen({
        endpoint,
        key,
        handler,
        connections,
        ...(certificate === undefined ? {} : { certificate }),
      });
      this.#listeners.set(key, listener);
    }
    tell({
      type: 'listening',
      sockets: [...this.#listeners].map(([key, { address, port }]) => ({ key, address, port })),
    });
  }

  useCertificates(certificates: Certificates): void {
    for (const { key, certificate } of certificates) this.#listeners.get(key)?.useCertificate(certificate);
  }

  /** Answers what is under way, or cuts it off after `grace` milliseconds; then puts everything away. */
  async close(grace: number): Promise<void> {
    await Promise.all([...this.#listeners.values()].map((listener) => listener.close(grace)));
    await this.#services.close();
    this.#db.close();
  }
}
