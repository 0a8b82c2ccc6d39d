/** Events that agents report: kept as they came, once each, and folded into the state of each computer's updates. */
import type { Database, Statement } from 'better-sqlite3';
import type { ReportedEvent } from './reported-event.ts';
import { SCAN_FINISHED, STATUS_EVENTS, isStatusList } from './reported-states.ts';
import { StatusFold, type Standing } from './status-fold.ts';

export type { ReportedEvent };

/** A row of `reporting_event`, in the order of its columns. */
export type EventRow = [
  eventInstanceId: string,
  computerId: string,
  eventId: number,
  updateId: string | null,
  revisionNumber: number | null,
  win32HResult: number,
  appName: string,
  timeAtTarget: string,
  receivedAt: string,
  extendedData: string,
];

/** What is sent again is left as it is. */
export const INSERT_EVENT = `INSERT INTO reporting_event (event_instance_id, computer_id, event_id, update_id,
    revision_number, win32_hresult, app_name, time_at_target, received_at, extended_data)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (event_instance_id) DO NOTHING`;

interface Report {
  readonly computerId: string;
  readonly receivedAt: string;
  readonly scannedAt: string | null;
}

const NOTE_REPORT = `last_report = max(ifnull(last_report, ''), @receivedAt),
  last_scan = iif(@scannedAt IS NULL, last_scan, max(ifnull(last_scan, ''), @scannedAt))`;

export class ReportStore {
  readonly #insertEvent: Statement<EventRow>;
  readonly #noteReport: Statement<[Report]>;
  readonly #noteList: Statement<[Report & Standing]>;
  readonly #statuses: StatusFold;

  constructor(db: Database) {
    this.#statuses = new StatusFold(db);
    this.#insertEvent = db.prepare(INSERT_EVENT);
    this.#noteReport = db.prepare(
      `UPDATE computer_standing SET ${NOTE_REPORT} WHERE computer_id = @computerId`,
    );
    // A list is younger than an epoch where it was made after the epoch's last deployment.
    this.#noteList = db.prepare(
      `UPDATE computer_standing SET ${NOTE_REPORT}, listed_at = @listedAt, list_digest = @listDigest,
         listed_epoch = iif(listed_at IS NOT @listedAt,
           ifnull((SELECT epoch FROM deployment_epoch WHERE at < @listedAt ORDER BY epoch DESC LIMIT 1), 0),
           listed_epoch)
       WHERE computer_id = @computerId`,
    );
  }

  /**
   * Keeps what was not received before and folds it in. To be called within a transaction: either all of it is kept or
   * nothing.
   */
  keep(computerId: string, events: readonly ReportedEvent[], receivedAt: Date): void {
    const received = receivedAt.toISOString();
    const fresh = events.filter(
      (event) => this.#insertEvent.run(...eventRow(computerId, event, received)).changes === 1,
    );
    let scannedAt: string | null = null;
    for (const { eventId, timeAtTarget } of fresh) {
      if (eventId === SCAN_FINISHED && (scannedAt === null || timeAtTarget > scannedAt))
        scannedAt = timeAtTarget;
    }
    const report = { computerId, receivedAt: received, scannedAt };
    const standing = this.#statuses.fold(computerId, fresh);
    if (standing === undefined) this.#noteReport.run(report);
    else this.#noteList.run({ ...report, ...standing });
  }
}

/** As an event is kept. The lists of a status event are left to the states that they fold into. */
export function eventRow(computerId: string, event: ReportedEvent, receivedAt: string): EventRow {
  const { eventId, replacementStrings, miscData } = event;
  // In the log they would be most of the database.
  const kept = STATUS_EVENTS.includes(eventId) ? miscData.filter((entry) => !isStatusList(entry)) : miscData;
  return [
    event.eventInstanceId,
    computerId,
    eventId,
    event.updateId ?? null,
    event.revisionNumber ?? null,
    event.win32HResult,
    event.appName,
    event.timeAtTarget,
    receivedAt,
    JSON.stringify({ replacementStrings, miscData: kept }),
  ];
}
