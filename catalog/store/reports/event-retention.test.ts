import { emptyDatabase } from '../../../scripts/testing/empty-database.ts';
import type { Database } from '../database/database.ts';
import { EventRetention } from './event-retention.ts';
import { ReportStore } from './reports.ts';

const NOW = new Date('2026-11-12T00:00:00Z');
const DAY = 86_400_000;
const LIMITS = { keepDays: 90, keepPerComputer: 100 };
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * DAY);

const insert = (db: Database, computerId: string, name: string, at: Date, received = at): void => {
  db.prepare(
    `INSERT INTO reporting_event (event_instance_id, computer_id, event_id, win32_hresult, time_at_target, received_at)
     VALUES (?, ?, 147, 0, ?, ?)`,
  ).run(`${computerId} ${name}`, computerId, at.toISOString(), received.toISOString());
};

const remaining = (db: Database): string[] =>
  db.prepare<[], string>('SELECT event_instance_id FROM reporting_event ORDER BY 1').pluck().all();

function pruneAll(db: Database): void {
  const retention = new EventRetention(db, LIMITS);
  while (!retention.prune(NOW));
}

describe('events', () => {
  let db: Database;
  beforeEach(() => {
    db = emptyDatabase();
  });
  afterEach(() => db.close());

  it('go when they are old, whichever computer they are of', () => {
    for (const computerId of ['a', 'b', 'c']) {
      insert(db, computerId, 'old', daysAgo(91));
      insert(db, computerId, 'young', daysAgo(89));
    }
    pruneAll(db);
    expect(remaining(db)).toEqual(['a young', 'b young', 'c young']);
  });

  it('of a computer whose clock is far behind stay as long as any others', () => {
    insert(db, 'a', 'behind', daysAgo(900), daysAgo(1));
    pruneAll(db);
    expect(remaining(db)).toEqual(['a behind']);
  });

  it('are kept of each computer up to a number, the newest', () => {
    for (let index = 0; index < 350; index += 1)
      insert(db, 'busy', String(index).padStart(3, '0'), daysAgo(index / 10));
    insert(db, 'calm', 'one', daysAgo(80));
    pruneAll(db);
    expect(remaining(db)).toHaveLength(101);
    expect(remaining(db).slice(99)).toEqual(['busy 099', 'calm one']);
  });

  it('take nothing with them that a later list needs: why an update failed, and when the last list was', () => {
    const update = '00000000-0000-4000-8000-000000000001';
    db.exec(`INSERT INTO computer (computer_id, first_contact, last_contact) VALUES ('a', '', '');
      INSERT INTO revision (update_id, revision_number, update_type, publication_state, is_latest, is_leaf,
        explicitly_deployable, creation_date, arrived_at, import_sequence, default_language, title, core, document)
      VALUES ('${update}', 200, 'Software', 'Published', 1, 1, 1, '', '', 1, 'en', '', '', x'')`);
    const reports = new ReportStore(db);
    const keep = (eventId: number, days: number, more: object): void =>
      reports.keep(
        'a',
        [
          {
            eventInstanceId: `${eventId} ${days}`,
            eventId,
            win32HResult: -5,
            appName: '',
            timeAtTarget: daysAgo(days).toISOString(),
            replacementStrings: [],
            miscData: [],
            ...more,
          },
        ],
        daysAgo(days),
      );
    keep(182, 120, { updateId: update, revisionNumber: 200 });
    keep(156, 119, { miscData: [`g=${update}`] });
    pruneAll(db);
    expect(remaining(db)).toEqual([]);
    keep(156, 1, { miscData: [`g=${update}`] });
    keep(183, 119.5, { updateId: update, revisionNumber: 200 });
    expect(db.prepare('SELECT state, error_code FROM computer_update_status').get()).toEqual({
      state: 'Failed',
      error_code: -5,
    });
  });
});
