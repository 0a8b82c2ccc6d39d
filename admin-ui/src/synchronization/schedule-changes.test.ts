import { SchedulePlanBody, WEEKDAYS } from '../../../protocol/console/schedule.ts';
import { changesBetween } from './schedule-changes.ts';
import { texts } from './texts.ts';

const plan = (body: object) => SchedulePlanBody.parse(body);
const titleOf = (updateId: string): string => `Title ${updateId.at(-1)}`;
const EVERY_DAY = { days: [...WEEKDAYS], from: '08:00', to: '17:00' };

it('names every part of a plan in which two differ, and no other', () => {
  const before = plan({ main: { mode: 'timesPerDay', count: 2, firstAt: '03:30', randomOffsetMinutes: 15 } });
  const after = plan({
    main: { mode: 'cron', expression: '0 3 * * *' },
    timeZone: 'Europe/Berlin',
    pauseWindows: [EVERY_DAY, { days: ['monday', 'friday'], from: '20:00', to: '21:00' }],
    retry: { attempts: 0, firstDelayMinutes: 5 },
  });
  expect(changesBetween(before, after, titleOf, texts.en)).toEqual([
    {
      part: 'Main schedule',
      before: '2 times a day from 03:30, random delay up to 15 min',
      after: 'cron 0 3 * * *',
    },
    { part: 'Time zone', before: 'UTC', after: 'Europe/Berlin' },
    { part: 'Pause windows', before: 'none', after: 'every day 08:00–17:00; Mon Fri 20:00–21:00' },
    {
      part: 'After a failure',
      before: '3 further attempts, the first after 5 min',
      after: 'no further attempt',
    },
  ]);
  expect(changesBetween(after, after, titleOf, texts.en)).toEqual([]);
});

it('tells apart classifications of the faster schedule of which there are as many', () => {
  const fast = (id: string) =>
    plan({
      fast: { timing: { mode: 'off' }, classifications: [`e0789628-ce08-4437-be74-2495b842f43${id}`] },
    });
  expect(changesBetween(fast('a'), fast('b'), titleOf, texts.en)).toEqual([
    { part: 'Classifications of the faster schedule', before: 'Title a', after: 'Title b' },
  ]);
});
