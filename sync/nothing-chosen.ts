/** A synchronization that asked for no update, since nothing is chosen to ask for. */
import type { Database } from '../catalog/store/database/database.ts';
import { NOTHING_FOR_FAST, missingFromChoice } from '../catalog/store/upstream/missing-choice.ts';
import type { RunFailure } from '../catalog/store/upstream/synchronization.ts';
import type { SyncScope } from '../protocol/console/schedule.ts';
import { scopedFilter } from './conversation/scoped-filter.ts';

/** None where something is chosen; not to be asked of a replica, which takes everything. */
export function nothingChosen(db: Database, scope: SyncScope): RunFailure[] {
  const message = missingFromChoice(db) ?? (asksForNone(db, scope) ? NOTHING_FOR_FAST : undefined);
  return message === undefined ? [] : [{ check: 'selection', message }];
}

const asksForNone = (db: Database, scope: SyncScope): boolean =>
  scopedFilter({ db, scope }).classifications.length === 0;
