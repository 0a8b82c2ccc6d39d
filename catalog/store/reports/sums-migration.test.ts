import SqliteDatabase from 'better-sqlite3';
import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, type Database } from '../database/database.ts';
import { ALL_COMPUTERS } from '../groups/group-tree.ts';
import { listUpdateComputers } from '../updates/update-computers.ts';
import { countWithFailures, statusOfComputers, statusOfFleet } from './fleet-status.ts';
import { ReportStore } from './reports.ts';
import { statusByGroup, statusOfUpdates } from './status-counts.ts';

const MIGRATIONS = new URL('../database/migrations/', import.meta.url);
const guid = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
const [FOR_ALL, FOR_SERVERS, LATE, DECLINED, OPEN] = [guid(1), guid(2), guid(3), guid(4), guid(5)];
const UPDATES = [FOR_ALL, FOR_SERVERS, LATE, DECLINED, OPEN];
const time = (hour: number): string => new Date(Date.UTC(2026, 10, 10, hour)).toISOString();

/** As version 2 left it: decisions until 9:00, lists at 8:00 and 10:00. */
function oldDatabase(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'sluice-')), 'sluice.db');
  const db = new SqliteDatabase(file);
  for (const name of readdirSync(MIGRATIONS).toSorted().slice(0, 2))
    db.exec(readFileSync(new URL(name, MIGRATIONS), 'utf8'));
  db.pragma('user_version = 2');
  for (const [index, updateId] of UPDATES.entries())
    db.prepare(
      `INSERT INTO revision (revision_id, update_id, revision_number, update_type, publication_state, is_latest, is_leaf,
         explicitly_deployable, creation_date, arrived_at, import_sequence, default_language, title, core, document)
       VALUES (?, ?, 200, 'Software', 'Published', 1, 1, 1, '', '', 1, 'en', ?, '', x'')`,
    ).run(index + 1, updateId, updateId);
  const group = db.prepare('INSERT INTO target_group VALUES (?, ?, ?, 0)');
  group.run('servers', ALL_COMPUTERS, 'Servers');
  group.run('web', 'servers', 'Web');
  group.run('pilot', ALL_COMPUTERS, 'Pilot');
  const computer = db.prepare(
    "INSERT INTO computer (computer_id, first_contact, last_contact) VALUES (?, '', '')",
  );
  for (const id of ['listed', 'early', 'silent', 'alone']) computer.run(id);
  const member = db.prepare('INSERT INTO computer_group VALUES (?, ?)');
  for (const [id, groupId] of [
    ['listed', 'web'],
    ['listed', 'pilot'],
    ['early', 'web'],
    ['silent', 'servers'],
  ])
    member.run(id, groupId);
  const decide = db.prepare("INSERT INTO deployment VALUES (NULL, ?, ?, ?, ?, ?, NULL, 'ada', ?)");
  decide.run('d1', 1, FOR_ALL, ALL_COMPUTERS, 'Install', time(7));
  decide.run('d2', 2, FOR_SERVERS, 'servers', 'Install', time(7));
  decide.run('d3', 2, FOR_SERVERS, 'web', 'NotApproved', time(7));
  decide.run('d4', 3, LATE, 'web', 'Install', time(9));
  decide.run('d5', 4, DECLINED, ALL_COMPUTERS, 'Install', time(7));
  db.prepare("INSERT INTO declined_update VALUES (?, 'ada', ?)").run(DECLINED, time(7));
  const event = db.prepare(
    `INSERT INTO reporting_event (event_instance_id, computer_id, event_id, update_id, win32_hresult, time_at_target,
       received_at) VALUES (?, ?, ?, ?, ?, ?, '')`,
  );
  event.run('e1', 'listed', 156, null, 0, time(8));
  event.run('e2', 'listed', 156, null, 0, time(10));
  event.run('e3', 'early', 156, null, 0, time(8));
  event.run('e4', 'listed', 182, FOR_ALL, -5, time(6));
  event.run('e5', 'early', 182, FOR_ALL, -7, time(7));
  const status = db.prepare('INSERT INTO computer_update_status VALUES (?, ?, 200, ?, ?, ?)');
  status.run('listed', FOR_ALL, 'Installed', null, time(10));
  status.run('listed', OPEN, 'NotInstalled', null, time(10));
  status.run('early', FOR_ALL, 'Failed', -7, time(8));
  db.close();
  return file;
}

const some = (states: object): unknown => ({
  NotInstalled: 0,
  Downloaded: 0,
  InstalledPendingReboot: 0,
  Installed: 0,
  Failed: 0,
  NotApplicable: 0,
  Unknown: 0,
  ...states,
});

describe('a database of before sums were kept', () => {
  let db: Database;
  beforeEach(() => {
    db = openDatabase(oldDatabase());
  });
  afterEach(() => db.close());

  it('has the right ones from its first start', () => {
    expect(statusOfComputers(db, ['listed', 'early', 'silent', 'alone'])).toEqual(
      new Map([
        ['listed', some({ Installed: 1, NotApplicable: 1 })],
        ['early', some({ Failed: 1, Unknown: 1 })],
        ['silent', some({ Unknown: 2 })],
        ['alone', some({ Unknown: 1 })],
      ]),
    );
    expect(statusOfFleet(db)).toEqual(some({ Installed: 1, Failed: 1, NotApplicable: 1, Unknown: 4 }));
    expect(countWithFailures(db)).toBe(1);
    expect(statusOfUpdates(db, [FOR_ALL, LATE, OPEN])).toEqual(
      new Map([
        [FOR_ALL, some({ Installed: 1, Failed: 1, Unknown: 2 })],
        [LATE, some({ NotApplicable: 1, Unknown: 3 })],
        [OPEN, some({ NotInstalled: 1, Unknown: 3 })],
      ]),
    );
    const groups = statusByGroup(db, FOR_ALL);
    expect(groups.get('web')).toEqual({ computers: 2, status: some({ Installed: 1, Failed: 1 }) });
    expect(groups.get('servers')).toEqual({
      computers: 3,
      status: some({ Installed: 1, Failed: 1, Unknown: 1 }),
    });
    expect(groups.get('pilot')).toEqual({ computers: 1, status: some({ Installed: 1 }) });
    expect(groups.get(ALL_COMPUTERS)?.computers).toBe(4);
  });

  it('goes on from there: a later list leaves out what was needed, a failure has its code without its event', () => {
    const reports = new ReportStore(db);
    const list = (computerId: string, miscData: string[]) =>
      reports.keep(
        computerId,
        [
          {
            eventInstanceId: `list of ${computerId}`,
            eventId: 156,
            win32HResult: 0,
            appName: '',
            timeAtTarget: time(11),
            replacementStrings: [],
            miscData,
          },
        ],
        new Date(time(12)),
      );
    db.exec('DELETE FROM reporting_event');
    list('listed', [`g=${FOR_ALL}`]);
    list('early', [`V=${FOR_ALL}`]);
    expect(statusOfComputers(db, ['listed', 'early'])).toEqual(
      new Map([
        ['listed', some({ Failed: 1, NotApplicable: 1 })],
        ['early', some({ Installed: 1, NotApplicable: 1 })],
      ]),
    );
    expect(statusOfUpdates(db, [OPEN]).get(OPEN)).toEqual(some({ NotApplicable: 1, Unknown: 3 }));
    const [failed] = listUpdateComputers(db, FOR_ALL, { limit: 9, state: 'Failed' }).items;
    expect(failed).toMatchObject({ computerId: 'listed', errorCode: -5 });
  });
});
