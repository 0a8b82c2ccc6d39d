/** A run that is to come, and what is to be said of it. */
import type { PlannedRun } from '../../../protocol/console/schedule.ts';
import type { SyncTexts } from './texts.ts';

/** Why it starts when it does: its offset, the windows, what it makes up for. */
export function whyThen(run: PlannedRun, { why }: Pick<SyncTexts, 'why'>): string | undefined {
  if (run.trigger === 'retry') return why.retry(run.attempt ?? 2, run.isHeldBack);
  if (run.isOverdue) return run.count > 1 ? why.overdueMany(run.count) : why.overdue(run.dueAt);
  if (run.isHeldBack) return run.count > 1 ? why.heldMany(run.count) : why.held(run.dueAt);
  return run.offsetMinutes > 0 ? why.offset(run.dueAt, run.offsetMinutes) : undefined;
}
