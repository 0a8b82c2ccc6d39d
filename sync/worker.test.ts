import { jest } from '@jest/globals';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import winston from 'winston';
import { SchedulePlan } from '../catalog/schedule/schedule.ts';
import { openDatabase } from '../catalog/store/database/database.ts';
import type { Database } from '../catalog/store/database/database.ts';
import { readSchedule, replacePlan, writeSchedule } from '../catalog/store/upstream/schedule-record.ts';
import { listRuns } from '../catalog/store/upstream/synchronization.ts';
import { Config } from '../config/schema.ts';
import { Worker } from './worker.ts';

const MINUTE = 60_000;

let db: Database;
let worker: Worker;

beforeEach(() => {
  jest.useFakeTimers({ now: Date.parse('2026-05-01T12:00:00Z'), doNotFake: ['nextTick', 'queueMicrotask'] });
  const folder = mkdtempSync(join(tmpdir(), 'sluice-'));
  db = openDatabase(join(folder, 'sluice.db'));
  worker = new Worker({
    // Whether a synchronization succeeds is no matter here: there is no such trust anchor.
    config: Config.parse({
      dataDirectory: folder,
      upstream: {
        url: 'https://upstream.invalid',
        pins: [`sha256/${'A'.repeat(43)}=`],
        trustAnchors: [join(folder, 'missing.pem')],
      },
    }),
    db,
    log: winston.createLogger({ silent: true }),
    send: () => undefined,
  });
});

afterEach(async () => {
  jest.useRealTimers();
  await worker.stop();
  db.close();
});

const plan = (main: object): void =>
  writeSchedule(db, replacePlan(readSchedule(db), SchedulePlan.parse({ main }), new Date()));

const runs = (): string[] => listRuns(db, 10).map(({ startedAt, trigger }) => `${trigger} ${startedAt}`);

async function pass(milliseconds: number): Promise<void> {
  await jest.advanceTimersByTimeAsync(milliseconds);
}

describe('a worker', () => {
  it('synchronizes when the stored schedule says so', async () => {
    plan({ mode: 'timesPerDay', count: 24, firstAt: '00:30' });
    worker.start();
    await pass(100 * MINUTE);
    expect(runs()).toEqual(['schedule 2026-05-01T13:30:00.000Z', 'schedule 2026-05-01T12:30:00.000Z']);
  });

  it('follows a schedule that is changed while it runs', async () => {
    worker.start();
    await pass(100 * MINUTE);
    expect(runs()).toEqual([]);
    plan({ mode: 'cron', expression: '0 14 * * *' });
    worker.handle({ type: 'schedule-changed' });
    await pass(60 * MINUTE);
    expect(runs()).toEqual(['schedule 2026-05-01T14:00:00.000Z']);
    plan({ mode: 'off' });
    worker.handle({ type: 'schedule-changed' });
    await pass(48 * 60 * MINUTE);
    expect(runs()).toHaveLength(1);
  });

  it('synchronizes when it is told to, and says in the history that it was', async () => {
    worker.start();
    worker.handle({ type: 'synchronize' });
    await pass(1);
    expect(runs()).toEqual(['manual 2026-05-01T12:00:00.000Z']);
  });
});
