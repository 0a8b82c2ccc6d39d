/** The server process: opens the store, the sockets and the sync worker, wires them, and takes them down in order. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { closeLogger, createLogger } from '../config/logging.ts';
import type { Logger } from '../config/logging.ts';
import type { Config } from '../config/schema.ts';
import { SnapshotKeeper } from '../catalog/scan/snapshot-keeper.ts';
import { ensureFirstAccount } from '../catalog/store/access/accounts.ts';
import { openDatabase } from '../catalog/store/database/database.ts';
import type { Database } from '../catalog/store/database/database.ts';
import { lockDirectory } from '../catalog/store/database/directory-lock.ts';
import { createConsole } from './admin/console.ts';
import { createClientServices } from './client/services.ts';
import { CONTENT_PREFIX, createContentEndpoint } from './content/content-endpoint.ts';
import { ContentStore } from './content/stored-file.ts';
import { CookieSealer } from './cookies.ts';
import { prepareDataDirectory } from './data-directory.ts';
import { createDownstreamServices } from './downstream/services.ts';
import { BodyBudget } from './http/body-budget.ts';
import { Certificates } from './http/certificates.ts';
import { createDispatcher } from './http/dispatcher.ts';
import type { Handler, Routes } from './http/dispatcher.ts';
import { listen } from './http/listener.ts';
import type { Listener, ListenerTimeouts } from './http/listener.ts';
import { RateLimit } from './http/rate-limit.ts';
import { planSockets } from './http/socket-plan.ts';
import type { Role, SocketPlan } from './http/socket-plan.ts';
import type { Authority } from './pki/authority.ts';
import { createSoapEndpoint } from './soap/endpoint.ts';
import type { ImplementedService } from './soap/implementation.ts';
import { SyncProcess } from './sync-process.ts';
import { HOW_TO_SET_UPSTREAM } from './upstream-advice.ts';

export interface StartOptions {
  /** Default: files under `<data>/logs` and the terminal. */
  readonly log?: Logger;
  readonly now?: () => Date;
  /** Whether the sync worker is started. Default: yes. */
  readonly synchronizes?: boolean;
  readonly timeouts?: ListenerTimeouts;
}

/** One role on one socket. */
export interface Listening {
  readonly role: Role;
  readonly address: string;
  readonly port: number;
  readonly protocol: 'http' | 'https';
}

export interface RunningServer {
  readonly listening: readonly Listening[];
  /** The one-time password of the console's first account, where this start made it. Never to be logged. */
  readonly firstPassword?: string;
  /** The private authority, where a socket uses it. */
  readonly authority?: Authority;
  /** Takes no more requests, finishes those under way, ends the worker, closes the store. */
  close(): Promise<void>;
}

/** Milliseconds that requests under way have to finish when the server stops. */
const CLOSE_GRACE = 5_000;
/** How often certificates are looked at. */
const RENEWAL_INTERVAL = 12 * 3_600_000;

/** What was opened, to be closed in the opposite order however far the start came. */
class Cleanup {
  readonly #steps: (() => void | Promise<void>)[] = [];

  add(step: () => void | Promise<void>): void {
    this.#steps.push(step);
  }

  async run(): Promise<void> {
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) await step();
  }
}

/**
 * Starts everything. When it settles, every listener accepts connections.
 *
 * @throws DataDirectoryError, DirectoryLockedError, MigrationError, CertificateError, ListenError: each says what to do
 */
export async function startServer(config: Config, options: StartOptions = {}): Promise<RunningServer> {
  const cleanup = new Cleanup();
  try {
    return await open(config, options, cleanup);
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

async function open(config: Config, options: StartOptions, cleanup: Cleanup): Promise<RunningServer> {
  const now = options.now ?? (() => new Date());
  const notices: string[] = [];
  await prepareDataDirectory(config.dataDirectory, (notice) => notices.push(notice));
  const lock = lockDirectory(config.dataDirectory);
  cleanup.add(() => lock.release());
  const log = options.log ?? openLog(config, cleanup);
  for (const notice of notices) log.warn(notice);

  const db = openDatabase(join(config.dataDirectory, 'sluice.db'));
  cleanup.add(() => void db.close());
  mkdirSync(join(config.dataDirectory, 'content'), { recursive: true, mode: 0o700 });

  const sync = new SyncProcess({ config, log });
  cleanup.add(() => sync.close());

  const plans = planSockets(config.listeners);
  const certificates = new Certificates(config, log, now);
  const byPlan = await certificates.forSockets(plans);
  const routesOf = createRoutes({ db, config, log, now, sync, certificates });
  const limit = new RateLimit(config.limits.requestsPerSecond);
  const listeners = new Map<SocketPlan, Listener>();
  cleanup.add(async () => {
    await Promise.all([...listeners.values()].map((listener) => listener.close(CLOSE_GRACE)));
  });
  for (const plan of plans) {
    const certificate = byPlan.get(plan);
    const listener = await listen({
      endpoint: plan.endpoint,
      key: plan.key,
      handler: createDispatcher(routesOf(plan.roles), limit, log),
      ...(certificate === undefined ? {} : { certificate }),
      ...(options.timeouts === undefined ? {} : { timeouts: options.timeouts }),
    });
    listeners.set(plan, listener);
  }
  cleanup.add(renewRegularly(certificates, listeners, log));

  if (options.synchronizes ?? true) sync.start();
  const listening = [...listeners].flatMap(([plan, listener]) => describe(plan, listener));
  announce(config, listening, certificates.authority, log);
  // Last of all: a start that failed after making it would have shown its password to nobody, for good.
  const firstPassword = await ensureFirstAccount(db);
  return {
    listening,
    ...(firstPassword === undefined ? {} : { firstPassword }),
    ...(certificates.authority === undefined ? {} : { authority: certificates.authority }),
    close: async () => {
      log.info('Sluice stops');
      sync.retire();
      await cleanup.run();
    },
  };
}

function openLog(config: Config, cleanup: Cleanup): Logger {
  const log = createLogger({ ...config.log, folder: join(config.dataDirectory, 'logs') });
  cleanup.add(() => closeLogger(log));
  return log;
}

interface Wiring {
  readonly db: Database;
  readonly config: Config;
  readonly log: Logger;
  readonly now: () => Date;
  readonly sync: SyncProcess;
  readonly certificates: Certificates;
}

/** Makes each service once, and for every socket the routes that its roles have. */
function createRoutes({
  db,
  config,
  log,
  now,
  sync,
  certificates,
}: Wiring): (roles: ReadonlySet<Role>) => Routes {
  const cookies = new CookieSealer(db, now);
  const snapshots = new SnapshotKeeper(db);
  const contentWanted = (): void => sync.send({ type: 'content-wanted' });
  const { dataDirectory } = config;
  const content = createContentEndpoint(new ContentStore({ db, dataDirectory, log, now, contentWanted }));
  const clientServices = createClientServices({ db, config, snapshots, cookies, now, log });
  const downstreamServices = createDownstreamServices({ db, config, cookies, now, log, contentWanted });
  const console = createConsole({
    db,
    config,
    log,
    now,
    sync,
    certificates: () => certificates.presented,
  });

  const { requestBytes } = config.limits;
  const bodies = new BodyBudget(requestBytes);
  const endpointsOf = (services: readonly ImplementedService[]): [string, Handler][] =>
    services.map((service) => [
      service.service.path.toLowerCase(),
      createSoapEndpoint(service, { log, requestBytes, bodies }),
    ]);
  return (roles) => ({
    exact: new Map([
      ...(roles.has('client') ? endpointsOf(clientServices) : []),
      ...(roles.has('downstream') ? endpointsOf(downstreamServices) : []),
    ]),
    prefixes: roles.has('content') ? [{ prefix: CONTENT_PREFIX, handler: content }] : [],
    ...(roles.has('console') ? { rest: console } : {}),
  });
}

const describe = ({ roles, endpoint }: SocketPlan, { address, port }: Listener): Listening[] =>
  [...roles].map((role) => ({ role, address, port, protocol: endpoint.protocol }));

/** @returns what stops it */
function renewRegularly(
  certificates: Certificates,
  listeners: ReadonlyMap<SocketPlan, Listener>,
  log: Logger,
): () => void {
  const renew = async (): Promise<void> => {
    const fresh = await certificates.forSockets([...listeners.keys()]);
    for (const [plan, certificate] of fresh) listeners.get(plan)?.useCertificate(certificate);
  };
  const timer = setInterval(() => {
    renew().catch((error: unknown) => log.error('A certificate cannot be renewed', { error }));
  }, RENEWAL_INTERVAL);
  timer.unref();
  return () => clearInterval(timer);
}

function announce(
  config: Config,
  listening: readonly Listening[],
  authority: Authority | undefined,
  log: Logger,
): void {
  for (const { role, address, port, protocol } of listening) {
    log.info(`Listening for ${role}`, { address, port, protocol });
  }
  if (authority !== undefined) {
    log.info('The private authority, for clients to trust and downstream servers to pin', {
      certificateFile: authority.certificateFile,
      pin: authority.pin,
    });
  }
  if (config.upstream === undefined) {
    log.warn(`No upstream server is configured, so nothing is synchronized. ${HOW_TO_SET_UPSTREAM}`);
  }
}
