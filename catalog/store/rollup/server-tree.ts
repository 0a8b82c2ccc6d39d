/** The tree of downstream servers as the console shows it. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type {
  DownstreamComputersPage,
  DownstreamServer,
  DownstreamTree,
  ServerHealth,
} from '../../../protocol/console/downstream.ts';
import { cursorsOf } from '../database/page-cursor.ts';
import { RefusalError } from '../database/refusal.ts';
import { emptyCounts } from '../reports/status-counts.ts';
import { NEVER } from './received-servers.ts';
import { LINE } from './servers-below.ts';
import { ownComputerCounts } from './server-summary.ts';

const Row = z.object({
  server_id: z.string(),
  parent_id: z.string().nullable(),
  name: z.string(),
  version: z.string(),
  is_replica: z.int(),
  ip_address: z.string().nullable(),
  last_sync: z.string(),
  last_rollup: z.string(),
  received_at: z.string(),
  last_contact: z.string(),
  computers: z.int(),
  needing: z.int(),
  failed: z.int(),
});

/** Where it reports its computers they are counted; else it is believed what it says of them. */
const SERVERS = `WITH RECURSIVE ${LINE}, counted AS (
    SELECT parent_id, count(*) AS computers,
      count(*) FILTER (WHERE not_installed + downloaded + installed_pending_reboot > 0) AS needing,
      count(*) FILTER (WHERE failed > 0) AS failed
    FROM downstream_computer WHERE computer_id NOT IN (SELECT computer_id FROM computer_seen_here)
    GROUP BY parent_id
  ), told AS (
    SELECT server_id, json_extract(summary, '$.ComputerTargetCount') AS computers,
      json_extract(summary, '$.ComputerTargetsNeedingUpdatesCount') AS needing,
      json_extract(summary, '$.ComputerTargetsWithUpdateErrorsCount') AS failed,
      EXISTS (SELECT 1 FROM downstream_computer WHERE downstream_computer.parent_id = rolled_up_server.server_id)
        OR EXISTS (SELECT 1 FROM downstream_claim WHERE downstream_claim.server_id = rolled_up_server.server_id)
        AS is_detailed
    FROM rolled_up_server
  )
  SELECT server.server_id, server.parent_id, full_domain_name AS name, version, is_replica, ip_address,
    last_sync, last_rollup, received_at, ifnull(last_contact, received_at) AS last_contact, depth,
    ifnull(iif(is_detailed, counted.computers, told.computers), 0) AS computers,
    ifnull(iif(is_detailed, counted.needing, told.needing), 0) AS needing,
    ifnull(iif(is_detailed, counted.failed, told.failed), 0) AS failed
  FROM line JOIN rolled_up_server AS server USING (server_id) JOIN told USING (server_id)
    LEFT JOIN counted ON counted.parent_id = server.server_id
    LEFT JOIN downstream_server ON account_guid = server.server_id
  UNION ALL
  SELECT account_guid, NULL, account_name, '', 0, ip_address, '${NEVER}', '${NEVER}', last_contact, last_contact, 0, 0, 0, 0
  FROM downstream_server WHERE account_guid NOT IN (SELECT server_id FROM rolled_up_server)
  ORDER BY depth, name`;

/** Parents before their children. */
export function downstreamServers(db: Database, now: Date): DownstreamServer[] {
  return z
    .array(Row)
    .parse(db.prepare(SERVERS).all())
    .map((row) => serverOf(row, now));
}

/** What is kept of this relay's own computers, as its upstream server is told it. */
export function ownSums(db: Database): Pick<DownstreamTree['own'], 'computers' | 'needing' | 'failed'> {
  const summary = ownComputerCounts(db);
  return {
    computers: summary.ComputerTargetCount,
    needing: summary.ComputerTargetsNeedingUpdatesCount,
    failed: summary.ComputerTargetsWithUpdateErrorsCount,
  };
}

const since = (time: string): string | undefined => (time === NEVER ? undefined : time);

function serverOf(row: z.infer<typeof Row>, now: Date): DownstreamServer {
  const lastSync = since(row.last_sync);
  const lastRollup = since(row.last_rollup);
  const { health, healthText } = healthOf(row, now);
  return {
    serverId: row.server_id,
    ...(row.parent_id === null ? {} : { parentId: row.parent_id }),
    name: row.name === '' ? row.server_id : row.name,
    ...(row.version === '' ? {} : { version: row.version }),
    isReplica: row.is_replica === 1,
    ...(row.ip_address === null ? {} : { ipAddress: row.ip_address }),
    ...(lastSync === undefined ? {} : { lastSync }),
    ...(lastRollup === undefined ? {} : { lastRollup }),
    lastContact: row.last_contact,
    computers: row.computers,
    needing: row.needing,
    failed: row.failed,
    health,
    healthText,
  };
}

const DAY = 86_400_000;
/** Days without news after which a server is spoken of: most synchronize daily. */
const QUIET_DAYS = 3;

function healthOf(row: z.infer<typeof Row>, now: Date): { health: ServerHealth; healthText: string } {
  const days = (time: string): number => Math.floor((now.getTime() - Date.parse(time)) / DAY);
  if (row.last_rollup === NEVER) {
    return {
      health: 'unreported',
      healthText:
        'It has asked for updates and has not reported itself yet: it does after its next successful synchronization, unless it is told not to or is a WSUS server whose empty cookie is refused (rollup.reservedCookie).',
    };
  }
  const silent = days(row.last_rollup);
  if (silent >= QUIET_DAYS) {
    return {
      health: 'silent',
      healthText: `It has not reported for ${silent} days. Look whether it runs, reaches the server above it, and synchronizes.`,
    };
  }
  const behind = days(row.last_sync);
  if (behind >= QUIET_DAYS) {
    return {
      health: 'behind',
      healthText:
        row.last_sync === NEVER
          ? 'It reports, and has never synchronized. Look into its history of synchronizations.'
          : `Its last synchronization was ${behind} days ago. Look into its history of synchronizations.`,
    };
  }
  return { health: 'well', healthText: 'It synchronizes and reports.' };
}

/** Takes away a server that is no more, with those below it and their computers. One that still exists comes back. */
export function forgetDownstreamServer(db: Database, serverId: string): void {
  const changes = [
    'DELETE FROM rolled_up_server WHERE server_id = ?',
    'DELETE FROM downstream_server WHERE account_guid = ?',
  ].map((sql) => db.prepare(sql).run(serverId).changes);
  if (changes.every((count) => count === 0)) throw unknownServer(serverId);
}

const Place = z.tuple([z.string(), z.string()]);
const CURSORS = cursorsOf('downstream-computers', Place);

const ComputerRow = z.object({
  computer_id: z.string(),
  dns_name: z.string(),
  ip_address: z.string(),
  os_description: z.string(),
  os_version: z.string(),
  last_sync: z.string(),
  not_applicable: z.int(),
  not_installed: z.int(),
  downloaded: z.int(),
  installed: z.int(),
  failed: z.int(),
  installed_pending_reboot: z.int(),
});

const OF_SERVER = `FROM downstream_computer WHERE parent_id = @serverId
  AND computer_id NOT IN (SELECT computer_id FROM computer_seen_here)`;

/** By name. */
export function downstreamComputers(
  db: Database,
  serverId: string,
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
): DownstreamComputersPage {
  const [name, computerId] = cursor === undefined ? ['', ''] : CURSORS.read(cursor);
  const rows = z.array(ComputerRow).parse(
    db
      .prepare(
        `SELECT * ${OF_SERVER} AND (dns_name, computer_id) > (@name, @computerId)
           ORDER BY dns_name, computer_id LIMIT @limit`,
      )
      .all({ serverId, name, computerId, limit: limit + 1 }),
  );
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const total = z.int().parse(db.prepare(`SELECT count(*) ${OF_SERVER}`).pluck().get({ serverId }));
  return {
    items: items.map((row) => ({
      computerId: row.computer_id,
      dnsName: row.dns_name,
      ipAddress: row.ip_address,
      osDescription: row.os_description,
      osVersion: row.os_version,
      ...(row.last_sync === NEVER ? {} : { lastSync: row.last_sync }),
      status: {
        ...emptyCounts(),
        NotApplicable: row.not_applicable,
        NotInstalled: row.not_installed,
        Downloaded: row.downloaded,
        Installed: row.installed,
        Failed: row.failed,
        InstalledPendingReboot: row.installed_pending_reboot,
      },
    })),
    ...(rows.length > limit && last !== undefined
      ? { nextCursor: CURSORS.write([last.dns_name, last.computer_id]) }
      : {}),
    total,
  };
}

const unknownServer = (serverId: string): RefusalError =>
  new RefusalError(
    'unknown',
    'DOWNSTREAM_SERVER_UNKNOWN',
    `There is no downstream server ${serverId}. It may have been removed; read the list again.`,
  );
