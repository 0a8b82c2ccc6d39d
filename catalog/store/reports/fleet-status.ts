/** How computers stand with the updates that are approved for them. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { UpdateState, type StatusCounts } from '../../../protocol/console/status.ts';
import type { ApprovedAlike, ApprovedUpdates } from '../decisions/approved-updates.ts';
import { statusCounts } from './status-counts.ts';

const MembershipRow = z.object({ computer_id: z.string(), group_id: z.string() });
const StateRow = z.object({ state: UpdateState, count: z.int() });
const ComputerStateRow = StateRow.extend({ computer_id: z.string() });
const KnownRow = z.object({ computer_id: z.string(), known: z.int() });

/** Rows of computer_update_status that are about updates approved alike, on computers they are approved for. */
const ABOUT_ALIKE = `update_id IN (SELECT value FROM json_each(@updates))
  AND (@groups IS NULL OR computer_id IN (
    SELECT computer_id FROM membership WHERE group_id IN (SELECT value FROM json_each(@groups))))`;

const alikeParameters = ({ updateIds, groupIds }: ApprovedAlike) => ({
  updates: JSON.stringify(updateIds),
  groups: groupIds === undefined ? null : JSON.stringify(groupIds),
});

/** Sums over all computers: each update that is approved for a computer counts once. */
export function statusOfFleet(db: Database, approved: ApprovedUpdates): StatusCounts {
  const query = db.prepare(
    `SELECT state, count(*) AS count FROM computer_update_status WHERE ${ABOUT_ALIKE} GROUP BY state`,
  );
  const rows = approved.alike.flatMap((alike) => query.all(alikeParameters(alike)));
  const total = [...groupsOfComputers(db).values()].reduce(
    (sum, groupIds) => sum + approved.countOf(groupIds),
    0,
  );
  return statusCounts(
    z
      .array(StateRow)
      .parse(rows)
      .map(({ state, count }) => [state, count]),
    total,
  );
}

/** Computers with at least one approved update in one of the states. */
export function computersInStates(
  db: Database,
  approved: ApprovedUpdates,
  states: readonly UpdateState[],
): string[] {
  const query = db
    .prepare(
      `SELECT DISTINCT computer_id FROM computer_update_status
       WHERE state IN (SELECT value FROM json_each(@states)) AND ${ABOUT_ALIKE}`,
    )
    .pluck();
  const found = approved.alike.flatMap((alike) =>
    z.array(z.string()).parse(query.all({ ...alikeParameters(alike), states: JSON.stringify(states) })),
  );
  const unknown = states.includes('Unknown') ? computersWithUnknown(db, approved) : [];
  return [...new Set([...found, ...unknown])];
}

function computersWithUnknown(db: Database, approved: ApprovedUpdates): string[] {
  const query = db.prepare(
    `SELECT computer_id, count(*) AS known FROM computer_update_status WHERE ${ABOUT_ALIKE} GROUP BY computer_id`,
  );
  const known = new Map<string, number>();
  for (const alike of approved.alike) {
    for (const row of z.array(KnownRow).parse(query.all(alikeParameters(alike)))) {
      known.set(row.computer_id, (known.get(row.computer_id) ?? 0) + row.known);
    }
  }
  return [...groupsOfComputers(db)]
    .filter(([computerId, groupIds]) => (known.get(computerId) ?? 0) < approved.countOf(groupIds))
    .map(([computerId]) => computerId);
}

/** Of each of these computers, the updates approved for it by state. */
export function statusOfComputers(
  db: Database,
  approved: ApprovedUpdates,
  computerIds: readonly string[],
): Map<string, StatusCounts> {
  const groups = groupsOfComputers(db, computerIds);
  const query = db.prepare(
    `SELECT computer_id, state, count(*) AS count FROM computer_update_status
     WHERE computer_id IN (SELECT value FROM json_each(@computers)) AND ${ABOUT_ALIKE}
     GROUP BY computer_id, state`,
  );
  const computers = JSON.stringify(computerIds);
  const rows = approved.alike.flatMap((alike) => query.all({ ...alikeParameters(alike), computers }));
  const byComputer = Map.groupBy(z.array(ComputerStateRow).parse(rows), (row) => row.computer_id);
  return new Map(
    computerIds.map((computerId) => [
      computerId,
      statusCounts(
        (byComputer.get(computerId) ?? []).map(({ state, count }) => [state, count]),
        approved.countOf(groups.get(computerId) ?? []),
      ),
    ]),
  );
}

/** @param computerIds left out: all */
export function groupsOfComputers(db: Database, computerIds?: readonly string[]): Map<string, string[]> {
  const rows =
    computerIds === undefined
      ? db.prepare('SELECT computer_id, group_id FROM membership').all()
      : db
          .prepare(
            'SELECT computer_id, group_id FROM membership WHERE computer_id IN (SELECT value FROM json_each(?))',
          )
          .all(JSON.stringify(computerIds));
  const byComputer = Map.groupBy(z.array(MembershipRow).parse(rows), (row) => row.computer_id);
  return new Map([...byComputer].map(([id, memberships]) => [id, memberships.map((row) => row.group_id)]));
}
