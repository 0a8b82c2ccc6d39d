/** The server process: opens the store, the sockets and the sync worker, wires them, and takes them down in order. */
import { mkdirSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { closeLogger, createLogger } from '../config/logging.ts';
import type { Logger } from '../config/logging.ts';
import type { Config } from '../config/schema.ts';
import { ensureFirstAccount } from '../catalog/store/access/accounts.ts';
import { policyId } from '../catalog/authenticode/content-signature-policy.ts';
import { followSignaturePolicy } from '../catalog/store/content/signatures.ts';
import { readSignaturePolicy } from '../config/signature-policy.ts';
import { openDatabase } from '../catalog/store/database/database.ts';
import type { Database } from '../catalog/store/database/database.ts';
import { lockDirectory } from '../catalog/store/database/directory-lock.ts';
import { AuditWatch } from './audit/audit-watch.ts';
import { beginRun } from './client/server-history.ts';
import { prepareDataDirectory } from './data-directory.ts';
import { pruneRegularly } from './event-retention.ts';
import { Certificates } from './http/certificates.ts';
import { ConnectionLimit } from './http/connection-limit.ts';
import { createDispatcher } from './http/dispatcher.ts';
import type { Routes } from './http/dispatcher.ts';
import { listen } from './http/listener.ts';
import type { Listener } from './http/listener.ts';
import { RateLimit } from './http/rate-limit.ts';
import { planSockets } from './http/socket-plan.ts';
import type { Role, SocketPlan } from './http/socket-plan.ts';
import type { Authority } from './pki/authority.ts';
import { SyncProcess } from './sync-process.ts';
import { createUpdateServices } from './update-services.ts';
import { HOW_TO_SET_UPSTREAM } from './upstream-advice.ts';
import { WebWorkers } from './web-worker/web-workers.ts';
import type { Bound } from './web-worker/web-workers.ts';

export interface StartOptions {
  /** Default: files under `<data>/logs` and the terminal. */
  readonly log?: Logger;
  readonly now?: () => Date;
  /** Whether the sync worker is started. Default: yes. */
  readonly synchronizes?: boolean;
  /** Milliseconds between looks at whether a certificate is to be renewed. Default: half a day. */
  readonly renewalInterval?: number;
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
 * @throws DataDirectoryError, DirectoryLockedError, MigrationError, CertificateError, ListenError, WebWorkerError:
 * each says what to do
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
  beginRun(db);
  const signatures = readSignaturePolicy(config.content);
  followSignaturePolicy(db, policyId(signatures), signatures.isRequired);
  mkdirSync(join(config.dataDirectory, 'content'), { recursive: true, mode: 0o700 });

  cleanup.add(pruneRegularly({ db, config, now, log }));
  const audit = new AuditWatch({ db, config, now, log });
  audit.start();
  cleanup.add(async () => await audit.close());

  const sync = new SyncProcess({ config, log });
  cleanup.add(() => sync.close());

  const plans = planSockets(config.listeners);
  const certificates = new Certificates(config, log, now);
  const byPlan = await certificates.forSockets(plans);
  const contentWanted = (): void => sync.send({ type: 'content-wanted' });
  const shared = config.server.workers === 1 ? [] : plans.filter(isShared);
  const own = plans.filter((plan) => !shared.includes(plan));
  const bound = new Map<SocketPlan, Bound>();

  // Workers come first: where a port is taken, nothing was answered here yet.
  const workers =
    shared.length === 0
      ? undefined
      : new WebWorkers({ config, log, plans: shared, certificates: byPlan, contentWanted });
  const listeners = new Map<SocketPlan, Listener>();
  const { routesOf, firstSnapshot } = createRoutes(
    { db, config, log, now, sync, certificates, contentWanted, own },
    cleanup,
  );
  cleanup.add(async () => {
    const closing = [...listeners.values()].map((listener) => listener.close(CLOSE_GRACE));
    await Promise.all([...closing, workers?.close(CLOSE_GRACE)]);
  });
  for (const [plan, at] of (await workers?.start()) ?? []) bound.set(plan, at);

  const limit = new RateLimit(config.limits.requestsPerSecond);
  const connections = new ConnectionLimit(config.limits.connectionsPerAddress, log);
  for (const plan of consoleLast(own)) {
    const certificate = byPlan.get(plan);
    const routes = await routesOf(plan.roles);
    const listener = await listen({
      endpoint: plan.endpoint,
      key: plan.key,
      handler: createDispatcher(routes, limit, log),
      connections,
      ...(certificate === undefined ? {} : { certificate }),
    });
    listeners.set(plan, listener);
    bound.set(plan, listener);
  }
  const renew = async (): Promise<void> => {
    const fresh = await certificates.forSockets(plans);
    for (const [plan, certificate] of fresh) listeners.get(plan)?.useCertificate(certificate);
    workers?.useCertificates(fresh);
  };
  cleanup.add(renewRegularly(renew, options.renewalInterval ?? RENEWAL_INTERVAL, log));

  // Agents first: another process that loads its modules now would keep them waiting.
  if (options.synchronizes ?? true) void firstSnapshot.then(() => sync.start());
  const listening = plans.flatMap((plan) => describe(plan, bound.get(plan)));
  announce(config, listening, certificates.authority, log);
  sayWhatIsShared(config, shared, log);
  // Last of all: a start that failed after making it would have shown its password to nobody, for good.
  const firstPassword = await ensureFirstAccount(db);
  return {
    listening,
    ...(firstPassword === undefined ? {} : { firstPassword }),
    ...(certificates.authority === undefined ? {} : { authority: certificates.authority }),
    close: async () => {
      log.info('Sluice stops');
      sync.retire();
      workers?.retire();
      await cleanup.run();
    },
  };
}

function openLog(config: Config, cleanup: Cleanup): Logger {
  const log = createLogger({ ...config.log, folder: join(config.dataDirectory, 'logs') });
  cleanup.add(() => closeLogger(log));
  return log;
}

/** What shows itself to browsers is answered here, where its sessions are; everything else can be anywhere. */
const isShared = ({ roles }: SocketPlan): boolean => !roles.has('console');

const answersUpdates = ({ roles }: SocketPlan): boolean => [...roles].some((role) => role !== 'console');

interface Wiring {
  readonly db: Database;
  readonly config: Config;
  readonly log: Logger;
  readonly now: () => Date;
  readonly sync: SyncProcess;
  readonly certificates: Certificates;
  readonly contentWanted: () => void;
  /** The sockets that this process answers on. */
  readonly own: readonly SocketPlan[];
}

/** Makes each service once that a socket of this process has, and for every such socket the routes that its roles have. */
function createRoutes(
  { certificates, own, contentWanted, ...context }: Wiring,
  cleanup: Cleanup,
): {
  readonly routesOf: (roles: ReadonlySet<Role>) => Promise<Routes>;
  /** Settles when scans are answered, or at once where they are not answered in this process. */
  readonly firstSnapshot: Promise<unknown>;
} {
  const updates = own.some(answersUpdates) ? createUpdateServices({ ...context, contentWanted }) : undefined;
  cleanup.add(async () => await updates?.close());
  const openConsole = async (): Promise<RequestListener> => {
    // Loading it takes a third of a start; agents need not wait for it.
    const { createConsole } = await import('./admin/console.ts');
    return createConsole({
      ...context,
      certificates: () => certificates.presented,
      changed: () => updates?.noticeChange(),
    });
  };
  let console: Promise<RequestListener> | undefined;
  const routesOf = async (roles: ReadonlySet<Role>): Promise<Routes> => ({
    ...(updates?.routesOf(roles) ?? { exact: new Map(), prefixes: [] }),
    ...(roles.has('console') ? { rest: await (console ??= openConsole()) } : {}),
  });
  return { routesOf, firstSnapshot: updates?.firstSnapshot ?? Promise.resolve() };
}

const consoleLast = (plans: readonly SocketPlan[]): SocketPlan[] => [
  ...plans.filter(isShared),
  ...plans.filter((plan) => !isShared(plan)),
];

const describe = ({ roles, endpoint }: SocketPlan, at: Bound | undefined): Listening[] =>
  at === undefined
    ? []
    : [...roles].map((role) => ({ role, address: at.address, port: at.port, protocol: endpoint.protocol }));

/** @returns what stops it */
function renewRegularly(renew: () => Promise<void>, interval: number, log: Logger): () => void {
  const timer = setInterval(() => {
    renew().catch((error: unknown) => log.error('A certificate cannot be renewed', { error }));
  }, interval);
  timer.unref();
  return () => clearInterval(timer);
}

function sayWhatIsShared({ server }: Config, shared: readonly SocketPlan[], log: Logger): void {
  if (server.workers === 1) return;
  if (shared.length > 0) log.info(`${server.workers} web workers answer on every socket but the console's`);
  else
    log.warn(
      `server.workers is ${server.workers}, but the console's sockets are the only ones, and these are not shared: no web worker was started`,
    );
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
