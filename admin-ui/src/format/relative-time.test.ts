import { duration, relativeTime } from './relative-time.ts';

const NOW = Date.parse('2026-03-04T12:00:00Z');

describe('relative times', () => {
  it.each([
    ['2026-03-04T11:59:40Z', 'just now'],
    ['2026-03-04T12:00:20Z', 'just now'],
    ['2026-03-04T12:00:45Z', 'in a moment'],
    ['2026-03-04T11:15:00Z', '45 minutes ago'],
    ['2026-03-04T15:00:00Z', 'in 3 hours'],
    ['2026-03-03T11:00:00Z', 'yesterday'],
    ['2025-01-04T12:00:00Z', 'last year'],
  ])('say of %s: %s', (iso, said) => {
    expect(relativeTime(iso, NOW)).toBe(said);
  });

  it('show what is no time as it came', () => {
    expect(relativeTime('soon', NOW)).toBe('soon');
  });

  it('measure how long something took', () => {
    expect([900, 59_400, 125_000, 7_260_000].map(duration)).toEqual([
      '1 s',
      '59 s',
      '2 min 5 s',
      '2 h 1 min',
    ]);
  });
});
