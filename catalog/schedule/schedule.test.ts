import fc from 'fast-check';
import { nextRuns } from './next-runs.ts';
import { Timing } from '../../protocol/console/schedule.ts';
import { SchedulePlan } from './schedule.ts';
import { ZoneClock, isTimeZone } from './zone.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Zones of every kind: without shifts, of both hemispheres, of odd offsets, with a shift of half an hour. */
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
  'Pacific/Kiritimati',
  'Africa/Casablanca',
];

const zone = fc.constantFrom(...ZONES);
const instant = fc
  .date({ min: new Date('2026-01-01T00:00:00Z'), max: new Date('2031-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => new Date(Math.floor(date.getTime() / 1000) * 1000));
const hourMinute = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);

const iso = (dates: readonly Date[]): string[] => dates.map((date) => date.toISOString());
const cron = (expression: string): Timing => Timing.parse({ mode: 'cron', expression });

describe('a schedule of times per day', () => {
  it('starts so many times on each day of its zone, evenly apart and the first at its time', () => {
    const schedule = Timing.parse({ mode: 'timesPerDay', count: 4, firstAt: '02:15' });
    expect(iso(nextRuns(schedule, 'Asia/Kolkata', new Date('2026-05-01T18:30:00Z'), 5))).toEqual([
      '2026-05-01T20:45:00.000Z',
      '2026-05-02T02:45:00.000Z',
      '2026-05-02T08:45:00.000Z',
      '2026-05-02T14:45:00.000Z',
      '2026-05-02T20:45:00.000Z',
    ]);
  });

  it('starts once on every local day, whatever the clock does that day', () => {
    fc.assert(
      fc.property(zone, hourMinute, instant, (timeZone, firstAt, from) => {
        const schedule = Timing.parse({ mode: 'timesPerDay', count: 1, firstAt });
        const clock = new ZoneClock(timeZone);
        const days = nextRuns(schedule, timeZone, from, 20).map((run) => {
          const { year, month, day } = clock.dayOf(run.getTime());
          return Date.UTC(year, month - 1, day) / DAY;
        });
        expect(days).toHaveLength(20);
        for (const [index, day] of days.entries()) expect(day).toBe((days[0] ?? 0) + index);
      }),
      { numRuns: 40 },
    );
  });
});

describe('every schedule', () => {
  const schedules = fc.oneof(
    fc.record({
      mode: fc.constant('timesPerDay'),
      count: fc.integer({ min: 1, max: 24 }),
      firstAt: hourMinute,
    }),
    fc.record({
      mode: fc.constant('cron'),
      expression: fc.constantFrom(
        '0 3 * * *',
        '*/30 * * * *',
        '15 2 * * 1',
        '30 1,2,3 * * *',
        '0 0 1 * *',
        '59 23 L * *',
      ),
    }),
  );

  it('names starts after the given instant, in order, none twice, at whole minutes', () => {
    fc.assert(
      fc.property(schedules, zone, instant, (input, timeZone, from) => {
        const runs = nextRuns(Timing.parse(input), timeZone, from, 10).map((run) => run.getTime());
        expect(runs).toHaveLength(10);
        expect(runs[0]).toBeGreaterThan(from.getTime());
        for (const [index, run] of runs.entries()) {
          expect(run % 60_000).toBe(0);
          if (index > 0) expect(run).toBeGreaterThan(runs[index - 1]!);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('names the same starts however far ahead it is asked', () => {
    fc.assert(
      fc.property(schedules, zone, instant, (input, timeZone, from) => {
        const schedule = Timing.parse(input);
        const runs = nextRuns(schedule, timeZone, from, 6);
        expect(nextRuns(schedule, timeZone, runs[2]!, 3)).toEqual(runs.slice(3));
        expect(nextRuns(schedule, timeZone, new Date(runs[0]!.getTime() - 1), 6)).toEqual(runs);
      }),
      { numRuns: 40 },
    );
  });
});

describe('when the clock is set forward', () => {
  it('a start within the hour that is skipped comes an hour later by the clock, and is not lost', () => {
    expect(iso(nextRuns(cron('30 2 * * *'), 'Europe/Berlin', new Date('2026-03-28T12:00:00Z'), 2))).toEqual([
      '2026-03-29T01:30:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
  });

  it('half an hour is skipped where the zone shifts by half an hour', () => {
    expect(
      iso(nextRuns(cron('15 2 * * *'), 'Australia/Lord_Howe', new Date('2026-10-03T12:00:00Z'), 1)),
    ).toEqual(['2026-10-03T15:45:00.000Z']);
  });
});

describe('when the clock is set back', () => {
  it('a start within the repeated hour comes once', () => {
    expect(iso(nextRuns(cron('30 2 * * *'), 'Europe/Berlin', new Date('2026-10-24T12:00:00Z'), 2))).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
  });

  it('a schedule for every half hour goes on through the repeated hour', () => {
    const runs = nextRuns(cron('*/30 * * * *'), 'Europe/Berlin', new Date('2026-10-24T23:59:00Z'), 8);
    for (const [index, run] of runs.entries()) {
      if (index > 0) expect(run.getTime() - runs[index - 1]!.getTime()).toBe(HOUR / 2);
    }
  });
});

describe('a cron schedule', () => {
  it('finds 29 February, eight years away when a century is no leap year', () => {
    const runs = nextRuns(cron('0 3 29 2 *'), 'UTC', new Date('2096-03-01T00:00:00Z'), 1);
    expect(iso(runs)).toEqual(['2104-02-29T03:00:00.000Z']);
  });

  it.each([
    ['six fields', '0 0 3 * * *', /has 6 fields/],
    ['nothing', '', /Write a cron expression/],
    // Written out it would be a thousand million numbers.
    ['a range without end', '1-999999999 * * * *', /the number 999999999; no field goes beyond 59/],
    ['a step without end', '*/100000000000 * * * *', /no field goes beyond 59/],
    ['a nickname', '@daily', /has 1 fields/],
    ['a minute that no hour has', '61 * * * *', /minute/],
    ['a day that no month has', '0 3 31 2 *', /impossible|never comes due/],
  ])('is refused with its reason when it has %s', (_, expression, reason) => {
    const { error } = SchedulePlan.safeParse({ main: { mode: 'cron', expression } });
    expect(error?.issues.map(({ message }) => message).join()).toMatch(reason);
    expect(error?.issues[0]?.path).toEqual(['main', 'expression']);
  });
});

describe('a time zone', () => {
  it.each(['Europe/Berlin', 'UTC', 'Etc/GMT+5'])('%s is one', (name) => expect(isTimeZone(name)).toBe(true));
  it.each(['Europe/Nowhere', '+01:00', '', 'CEST?'])('%p is none', (name) =>
    expect(isTimeZone(name)).toBe(false),
  );

  it('that does not exist is named when a schedule is refused', () => {
    const { error } = SchedulePlan.safeParse({ timeZone: 'Mars/Olympus' });
    expect(error?.issues[0]?.message).toMatch(/"Mars\/Olympus" is not an IANA time zone/);
  });
});

it('no start is named when the schedule is off', () => {
  expect(nextRuns({ mode: 'off' }, 'UTC', new Date(), 3)).toEqual([]);
});
