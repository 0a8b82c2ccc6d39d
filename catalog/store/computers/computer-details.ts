/** One computer with what is approved for it and what it reported; and taking it off the list. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { ComputerDetails } from '../../../protocol/console/computers.ts';
import { UpdateState } from '../../../protocol/console/status.ts';
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
const ComputerInfo = z.object({
  BiosName: z.string().optional(),
  BiosVersion: z.string().optional(),
  BiosReleaseDate: z.string().optional(),
});

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
  const [summary] = summarizeComputers(db, [computerId]);
  if (summary === undefined) throw unknownComputer(computerId);
  const row = ComputerRow.parse(db.prepare('SELECT * FROM computer WHERE computer_id = ?').get(computerId));
  return {
    ...summary,
    processorArchitecture: row.processor_architecture,
    requestedTargetGroup: row.requested_target_group,
    firstContact: row.first_contact,
    ...biosOf(row.computer_info),
    updates: approvedUpdatesOf(db, computerId),
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

/**
 * What its latest status list leaves out though it was deployed before is not applicable as of that list.
 *
 * @param updateId that one alone
 */
export function approvedUpdatesOf(
  db: Database,
  computerId: string,
  updateId?: string,
): ComputerDetails['updates'] {
  const rows = db
    .prepare(
      `SELECT revision.update_id, title,
              coalesce(state, iif(deployed_since <= listed_epoch, 'NotApplicable', 'Unknown')) AS state,
              iif(state = 'Failed', error_code, NULL) AS error_code,
              coalesce(changed_at, iif(deployed_since <= listed_epoch, listed_at, NULL)) AS changed_at
       FROM computer_standing
         JOIN update_sum ON update_sum.set_id = computer_standing.set_id AND deployed_since IS NOT NULL
         JOIN revision ON revision.update_id = update_sum.update_id AND is_latest = 1
         LEFT JOIN computer_update_status AS status ON status.update_id = update_sum.update_id
           AND status.computer_id = computer_standing.computer_id
       WHERE computer_standing.computer_id = ?${updateId === undefined ? '' : ' AND update_sum.update_id = ?'}
       ORDER BY title, revision.update_id`,
    )
    .all(...(updateId === undefined ? [computerId] : [computerId, updateId]));
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

function biosOf(computerInfo: string): Pick<ComputerDetails, 'biosName' | 'biosVersion' | 'biosReleaseDate'> {
  const parsed = ComputerInfo.safeParse(JSON.parse(computerInfo));
  if (!parsed.success) return {};
  const { BiosName, BiosVersion, BiosReleaseDate } = parsed.data;
  return {
    ...(BiosName === undefined ? {} : { biosName: BiosName }),
    ...(BiosVersion === undefined ? {} : { biosVersion: BiosVersion }),
    ...(BiosReleaseDate === undefined ? {} : { biosReleaseDate: BiosReleaseDate }),
  };
}

export const unknownComputer = (computerId: string): RefusalError =>
  new RefusalError(
    'unknown',
    'COMPUTER_UNKNOWN',
    `There is no computer ${computerId}. It may have been deleted; it comes back when it scans.`,
  );
