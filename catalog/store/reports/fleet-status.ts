/** How computers stand with the updates that are approved for them. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { UpdateState, type StatusCounts } from '../../../protocol/console/status.ts';
import { statusCounts } from './status-counts.ts';

const MembershipRow = z.object({ computer_id: z.string(), group_id: z.string() });
const ComputerStateRow = z.object({ computer_id: z.string(), state: UpdateState, count: z.int() });
const DeployedRow = z.object({
  computer_id: z.string(),
  deployed: z.int(),
  listed: z.int(),
  listedRows: z.int(),
});
const FleetRow = z.object({
  NotInstalled: z.int(),
  Downloaded: z.int(),
  InstalledPendingReboot: z.int(),
  Installed: z.int(),
  Failed: z.int(),
  NotApplicable: z.int(),
  deployed: z.int(),
});

/**
 * Rows of computer_update_status about updates that are deployed to their computer. CROSS JOIN keeps the order as written,
 * here and below: a computer has tens of rows, and a set thousands of updates.
 */
const DEPLOYED_ROWS = `computer_update_status AS status
  CROSS JOIN computer_standing USING (computer_id)
  CROSS JOIN update_sum ON update_sum.update_id = status.update_id AND update_sum.set_id = computer_standing.set_id
    AND update_sum.deployed_since IS NOT NULL`;

/**
 * Of each computer: updates deployed to it, those of them that are older than its latest status list, and how many of
 * these it said something of. What it listed nothing of is not applicable.
 */
const DEPLOYED_COUNTS = `SELECT computer_id,
    ifnull((SELECT sum(updates) FROM deployed_sum WHERE deployed_sum.set_id = computer_standing.set_id), 0) AS deployed,
    ifnull((SELECT sum(updates) FROM deployed_sum WHERE deployed_sum.set_id = computer_standing.set_id
            AND since <= listed_epoch), 0) AS listed,
    (SELECT count(*) FROM computer_update_status AS own
       CROSS JOIN update_sum ON update_sum.update_id = own.update_id AND update_sum.set_id = computer_standing.set_id
     WHERE own.computer_id = computer_standing.computer_id AND deployed_since <= listed_epoch) AS listedRows
  FROM computer_standing`;

/** Sums over all computers: each update that is approved for a computer counts once. */
export function statusOfFleet(db: Database): StatusCounts {
  const { deployed, ...states } = FleetRow.parse(
    db
      .prepare(
        `SELECT sum(not_installed) AS NotInstalled, sum(downloaded) AS Downloaded,
           sum(installed_pending_reboot) AS InstalledPendingReboot, sum(installed) AS Installed,
           sum(failed) AS Failed,
           sum(not_applicable - listed_rows) + ifnull(
             (SELECT sum(updates * computers) FROM deployed_sum JOIN listing_sum USING (set_id)
              WHERE since <= epoch), 0) AS NotApplicable,
           ifnull((SELECT sum(updates * computers) FROM deployed_sum JOIN group_set USING (set_id)), 0) AS deployed
         FROM group_set`,
      )
      .get(),
  );
  return statusCounts(
    UpdateState.exclude(['Unknown']).options.map((state) => [state, states[state]]),
    deployed,
  );
}

/** States in which few updates are at a time; spelled as in their index, which is used only where it is seen to suffice. */
const RARE_STATES = ['Failed', 'Downloaded', 'InstalledPendingReboot'] as const;
const IN_RARE_STATE = `${DEPLOYED_ROWS}
  WHERE status.state IN ('Failed', 'Downloaded', 'InstalledPendingReboot') AND status.state = ?`;

/** How many computers have an approved update that failed. */
export function countWithFailures(db: Database): number {
  const count = db.prepare(`SELECT count(DISTINCT computer_id) FROM ${IN_RARE_STATE}`).pluck();
  return z.int().parse(count.get('Failed'));
}

/** Computers with at least one approved update in one of the states. */
export function computersInStates(db: Database, states: readonly UpdateState[]): string[] {
  const found = states.flatMap((state) => {
    if (state === 'Unknown') return db.prepare(WITH_UNKNOWN).pluck().all();
    if (RARE_STATES.some((rare) => rare === state))
      return db.prepare(`SELECT DISTINCT computer_id FROM ${IN_RARE_STATE}`).pluck().all(state);
    const told = db.prepare(IN_FREQUENT_STATE).pluck().all(state);
    return state === 'NotApplicable' ? [...told, ...db.prepare(WITH_LEFT_OUT).pluck().all()] : told;
  });
  return [...new Set(z.array(z.string()).parse(found))];
}

/** One row of a computer is enough. */
const IN_FREQUENT_STATE = `SELECT computer_id FROM computer_standing AS own
  WHERE EXISTS (SELECT 1 FROM computer_update_status AS status
    CROSS JOIN update_sum ON update_sum.update_id = status.update_id AND update_sum.set_id = own.set_id
    WHERE status.computer_id = own.computer_id AND status.state = ? AND deployed_since IS NOT NULL)`;

const WITH_LEFT_OUT = `SELECT computer_id FROM (${DEPLOYED_COUNTS}) WHERE listed > listedRows`;

/** Most computers have listed what is deployed to them; the rows of the others alone are looked at. */
const WITH_UNKNOWN = `SELECT computer_id FROM (
    SELECT computer_id, set_id, listed_epoch,
      (SELECT sum(updates) FROM deployed_sum WHERE deployed_sum.set_id = own.set_id AND since > listed_epoch) AS unlisted
    FROM computer_standing AS own) AS counts
  WHERE unlisted > 0 AND unlisted >
    (SELECT count(*) FROM computer_update_status AS status
       CROSS JOIN update_sum ON update_sum.update_id = status.update_id AND update_sum.set_id = counts.set_id
     WHERE status.computer_id = counts.computer_id AND deployed_since > counts.listed_epoch)`;

/** Of each of these computers, the updates approved for it by state. */
export function statusOfComputers(db: Database, computerIds: readonly string[]): Map<string, StatusCounts> {
  const computers = JSON.stringify(computerIds);
  const states = db
    .prepare(
      `SELECT computer_id, state, count(*) AS count FROM ${DEPLOYED_ROWS}
       WHERE computer_id IN (SELECT value FROM json_each(?)) GROUP BY computer_id, state`,
    )
    .all(computers);
  const byComputer = Map.groupBy(z.array(ComputerStateRow).parse(states), (row) => row.computer_id);
  const counts = db
    .prepare(`${DEPLOYED_COUNTS} WHERE computer_id IN (SELECT value FROM json_each(?))`)
    .all(computers);
  return new Map(
    z
      .array(DeployedRow)
      .parse(counts)
      .map(({ computer_id: computerId, deployed, listed, listedRows }) => [
        computerId,
        statusCounts(
          [
            ...(byComputer.get(computerId) ?? []).map(({ state, count }) => [state, count] as const),
            ['NotApplicable', listed - listedRows],
          ],
          deployed,
        ),
      ]),
  );
}

/** The groups that each of these computers is in itself. */
export function groupsOfComputers(db: Database, computerIds: readonly string[]): Map<string, string[]> {
  const rows = db
    .prepare(
      'SELECT computer_id, group_id FROM membership WHERE computer_id IN (SELECT value FROM json_each(?))',
    )
    .all(JSON.stringify(computerIds));
  const byComputer = Map.groupBy(z.array(MembershipRow).parse(rows), (row) => row.computer_id);
  return new Map([...byComputer].map(([id, memberships]) => [id, memberships.map((row) => row.group_id)]));
}
