/** One computer with what is approved for it and what it reported; and taking it off the list. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { ComputerDetails } from '../../../protocol/console/computers.ts';
import { UpdateState } from '../../../protocol/console/status.ts';
import { ApprovedUpdates } from '../decisions/approved-updates.ts';
import { summarizeComputers } from './computer-listing.ts';
import { RefusalError } from '../database/refusal.ts';

const MOST_EVENTS = 100;

const ComputerRow = z.object({
  processor_architecture: z.string(),
  requested_target_group: z.string(),
  first_contact: z.string(),
  computer_info: z.string(),
});

/** What is read of the ComputerInfo that an agent registered with. */
const ComputerInfo = z.object({ BiosVersion: z.string().optional() });

const UpdateRow = z.object({
  update_id: z.string(),
  title: z.string(),
  state: UpdateState,
  error_code: z.int().nullable(),
  changed_at: z.string().nullable(),
});

const EventRow = z.object({
  event_id: z.int(),
  update_title: z.string().nullable(),
  win32_hresult: z.int(),
  time_at_target: z.string(),
});

/** What `event_id` is called is the reporting service's matter. */
export type EventNames = (eventId: number) => string;

/** @throws RefusalError where there is no such computer */
export function computerDetails(db: Database, computerId: string, nameOf: EventNames): ComputerDetails {
  const approved = ApprovedUpdates.read(db);
  const [summary] = summarizeComputers(db, approved, [computerId]);
  if (summary === undefined) throw unknownComputer(computerId);
  const row = ComputerRow.parse(db.prepare('SELECT * FROM computer WHERE computer_id = ?').get(computerId));
  const biosVersion = biosVersionOf(row.computer_info);
  return {
    ...summary,
    processorArchitecture: row.processor_architecture,
    requestedTargetGroup: row.requested_target_group,
    firstContact: row.first_contact,
    ...(biosVersion === undefined ? {} : { biosVersion }),
    updates: approvedUpdatesOf(db, computerId, approved.of(summary.groups.map(({ groupId }) => groupId))),
    events: eventsOf(db, computerId, nameOf),
  };
}

/** With all it reported. It comes back, unassigned, when it scans again. @throws RefusalError where there is no such computer */
export function deleteComputer(db: Database, computerId: string): void {
  db.transaction(() => {
    const { changes } = db.prepare('DELETE FROM computer WHERE computer_id = ?').run(computerId);
    if (changes === 0) throw unknownComputer(computerId);
    db.prepare('DELETE FROM reporting_event WHERE computer_id = ?').run(computerId);
  })();
}

function approvedUpdatesOf(
  db: Database,
  computerId: string,
  approved: readonly string[],
): ComputerDetails['updates'] {
  const rows = db
    .prepare(
      `SELECT revision.update_id, title, coalesce(state, 'Unknown') AS state, error_code, changed_at
       FROM revision LEFT JOIN computer_update_status AS status
         ON status.update_id = revision.update_id AND status.computer_id = ?
       WHERE is_latest = 1 AND revision.update_id IN (SELECT value FROM json_each(?))
       ORDER BY title, revision.update_id`,
    )
    .all(computerId, JSON.stringify(approved));
  return z
    .array(UpdateRow)
    .parse(rows)
    .map((row) => ({
      updateId: row.update_id,
      title: row.title,
      state: row.state,
      ...(row.error_code === null ? {} : { errorCode: row.error_code }),
      ...(row.changed_at === null ? {} : { changedAt: row.changed_at }),
    }));
}

function eventsOf(db: Database, computerId: string, nameOf: EventNames): ComputerDetails['events'] {
  const rows = db
    .prepare(
      `SELECT event_id, win32_hresult, time_at_target,
              (SELECT title FROM revision WHERE revision.update_id = reporting_event.update_id AND is_latest = 1)
                AS update_title
       FROM reporting_event WHERE computer_id = ? ORDER BY time_at_target DESC LIMIT ?`,
    )
    .all(computerId, MOST_EVENTS);
  return z
    .array(EventRow)
    .parse(rows)
    .map((row) => ({
      eventId: row.event_id,
      name: nameOf(row.event_id),
      hresult: row.win32_hresult,
      at: row.time_at_target,
      ...(row.update_title === null ? {} : { updateTitle: row.update_title }),
    }));
}

function biosVersionOf(computerInfo: string): string | undefined {
  const parsed = ComputerInfo.safeParse(JSON.parse(computerInfo));
  return parsed.success ? parsed.data.BiosVersion : undefined;
}

const unknownComputer = (computerId: string): RefusalError =>
  new RefusalError(
    'unknown',
    'COMPUTER_UNKNOWN',
    `There is no computer ${computerId}. It may have been deleted; it comes back when it scans.`,
  );
