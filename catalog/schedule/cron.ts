/** Cron expressions: node-cron says what is one and which days it means. */
import { createTask, validateDetailed } from 'node-cron';
import { nextDay } from './zone.ts';
import type { LocalDay, ZoneClock } from './zone.ts';

/** A day that comes at all comes within this: 29 February is up to eight years away (2096 to 2104). */
const MOST_DAYS = 8 * 366 + 1;

const NOON = 12;

/** What the expression asks for, its fields taken apart. */
export interface CronTimes {
  readonly hours: readonly number[];
  readonly minutes: readonly number[];
  readonly isOnDay: (day: LocalDay) => boolean;
}

/** Why the text is not a cron expression that ever comes due; undefined where it is one. */
export function cronProblem(expression: string): string | undefined {
  const long = /\d{3,}/.exec(expression);
  // node-cron writes out every number of a range before it looks whether the field has such numbers.
  if (long !== null)
    return `${JSON.stringify(expression)} has the number ${long[0]}; no field goes beyond 59.`;
  const count = expression.trim().split(/\s+/).length;
  if (count !== 5) {
    return `${JSON.stringify(expression)} has ${count} fields; write five: minute, hour, day of month, month, day of week.`;
  }
  const { valid, errors } = validateDetailed(expression);
  if (!valid) {
    const [first] = errors;
    return first === undefined
      ? `${JSON.stringify(expression)} is not a cron expression.`
      : `${JSON.stringify(expression)}: ${first.message}.`;
  }
  const { isOnDay } = cronTimes(expression);
  let day: LocalDay = { year: 2096, month: 3, day: 1 };
  for (let passed = 0; passed < MOST_DAYS; passed += 1, day = nextDay(day))
    if (isOnDay(day)) return undefined;
  return `${JSON.stringify(expression)} never comes due: there is no such day.`;
}

/** @param expression one that `cronProblem` has nothing to say against */
function cronTimes(expression: string): CronTimes {
  const { fields } = validateDetailed(expression);
  if (fields === undefined) throw new RangeError(`${JSON.stringify(expression)} is not a cron expression.`);
  const days = expression.trim().split(/\s+/).slice(2).join(' ');
  // A calendar day means the same in every zone, so the days are asked for in the one without shifts.
  const anyMinuteOfThem = createTask(`* * ${days}`, () => undefined, { timezone: 'UTC' });
  const isOnDay = ({ year, month, day }: LocalDay): boolean =>
    anyMinuteOfThem.match(new Date(Date.UTC(year, month - 1, day, NOON)));
  // node-cron keeps every task in a registry; a task that is destroyed still answers `match`.
  void anyMinuteOfThem.destroy();
  return { hours: ascending(fields.hour), minutes: ascending(fields.minute), isOnDay };
}

/**
 * The instants after `from` that the expression asks for, without end where it comes due at all.
 *
 * A time that the clock skips comes when an unshifted clock would have reached it; of a time that the clock passes twice
 * the first counts, both where the expression names every hour.
 */
export function* cronInstants(expression: string, clock: ZoneClock, from: number): Generator<number> {
  const { hours, minutes, isOnDay } = cronTimes(expression);
  const everyHour = hours.length === 24;
  let last = from;
  let day = clock.dayOf(from);
  for (let passed = 0; passed < MOST_DAYS; passed += 1, day = nextDay(day)) {
    if (!isOnDay(day)) continue;
    const instants = hours
      .flatMap((hour) => minutes.map((minute) => clock.instantsOf(day, hour, minute)))
      .flatMap((found) => (everyHour ? found : found.slice(0, 1)))
      .sort((a, b) => a - b);
    for (const instant of instants) {
      if (instant <= last) continue;
      last = instant;
      passed = 0;
      yield instant;
    }
  }
}

const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
