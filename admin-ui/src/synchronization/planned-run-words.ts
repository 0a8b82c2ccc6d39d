/** A run that is to come, and what is to be said of it. */
import type { PlannedRun, SyncScope } from '../../../protocol/console/schedule.ts';
import { countOf } from '../format/amounts.ts';
import { dateAndTime } from '../format/relative-time.ts';
import type { Language } from '../language/languages.ts';

export const SCOPE_WORDS: Readonly<Record<SyncScope, string>> = {
  main: 'Main schedule',
  fast: 'Faster schedule',
};

/** Why it starts when it does: its offset, the windows, what it makes up for. */
export function whyThen(run: PlannedRun, language: Language): string | undefined {
  if (run.trigger === 'retry') {
    const held = run.isHeldBack ? ', after the pause window' : '';
    return `Attempt ${run.attempt ?? 2} of a run that failed${held}`;
  }
  if (run.isOverdue)
    return run.count > 1
      ? `Due already: makes up for ${countOf(run.count, 'start')} at once`
      : `Was due ${dateAndTime(run.dueAt, language)}`;
  if (run.isHeldBack)
    return run.count > 1
      ? `Held back by a pause window; stands for ${countOf(run.count, 'start')}`
      : `Held back by a pause window from ${dateAndTime(run.dueAt, language)}`;
  return run.offsetMinutes > 0
    ? `${dateAndTime(run.dueAt, language)} and ${run.offsetMinutes} min of random delay`
    : undefined;
}
