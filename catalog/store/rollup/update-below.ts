/** How one update stands on the computers of downstream servers. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { UpdateBelowPage } from '../../../protocol/console/updates.ts';
import { cursorsOf } from '../database/page-cursor.ts';
import { unknownUpdate } from '../database/refusal.ts';
import { emptyCounts } from '../reports/status-counts.ts';
import { stateOf } from './summarization-state.ts';

const CountRow = z.object({ state: z.int(), computers: z.int() });
const Row = z.object({
  computer_id: z.string(),
  dns_name: z.string(),
  server_id: z.string(),
  server_name: z.string(),
  state: z.int(),
  changed_at: z.string(),
});

const cursors = cursorsOf('computers below of an update', z.tuple([z.string(), z.string()]));

/** By computer, since that is how what is reported is kept: the table has no order by update. */
const REPORTED = `FROM downstream_computer CROSS JOIN downstream_status USING (computer_id)
  WHERE update_id = @updateId AND computer_id NOT IN (SELECT computer_id FROM computer_seen_here)`;

/** Those that told of it, by name. @throws RefusalError for an update that is not here, or a cursor of another list */
export function updateBelow(
  db: Database,
  updateId: string,
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
): UpdateBelowPage {
  const [name, id] = cursor === undefined ? ['', ''] : cursors.read(cursor);
  if (db.prepare('SELECT 1 FROM revision WHERE update_id = ?').get(updateId) === undefined)
    throw unknownUpdate(updateId);
  const counts = z
    .array(CountRow)
    .parse(db.prepare(`SELECT state, count(*) AS computers ${REPORTED} GROUP BY state`).all({ updateId }));
  const status = emptyCounts();
  for (const { state, computers } of counts) status[stateOf(state)] += computers;
  const rows = z.array(Row).parse(
    db
      .prepare(
        `SELECT computer_id, dns_name, server_id, full_domain_name AS server_name, state, changed_at
         FROM (SELECT computer_id, dns_name, parent_id AS reports_to, state, changed_at ${REPORTED}
           AND (dns_name, computer_id) > (@name, @id) ORDER BY dns_name, computer_id LIMIT @most)
           JOIN rolled_up_server ON server_id = reports_to
         ORDER BY dns_name, computer_id`,
      )
      .all({ updateId, name, id, most: limit + 1 }),
  );
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map((row) => ({
      computerId: row.computer_id,
      dnsName: row.dns_name === '' ? row.computer_id : row.dns_name,
      serverId: row.server_id,
      serverName: row.server_name === '' ? row.server_id : row.server_name,
      state: stateOf(row.state),
      changedAt: row.changed_at,
    })),
    status,
    total: counts.reduce((sum, { computers }) => sum + computers, 0),
    ...(rows.length > limit && last !== undefined
      ? { nextCursor: cursors.write([last.dns_name, last.computer_id]) }
      : {}),
  };
}
