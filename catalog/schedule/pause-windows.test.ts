import fc from 'fast-check';
import { PauseWindow, WEEKDAYS } from '../../protocol/console/schedule.ts';
import { PauseCalendar, leaveTime } from './pause-windows.ts';
import { ZoneClock } from './zone.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const calendarOf = (timeZone: string, ...windows: PauseWindow[]): PauseCalendar =>
  new PauseCalendar(windows, new ZoneClock(timeZone));
const untilOf = (calendar: PauseCalendar, at: string): string | undefined => {
  const until = calendar.pausedUntil(Date.parse(at));
  return until === undefined ? undefined : new Date(until).toISOString();
};
const daily = (from: string, to: string): PauseWindow => ({ days: [...WEEKDAYS], from, to });

describe('a pause window', () => {
  it('lasts from its beginning until its end on its days, and not on others', () => {
    const office = calendarOf('Europe/Berlin', { days: ['monday'], from: '08:00', to: '17:00' });
    expect(untilOf(office, '2026-06-01T05:59:59Z')).toBeUndefined();
    expect(untilOf(office, '2026-06-01T06:00:00Z')).toBe('2026-06-01T15:00:00.000Z');
    expect(untilOf(office, '2026-06-01T15:00:00Z')).toBeUndefined();
    expect(untilOf(office, '2026-06-02T09:00:00Z')).toBeUndefined();
  });

  it('that ends no later than it begins lasts over midnight, into the day after its own', () => {
    const night = calendarOf('UTC', { days: ['friday'], from: '22:00', to: '06:00' });
    expect(untilOf(night, '2026-06-06T03:00:00Z')).toBe('2026-06-06T06:00:00.000Z');
    expect(untilOf(night, '2026-06-05T03:00:00Z')).toBeUndefined();
    const whole = calendarOf('UTC', { days: ['friday'], from: '12:00', to: '12:00' });
    expect(untilOf(whole, '2026-06-05T12:00:00Z')).toBe('2026-06-06T12:00:00.000Z');
  });

  it('that another follows or overlaps ends with the last of them', () => {
    const two = calendarOf('UTC', daily('08:00', '12:00'), daily('11:00', '14:00'), daily('14:00', '15:00'));
    expect(untilOf(two, '2026-06-05T09:00:00Z')).toBe('2026-06-05T15:00:00.000Z');
  });

  it('ends at the shift where the clock is set forward over its end', () => {
    expect(untilOf(calendarOf('Europe/Berlin', daily('01:00', '02:30')), '2026-03-29T00:30:00Z')).toBe(
      '2026-03-29T01:00:00.000Z',
    );
  });

  it('begins at the shift where the clock is set forward over its beginning', () => {
    const calendar = calendarOf('Europe/Berlin', daily('02:30', '04:00'));
    expect(untilOf(calendar, '2026-03-29T00:59:00Z')).toBeUndefined();
    expect(untilOf(calendar, '2026-03-29T01:00:00Z')).toBe('2026-03-29T02:00:00.000Z');
  });

  it('is an hour longer where the clock is set back within it, and not where it is set back to its end', () => {
    expect(untilOf(calendarOf('Europe/Berlin', daily('01:00', '04:00')), '2026-10-24T23:00:00Z')).toBe(
      '2026-10-25T03:00:00.000Z',
    );
    expect(untilOf(calendarOf('Europe/Berlin', daily('01:00', '02:00')), '2026-10-24T23:00:00Z')).toBe(
      '2026-10-25T00:00:00.000Z',
    );
  });

  it('does not exist on the day on which the clock is set forward over all of it', () => {
    const calendar = calendarOf('Europe/Berlin', daily('02:15', '02:45'));
    for (let at = Date.parse('2026-03-29T00:00:00Z'); at < Date.parse('2026-03-29T03:00:00Z'); at += MINUTE)
      expect(calendar.pausedUntil(at)).toBeUndefined();
  });
});

describe('every set of windows', () => {
  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 15, 30, 45))
    .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
  const window = fc.record({
    days: fc.uniqueArray(fc.constantFrom(...WEEKDAYS), { minLength: 1 }),
    from: time,
    to: time,
  });
  const shifts = fc.constantFrom<[string, string]>(
    ['Europe/Berlin', '2026-03-28T20:00:00Z'],
    ['Europe/Berlin', '2026-10-24T20:00:00Z'],
    ['Australia/Lord_Howe', '2026-10-03T10:00:00Z'],
    ['Australia/Lord_Howe', '2026-04-04T10:00:00Z'],
    ['America/Santiago', '2026-04-04T22:00:00Z'],
    ['America/Santiago', '2026-09-05T22:00:00Z'],
    ['UTC', '2026-01-01T00:00:00Z'],
  );

  it('holds back whatever the wall clock shows within one, on days with shifts too, and for an end that is open', () => {
    fc.assert(
      fc.property(fc.array(window, { minLength: 1, maxLength: 3 }), shifts, (windows, [timeZone, from]) => {
        fc.pre(leaveTime(windows));
        const clock = new ZoneClock(timeZone);
        const calendar = new PauseCalendar(windows, clock);
        for (let at = Date.parse(from); at < Date.parse(from) + 16 * HOUR; at += 15 * MINUTE) {
          const until = calendar.pausedUntil(at);
          if (showsPaused(clock.wallTime(at), windows)) expect(until).toBeGreaterThan(at);
          if (until !== undefined) {
            expect(calendar.pausedUntil(until)).toBeUndefined();
            expect(showsPaused(clock.wallTime(until), windows)).toBe(false);
            expect(calendar.pausedUntil(until - MINUTE)).toBe(until);
          }
        }
      }),
      { numRuns: 25 },
    );
  });

  /** By the wall clock alone: the day's windows, and those of the day before that last over midnight. */
  function showsPaused(wall: number, windows: readonly PauseWindow[]): boolean {
    const day = new Date(wall).getUTCDay();
    const shown = new Date(wall).toISOString().slice(11, 16);
    return windows.some(({ days, from, to }) => {
      const isOn = days.includes(WEEKDAYS[day]!);
      const wasOn = days.includes(WEEKDAYS[(day + 6) % 7]!);
      return to > from
        ? isOn && shown >= from && shown < to
        : (isOn && shown >= from) || (wasOn && shown < to);
    });
  }
});

describe('windows that fill the week together', () => {
  it('are told from those that leave a minute', () => {
    expect(leaveTime([])).toBe(true);
    expect(leaveTime([daily('00:00', '00:00')])).toBe(false);
    expect(leaveTime([daily('22:00', '06:00'), daily('06:00', '21:59')])).toBe(true);
    expect(leaveTime([daily('22:00', '06:00'), daily('06:00', '22:00')])).toBe(false);
  });
});
