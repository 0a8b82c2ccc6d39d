import SqliteDatabase from 'better-sqlite3';
import fc from 'fast-check';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../database/database.ts';
import { advanceGeneration } from '../database/generation.ts';
import type { Database } from '../database/database.ts';
import { ReportStore } from './reports.ts';
import type { ReportedEvent } from './reports.ts';

const COMPUTER = '5c7f4f80-3896-4d10-8a38-469286a0febc';
const RECEIVED = new Date('2026-11-12T00:00:00Z');
const guid = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
const UPDATES = [1, 2, 3].map(guid);
const [FIRST, SECOND] = [guid(1), guid(2)];

function openWithFleet(): { db: Database; reports: ReportStore } {
  const db = openDatabase(join(mkdtempSync(join(tmpdir(), 'sluice-')), 'sluice.db'));
  db.prepare("INSERT INTO computer (computer_id, first_contact, last_contact) VALUES (?, '', '')").run(
    COMPUTER,
  );
  for (const updateId of UPDATES)
    db.prepare(
      `INSERT INTO revision (update_id, revision_number, update_type, publication_state, is_latest, is_leaf,
         explicitly_deployable, creation_date, arrived_at, import_sequence, default_language, title, core, document)
       VALUES (?, 200, 'Software', 'Published', 1, 1, 1, '', '', 1, 'en', '', '', x'')`,
    ).run(updateId);
  return { db, reports: new ReportStore(db) };
}

let counter = 0;
const at = (minute: number): string => new Date(Date.UTC(2026, 10, 10, 8, minute)).toISOString();

const event = (eventId: number, minute: number, fields: Partial<ReportedEvent> = {}): ReportedEvent => ({
  eventInstanceId: `event-${(counter += 1)}`,
  eventId,
  win32HResult: 0,
  appName: 'AutomaticUpdates',
  timeAtTarget: at(minute),
  replacementStrings: [],
  miscData: [],
  ...fields,
});

const about = (updateId: string, eventId: number, minute: number, win32HResult = 0): ReportedEvent =>
  event(eventId, minute, { updateId, revisionNumber: 200, win32HResult });

const list = (minute: number, ...miscData: string[]): ReportedEvent => event(156, minute, { miscData });

interface StatusRow {
  readonly updateId: string;
  readonly state: string;
  readonly errorCode: number | null;
}

const statuses = (db: Database): StatusRow[] =>
  db
    .prepare<[], StatusRow>(
      `SELECT update_id AS updateId, state, iif(state = 'Failed', error_code, NULL) AS errorCode
       FROM computer_update_status ORDER BY update_id`,
    )
    .all();

function statesAfter(...events: ReportedEvent[]): Record<string, string> {
  const { db, reports } = openWithFleet();
  for (const each of events) reports.keep(COMPUTER, [each], RECEIVED);
  return Object.fromEntries(statuses(db).map(({ updateId, state }) => [updateId, state]));
}

describe('a status list', () => {
  it('says which updates are needed, installed, waiting for a restart, failed and downloaded', () => {
    const { db, reports } = openWithFleet();
    reports.keep(
      COMPUTER,
      [list(0, `U=${FIRST};${SECOND}`, `g=${FIRST}`, `h=${SECOND.toUpperCase()}`, `V=${guid(3)}`, 'Q=1')],
      RECEIVED,
    );
    expect(statuses(db).map(({ state }) => state)).toEqual(['Failed', 'Downloaded', 'Installed']);
    reports.keep(COMPUTER, [list(1, `W=${FIRST}`)], RECEIVED);
    expect(statuses(db)[0]?.state).toBe('InstalledPendingReboot');
  });

  it('is complete: what was needed and is named no more is not applicable', () => {
    expect(statesAfter(list(0, `U=${FIRST};${SECOND}`), list(5, `U=${SECOND}`))).toEqual({
      [FIRST]: 'NotApplicable',
      [SECOND]: 'NotInstalled',
    });
  });

  it('without an update that was installed leaves it installed', () => {
    expect(statesAfter(about(FIRST, 183, 0), list(5))).toEqual({ [FIRST]: 'Installed' });
  });

  it('that says what the last one said writes no row, and is as good as a new one', () => {
    const { db, reports } = openWithFleet();
    reports.keep(COMPUTER, [list(0, `U=${FIRST}`, `V=${SECOND}`)], RECEIVED);
    const rows = (): unknown => db.prepare('SELECT * FROM computer_update_status').all();
    const before = rows();
    reports.keep(COMPUTER, [list(9, `U=${FIRST}`, `V=${SECOND}`)], RECEIVED);
    expect(rows()).toEqual(before);
    reports.keep(COMPUTER, [about(FIRST, 183, 5)], RECEIVED);
    expect(statuses(db)[0]?.state).toBe('NotInstalled');
    reports.keep(COMPUTER, [about(FIRST, 183, 10)], RECEIVED);
    expect(statuses(db)[0]?.state).toBe('Installed');
    reports.keep(COMPUTER, [list(11, `U=${FIRST}`, `V=${SECOND}`)], RECEIVED);
    expect(statuses(db)[0]?.state).toBe('NotInstalled');
  });

  it('that says the same speaks of an update that the catalogue had not known before', () => {
    const { db, reports } = openWithFleet();
    const late = guid(77);
    reports.keep(COMPUTER, [list(0, `U=${late}`)], RECEIVED);
    db.prepare(
      `INSERT INTO revision SELECT NULL, ?, revision_number, update_type, category_type, publication_state, is_latest,
         is_leaf, explicitly_deployable, creation_date, arrived_at, import_sequence, default_language, title,
         description, kb_article_ids, cve_ids, security_bulletin_ids, msrc_severity, eula_id, handler, reboot_behavior,
         impact, can_uninstall, max_download_size, core, document FROM revision LIMIT 1`,
    ).run(late);
    advanceGeneration(db);
    reports.keep(COMPUTER, [list(1, `U=${late}`)], RECEIVED);
    expect(statuses(db)).toEqual([{ updateId: late, state: 'NotInstalled', errorCode: null }]);
  });

  it('of the older form (event 153) is understood alike', () => {
    const older = event(153, 0, { miscData: [`V=${FIRST}`] });
    expect(statesAfter(older)).toEqual({ [FIRST]: 'Installed' });
  });

  it('cannot make the database grow with updates that nobody knows', () => {
    expect(statesAfter(list(0, `U=${guid(77)};not-a-guid;`))).toEqual({});
  });
});

describe('an install or download event', () => {
  it.each([
    [161, 'Failed'],
    [162, 'Downloaded'],
    [164, 'Downloaded'],
    [182, 'Failed'],
    [183, 'Installed'],
    [184, 'InstalledPendingReboot'],
    [190, 'Installed'],
    [191, 'InstalledPendingReboot'],
    [195, 'Failed'],
    [197, 'Installed'],
    [199, 'InstalledPendingReboot'],
    [203, 'Failed'],
    [222, 'NotInstalled'],
  ])('%i makes the update %s', (eventId, state) => {
    expect(statesAfter(about(FIRST, eventId, 0))).toEqual({ [FIRST]: state });
  });

  it('that only tells of progress changes nothing', () => {
    expect(statesAfter(list(0, `U=${FIRST}`), about(FIRST, 167, 1), about(FIRST, 181, 2))).toEqual({
      [FIRST]: 'NotInstalled',
    });
  });

  it('that is older than what is known changes nothing, though it arrives later', () => {
    expect(statesAfter(about(FIRST, 183, 9), about(FIRST, 182, 3))).toEqual({ [FIRST]: 'Installed' });
  });

  it('that failed gives its error code, which a later list that only says "failed" keeps', () => {
    const { db, reports } = openWithFleet();
    reports.keep(COMPUTER, [about(FIRST, 182, 0, -2145124329)], RECEIVED);
    reports.keep(COMPUTER, [list(5, `g=${FIRST}`)], RECEIVED);
    expect(statuses(db)).toEqual([{ updateId: FIRST, state: 'Failed', errorCode: -2145124329 }]);
    reports.keep(COMPUTER, [about(FIRST, 183, 7)], RECEIVED);
    expect(statuses(db)).toEqual([{ updateId: FIRST, state: 'Installed', errorCode: null }]);
  });

  it('that failed gives its error code to an earlier list that only said "failed", and to a later failure without one', () => {
    const { db, reports } = openWithFleet();
    reports.keep(COMPUTER, [list(5, `g=${FIRST}`)], RECEIVED);
    expect(statuses(db)).toEqual([{ updateId: FIRST, state: 'Failed', errorCode: null }]);
    reports.keep(COMPUTER, [about(FIRST, 182, 3, -5), about(FIRST, 161, 1, -6)], RECEIVED);
    expect(statuses(db)).toEqual([{ updateId: FIRST, state: 'Failed', errorCode: -5 }]);
    reports.keep(COMPUTER, [list(6, `V=${FIRST}`)], RECEIVED);
    reports.keep(COMPUTER, [list(7, `g=${FIRST}`)], RECEIVED);
    db.exec('DELETE FROM reporting_event');
    reports.keep(COMPUTER, [list(8, `g=${FIRST}`)], RECEIVED);
    expect(statuses(db)).toEqual([{ updateId: FIRST, state: 'Failed', errorCode: -5 }]);
  });
});

describe('reported events', () => {
  it('are kept once, however often they are sent', () => {
    const { db, reports } = openWithFleet();
    const batch = [about(FIRST, 162, 0), about(FIRST, 183, 1)];
    for (const _ of ['first', 'retry', 'retry']) reports.keep(COMPUTER, batch, RECEIVED);
    expect(db.prepare('SELECT count(*) FROM reporting_event').pluck().get()).toBe(2);
  });

  it('are kept as they came, but for the lists, which are kept as states', () => {
    const { db, reports } = openWithFleet();
    const sent = [
      event(148, 0, {
        replacementStrings: ['0x80244019'],
        miscData: ['Q=1', 'G=7.0.5378.45'],
        win32HResult: -1,
      }),
      list(1, `V=${FIRST}`, 'J=703'),
    ];
    reports.keep(COMPUTER, sent, RECEIVED);
    const rows = db
      .prepare(
        'SELECT win32_hresult AS hresult, extended_data AS data FROM reporting_event ORDER BY time_at_target',
      )
      .all();
    expect(rows).toEqual([
      { hresult: -1, data: '{"replacementStrings":["0x80244019"],"miscData":["Q=1","G=7.0.5378.45"]}' },
      { hresult: 0, data: '{"replacementStrings":[],"miscData":["J=703"]}' },
    ]);
  });

  it('say when the computer last scanned and last reported', () => {
    const { db, reports } = openWithFleet();
    reports.keep(COMPUTER, [event(147, 30), event(147, 10)], RECEIVED);
    reports.keep(COMPUTER, [event(141, 40)], RECEIVED);
    expect(db.prepare('SELECT last_scan, last_report FROM computer_standing').get()).toEqual({
      last_scan: at(30),
      last_report: RECEIVED.toISOString(),
    });
  });

  it('are on disk for others to see once their transaction is over, and not before', () => {
    const { db, reports } = openWithFleet();
    const observer = new SqliteDatabase(db.name, { readonly: true });
    const seen = observer.prepare('SELECT count(*) FROM reporting_event').pluck();
    db.transaction(() => {
      reports.keep(COMPUTER, [about(FIRST, 183, 0)], RECEIVED);
      expect(seen.get()).toBe(0);
    })();
    expect(seen.get()).toBe(1);
  });
});

/** What the same events mean, straight from the rules: the last word on each update, and what the last list leaves out. */
function obviousStates(events: readonly ReportedEvent[]): Map<string, string> {
  const order = ['NotInstalled', 'Downloaded', 'Failed', 'Installed', 'InstalledPendingReboot'];
  const tags: Record<string, string> = {
    U: 'NotInstalled',
    V: 'Installed',
    W: 'InstalledPendingReboot',
    g: 'Failed',
    h: 'Downloaded',
  };
  const byId: Record<number, string> = {
    161: 'Failed',
    162: 'Downloaded',
    182: 'Failed',
    183: 'Installed',
    184: 'InstalledPendingReboot',
    222: 'NotInstalled',
  };
  const words = events.flatMap(({ eventId, updateId, timeAtTarget, miscData }) =>
    eventId === 156
      ? miscData.flatMap((entry) =>
          entry
            .slice(2)
            .split(';')
            .map((id) => ({ id, state: tags[entry[0]!]!, time: timeAtTarget })),
        )
      : updateId === undefined || byId[eventId] === undefined
        ? []
        : [{ id: updateId, state: byId[eventId], time: timeAtTarget }],
  );
  const lists = events.filter(({ eventId }) => eventId === 156).map(({ timeAtTarget }) => timeAtTarget);
  const lastList = lists.sort().at(-1) ?? '';
  const states = new Map<string, string>();
  for (const id of UPDATES) {
    const ownWords = words.filter((word) => word.id === id);
    const last = ownWords
      .map(({ time }) => time)
      .sort()
      .at(-1);
    if (last === undefined) continue;
    const [state] = ownWords
      .filter(({ time }) => time === last)
      .map((word) => word.state)
      .sort((a, b) => order.indexOf(b) - order.indexOf(a));
    states.set(id, last < lastList && !state!.startsWith('Installed') ? 'NotApplicable' : state!);
  }
  return states;
}

const someUpdates = fc.subarray(UPDATES, { minLength: 1 });
const anEvent: fc.Arbitrary<ReportedEvent> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(...UPDATES),
      fc.constantFrom(161, 162, 167, 182, 183, 184, 222),
      fc.nat(6),
      fc.integer({ min: -3, max: -1 }),
      fc.integer({ min: 199, max: 203 }),
    )
    .map(([updateId, eventId, minute, win32HResult, revisionNumber]) =>
      event(eventId, minute, { updateId, revisionNumber, win32HResult }),
    ),
  fc
    .tuple(
      fc.nat(6),
      fc.uniqueArray(fc.tuple(fc.constantFrom('U', 'V', 'W', 'g', 'h'), someUpdates), {
        selector: ([tag]) => tag,
      }),
    )
    .map(([minute, lists]) => list(minute, ...lists.map(([tag, ids]) => `${tag}=${ids.join(';')}`))),
);

describe('the state that reports fold into', () => {
  it('is the same in whatever order, batches and number of repetitions they arrive, and is what the rules say', () => {
    const { db, reports } = openWithFleet();
    const replay = (batches: readonly (readonly ReportedEvent[])[]): unknown => {
      db.exec(`DELETE FROM computer_update_status; DELETE FROM reporting_event;
        UPDATE computer_standing SET listed_at = NULL, list_digest = NULL`);
      for (const batch of batches) db.transaction(() => reports.keep(COMPUTER, batch, RECEIVED))();
      return db
        .prepare(
          'SELECT update_id, revision_number, state, error_code, failed_at, is_listed FROM computer_update_status',
        )
        .all();
    };
    const shuffled = fc
      .array(anEvent, { minLength: 1, maxLength: 9 })
      .chain((events) =>
        fc.tuple(
          fc.constant(events),
          fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
          fc.array(fc.nat(events.length * 2), { maxLength: 3 }),
        ),
      );
    db.pragma('synchronous = OFF');
    fc.assert(
      fc.property(shuffled, ([events, mixed, cuts]) => {
        const inOrder = replay([events]);
        const bounds = [0, ...cuts.toSorted((a, b) => a - b), mixed.length];
        const batches = bounds.slice(1).map((end, index) => mixed.slice(bounds[index], end));
        expect(replay(batches)).toEqual(inOrder);
        const states = new Map(statuses(db).map(({ updateId, state }) => [updateId, state]));
        expect(states).toEqual(obviousStates(events));
      }),
      { numRuns: 150 },
    );
  });
});
