import { dateAndTime, duration, exactTime, relativeTime } from './relative-time.ts';

const NOW = Date.parse('2026-03-04T12:00:00Z');

describe('relative times', () => {
  it.each([
    ['2026-03-04T11:59:40Z', 'just now', '방금'],
    ['2026-03-04T12:00:20Z', 'just now', '방금'],
    ['2026-03-04T12:00:45Z', 'in a moment', '잠시 후'],
    ['2026-03-04T11:15:00Z', '45 minutes ago', '45분 전'],
    ['2026-03-04T15:00:00Z', 'in 3 hours', '3시간 후'],
    ['2026-03-03T11:00:00Z', 'yesterday', '어제'],
    ['2025-01-04T12:00:00Z', 'last year', '작년'],
  ])('say of %s: %s, %s', (iso, english, korean) => {
    expect(relativeTime(iso, NOW, 'en')).toBe(english);
    expect(relativeTime(iso, NOW, 'ko')).toBe(korean);
  });

  it('show what is no time as it came', () => {
    expect(relativeTime('soon', NOW, 'en')).toBe('soon');
    expect(exactTime('soon', 'ko')).toBe('soon');
  });

  it('measure how long something took', () => {
    const lasted = [900, 59_400, 125_000, 7_260_000];
    expect(lasted.map((one) => duration(one, 'en'))).toEqual(['1 s', '59 s', '2 min 5 s', '2 h 1 min']);
    expect(lasted.map((one) => duration(one, 'ko'))).toEqual(['1초', '59초', '2분 5초', '2시간 1분']);
  });
});

describe('exact times', () => {
  // In the zone of whoever reads, which in a test is whatever the machine has.
  const noon = new Date(2026, 2, 4, 12, 5, 9).toISOString();

  it('are written as each language writes them, with a clock of 24 hours', () => {
    expect(dateAndTime(noon, 'en')).toBe('Wed, Mar 4, 12:05');
    expect(dateAndTime(noon, 'ko')).toBe('3월 4일 (수) 12:05');
    expect(exactTime(noon, 'en')).toMatch(/^Mar 4, 2026, 12:05:09 /);
    expect(exactTime(noon, 'ko')).toMatch(/^2026\. 3\. 4\. 12시 5분 9초 /);
  });
});
