/** The computers of one update, with its state on each. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { UpdateState } from '../../../protocol/console/status.ts';
import type { UpdateComputersPage } from '../../../protocol/console/updates.ts';
import { groupsOfComputers } from '../reports/fleet-status.ts';
import { countComputers, statusOfUpdates } from '../reports/status-counts.ts';
import { GroupTree } from '../groups/group-tree.ts';
import { cursorsOf } from '../database/page-cursor.ts';
import { unknownUpdate } from '../database/refusal.ts';

export interface UpdateComputersQuery {
  readonly cursor?: string | undefined;
  readonly limit: number;
  readonly state?: UpdateState | undefined;
}

const Row = z.object({
  computer_id: z.string(),
  dns_name: z.string(),
  state: UpdateState,
  error_code: z.int().nullable(),
  changed_at: z.string().nullable(),
});

const cursors = cursorsOf('computers of an update', z.tuple([z.string(), z.string()]));

/** Where the computer said nothing of the update, its latest status list did, if the update was deployed before it. */
const WITH_STATE = `SELECT computer.computer_id, dns_name,
    coalesce(state, iif(deployed_since <= listed_epoch, 'NotApplicable', 'Unknown')) AS state,
    iif(state = 'Failed', error_code, NULL) AS error_code,
    coalesce(changed_at, iif(deployed_since <= listed_epoch, listed_at, NULL)) AS changed_at
  FROM computer JOIN computer_standing USING (computer_id)
    LEFT JOIN update_sum ON update_sum.update_id = @updateId AND update_sum.set_id = computer_standing.set_id
    LEFT JOIN computer_update_status AS status
      ON status.computer_id = computer.computer_id AND status.update_id = @updateId`;

/** By name. @throws RefusalError for an update that is not here, or a cursor of another list */
export function listUpdateComputers(
  db: Database,
  updateId: string,
  { cursor, limit, state }: UpdateComputersQuery,
): UpdateComputersPage {
  const [name, id] = cursor === undefined ? [null, null] : cursors.read(cursor);
  if (db.prepare('SELECT 1 FROM revision WHERE update_id = ?').get(updateId) === undefined)
    throw unknownUpdate(updateId);
  const filter = { updateId, state: state ?? null };
  const rows = z.array(Row).parse(
    db
      .prepare(
        `SELECT * FROM (${WITH_STATE})
         WHERE (@state IS NULL OR state = @state) AND (@name IS NULL OR (dns_name, computer_id) > (@name, @id))
         ORDER BY dns_name, computer_id LIMIT @most`,
      )
      .all({ ...filter, name, id, most: limit + 1 }),
  );
  const total =
    state === undefined ? countComputers(db) : statusOfUpdates(db, [updateId]).get(updateId)?.[state];
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const tree = GroupTree.read(db);
  const groups = groupsOfComputers(
    db,
    shown.map((row) => row.computer_id),
  );
  return {
    items: shown.map((row) => ({
      computerId: row.computer_id,
      dnsName: row.dns_name,
      groups: (groups.get(row.computer_id) ?? []).map((groupId) => tree.get(groupId)?.name ?? groupId),
      state: row.state,
      ...(row.error_code === null ? {} : { errorCode: row.error_code }),
      ...(row.changed_at === null ? {} : { changedAt: row.changed_at }),
    })),
    total: total ?? 0,
    ...(rows.length > limit && last !== undefined
      ? { nextCursor: cursors.write([last.dns_name, last.computer_id]) }
      : {}),
  };
}
