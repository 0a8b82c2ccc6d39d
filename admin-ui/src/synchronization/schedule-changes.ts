/** In which parts two plans differ, in words. */
import type { SchedulePlanBody } from '../../../protocol/console/schedule.ts';
import type { SyncTexts } from './texts.ts';

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
  t: ChangeTexts,
): ScheduleChange[] {
  return PARTS.flatMap((part) => {
    const words = WORDS[part];
    const change = {
      part: t.parts[part],
      before: words(before, t, titleOf),
      after: words(after, t, titleOf),
    };
    return change.before === change.after ? [] : [change];
  });
}

type ChangeTexts = Pick<SyncTexts, 'parts' | 'none' | 'windows' | 'timing' | 'noRetry' | 'retries'>;
type Part = keyof SyncTexts['parts'];

const PARTS: readonly Part[] = ['main', 'timeZone', 'fast', 'classifications', 'pauseWindows', 'retry'];

const WORDS: Readonly<Record<Part, (plan: SchedulePlanBody, t: ChangeTexts, titleOf: TitleOf) => string>> = {
  main: ({ main }, t) => t.timing(main),
  timeZone: ({ timeZone }) => timeZone,
  fast: ({ fast }, t) => t.timing(fast.timing),
  classifications: ({ fast: { classifications } }, t, titleOf) =>
    classifications.length === 0 ? t.none : classifications.map(titleOf).join(', '),
  pauseWindows: ({ pauseWindows }, t) => (pauseWindows.length === 0 ? t.none : t.windows(pauseWindows)),
  retry: ({ retry: { attempts, firstDelayMinutes } }, t) =>
    attempts === 0 ? t.noRetry : t.retries(attempts, firstDelayMinutes),
};
