/** What answers agents, downstream servers and requests for content: made once in each process that serves them. */
import { join } from 'node:path';
import { SnapshotKeeper } from '../catalog/scan/snapshot-keeper.ts';
import type { Database } from '../catalog/store/database/database.ts';
import type { Logger } from '../config/logging.ts';
import type { Config } from '../config/schema.ts';
import { createClientServices } from './client/services.ts';
import { CONTENT_PREFIX, createContentEndpoint } from './content/content-endpoint.ts';
import { readSignaturePolicy } from '../config/signature-policy.ts';
import { FetchTurns } from './content/fetch-turns.ts';
import { PullThrough } from './content/pull-through.ts';
import { ContentStore } from './content/stored-file.ts';
import { CookieSealer } from './cookies.ts';
import { createDownstreamServices } from './downstream/services.ts';
import type { Handler, Routes } from './http/dispatcher.ts';
import { shareOfBodies, shareOfSending } from './http/share-of-limits.ts';
import type { Role } from './http/socket-plan.ts';
import { selfUpdateRoutes } from './selfupdate/self-update-endpoint.ts';
import { SelfUpdateFolder } from './selfupdate/self-update-folder.ts';
import { createSoapEndpoint } from './soap/endpoint.ts';
import type { ImplementedService } from './soap/implementation.ts';
import { joinServices } from './soap/join-services.ts';

export interface UpdateServicesOptions {
  readonly db: Database;
  readonly config: Config;
  readonly log: Logger;
  readonly now: () => Date;
  /** Called when files have to be fetched. */
  readonly contentWanted: () => void;
}

export interface UpdateServices {
  /** Settles when the first try to read what is deployed has ended, one way or the other. */
  readonly firstSnapshot: Promise<unknown>;
  /** What a socket with these roles answers; the console is not among it. */
  routesOf(roles: ReadonlySet<Role>): Routes;
  /** To be called after a commit of this process's that a scan could notice; others' are noticed without. */
  noticeChange(): void;
  /** Writes what was put off; to be called once no request is under way, before the database is closed. */
  close(): Promise<void>;
}

export function createUpdateServices(options: UpdateServicesOptions): UpdateServices {
  const { db, config, log, now, contentWanted } = options;
  const { dataDirectory } = config;
  const lastSteps: (() => Promise<void>)[] = [];
  const snapshots = new SnapshotKeeper(db, {
    onFailed: (error) =>
      log.error('What is deployed cannot be read; scans are answered as before', { error }),
  });
  snapshots.watch();
  const cookies = new CookieSealer(db, now);
  const { serving } = config.content;
  const signatures = readSignaturePolicy(config.content);
  const folder = join(dataDirectory, 'content');
  const content = createContentEndpoint({
    store: new ContentStore({ db, dataDirectory, log, now, contentWanted, signatures }),
    rate: shareOfSending(config),
    ...(serving.handOver === undefined ? {} : { handOver: serving.handOver }),
    ...(config.content.store === 'none'
      ? {}
      : {
          folder,
          pull: new PullThrough({ db, folder, now, contentWanted, waitsForWhole: signatures.isRequired }),
          turns: new FetchTurns({ db, now, onlyRequested: config.content.fetch === 'on-request' }),
        }),
  });
  const selfUpdate = selfUpdateRoutes(new SelfUpdateFolder(join(dataDirectory, 'selfupdate')));
  const clientServices = createClientServices({
    db,
    config,
    snapshots,
    cookies,
    now,
    log,
    beforeClose: (step) => lastSteps.push(step),
  });
  const downstreamServices = createDownstreamServices({ db, config, cookies, now, log, contentWanted });

  const { requestBytes } = config.limits;
  const bodies = shareOfBodies(config);
  const endpointsOf = (services: readonly ImplementedService[]): [string, Handler][] =>
    joinServices(services).map((service) => [
      service.service.path.toLowerCase(),
      createSoapEndpoint(service, { log, requestBytes, bodies }),
    ]);
  // A failure is logged, and tried again.
  const firstSnapshot = Promise.allSettled([snapshots.refreshed()]);
  return {
    firstSnapshot,
    routesOf: (roles) => ({
      exact: new Map([
        // Agents and downstream servers report at the same path.
        ...endpointsOf([
          ...(roles.has('client') ? clientServices : []),
          ...(roles.has('downstream') ? downstreamServices : []),
        ]),
        ...(roles.has('client') ? selfUpdate.exact : []),
      ]),
      prefixes: [
        ...(roles.has('content') ? [{ prefix: CONTENT_PREFIX, handler: content }] : []),
        ...(roles.has('client') ? selfUpdate.prefixes : []),
      ],
    }),
    noticeChange: () => snapshots.noticeChange(),
    close: async () => {
      snapshots.close();
      for (const step of lastSteps) await step();
    },
  };
}
