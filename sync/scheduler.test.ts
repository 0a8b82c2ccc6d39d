import { jest } from '@jest/globals';
import { Schedule } from '../catalog/schedule/schedule.ts';
import { Scheduler } from './scheduler.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const start = Date.parse('2026-05-01T12:00:00Z');

beforeEach(() => void jest.useFakeTimers({ now: start }));
afterEach(() => void jest.useRealTimers());

function schedulerWith(random = 0): { scheduler: Scheduler; starts: string[] } {
  const starts: string[] = [];
  const scheduler = new Scheduler({
    start: () => starts.push(new Date().toISOString()),
    now: () => new Date(),
    random: () => random,
  });
  return { scheduler, starts };
}

const daily = (randomOffsetMinutes = 0): Schedule =>
  Schedule.parse({ mode: 'timesPerDay', count: 1, firstAt: '03:00', timeZone: 'UTC', randomOffsetMinutes });

describe('the scheduler', () => {
  it('starts a synchronization each time one is due, though it is days away', () => {
    const { scheduler, starts } = schedulerWith();
    scheduler.follow(daily());
    jest.advanceTimersByTime(60 * HOUR);
    expect(starts).toEqual(['2026-05-02T03:00:00.000Z', '2026-05-03T03:00:00.000Z']);
    scheduler.stop();
  });

  it('starts later by a random part of the offset, and tells when', () => {
    const { scheduler, starts } = schedulerWith(0.5);
    scheduler.follow(daily(60));
    expect(scheduler.nextStart).toEqual(new Date('2026-05-02T03:30:00.000Z'));
    jest.advanceTimersByTime(40 * HOUR);
    expect(starts).toEqual(['2026-05-02T03:30:00.000Z', '2026-05-03T03:30:00.000Z']);
    scheduler.stop();
  });

  it('loses no start to an offset longer than the interval', () => {
    const { scheduler, starts } = schedulerWith(0.9);
    const hourly = {
      mode: 'timesPerDay',
      count: 24,
      firstAt: '00:00',
      timeZone: 'UTC',
      randomOffsetMinutes: 240,
    };
    scheduler.follow(Schedule.parse(hourly));
    jest.advanceTimersByTime(24 * HOUR);
    expect(starts.length).toBeGreaterThanOrEqual(20);
    scheduler.stop();
  });

  it('follows a new schedule in place of the old one, and none when it is off', () => {
    const { scheduler, starts } = schedulerWith();
    scheduler.follow(daily());
    scheduler.follow(Schedule.parse({ mode: 'cron', expression: '0 13 * * *', timeZone: 'UTC' }));
    jest.advanceTimersByTime(20 * HOUR);
    expect(starts).toEqual(['2026-05-01T13:00:00.000Z']);
    scheduler.follow({ mode: 'off' });
    jest.advanceTimersByTime(100 * HOUR);
    expect(starts).toHaveLength(1);
    expect(scheduler.nextStart).toBeUndefined();
  });

  it('starts once, not many times, after the machine slept over several starts', () => {
    const { scheduler, starts } = schedulerWith();
    scheduler.follow(daily());
    jest.setSystemTime(start + 10 * 24 * HOUR);
    jest.advanceTimersByTime(HOUR + MINUTE);
    expect(starts).toHaveLength(1);
    scheduler.stop();
  });
});
