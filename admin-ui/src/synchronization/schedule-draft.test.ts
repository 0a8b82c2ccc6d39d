import { SchedulePlanBody } from '../../../protocol/console/schedule.ts';
import { ApiError } from '../api/api-error.ts';
import { draftOf, planOf, problemsOf } from './schedule-draft.ts';
import { texts } from './texts.ts';

const CLASSIFICATION = 'e0789628-ce08-4437-be74-2495b842f43b';

describe('editing the schedule', () => {
  it('gives back every plan as it was', () => {
    for (const plan of [
      {},
      {
        timeZone: 'Europe/Berlin',
        main: { mode: 'timesPerDay', count: 3, firstAt: '02:30', randomOffsetMinutes: 15 },
      },
      {
        timeZone: 'Asia/Tokyo',
        main: { mode: 'cron', expression: '0 3 * * 1' },
        fast: {
          timing: { mode: 'timesPerDay', count: 24, firstAt: '00:20' },
          classifications: [CLASSIFICATION],
        },
        pauseWindows: [{ days: ['monday', 'friday'], from: '22:00', to: '06:00' }],
        retry: { attempts: 0, firstDelayMinutes: 7 },
      },
    ]) {
      const saved = SchedulePlanBody.parse(plan);
      expect(planOf(draftOf(saved, 'UTC'))).toEqual({ plan: saved });
    }
  });

  it('starts a new plan in the zone of the browser', () => {
    expect(draftOf(SchedulePlanBody.parse({}), 'Asia/Tokyo').timeZone).toBe('Asia/Tokyo');
  });

  it('says at each field what is amiss while it is empty or out of its range', () => {
    const blank = draftOf(SchedulePlanBody.parse({}), 'UTC');
    const draft = { ...blank, main: { ...blank.main, mode: 'timesPerDay' as const } };
    const fieldsOf = (change: object): string[] => {
      const result = planOf({ ...draft, ...change });
      return 'problems' in result ? [...result.problems.keys()] : [];
    };
    for (const [wrong, field] of [
      [{ count: '' }, 'main.count'],
      [{ count: '25' }, 'main.count'],
      [{ count: '1.5' }, 'main.count'],
      [{ firstAt: '' }, 'main.firstAt'],
      [{ randomOffsetMinutes: '241' }, 'main.randomOffsetMinutes'],
    ] as const)
      expect(fieldsOf({ main: { ...draft.main, ...wrong } })).toEqual([field]);
    expect(fieldsOf({ timeZone: ' ' })).toEqual(['timeZone']);
    expect(fieldsOf({ fast: { ...draft.fast, mode: 'cron' } })).toEqual(['fast.classifications']);
    expect(fieldsOf({ pauseWindows: [{ days: [], from: '10:00', to: '' }] }).toSorted()).toEqual([
      'pauseWindows.0.days',
      'pauseWindows.0.to',
    ]);
    expect(fieldsOf({ attempts: '11', firstDelayMinutes: '0' }).toSorted()).toEqual([
      'retry.attempts',
      'retry.firstDelayMinutes',
    ]);
    const result = planOf({ ...draft, main: { ...draft.main, count: '0' } });
    expect('problems' in result && result.problems.get('main.count')).toBe(
      'Write a whole number from 1 to 24.',
    );
  });

  it('shows at the field what only the server can find amiss', () => {
    const error = new ApiError('SCHEMA_MISMATCH', 'no', 400, {
      type: 'x',
      title: 'x',
      status: 400,
      detail: 'x',
      code: 'SCHEMA_MISMATCH',
      errors: [{ path: 'body.main.expression', message: 'It never comes due.' }],
    });
    expect([...problemsOf(error)]).toEqual([['main.expression', 'It never comes due.']]);
    expect(problemsOf(new Error('other')).size).toBe(0);
  });

  it('is told what is amiss in Korean, by field', () => {
    const { fieldProblem } = texts.ko;
    for (const field of [
      'main.count',
      'fast.timing.firstAt',
      'main.randomOffsetMinutes',
      'main.expression',
      'fast.classifications',
      'pauseWindows',
      'pauseWindows.0.days',
      'pauseWindows.0.to',
      'retry.attempts',
      'retry.firstDelayMinutes',
      'timeZone',
    ])
      expect([field, fieldProblem(field, 'wrong')]).toEqual([field, expect.stringMatching(/[가-힣]/)]);
    expect(fieldProblem('of.a.newer.relay', 'wrong')).toBe('wrong');
  });
});
