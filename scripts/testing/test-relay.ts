/** A relay within the test's process that synchronizes from a test upstream. */
import winston from 'winston';
import type { Database } from '../../catalog/store/database/database.ts';
import { listRuns, setSelectedCategories } from '../../catalog/store/upstream/synchronization.ts';
import type { SyncRun } from '../../catalog/store/upstream/synchronization.ts';
import { Upstream } from '../../config/schema.ts';
import type { WorkerMessage } from '../../protocol/channel/messages.ts';
import { Synchronizer } from '../../sync/synchronizer.ts';
import { emptyDatabase } from './empty-database.ts';
import type { TestUpstream } from './upstream-server.ts';

export interface TestRelay {
  readonly db: Database;
  readonly sent: WorkerMessage[];
  /** Milliseconds of each wait before another attempt; none is waited. */
  readonly waits: number[];
  readonly synchronizer: Synchronizer;
  /** One synchronization, to its end. */
  synchronize(): Promise<SyncRun>;
  close(): void;
}

/**
 * @param changes what is configured otherwise than the upstream server would have it
 * @param log default: none
 * @param db what the relay has already; default: nothing
 */
export function openRelay(
  upstream: TestUpstream,
  changes: Partial<Upstream> = {},
  log: winston.Logger = winston.createLogger({ silent: true }),
  db: Database = emptyDatabase(),
): TestRelay {
  const sent: WorkerMessage[] = [];
  const waits: number[] = [];
  const synchronizer = new Synchronizer({
    db,
    upstream: Upstream.parse({
      url: upstream.url,
      pins: [upstream.pin],
      trustAnchors: [upstream.trustAnchorFile],
      timeout: 5000,
      ...changes,
    }),
    now: () => new Date(),
    log,
    send: (message) => sent.push(message),
    pause: (milliseconds) => Promise.resolve(waits.push(milliseconds)),
  });
  return {
    db,
    sent,
    waits,
    synchronizer,
    synchronize: async () => {
      await synchronizer.start('manual');
      const [run] = listRuns(db, 1);
      if (run === undefined) throw new Error('Nothing was synchronized.');
      return run;
    },
    close: () => void db.close(),
  };
}

/** Chooses every product and classification that is here. */
export function chooseAll(db: Database): void {
  const ids = db
    .prepare<[], string>("SELECT DISTINCT update_id FROM revision WHERE update_type = 'Category'")
    .pluck()
    .all();
  setSelectedCategories(db, ids);
}

/** Categories, then everything. */
export async function synchronizeWhole(relay: TestRelay): Promise<SyncRun> {
  const categories = await relay.synchronize();
  if (categories.state !== 'succeeded') return categories;
  chooseAll(relay.db);
  return await relay.synchronize();
}
