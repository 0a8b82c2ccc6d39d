import fc from 'fast-check';
import { deadlineAfter } from './rule-deadline.ts';

const at = (days: number, time: string, timeZone: string, decided: string): string =>
  deadlineAfter({ days, time, timeZone }, new Date(decided)).toISOString();

describe('the deadline of what a rule approves', () => {
  it('is at the time of the rule’s own zone, so many days after the day it is there', () => {
    expect(at(7, '03:00', 'UTC', '2026-06-01T12:00:00Z')).toBe('2026-06-08T03:00:00.000Z');
    // It is the second of June in Seoul already.
    expect(at(7, '03:00', 'Asia/Seoul', '2026-06-01T20:00:00Z')).toBe('2026-06-08T18:00:00.000Z');
    expect(at(1, '22:30', 'America/New_York', '2026-06-02T01:00:00Z')).toBe('2026-06-03T02:30:00.000Z');
  });

  it('is a day later where the time has passed', () => {
    expect(at(0, '03:00', 'UTC', '2026-06-01T02:59:00Z')).toBe('2026-06-01T03:00:00.000Z');
    expect(at(0, '03:00', 'UTC', '2026-06-01T03:00:00Z')).toBe('2026-06-02T03:00:00.000Z');
  });

  it('keeps to the clock over a change of summer time, and to the change where the clock skips the time', () => {
    expect(at(7, '03:00', 'Europe/Berlin', '2026-03-26T12:00:00Z')).toBe('2026-04-02T01:00:00.000Z');
    expect(at(3, '02:30', 'Europe/Berlin', '2026-03-26T12:00:00Z')).toBe('2026-03-29T01:00:00.000Z');
  });

  it('always lies ahead, and less than two days beyond what was asked', () => {
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Seoul', 'America/New_York', 'Pacific/Apia');
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true }),
        fc.integer({ min: 0, max: 365 }),
        fc.integer({ min: 0, max: 1439 }),
        zones,
        (decided, days, minute, timeZone) => {
          const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
          const ahead = deadlineAfter({ days, time, timeZone }, decided).getTime() - decided.getTime();
          expect(ahead).toBeGreaterThan(0);
          expect(ahead).toBeLessThan((days + 2) * 86_400_000);
        },
      ),
    );
  });
});
