import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSetting } from '../database/settings.ts';
import { emptyDatabase } from '../../../scripts/testing/empty-database.ts';
import { openDatabase } from '../database/database.ts';
import { SchedulePlan } from '../../schedule/schedule.ts';
import { SCHEDULE_SETTING, calendarOf, readSchedule, writeSchedule } from './schedule-record.ts';

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

describe('the random delays of a schedule', () => {
  const plan = SchedulePlan.parse({
    main: { mode: 'cron', expression: '0 * * * *', randomOffsetMinutes: 50 },
  });
  const never = new Date(0).toISOString();

  /** Of the first starts, as a process that begins now has them. */
  function delaysIn(file: string): number[] {
    const db = openDatabase(file);
    writeSchedule(db, { plan, since: { main: never, fast: never } });
    const starts = calendarOf(db, readSchedule(db)).starts('main', Date.parse('2026-06-01T00:00:00Z'));
    const delays = starts
      .take(48)
      .map(({ offsetMinutes }) => offsetMinutes)
      .toArray();
    db.close();
    return delays;
  }

  it('are those of the relay for ever, and others than those of any other relay', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-delays-'));
    const files = ['one', 'two', 'three'].map((name) => join(folder, `${name}.db`));
    const delays = files.map(delaysIn);
    expect(files.map(delaysIn)).toEqual(delays);
    expect(new Set(delays.map(String)).size).toBe(3);
    expect(Math.min(...delays.flat())).toBeGreaterThanOrEqual(0);
    expect(Math.max(...delays.flat())).toBeLessThanOrEqual(50);
    expect(Math.max(...delays.flat())).toBeGreaterThan(40);
  });
});
