/** Wall-clock time in a time zone and the instants it stands for, by the zone data of the runtime (ECMA-402). */

const MINUTE = 60_000;

/** A zone that moves over the date line skips a whole day. */
const LONGEST_SHIFT = 1440 * MINUTE;

export interface LocalDay {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

/** Whether the runtime knows the name; bare offsets such as `+01:00` have no daylight saving and are no zone. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone.length > 0;
  } catch {
    // A RangeError is how ECMA-402 says that there is no such zone.
    return false;
  }
}

/** A zone's clock. Build one and keep it: making the formatter is what costs. */
export class ZoneClock {
  readonly #format: Intl.DateTimeFormat;

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** What the wall clock shows at the instant, as milliseconds since 1970 of a clock that never shifts. */
  wallTime(instant: number): number {
    const parts = new Map(
      this.#format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
    );
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    return Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
    );
  }

  dayOf(instant: number): LocalDay {
    const wall = new Date(this.wallTime(instant));
    return { year: wall.getUTCFullYear(), month: wall.getUTCMonth() + 1, day: wall.getUTCDate() };
  }

  /**
   * The instants at which the wall clock shows the time, in order: one as a rule, two where the clock was set back over
   * it, and where it was set forward over it the one instant that an unshifted clock would have reached.
   */
  instantsOf({ year, month, day }: LocalDay, hour: number, minute: number): readonly number[] {
    const wall = Date.UTC(year, month - 1, day, hour, minute);
    // A zone's shifts are weeks apart, so the offsets of a day before and a day after are all that can apply.
    const before = this.#offset(wall - 1440 * MINUTE);
    const after = this.#offset(wall + 1440 * MINUTE);
    const candidates = [...new Set([wall - before, wall - after])].sort((a, b) => a - b);
    const exact = candidates.filter((instant) => this.wallTime(instant) === wall);
    return exact.length > 0 ? exact : [wall - before];
  }

  /** The first instant of the day at which the wall clock shows the time or, where it is set forward over it, later. */
  firstReaching({ year, month, day }: LocalDay, hour: number, minute: number): number {
    const wall = Date.UTC(year, month - 1, day, hour, minute);
    const [first = wall] = this.instantsOf({ year, month, day }, hour, minute);
    return this.wallTime(first) === wall ? first : this.#lastShiftBefore(first);
  }

  /** The last instant up to which the wall clock shows less than the time, wherever it is set back over it. */
  lastBefore({ year, month, day }: LocalDay, hour: number, minute: number): number {
    const wall = Date.UTC(year, month - 1, day, hour, minute);
    const [first = wall, second] = this.instantsOf({ year, month, day }, hour, minute);
    if (this.wallTime(first) !== wall) return this.#lastShiftBefore(first);
    return second !== undefined && this.wallTime(second - MINUTE) < wall ? second : first;
  }

  /** When the clock was set forward in the hours up to the instant; shifts are at whole minutes. */
  #lastShiftBefore(instant: number): number {
    const offset = this.#offset(instant);
    let before = instant - LONGEST_SHIFT;
    let after = instant;
    while (after - before > MINUTE) {
      const middle = before + Math.floor((after - before) / MINUTE / 2) * MINUTE;
      if (this.#offset(middle) === offset) after = middle;
      else before = middle;
    }
    return after;
  }

  #offset(instant: number): number {
    return this.wallTime(instant) - instant;
  }
}

/** The day after, by the calendar. */
export const nextDay = (day: LocalDay): LocalDay => daysFrom(day, 1);

/** The day before, by the calendar. */
export const previousDay = (day: LocalDay): LocalDay => daysFrom(day, -1);

/** So many days after, by the calendar; before, where negative. */
export function daysFrom({ year, month, day }: LocalDay, count: number): LocalDay {
  const date = new Date(Date.UTC(year, month - 1, day + count));
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}
