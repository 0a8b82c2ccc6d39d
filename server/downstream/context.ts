import type { Logger } from '../../config/logging.ts';
import type { Config } from '../../config/schema.ts';
import type { CommitGroup } from '../../catalog/store/database/commit-group.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import type { CookieSealer } from '../cookies.ts';
import type { Admission } from './admission.ts';

/** What the services for downstream servers work with. */
export interface DownstreamContext {
  readonly db: Database;
  readonly config: Config;
  readonly cookies: CookieSealer;
  readonly now: () => Date;
  readonly log: Logger;
  /** Called when a downstream server made files wanted. */
  readonly contentWanted: () => void;
}

/** What they share beside it: one of each. */
export interface DownstreamParts extends DownstreamContext {
  readonly admission: Admission;
  readonly commits: CommitGroup;
}
