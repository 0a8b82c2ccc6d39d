/** Events that agents report: kept as they came, once each, and folded into the state of each computer's updates. */
import type { Database, Statement } from 'better-sqlite3';
import {
  FAILURE_EVENTS,
  SCAN_FINISHED,
  STATUS_EVENTS,
  afterStatusList,
  foldMention,
  isStatusList,
  mentionsInLists,
  outcomeOf,
} from './reported-states.ts';
import type { Mention, ReportedState, UpdateStatus } from './reported-states.ts';

/** One ReportingEvent ([MS-WUSP] 2.2.2.3.1). */
export interface ReportedEvent {
  /** The agent's own id for this occurrence, lower case. */
  readonly eventInstanceId: string;
  readonly eventId: number;
  /** Lower case; absent where the event is about no update. */
  readonly updateId?: string;
  readonly revisionNumber?: number;
  readonly win32HResult: number;
  readonly appName: string;
  /** ISO 8601 UTC with milliseconds. */
  readonly timeAtTarget: string;
  readonly replacementStrings: readonly string[];
  readonly miscData: readonly string[];
}

interface StatusRow {
  readonly updateId: string;
  readonly revisionNumber: number;
  readonly state: ReportedState;
  readonly errorCode: number | null;
  readonly saidAt: string;
}

type EventParameters = Omit<
  ReportedEvent,
  'replacementStrings' | 'miscData' | 'updateId' | 'revisionNumber'
> & {
  readonly computerId: string;
  readonly updateId: string | null;
  readonly revisionNumber: number | null;
  readonly receivedAt: string;
  readonly extendedData: string;
};

export class ReportStore {
  readonly #insertEvent: Statement<[EventParameters]>;
  readonly #latestList: Statement<[string, string], string>;
  readonly #statuses: Statement<[string], StatusRow>;
  readonly #known: Statement<[string], { readonly updateId: string; readonly revisionNumber: number }>;
  readonly #latestFailure: Statement<[string, string, string], number>;
  readonly #writeStatus: Statement<[StatusRow & { readonly computerId: string }]>;
  readonly #noteReport: Statement<[{ computerId: string; receivedAt: string; scannedAt: string | null }]>;

  constructor(db: Database) {
    this.#insertEvent = db.prepare(
      `INSERT INTO reporting_event (event_instance_id, computer_id, event_id, update_id, revision_number,
         win32_hresult, app_name, time_at_target, received_at, extended_data)
       VALUES (@eventInstanceId, @computerId, @eventId, @updateId, @revisionNumber,
         @win32HResult, @appName, @timeAtTarget, @receivedAt, @extendedData)
       ON CONFLICT (event_instance_id) DO NOTHING`,
    );
    this.#latestList = db
      .prepare<[string, string], string>(
        `SELECT time_at_target FROM reporting_event
         WHERE computer_id = ? AND event_id IN (SELECT value FROM json_each(?))
         ORDER BY time_at_target DESC LIMIT 1`,
      )
      .pluck();
    this.#statuses = db.prepare(
      `SELECT update_id AS updateId, revision_number AS revisionNumber, state, error_code AS errorCode,
              changed_at AS saidAt
       FROM computer_update_status WHERE computer_id = ?`,
    );
    this.#known = db.prepare(
      `SELECT update_id AS updateId, revision_number AS revisionNumber FROM revision
       WHERE is_latest = 1 AND update_id IN (SELECT value FROM json_each(?))`,
    );
    this.#latestFailure = db
      .prepare<[string, string, string], number>(
        `SELECT win32_hresult FROM reporting_event
         WHERE computer_id = ? AND update_id = ? AND event_id IN (SELECT value FROM json_each(?))
         ORDER BY time_at_target DESC, win32_hresult LIMIT 1`,
      )
      .pluck();
    this.#writeStatus = db.prepare(
      `INSERT INTO computer_update_status (computer_id, update_id, revision_number, state, error_code, changed_at)
       VALUES (@computerId, @updateId, @revisionNumber, @state, @errorCode, @saidAt)
       ON CONFLICT (computer_id, update_id) DO UPDATE SET revision_number = excluded.revision_number,
         state = excluded.state, error_code = excluded.error_code, changed_at = excluded.changed_at`,
    );
    this.#noteReport = db.prepare(
      `UPDATE computer SET last_report = max(ifnull(last_report, ''), @receivedAt),
         last_contact = max(last_contact, @receivedAt),
         last_scan = iif(@scannedAt IS NULL, last_scan, max(ifnull(last_scan, ''), @scannedAt))
       WHERE computer_id = @computerId`,
    );
  }

  /**
   * Keeps what was not received before and folds it in. To be called within a transaction: either all of it is kept or
   * nothing.
   */
  keep(computerId: string, events: readonly ReportedEvent[], receivedAt: Date): void {
    const fresh = events.filter((event) => this.#insert(computerId, event, receivedAt.toISOString()));
    const scans = fresh.filter(({ eventId }) => eventId === SCAN_FINISHED);
    this.#noteReport.run({
      computerId,
      receivedAt: receivedAt.toISOString(),
      scannedAt:
        scans
          .map(({ timeAtTarget }) => timeAtTarget)
          .sort()
          .at(-1) ?? null,
    });
    const speaking = fresh.map((event) => ({ event, mentions: mentionsOf(event) }));
    const isStatusNews = speaking.some(({ event, mentions }) => mentions.length > 0 || isStatus(event));
    if (isStatusNews) this.#fold(computerId, speaking);
  }

  /** @returns whether the event is new to us */
  #insert(computerId: string, event: ReportedEvent, receivedAt: string): boolean {
    const { replacementStrings, miscData, updateId, revisionNumber, ...rest } = event;
    // The lists of a status event are kept as the states they fold into; in the log they would be most of the database.
    const kept = isStatus(event) ? miscData.filter((entry) => !isStatusList(entry)) : miscData;
    const { changes } = this.#insertEvent.run({
      ...rest,
      computerId,
      updateId: updateId ?? null,
      revisionNumber: revisionNumber ?? null,
      receivedAt,
      extendedData: JSON.stringify({ replacementStrings, miscData: kept }),
    });
    return changes === 1;
  }

  #fold(
    computerId: string,
    speaking: readonly { readonly event: ReportedEvent; readonly mentions: readonly Mention[] }[],
  ): void {
    const before = new Map(this.#statuses.all(computerId).map((row) => [row.updateId, row]));
    const after = new Map<string, UpdateStatus>(before);
    const spokenOf = new Set(speaking.flatMap(({ mentions }) => mentions.map(({ updateId }) => updateId)));
    const revisions = this.#knownRevisions(spokenOf);
    for (const { event, mentions } of speaking) {
      for (const { updateId, state } of mentions) {
        const latest = revisions.get(updateId);
        // What the catalogue does not know shows nowhere, and anybody could make it grow without end.
        if (latest === undefined) continue;
        const revisionNumber = Math.max(latest, event.revisionNumber ?? 0);
        after.set(updateId, foldMention(after.get(updateId), state, revisionNumber, event.timeAtTarget));
      }
    }
    const listedAt = this.#latestList.get(computerId, JSON.stringify(STATUS_EVENTS));
    for (const [updateId, folded] of after) {
      const status = afterStatusList(folded, listedAt);
      const row = before.get(updateId);
      const errorCode = spokenOf.has(updateId)
        ? this.#errorOf(computerId, updateId, status)
        : keptError(row, status);
      const { revisionNumber, state, saidAt } = status;
      const next = { computerId, updateId, revisionNumber, state, errorCode, saidAt };
      if (row === undefined || isDifferent(row, next)) this.#writeStatus.run(next);
    }
  }

  #knownRevisions(updateIds: ReadonlySet<string>): Map<string, number> {
    const rows = this.#known.all(JSON.stringify([...updateIds]));
    return new Map(rows.map(({ updateId, revisionNumber }) => [updateId, revisionNumber]));
  }

  /** A list says that an update failed, not why: that is in the latest event about a failure of it. */
  #errorOf(computerId: string, updateId: string, { state }: UpdateStatus): number | null {
    if (state !== 'Failed') return null;
    return this.#latestFailure.get(computerId, updateId, JSON.stringify(FAILURE_EVENTS)) ?? null;
  }
}

const isStatus = ({ eventId }: ReportedEvent): boolean => STATUS_EVENTS.includes(eventId);

function mentionsOf(event: ReportedEvent): Mention[] {
  if (isStatus(event)) return mentionsInLists(event.miscData);
  return event.updateId === undefined ? [] : outcomeOf(event.eventId, event.updateId);
}

const keptError = (row: StatusRow | undefined, { state }: UpdateStatus): number | null =>
  state === 'Failed' ? (row?.errorCode ?? null) : null;

const isDifferent = (a: StatusRow, b: StatusRow): boolean =>
  a.state !== b.state ||
  a.saidAt !== b.saidAt ||
  a.errorCode !== b.errorCode ||
  a.revisionNumber !== b.revisionNumber;
