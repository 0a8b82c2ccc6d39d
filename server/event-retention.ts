/** Prunes the log of reported events in the background: a few milliseconds at a time, so that no scan waits for it. */
import { isDatabaseBusy } from '../catalog/store/database/database-busy.ts';
import type { Database } from '../catalog/store/database/database.ts';
import { EventRetention } from '../catalog/store/reports/event-retention.ts';
import type { Logger } from '../config/logging.ts';
import type { Config } from '../config/schema.ts';

/** Milliseconds from the start to the first pass. */
const FIRST = 60_000;
/** Milliseconds from the end of a pass to the next. */
const INTERVAL = 3_600_000;
/** Milliseconds between two steps: most of the time is others'. */
const PAUSE = 100;

export interface RetentionOptions {
  readonly db: Database;
  readonly config: Config;
  readonly now: () => Date;
  readonly log: Logger;
}

/** @returns what stops it */
export function pruneRegularly({ db, config, now, log }: RetentionOptions): () => void {
  const retention = new EventRetention(db, config.reports);
  let timer: NodeJS.Timeout;
  const wait = (milliseconds: number): void => {
    timer = setTimeout(step, milliseconds).unref();
  };
  const step = (): void => {
    try {
      wait(retention.prune(now()) ? INTERVAL : PAUSE);
    } catch (error) {
      if (!isDatabaseBusy(error)) log.error('Old events cannot be removed', { error });
      wait(INTERVAL);
    }
  };
  wait(FIRST);
  return () => clearTimeout(timer);
}
