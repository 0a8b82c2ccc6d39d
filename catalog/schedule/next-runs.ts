/** The instants at which a schedule comes due. */
import type { Timing } from '../../protocol/console/schedule.ts';
import { cronInstants } from './cron.ts';
import { ZoneClock } from './zone.ts';

const MINUTES_OF_DAY = 1440;

/**
 * The next instants after `from` that the timing asks for, before offset and pause windows; fewer than `count` only
 * where it is off.
 *
 * @example nextRuns({ mode: 'cron', expression: '0 3 * * 1', randomOffsetMinutes: 0 }, 'Europe/Berlin', now, 3)
 */
export function nextRuns(timing: Timing, timeZone: string, from: Date, count: number): Date[] {
  return dueInstants(timing, new ZoneClock(timeZone), from.getTime())
    .take(count)
    .map((instant) => new Date(instant))
    .toArray();
}

/** The same, in milliseconds and without end. */
export function* dueInstants(timing: Timing, clock: ZoneClock, from: number): Generator<number> {
  const sources = expressionsOf(timing).map((expression) => cronInstants(expression, clock, from));
  const heads = sources.map((source) => source.next());
  let last = from;
  for (;;) {
    const soonest = Math.min(...heads.map(({ done, value }) => (done === true ? Infinity : value)));
    if (soonest === Infinity) return;
    for (const [index, source] of sources.entries())
      if (heads[index]?.value === soonest) heads[index] = source.next();
    if (soonest > last) yield soonest;
    last = soonest;
  }
}

/** Starts that are no whole hours apart fit in no single cron expression, so each start of the day is one. */
function expressionsOf(timing: Timing): string[] {
  if (timing.mode === 'off') return [];
  if (timing.mode === 'cron') return [timing.expression];
  const first = Number(timing.firstAt.slice(0, 2)) * 60 + Number(timing.firstAt.slice(3));
  return Array.from({ length: timing.count }, (_, index) => {
    const minute = (first + Math.round((index * MINUTES_OF_DAY) / timing.count)) % MINUTES_OF_DAY;
    return `${minute % 60} ${Math.floor(minute / 60)} * * *`;
  });
}
