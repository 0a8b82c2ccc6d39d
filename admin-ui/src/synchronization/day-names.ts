/** Names of the days of the week. */
import { WEEKDAYS, type Weekday } from '../../../protocol/console/schedule.ts';
import type { Language } from '../language/languages.ts';

interface DayNames {
  /** `Monday`. */
  readonly long: string;
  /** `Mon`. */
  readonly short: string;
}

/** A Sunday, with which the week of `WEEKDAYS` begins. */
const SUNDAY = Date.UTC(2026, 2, 1);
const DAY = 86_400_000;

function namesIn(language: Language): Readonly<Record<Weekday, DayNames>> {
  const long = new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' });
  const short = new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' });
  const named = (day: Weekday): DayNames => {
    const time = SUNDAY + WEEKDAYS.indexOf(day) * DAY;
    return { long: long.format(time), short: short.format(time) };
  };
  return {
    sunday: named('sunday'),
    monday: named('monday'),
    tuesday: named('tuesday'),
    wednesday: named('wednesday'),
    thursday: named('thursday'),
    friday: named('friday'),
    saturday: named('saturday'),
  };
}

export const dayNames = { en: namesIn('en'), ko: namesIn('ko') } satisfies Record<Language, unknown>;
