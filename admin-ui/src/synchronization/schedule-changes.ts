/** In which parts two plans differ, in words. */
import type { PauseWindow, SchedulePlanBody, Timing } from '../../../protocol/console/schedule.ts';
import { countOf } from '../format/amounts.ts';

export interface ScheduleChange {
  readonly part: string;
  readonly before: string;
  readonly after: string;
}

/** Title of a classification, by its UpdateID. */
type TitleOf = (updateId: string) => string;

/** In the order of the page. */
export function changesBetween(
  before: SchedulePlanBody,
  after: SchedulePlanBody,
  titleOf: TitleOf,
): ScheduleChange[] {
  return PARTS.flatMap(({ part, words }) => {
    const change = { part, before: words(before, titleOf), after: words(after, titleOf) };
    return change.before === change.after ? [] : [change];
  });
}

const PARTS: readonly {
  readonly part: string;
  readonly words: (plan: SchedulePlanBody, titleOf: TitleOf) => string;
}[] = [
  { part: 'Main schedule', words: ({ main }) => timingWords(main) },
  { part: 'Time zone', words: ({ timeZone }) => timeZone },
  { part: 'Faster schedule', words: ({ fast }) => timingWords(fast.timing) },
  {
    part: 'Classifications of the faster schedule',
    words: ({ fast: { classifications } }, titleOf) =>
      classifications.length === 0 ? 'none' : classifications.map(titleOf).join(', '),
  },
  {
    part: 'Pause windows',
    words: ({ pauseWindows }) =>
      pauseWindows.length === 0 ? 'none' : pauseWindows.map(windowWords).join('; '),
  },
  {
    part: 'After a failure',
    words: ({ retry: { attempts, firstDelayMinutes } }) =>
      attempts === 0
        ? 'no further attempt'
        : `${countOf(attempts, 'further attempt')}, the first after ${firstDelayMinutes} min`,
  },
];

function timingWords(timing: Timing): string {
  if (timing.mode === 'off') return 'off';
  const delay =
    timing.randomOffsetMinutes === 0 ? '' : `, random delay up to ${timing.randomOffsetMinutes} min`;
  return timing.mode === 'cron'
    ? `cron ${timing.expression}${delay}`
    : `${timing.count === 1 ? 'once' : `${timing.count} times`} a day from ${timing.firstAt}${delay}`;
}

const windowWords = ({ days, from, to }: PauseWindow): string =>
  `${days.length === 7 ? 'every day' : days.map((day) => day.slice(0, 3)).join(' ')} ${from}–${to}`;
