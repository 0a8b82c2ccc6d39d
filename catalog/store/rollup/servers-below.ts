/** The servers below this relay as it passes them on. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';

const Row = z.object({
  server_id: z.string(),
  parent_id: z.string().nullable(),
  full_domain_name: z.string(),
  version: z.string(),
  is_replica: z.int(),
  last_sync: z.string(),
  last_rollup: z.string(),
  summary: z.string(),
});

export interface ServerBelow {
  readonly serverId: string;
  /** Undefined: this relay. */
  readonly parentId: string | undefined;
  readonly fullDomainName: string;
  readonly version: string;
  readonly isReplica: boolean;
  /** ISO 8601 UTC, as the next. */
  readonly lastSync: string;
  readonly lastRollup: string;
  readonly summary: Readonly<Record<string, number>>;
}

/** Every server with how far below this relay it is, as a table of a recursive query. */
export const LINE = `line (server_id, depth) AS (
    SELECT server_id, 0 FROM rolled_up_server WHERE parent_id IS NULL
    UNION ALL
    SELECT rolled_up_server.server_id, depth + 1 FROM rolled_up_server
      JOIN line ON rolled_up_server.parent_id = line.server_id
  )`;

/** Every one that reported, parents before their children. */
export function serversBelow(db: Database): ServerBelow[] {
  const rows = db
    .prepare(
      `WITH RECURSIVE ${LINE}
       SELECT rolled_up_server.* FROM line JOIN rolled_up_server USING (server_id) ORDER BY depth, server_id`,
    )
    .all();
  return z
    .array(Row)
    .parse(rows)
    .map((row) => ({
      serverId: row.server_id,
      parentId: row.parent_id ?? undefined,
      fullDomainName: row.full_domain_name,
      version: row.version,
      isReplica: row.is_replica === 1,
      lastSync: row.last_sync,
      lastRollup: row.last_rollup,
      summary: z.record(z.string(), z.int()).parse(JSON.parse(row.summary)),
    }));
}
