/** Sums over the fleet, the catalogue and the content: what the first page of the console says. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { Overview } from '../../protocol/console/overview.ts';
import { hasApprovalState, isApprovedSomewhere } from './decisions/approval-state.ts';
import { contentAmounts } from './content/content-sums.ts';
import { countRows } from './database/composed-query.ts';
import { countWithFailures, statusOfFleet } from './reports/fleet-status.ts';
import { UNASSIGNED_COMPUTERS } from './groups/group-tree.ts';
import { listedUpdates } from './updates/update-listing.ts';

const DAY = 86_400_000;
const UNSEEN_AFTER = 30 * DAY;
const NEW_FOR = 7 * DAY;

const Computers = z.object({ total: z.int(), unassigned: z.int(), unseen: z.int() });
export function readOverview(
  db: Database,
  now: Date,
): Omit<Overview, 'lastRun' | 'risks' | 'clientAddresses'> {
  const computers = Computers.parse(
    db
      .prepare(
        `SELECT count(*) AS total,
                count(*) FILTER (WHERE last_contact < ?) AS unseen,
                (SELECT count(*) FROM membership WHERE group_id = ?) AS unassigned
         FROM computer`,
      )
      .get(before(now, UNSEEN_AFTER), UNASSIGNED_COMPUTERS),
  );
  const total = countRows(db, listedUpdates());
  const approvedUpdates = countRows(db, listedUpdates().where(isApprovedSomewhere));
  const declined = countRows(
    db,
    listedUpdates().where((eb) => hasApprovalState(eb, 'Declined')),
  );
  return {
    computers: {
      total: computers.total,
      unassigned: computers.unassigned,
      notSeenFor30Days: computers.unseen,
      withFailures: countWithFailures(db),
    },
    updates: {
      total,
      approved: approvedUpdates,
      notApproved: total - approvedUpdates - declined,
      declined,
      arrivedLast7Days: countRows(db, listedUpdates().where('arrived_at', '>=', before(now, NEW_FOR))),
    },
    status: statusOfFleet(db),
    content: readContent(db),
  };
}

function readContent(db: Database): Overview['content'] {
  const { present, wanted, quarantined } = contentAmounts(db);
  return {
    presentFiles: present.files,
    presentBytes: present.bytes,
    wantedFiles: wanted.files,
    wantedBytes: wanted.bytes,
    quarantinedFiles: quarantined.files,
  };
}

const before = (now: Date, milliseconds: number): string =>
  new Date(now.getTime() - milliseconds).toISOString();
