/** Which of the chosen products and classifications a synchronization asks for. */
import { readSchedule } from '../../catalog/store/upstream/schedule-record.ts';
import { narrowedFilter, selectedFilter } from '../../catalog/store/upstream/synchronization.ts';
import type { SelectedFilter } from '../../catalog/store/upstream/synchronization.ts';
import type { ConversationContext } from './context.ts';

/** All of them; for the faster schedule its own classifications only. */
export function scopedFilter({ db, scope }: Pick<ConversationContext, 'db' | 'scope'>): SelectedFilter {
  const chosen = selectedFilter(db);
  return scope === 'fast' ? narrowedFilter(chosen, readSchedule(db).plan.fast.classifications) : chosen;
}
