/**
 * Counts of computers by the state that an update has on them, from sums that are kept as they change
 * (docs/decisions/0009). Nothing here grows with the number of computers.
 */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { UPDATE_STATES, type StatusCounts, type UpdateState } from '../../../protocol/console/status.ts';
import { GroupTree } from '../groups/group-tree.ts';

/** States that a row can have, with the column that counts them in `update_sum` and `group_set`. */
export const SUM_COLUMN: Readonly<Record<Exclude<UpdateState, 'Unknown'>, string>> = {
  NotInstalled: 'not_installed',
  Downloaded: 'downloaded',
  InstalledPendingReboot: 'installed_pending_reboot',
  Installed: 'installed',
  Failed: 'failed',
  NotApplicable: 'not_applicable',
};

/**
 * Computers of a row of `update_sum` that said nothing of the update though they listed theirs since it is deployed to
 * them: a list names every deployed update that is not simply not applicable ([MS-WUSP] 2.2.2.3.1).
 */
export const LEFT_OUT = `ifnull((SELECT sum(listing_sum.computers) FROM listing_sum
  WHERE listing_sum.set_id = update_sum.set_id AND listing_sum.epoch >= update_sum.deployed_since)
  - update_sum.listed_rows, 0)`;

const UpdateSumRow = z.object({
  update_id: z.string(),
  set_id: z.int(),
  not_installed: z.int(),
  downloaded: z.int(),
  installed_pending_reboot: z.int(),
  installed: z.int(),
  failed: z.int(),
  not_applicable: z.int(),
});
const SetRow = z.object({ set_id: z.int(), group_id: z.string(), computers: z.int() });

export interface GroupStatus {
  readonly computers: number;
  readonly status: StatusCounts;
}

export function countComputers(db: Database): number {
  return z.int().parse(db.prepare('SELECT sum(computers) FROM group_set').pluck().get());
}

/** @param total how many there are in all; those without a state are Unknown */
export function statusCounts(known: Iterable<readonly [UpdateState, number]>, total: number): StatusCounts {
  const counts = emptyCounts();
  for (const [state, count] of known) counts[state] += count;
  counts.Unknown += total - totalOf(counts);
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
  const computers = countComputers(db);
  const byUpdate = Map.groupBy(readSums(db, updateIds), (row) => row.update_id);
  return new Map(
    updateIds.map((updateId) => [
      updateId,
      statusCounts((byUpdate.get(updateId) ?? []).flatMap(statesOf), computers),
    ]),
  );
}

/** Of one update, the computers in each group or below it by state; each computer once, however many groups it is in. */
export function statusByGroup(db: Database, updateId: string): Map<string, GroupStatus> {
  const tree = GroupTree.read(db);
  const sums = new Map(readSums(db, [updateId]).map((row) => [row.set_id, row]));
  const members = z
    .array(SetRow)
    .parse(
      db
        .prepare('SELECT set_id, group_id, computers FROM group_set JOIN group_set_member USING (set_id)')
        .all(),
    );
  const byGroup = new Map(
    tree.groups.map(({ groupId }) => [groupId, { computers: 0, status: emptyCounts() }]),
  );
  for (const [setId, rows] of Map.groupBy(members, (row) => row.set_id)) {
    const computers = rows[0]?.computers ?? 0;
    const sum = sums.get(setId);
    const status = statusCounts(sum === undefined ? [] : statesOf(sum), computers);
    for (const groupId of new Set(rows.flatMap((row) => tree.lineOf(row.group_id)))) {
      const group = byGroup.get(groupId);
      if (group === undefined) continue;
      group.computers += computers;
      for (const state of UPDATE_STATES) group.status[state] += status[state];
    }
  }
  return byGroup;
}

function readSums(db: Database, updateIds: readonly string[]): z.infer<typeof UpdateSumRow>[] {
  const rows = db
    .prepare(
      `SELECT update_id, set_id, not_installed, downloaded, installed_pending_reboot, installed, failed,
              not_applicable + ${LEFT_OUT} AS not_applicable
       FROM update_sum WHERE update_id IN (SELECT value FROM json_each(?))`,
    )
    .all(JSON.stringify(updateIds));
  return z.array(UpdateSumRow).parse(rows);
}

const statesOf = (row: z.infer<typeof UpdateSumRow>): [UpdateState, number][] => [
  ['NotInstalled', row.not_installed],
  ['Downloaded', row.downloaded],
  ['InstalledPendingReboot', row.installed_pending_reboot],
  ['Installed', row.installed],
  ['Failed', row.failed],
  ['NotApplicable', row.not_applicable],
];

const totalOf = (counts: StatusCounts): number =>
  UPDATE_STATES.reduce((sum, state) => sum + counts[state], 0);
