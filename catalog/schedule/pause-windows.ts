/** Pause windows: by weekday and wall-clock time, also over midnight, on days with a shift of the clock too. */
import { WEEKDAYS } from '../../protocol/console/schedule.ts';
import type { PauseWindow } from '../../protocol/console/schedule.ts';
import { nextDay, previousDay } from './zone.ts';
import type { LocalDay, ZoneClock } from './zone.ts';

const MINUTES_OF_DAY = 1440;
const MINUTES_OF_WEEK = 7 * MINUTES_OF_DAY;

/** Windows that follow on one another hold back for a week at the most, since together they leave some time. */
const MOST_WINDOWS_IN_ROW = 200;

export class PauseCalendar {
  readonly #windows: readonly PauseWindow[];
  readonly #clock: ZoneClock;

  /** @param windows that leave some time of the week */
  constructor(windows: readonly PauseWindow[], clock: ZoneClock) {
    this.#windows = windows;
    this.#clock = clock;
  }

  /** When the pause that the instant lies in is over, with all windows that follow on it; undefined outside of any. */
  pausedUntil(instant: number): number | undefined {
    let end: number | undefined;
    for (let passed = 0; passed < MOST_WINDOWS_IN_ROW; passed += 1) {
      const next = this.#endOfWindowAt(end ?? instant);
      if (next === undefined) return end;
      end = next;
    }
    return end;
  }

  #endOfWindowAt(instant: number): number | undefined {
    if (this.#windows.length === 0) return undefined;
    const today = this.#clock.dayOf(instant);
    // Where midnight comes twice, a window of the day that is coming may have begun already.
    const ends = [previousDay(today), today, nextDay(today)].flatMap((day) =>
      this.#windows
        .filter(({ days }) => days.includes(weekdayOf(day)))
        .map((window) => this.#spanOf(window, day))
        .filter(({ start, end }) => start <= instant && instant < end)
        .map(({ end }) => end),
    );
    return ends.length === 0 ? undefined : Math.max(...ends);
  }

  /** From when the clock first shows its beginning until it has shown the last minute before its end. */
  #spanOf(window: PauseWindow, day: LocalDay): { readonly start: number; readonly end: number } {
    const [from, to] = [minutesOf(window.from), minutesOf(window.to)];
    const lastDay = to > from ? day : nextDay(day);
    return {
      start: this.#clock.firstReaching(day, Math.floor(from / 60), from % 60),
      end: this.#clock.lastBefore(lastDay, Math.floor(to / 60), to % 60),
    };
  }
}

/** Whether the windows leave any minute of the week. */
export function leaveTime(windows: readonly PauseWindow[]): boolean {
  const isPaused = new Uint8Array(MINUTES_OF_WEEK);
  for (const { days, from, to } of windows) {
    const length = (minutesOf(to) - minutesOf(from) + MINUTES_OF_DAY) % MINUTES_OF_DAY || MINUTES_OF_DAY;
    for (const day of days) {
      const start = WEEKDAYS.indexOf(day) * MINUTES_OF_DAY + minutesOf(from);
      for (let minute = 0; minute < length; minute += 1) isPaused[(start + minute) % MINUTES_OF_WEEK] = 1;
    }
  }
  return isPaused.includes(0);
}

function weekdayOf({ year, month, day }: LocalDay): (typeof WEEKDAYS)[number] {
  return WEEKDAYS[new Date(Date.UTC(year, month - 1, day)).getUTCDay()] ?? 'sunday';
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
