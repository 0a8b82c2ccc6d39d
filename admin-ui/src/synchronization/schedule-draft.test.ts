import { draftOf, scheduleOf } from './schedule-draft.ts';

describe('editing the schedule', () => {
  it('gives back every schedule as it was', () => {
    const zone = { timeZone: 'Europe/Berlin', randomOffsetMinutes: 15 };
    for (const schedule of [
      { mode: 'off' },
      { mode: 'timesPerDay', count: 3, firstAt: '02:30', ...zone },
      { mode: 'cron', expression: '0 3 * * 1', ...zone },
    ] as const) {
      expect(scheduleOf(draftOf(schedule, 'UTC'))).toEqual(schedule);
    }
  });

  it('starts a new schedule in the zone of the browser', () => {
    const draft = { ...draftOf({ mode: 'off' }, 'Asia/Tokyo'), mode: 'timesPerDay' as const };
    expect(scheduleOf(draft)).toMatchObject({ mode: 'timesPerDay', timeZone: 'Asia/Tokyo' });
  });

  it('is no schedule while a field is empty or out of its range', () => {
    const draft = { ...draftOf({ mode: 'off' }, 'UTC'), mode: 'timesPerDay' as const };
    for (const wrong of [
      { count: '' },
      { count: '25' },
      { count: '1.5' },
      { firstAt: '' },
      { timeZone: ' ' },
      { randomOffsetMinutes: '241' },
    ]) {
      expect(scheduleOf({ ...draft, ...wrong })).toBeUndefined();
    }
  });
});
