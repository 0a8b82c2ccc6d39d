import { readFileSync } from 'node:fs';
import { writeSetting } from '../database/settings.ts';
import { emptyDatabase } from '../../../scripts/testing/empty-database.ts';
import { SCHEDULE_SETTING, readSchedule } from './schedule-record.ts';

const MIGRATION = new URL('../database/migrations/0009_schedules.sql', import.meta.url);

describe('a schedule of before there were plans', () => {
  it.each([
    { mode: 'off' },
    { mode: 'timesPerDay', count: 3, firstAt: '02:30', timeZone: 'Europe/Berlin', randomOffsetMinutes: 15 },
    { mode: 'cron', expression: '0 3 * * 1', timeZone: 'Asia/Tokyo', randomOffsetMinutes: 0 },
  ])('becomes the main one of a plan, as it was, and has missed nothing: %j', (before) => {
    const db = emptyDatabase();
    writeSetting(db, SCHEDULE_SETTING, before);
    const update = /UPDATE setting[^;]+;/.exec(readFileSync(MIGRATION, 'utf8'))?.[0] ?? '';
    const start = Date.now() - 1000;
    db.exec(update);
    const { plan, since } = readSchedule(db);
    const { timeZone = 'UTC', ...main } = before;
    expect(plan).toMatchObject({ timeZone, main, fast: { timing: { mode: 'off' } }, pauseWindows: [] });
    expect(Date.parse(since.main)).toBeGreaterThanOrEqual(start);
    db.close();
  });
});
