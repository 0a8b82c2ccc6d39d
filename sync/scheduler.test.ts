import winston from 'winston';
import { SchedulePlan } from '../catalog/schedule/schedule.ts';
import type { Database } from '../catalog/store/database/database.ts';
import { readSchedule, replacePlan, writeSchedule } from '../catalog/store/upstream/schedule-record.ts';
import { upcomingRuns } from '../catalog/store/upstream/upcoming-runs.ts';
import {
  STOPPED,
  failInterruptedRuns,
  finishRun,
  listRuns,
  startRun,
} from '../catalog/store/upstream/synchronization.ts';
import type { RunFailure } from '../catalog/store/upstream/synchronization.ts';
import { WEEKDAYS } from '../protocol/console/schedule.ts';
import type { SyncScope } from '../protocol/console/schedule.ts';
import { emptyDatabase } from '../scripts/testing/empty-database.ts';
import { Scheduler } from './scheduler.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DEFINITION_UPDATES = 'e0789628-ce08-4437-be74-2495b842f43b';
const PASSING: RunFailure = { check: 'timeout', message: 'No answer came.', mayPass: true };

const cron = (expression: string, randomOffsetMinutes = 0) => ({
  mode: 'cron',
  expression,
  randomOffsetMinutes,
});
const fastAt = (expression: string) => ({ timing: cron(expression), classifications: [DEFINITION_UPDATES] });

/** A worker's scheduler with a clock of the test's, over a real database; runs begin and end as the test says. */
class Bench {
  readonly db: Database = emptyDatabase();
  now = Date.parse('2026-05-01T12:00:00Z');
  #running: { runId: number; scope: SyncScope } | undefined;
  #beat: (() => void) | undefined;
  #scheduler: Scheduler | undefined;

  plan(plan: object): void {
    writeSchedule(this.db, replacePlan(readSchedule(this.db), SchedulePlan.parse(plan), new Date(this.now)));
    this.#scheduler?.reload();
  }

  boot(): void {
    failInterruptedRuns(this.db, new Date(this.now));
    this.#running = undefined;
    this.#scheduler = new Scheduler({
      db: this.db,
      log: winston.createLogger({ silent: true }),
      now: () => new Date(this.now),
      running: () => this.#running,
      start: (trigger, about) => {
        const runId = startRun(this.db, trigger, new Date(this.now), about);
        this.#running = { runId, scope: about.scope ?? 'main' };
      },
      beat: (call) => {
        this.#beat = call;
        return () => (this.#beat = undefined);
      },
    });
    this.#scheduler.start();
  }

  off(): void {
    this.#scheduler?.stop();
  }

  startByHand(): void {
    this.#running = { runId: startRun(this.db, 'manual', new Date(this.now)), scope: 'main' };
  }

  /** @param minutes that pass, with the beat of each */
  pass(minutes: number): void {
    for (let passed = 0; passed < minutes; passed += 1) {
      this.now += MINUTE;
      this.#beat?.();
    }
  }

  end(state: 'succeeded' | 'failed' | 'cancelled' = 'succeeded', failure?: RunFailure): void {
    if (this.#running !== undefined)
      finishRun(this.db, this.#running.runId, state, new Date(this.now), failure);
    this.#running = undefined;
    this.#scheduler?.look();
  }

  /** Lets minutes pass in which every run ends at once. */
  passQuickly(minutes: number): void {
    for (let passed = 0; passed < minutes; passed += 1) {
      this.pass(1);
      if (this.#running !== undefined) this.end();
    }
  }

  get runs(): string[] {
    return listRuns(this.db, 100)
      .toReversed()
      .map(
        ({ startedAt, scope, attempt, trigger }) =>
          `${startedAt.slice(5, 16)} ${scope}${attempt > 1 ? ` attempt ${attempt}` : ''}${trigger === 'schedule' ? '' : ` ${trigger}`}`,
      );
  }

  get lastNotes() {
    return listRuns(this.db, 1)[0]!.notes;
  }

  upcoming(count = 10): string[] {
    return upcomingRuns(this.db, readSchedule(this.db), new Date(this.now), count).nextRuns.map(
      ({ startsAt, scope, trigger }) =>
        `${startsAt.slice(5, 16)} ${scope}${trigger === 'retry' ? ' retry' : ''}`,
    );
  }
}

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => {
  bench.off();
  bench.db.close();
});

describe('a schedule', () => {
  it('starts at each of its times, in its zone over a shift of the clock, at the offset that is listed', () => {
    bench.now = Date.parse('2026-10-23T12:00:00Z');
    bench.plan({ timeZone: 'Europe/Berlin', main: cron('30 2 * * *', 20) });
    bench.boot();
    const listed = bench.upcoming(3);
    bench.passQuickly(3 * 1440);
    expect(bench.runs).toEqual(listed);
    const due = listRuns(bench.db, 9).map(({ startedAt }) => startedAt);
    expect(due.every((at) => at > '2026-10-24T00:30' && !at.includes('T02'))).toBe(true);
  });

  it('that is changed is followed at once, in place of the one before, and not from before it was made', () => {
    bench.plan({ main: cron('0 13 * * *') });
    bench.boot();
    bench.plan({ main: cron('15 12 * * *') });
    bench.passQuickly(120);
    expect(bench.runs).toEqual(['05-01T12:15 main']);
    bench.plan({ main: cron('0 14 * * *') });
    bench.plan({ main: cron('0 13 * * *') });
    bench.passQuickly(120);
    expect(bench.runs).toHaveLength(1);
    bench.plan({});
    bench.passQuickly(1440);
    expect(bench.runs).toHaveLength(1);
  });

  it('loses no start when something else of the plan is changed', () => {
    bench.plan({ main: cron('0 13 * * *') });
    bench.off();
    bench.now += 2 * HOUR;
    bench.plan({ main: cron('0 13 * * *'), retry: { attempts: 1, firstDelayMinutes: 1 } });
    bench.boot();
    expect(bench.runs).toEqual(['05-01T14:00 main']);
  });

  it('goes on when the clock was years ahead for a while', () => {
    bench.plan({ main: cron('0 * * * *') });
    bench.boot();
    const right = bench.now;
    bench.now = Date.parse('2031-01-01T00:30:00Z');
    bench.passQuickly(1);
    bench.now = right;
    bench.passQuickly(121);
    expect(bench.runs.slice(1)).toEqual(['05-01T13:00 main', '05-01T14:00 main']);
  });
});

describe('starts that were missed', () => {
  it('while the relay was down are made up for once at the next start, with the reason in the history', () => {
    bench.plan({ main: cron('0 * * * *') });
    bench.boot();
    bench.passQuickly(70);
    bench.off();
    bench.now += 5 * HOUR;
    bench.boot();
    bench.end();
    bench.passQuickly(10);
    expect(bench.runs).toEqual(['05-01T13:00 main', '05-01T18:10 main']);
    expect(bench.lastNotes).toEqual([
      {
        kind: 'missed',
        count: 5,
        firstDueAt: '2026-05-01T14:00:00.000Z',
        lastDueAt: '2026-05-01T18:00:00.000Z',
      },
    ]);
    bench.off();
    bench.boot();
    expect(bench.runs).toHaveLength(2);
  });

  it('while the machine slept are made up for once at the first beat', () => {
    bench.plan({ main: cron('0 * * * *') });
    bench.boot();
    bench.now += 10 * 24 * HOUR + 5 * MINUTE;
    bench.passQuickly(30);
    expect(bench.runs).toHaveLength(1);
    expect(bench.lastNotes).toMatchObject([{ kind: 'missed', count: 240 }]);
  });

  it('of both schedules are made up for by one run, which is the main one', () => {
    bench.plan({ main: cron('0 13 * * *'), fast: fastAt('0 * * * *') });
    bench.now += 5 * HOUR;
    bench.boot();
    bench.end();
    bench.passQuickly(10);
    expect(bench.runs).toEqual(['05-01T17:00 main']);
    expect(bench.lastNotes).toMatchObject([
      { kind: 'missed', count: 1 },
      { kind: 'covers', scope: 'fast' },
    ]);
  });
});

describe('never are two on at a time:', () => {
  it('a schedule that comes due during its own run is passed over, which the history of that run says', () => {
    bench.plan({ main: cron('*/30 * * * *') });
    bench.boot();
    bench.pass(65);
    expect(bench.runs).toEqual(['05-01T12:30 main']);
    expect(bench.lastNotes).toEqual([{ kind: 'skipped', scope: 'main', dueAt: '2026-05-01T13:00:00.000Z' }]);
    bench.end();
    bench.passQuickly(30);
    expect(bench.runs).toEqual(['05-01T12:30 main', '05-01T13:30 main']);
  });

  it('one that comes due during another run waits for its end and then starts once', () => {
    bench.plan({ main: cron('10 13 * * *'), fast: fastAt('0 * * * *') });
    bench.boot();
    bench.pass(60);
    expect(bench.runs).toEqual(['05-01T13:00 fast']);
    bench.pass(20);
    expect(bench.runs).toHaveLength(1);
    bench.end();
    expect(bench.runs).toEqual(['05-01T13:00 fast', '05-01T13:20 main']);
    expect(bench.lastNotes).toEqual([{ kind: 'waited', dueAt: '2026-05-01T13:10:00.000Z', forRunId: 1 }]);
  });

  it('two that come due together are one main run, which brings what the fast one would', () => {
    bench.plan({ main: cron('0 13 * * *'), fast: fastAt('0 * * * *') });
    bench.boot();
    bench.passQuickly(130);
    expect(bench.runs).toEqual(['05-01T13:00 main', '05-01T14:00 fast']);
  });

  it('one that came due during a run by hand is made up for when that run is cancelled, and once, after a pause window too', () => {
    bench.plan({ main: cron('0,30 13 * * *') });
    bench.boot();
    bench.pass(59);
    bench.startByHand();
    bench.pass(35);
    expect(bench.upcoming(1)).toEqual(['05-02T13:00 main']);
    bench.end('cancelled');
    expect(bench.runs).toEqual(['05-01T12:59 main manual', '05-01T13:34 main']);
    expect(bench.lastNotes).toEqual([
      { kind: 'cancelled', count: 2, dueAt: '2026-05-01T13:30:00.000Z', forRunId: 1 },
    ]);
    bench.end('cancelled');
    bench.passQuickly(60);
    expect(bench.runs).toHaveLength(2);

    bench.now = Date.parse('2026-05-02T12:59:00Z');
    bench.plan({
      main: cron('0,30 13 * * *'),
      pauseWindows: [{ days: [...WEEKDAYS], from: '13:05', to: '13:20' }],
    });
    bench.startByHand();
    bench.pass(8);
    bench.end('cancelled');
    expect(bench.runs.slice(2)).toEqual(['05-02T12:59 main manual']);
    bench.pass(13);
    expect(bench.runs.slice(3)).toEqual(['05-02T13:20 main']);
    expect(bench.lastNotes).toMatchObject([{ kind: 'cancelled', count: 1 }]);
  });

  it('one that came due during a run that succeeds, or fails, is not made up for', () => {
    bench.plan({ main: cron('0,30 13 * * *'), retry: { attempts: 0, firstDelayMinutes: 5 } });
    bench.boot();
    bench.pass(59);
    bench.startByHand();
    bench.pass(5);
    bench.end();
    bench.pass(20);
    bench.startByHand();
    bench.pass(10);
    bench.end('failed', { check: 'pin', message: 'No pinned issuer.' });
    bench.pass(10);
    expect(bench.runs).toEqual(['05-01T12:59 main manual', '05-01T13:24 main manual']);
  });

  it('one that is started by hand is waited for as well', () => {
    bench.plan({ fast: fastAt('0 * * * *') });
    bench.boot();
    bench.pass(59);
    bench.startByHand();
    bench.pass(10);
    bench.end();
    expect(bench.runs).toEqual(['05-01T12:59 main manual', '05-01T13:09 fast']);
  });
});

describe('a pause window', () => {
  const window = { days: [...WEEKDAYS], from: '12:30', to: '15:00' };

  it('holds starts back to its end, where one stands for them', () => {
    bench.plan({ main: cron('0 13,14 * * *'), fast: fastAt('*/30 * * * *'), pauseWindows: [window] });
    bench.boot();
    const listed = bench.upcoming(3);
    bench.passQuickly(200);
    expect(bench.runs).toEqual(['05-01T15:00 main', '05-01T15:00 fast'].slice(0, 1));
    expect(listed).toEqual(['05-01T15:00 main', '05-01T15:30 fast', '05-01T16:00 fast']);
    expect(listRuns(bench.db, 1)[0]!.notes).toMatchObject([
      { kind: 'paused', count: 2, dueAt: '2026-05-01T13:00:00.000Z' },
      { kind: 'covers', scope: 'fast' },
    ]);
  });

  it('holds back what was missed before it, too, and a run that is on when it begins goes on', () => {
    bench.plan({ main: cron('25 12 * * *'), pauseWindows: [window] });
    bench.now += HOUR;
    bench.boot();
    expect(bench.runs).toEqual([]);
    expect(bench.upcoming(1)).toEqual(['05-01T15:00 main']);
    bench.passQuickly(125);
    expect(bench.runs).toEqual(['05-01T15:00 main']);
    expect(bench.lastNotes).toMatchObject([{ kind: 'missed', count: 1 }]);
  });
});

describe('a run that failed', () => {
  const retry = { attempts: 2, firstDelayMinutes: 5 };
  const runOnce = (failure: RunFailure): void => {
    bench.plan({ main: cron('0 13 * * *'), retry });
    bench.boot();
    bench.pass(60);
    bench.end('failed', failure);
  };

  it('for what may pass is tried again, later and later, as often as the policy says', () => {
    runOnce(PASSING);
    expect(bench.upcoming(2)).toEqual(['05-01T13:05 main retry', '05-02T13:00 main']);
    bench.pass(5);
    bench.end('failed', PASSING);
    bench.pass(10);
    bench.end('failed', PASSING);
    bench.pass(600);
    expect(bench.runs).toEqual([
      '05-01T13:00 main',
      '05-01T13:05 main attempt 2',
      '05-01T13:15 main attempt 3',
    ]);
    expect(listRuns(bench.db, 2).map(({ retryOf }) => retryOf)).toEqual([1, 1]);
  });

  it('and succeeds at a retry is tried no further', () => {
    runOnce(PASSING);
    bench.pass(5);
    bench.end();
    bench.pass(600);
    expect(bench.runs).toHaveLength(2);
  });

  it('for another reason, or was cancelled, is not tried again', () => {
    runOnce({ check: 'pin', message: 'No pinned issuer.' });
    bench.pass(600);
    expect(bench.runs).toHaveLength(1);
    bench.startByHand();
    bench.end('cancelled');
    bench.pass(600);
    expect(bench.runs).toHaveLength(2);
  });

  it('is tried again after a restart, too, and not while a pause window lasts', () => {
    runOnce(PASSING);
    bench.off();
    bench.plan({
      main: cron('0 13 * * *'),
      retry,
      pauseWindows: [{ days: [...WEEKDAYS], from: '13:00', to: '14:00' }],
    });
    bench.boot();
    expect(bench.upcoming(1)).toEqual(['05-01T14:00 main retry']);
    bench.pass(60);
    expect(bench.runs).toEqual(['05-01T13:00 main', '05-01T14:00 main attempt 2']);
  });

  it('of the faster schedule is not tried again once a main run brought everything', () => {
    bench.plan({ fast: fastAt('0 13 * * *'), retry });
    bench.boot();
    bench.pass(60);
    bench.end('failed', PASSING);
    bench.startByHand();
    bench.end();
    bench.pass(60);
    expect(bench.runs).toEqual(['05-01T13:00 fast', '05-01T13:00 main manual']);
  });

  it('since its process ended goes on at the next start, once', () => {
    bench.plan({ fast: fastAt('0 13 * * *'), retry: { attempts: 0, firstDelayMinutes: 5 } });
    bench.boot();
    bench.pass(60);
    bench.off();
    bench.boot();
    expect(bench.runs).toEqual(['05-01T13:00 fast', '05-01T13:00 fast start']);
    bench.off();
    bench.boot();
    expect(bench.runs).toHaveLength(2);
  });

  it('since the relay was stopped goes on when it runs again, once for all starts missed meanwhile', () => {
    bench.plan({ main: cron('0 13 * * *'), retry: { attempts: 0, firstDelayMinutes: 5 } });
    bench.boot();
    bench.pass(60);
    bench.off();
    bench.end('failed', STOPPED);
    bench.boot();
    expect(bench.runs).toEqual(['05-01T13:00 main', '05-01T13:00 main start']);
    expect(bench.lastNotes).toEqual([{ kind: 'resumed', runId: 1, startedAt: '2026-05-01T13:00:00.000Z' }]);

    bench.off();
    bench.end('failed', STOPPED);
    bench.pass(2 * 24 * 60);
    bench.boot();
    bench.end();
    bench.pass(60);
    expect(bench.runs.slice(2)).toEqual(['05-03T13:00 main']);
    expect(bench.lastNotes).toMatchObject([{ kind: 'missed', count: 2 }]);
  });

  it('since the relay was stopped goes on no earlier than a pause window ends', () => {
    bench.plan({
      main: cron('59 12 * * *'),
      pauseWindows: [{ days: [...WEEKDAYS], from: '13:00', to: '14:00' }],
    });
    bench.boot();
    bench.pass(60);
    bench.off();
    bench.end('failed', STOPPED);
    bench.boot();
    bench.pass(59);
    expect(bench.runs).toEqual(['05-01T12:59 main']);
    bench.pass(1);
    expect(bench.runs.slice(1)).toEqual(['05-01T14:00 main start']);
  });
});
