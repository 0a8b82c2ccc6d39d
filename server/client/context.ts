/** What the client services work with. */
import type { Config } from '../../config/schema.ts';
import type { Logger } from '../../config/logging.ts';
import type { SnapshotKeeper } from '../../catalog/scan/snapshot-keeper.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import type { CookieSealer } from '../cookies.ts';

export interface ClientContext {
  readonly db: Database;
  readonly config: Config;
  readonly snapshots: SnapshotKeeper;
  readonly cookies: CookieSealer;
  readonly now: () => Date;
  readonly log: Logger;
  /** Takes what is to be done when no request is under way any more and the database is still open. Left out: not done. */
  readonly beforeClose?: (step: () => Promise<void>) => void;
}
