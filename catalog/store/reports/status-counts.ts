/** Counts of computers or updates by state. A computer that said nothing of an update is Unknown. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { UpdateState, type StatusCounts } from '../../../protocol/console/status.ts';

const CountRow = z.object({ of: z.string(), state: UpdateState, count: z.int() });

export function countComputers(db: Database): number {
  return z.int().parse(db.prepare('SELECT count(*) FROM computer').pluck().get());
}

/** @param total how many there are in all; those without a report are Unknown */
export function statusCounts(
  reported: Iterable<readonly [UpdateState, number]>,
  total: number,
): StatusCounts {
  const counts = emptyCounts();
  let known = 0;
  for (const [state, count] of reported) {
    counts[state] += count;
    known += count;
  }
  counts.Unknown += Math.max(0, total - known);
  return counts;
}

export function emptyCounts(): StatusCounts {
  return {
    NotInstalled: 0,
    Downloaded: 0,
    InstalledPendingReboot: 0,
    Installed: 0,
    Failed: 0,
    NotApplicable: 0,
    Unknown: 0,
  };
}

/** Of each update, all computers by state. */
export function statusOfUpdates(db: Database, updateIds: readonly string[]): Map<string, StatusCounts> {
  const rows = db
    .prepare(
      `SELECT update_id AS "of", state, count(*) AS count FROM computer_update_status
       WHERE update_id IN (SELECT value FROM json_each(?)) GROUP BY update_id, state`,
    )
    .all(JSON.stringify(updateIds));
  return foldRows(rows, updateIds, () => countComputers(db));
}

/** Of one update, the computers in each very group by state. */
export function statusByGroup(
  db: Database,
  updateId: string,
  computers: ReadonlyMap<string, number>,
): Map<string, StatusCounts> {
  const rows = db
    .prepare(
      `SELECT membership.group_id AS "of", state, count(*) AS count
       FROM computer_update_status JOIN membership USING (computer_id)
       WHERE update_id = ? GROUP BY membership.group_id, state`,
    )
    .all(updateId);
  return foldRows(rows, [...computers.keys()], (groupId) => computers.get(groupId) ?? 0);
}

function foldRows(
  rows: readonly unknown[],
  keys: readonly string[],
  totalOf: (key: string) => number,
): Map<string, StatusCounts> {
  const byKey = Map.groupBy(z.array(CountRow).parse(rows), (row) => row.of);
  return new Map(
    keys.map((key) => [
      key,
      statusCounts(
        (byKey.get(key) ?? []).map(({ state, count }) => [state, count]),
        totalOf(key),
      ),
    ]),
  );
}
