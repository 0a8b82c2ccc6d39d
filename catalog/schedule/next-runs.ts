/** The instants at which a schedule comes due. */
import { cronInstants } from './cron.ts';
import type { Schedule } from './schedule.ts';
import { ZoneClock } from './zone.ts';

const MINUTES_OF_DAY = 1440;

/**
 * The next starts after `from`, before the random offset; fewer than `count` only where the schedule is off.
 *
 * @example nextRuns({ mode: 'cron', expression: '0 3 * * 1', timeZone: 'Europe/Berlin', randomOffsetMinutes: 0 }, now, 3)
 */
export function nextRuns(schedule: Schedule, from: Date, count: number): Date[] {
  if (schedule.mode === 'off') return [];
  const clock = new ZoneClock(schedule.timeZone);
  const instants = expressionsOf(schedule).flatMap((expression) =>
    cronInstants(expression, clock, from.getTime()).take(count).toArray(),
  );
  return [...new Set(instants)]
    .sort((a, b) => a - b)
    .slice(0, count)
    .map((instant) => new Date(instant));
}

/** Starts that are no whole hours apart fit in no single cron expression, so each start of the day is one. */
function expressionsOf(schedule: Exclude<Schedule, { mode: 'off' }>): string[] {
  if (schedule.mode === 'cron') return [schedule.expression];
  const first = Number(schedule.firstAt.slice(0, 2)) * 60 + Number(schedule.firstAt.slice(3));
  return Array.from({ length: schedule.count }, (_, index) => {
    const minute = (first + Math.round((index * MINUTES_OF_DAY) / schedule.count)) % MINUTES_OF_DAY;
    return `${minute % 60} ${Math.floor(minute / 60)} * * *`;
  });
}
