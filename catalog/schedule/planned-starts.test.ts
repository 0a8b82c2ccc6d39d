import fc from 'fast-check';
import { WEEKDAYS } from '../../protocol/console/schedule.ts';
import { PlanCalendar } from './planned-starts.ts';
import { retryDelay } from './retry.ts';
import { SchedulePlan } from './schedule.ts';

const MINUTE = 60_000;
const from = Date.parse('2026-06-01T00:00:00Z');
const iso = (instant: number): string => new Date(instant).toISOString();
const nightly = { days: [...WEEKDAYS], from: '01:30', to: '05:00' };
const hourly = (randomOffsetMinutes = 0) => ({ mode: 'cron', expression: '0 * * * *', randomOffsetMinutes });
const calendarOf = (plan: object, seed = 'seed'): PlanCalendar =>
  new PlanCalendar(SchedulePlan.parse(plan), seed);

describe('the starts of a plan', () => {
  it('that a pause window holds back are one, at its end, and stand for all of them', () => {
    const starts = calendarOf({ main: hourly(), pauseWindows: [nightly] }).starts('main', from);
    expect(
      starts
        .take(3)
        .map(({ at, count, firstDue, isHeldBack }) => [iso(at), count, iso(firstDue), isHeldBack])
        .toArray(),
    ).toEqual([
      ['2026-06-01T01:00:00.000Z', 1, '2026-06-01T01:00:00.000Z', false],
      ['2026-06-01T05:00:00.000Z', 4, '2026-06-01T02:00:00.000Z', true],
      ['2026-06-01T06:00:00.000Z', 1, '2026-06-01T06:00:00.000Z', false],
    ]);
  });

  it('are moved by a random offset that is the relay’s own, and the same whenever it is asked', () => {
    const plan = { main: hourly(30) };
    const offsets = (seed: string, after: number) =>
      calendarOf(plan, seed)
        .starts('main', after)
        .take(20)
        .map((start) => [start.lastDue, start.offsetMinutes])
        .toArray();
    expect(offsets('a', from)).toEqual(offsets('a', from));
    expect(offsets('a', from)).not.toEqual(offsets('b', from));
    expect(offsets('a', from + 60 * MINUTE).slice(0, 19)).toEqual(offsets('a', from).slice(1));
    expect(new Set(offsets('a', from).map(([, minutes]) => minutes)).size).toBeGreaterThan(5);
  });

  it('follow in order and none is lost, whatever the offset and the windows', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 240 }),
        fc.constantFrom('0 * * * *', '*/20 * * * *', '0 3,4 * * *'),
        fc.constantFrom([], [nightly]),
        fc.string(),
        (randomOffsetMinutes, expression, pauseWindows, seed) => {
          const main = { mode: 'cron', expression, randomOffsetMinutes };
          const starts = calendarOf({ main, pauseWindows }, seed).starts('main', from).take(40).toArray();
          for (const [index, start] of starts.entries()) {
            expect(start.at).toBeGreaterThanOrEqual(start.lastDue);
            if (index > 0) expect(start.at).toBeGreaterThan(starts[index - 1]!.at);
            if (!start.isHeldBack)
              expect(start.at - start.lastDue).toBeLessThanOrEqual(randomOffsetMinutes * MINUTE);
          }
          const plain = calendarOf({ main: { ...main, randomOffsetMinutes: 0 } }).starts('main', from);
          const counted = starts.reduce((sum, { count }) => sum + count, 0);
          expect(plain.take(counted).toArray().at(-1)!.lastDue).toBe(starts.at(-1)!.lastDue);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('that were missed are one, which counts them, and a bounded number of them', () => {
    const calendar = calendarOf({ main: hourly() });
    expect(calendar.overdue('main', from, from + 59 * MINUTE)).toBeUndefined();
    expect(calendar.overdue('main', from, from + 300 * MINUTE)).toMatchObject({
      count: 5,
      lastDue: from + 300 * MINUTE,
    });
    const years = from + 3 * 365 * 1440 * MINUTE;
    expect(calendar.overdue('main', from, years)).toMatchObject({ count: 1000, lastDue: years });
    expect(calendar.overdue('fast', from, years)).toBeUndefined();
  });
});

describe('a plan', () => {
  it('is refused where it makes no sense, and says at which field', () => {
    const problems = (plan: object) =>
      SchedulePlan.safeParse(plan).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    expect(problems({ fast: { timing: hourly(), classifications: [] } })).toEqual([
      'fast.classifications: Choose at least one classification for the faster schedule.',
    ]);
    expect(problems({ pauseWindows: [{ ...nightly, from: '00:00', to: '00:00' }] })?.[0]).toMatch(
      /^pauseWindows: .*whole week/,
    );
    expect(problems({ pauseWindows: [{ days: [], from: '1:00', to: '24:00' }] })).toHaveLength(3);
    expect(problems({ retry: { attempts: 11, firstDelayMinutes: 0 } })).toHaveLength(2);
    expect(
      problems({
        fast: {
          timing: { mode: 'cron', expression: '61 * * * *' },
          classifications: ['e6cf1350-c01b-414d-a61f-263d14d133b4'],
        },
      })?.[0],
    ).toMatch(/^fast\.timing\.expression: /);
  });
});

it('retries are further and further apart, up to half a day, and as many as are wanted', () => {
  const policy = { attempts: 3, firstDelayMinutes: 5 };
  expect([1, 2, 3, 4].map((attempt) => retryDelay(policy, attempt))).toEqual([
    5 * MINUTE,
    10 * MINUTE,
    20 * MINUTE,
    undefined,
  ]);
  expect(retryDelay({ attempts: 10, firstDelayMinutes: 240 }, 10)).toBe(720 * MINUTE);
  expect(retryDelay({ attempts: 0, firstDelayMinutes: 5 }, 1)).toBeUndefined();
});
