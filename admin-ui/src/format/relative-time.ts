/** Times as a distance from now, and exactly. */
import type { Language } from '../language/languages.ts';
import { texts } from './texts.ts';

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** Making one of these takes longer than using it a hundred times. */
function formatsOf(language: Language) {
  return {
    relative: new Intl.RelativeTimeFormat(language, { numeric: 'auto' }),
    exact: new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'long', hourCycle: 'h23' }),
    shortDateTime: new Intl.DateTimeFormat(language, {
      weekday: 'short',
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }),
  };
}

const formats = { en: formatsOf('en'), ko: formatsOf('ko') } satisfies Record<Language, unknown>;

/** `3 minutes ago`, `tomorrow`, `just now` within a minute. `now` in milliseconds. */
export function relativeTime(iso: string, now: number, language: Language): string {
  const seconds = (Date.parse(iso) - now) / 1000;
  if (Number.isNaN(seconds)) return iso;
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length)
      return formats[language].relative.format(Math.trunc(seconds / length), unit);
  }
  // The clocks of the relay and of the reader differ, and the page's own stands still for a while.
  return seconds > 30 ? texts[language].soon : texts[language].justNow;
}

function formatted(iso: string, format: Intl.DateTimeFormat): string {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? iso : format.format(time);
}

/** In the reader's zone, to the second. */
export const exactTime = (iso: string, language: Language): string => formatted(iso, formats[language].exact);

/** `Wed, Mar 4, 03:00`, in the reader's zone. */
export const dateAndTime = (iso: string, language: Language): string =>
  formatted(iso, formats[language].shortDateTime);

/** `2 min 5 s` of an amount in milliseconds. */
export function duration(milliseconds: number, language: Language): string {
  const t = texts[language];
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return t.seconds(seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return t.minutes(minutes, seconds % 60);
  return t.hours(Math.floor(minutes / 60), minutes % 60);
}
