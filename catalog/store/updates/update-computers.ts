/** The computers of one update, with its state on each. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { UpdateState } from '../../../protocol/console/status.ts';
import type { UpdateComputersPage } from '../../../protocol/console/updates.ts';
import { groupsOfComputers } from '../reports/fleet-status.ts';
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

const WITH_STATE = `FROM computer LEFT JOIN computer_update_status AS status
    ON status.computer_id = computer.computer_id AND status.update_id = @updateId
  WHERE (@state IS NULL OR coalesce(state, 'Unknown') = @state)`;

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
        `SELECT computer.computer_id, dns_name, coalesce(state, 'Unknown') AS state, error_code, changed_at
         ${WITH_STATE} AND (@name IS NULL OR (dns_name, computer.computer_id) > (@name, @id))
         ORDER BY dns_name, computer.computer_id LIMIT @most`,
      )
      .all({ ...filter, name, id, most: limit + 1 }),
  );
  const total = z.int().parse(db.prepare(`SELECT count(*) ${WITH_STATE}`).pluck().get(filter));
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
    total,
    ...(rows.length > limit && last !== undefined
      ? { nextCursor: cursors.write([last.dns_name, last.computer_id]) }
      : {}),
  };
}
