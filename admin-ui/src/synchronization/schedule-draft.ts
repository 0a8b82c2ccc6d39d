/** A schedule while it is edited: every field of every mode, as text. */
import { ScheduleBody } from '../../../protocol/console/synchronization.ts';

export interface ScheduleDraft {
  readonly mode: ScheduleBody['mode'];
  readonly count: string;
  readonly firstAt: string;
  readonly expression: string;
  readonly timeZone: string;
  readonly randomOffsetMinutes: string;
}

/** What a mode starts with when it is chosen for the first time. */
export function draftOf(schedule: ScheduleBody, zone: string): ScheduleDraft {
  const blank: ScheduleDraft = {
    mode: 'off',
    count: '1',
    firstAt: '03:00',
    expression: '0 3 * * *',
    timeZone: zone,
    randomOffsetMinutes: '30',
  };
  if (schedule.mode === 'off') return blank;
  const common = { timeZone: schedule.timeZone, randomOffsetMinutes: String(schedule.randomOffsetMinutes) };
  return schedule.mode === 'cron'
    ? { ...blank, ...common, mode: 'cron', expression: schedule.expression }
    : { ...blank, ...common, mode: 'timesPerDay', count: String(schedule.count), firstAt: schedule.firstAt };
}

/** The schedule; undefined while a field is not filled in as it has to be. */
export function scheduleOf(draft: ScheduleDraft): ScheduleBody | undefined {
  const common = {
    timeZone: draft.timeZone.trim(),
    randomOffsetMinutes: wholeNumber(draft.randomOffsetMinutes),
  };
  const candidates = {
    off: { mode: 'off' },
    timesPerDay: { mode: 'timesPerDay', count: wholeNumber(draft.count), firstAt: draft.firstAt, ...common },
    cron: { mode: 'cron', expression: draft.expression.trim(), ...common },
  };
  const parsed = ScheduleBody.safeParse(candidates[draft.mode]);
  return parsed.success ? parsed.data : undefined;
}

const wholeNumber = (text: string): number => (/^\d+$/.test(text.trim()) ? Number(text) : Number.NaN);
