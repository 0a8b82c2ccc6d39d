/** What this relay tells of its computers by kind of operating system ([MS-WSUSSS] 3.1.4.14.3.5), and passes on from below. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { Read } from '../../../protocol/soap/table.ts';
import type { DownstreamServerRollupClientSummary } from '../../../protocol/wsusss/rollup.ts';

export type ClientSummary = Read<typeof DownstreamServerRollupClientSummary>;

const KIND_FIELDS = [
  'OSMajorVersion',
  'OSMinorVersion',
  'OSBuildNumber',
  'OSServicePackMajorNumber',
  'OSServicePackMinorNumber',
  'OSLocale',
  'SuiteMask',
  'OldProductType',
  'NewProductType',
  'SystemMetrics',
  'ProcessorArchitecture',
] as const;

/** In the order of the message; numbers that a computer did not tell are 0. */
const Kind = z.object({
  OSMajorVersion: z.int().catch(0),
  OSMinorVersion: z.int().catch(0),
  OSBuildNumber: z.int().catch(0),
  OSServicePackMajorNumber: z.int().catch(0),
  OSServicePackMinorNumber: z.int().catch(0),
  OSLocale: z.string().catch(''),
  SuiteMask: z.int().catch(0),
  OldProductType: z.int().catch(0),
  NewProductType: z.int().catch(0),
  SystemMetrics: z.int().catch(0),
  ProcessorArchitecture: z.string().catch(''),
});

const KIND_OF_INFO = `json_object(${KIND_FIELDS.map((name) => `'${name}', json_extract(computer_info, '$.${name}')`).join(', ')})`;

/** Events that end an attempt to install ([MS-WUSP] 2.2.2.3.1). */
const SUCCEEDED = '(183, 184, 190, 191, 197, 199)';
const FAILED = '(182, 187, 192, 195, 198, 200, 203, 204)';

const CountRow = z.object({ kind: z.string(), computers: z.int() });
const ActivityRow = z.object({
  kind: z.string(),
  update_id: z.string(),
  revision_number: z.int(),
  successes: z.int(),
  failures: z.int(),
});

/** @param since when the last rollup was, ISO 8601 UTC, empty for never; what came after `until` is left to the next */
export function ownClientSummaries(db: Database, since: string, until: string): ClientSummary[] {
  const counts = db
    .prepare(
      `SELECT ${KIND_OF_INFO} AS kind, count(*) AS computers FROM computer
       WHERE computer_id NOT IN (SELECT computer_id FROM computer_seen_below) GROUP BY kind`,
    )
    .all();
  const activities = db
    .prepare(
      `SELECT ${KIND_OF_INFO} AS kind, update_id, revision_number,
         count(*) FILTER (WHERE event_id IN ${SUCCEEDED}) AS successes,
         count(*) FILTER (WHERE event_id IN ${FAILED}) AS failures
       FROM computer_standing CROSS JOIN computer USING (computer_id) CROSS JOIN reporting_event USING (computer_id)
       WHERE computer_standing.last_report > @since AND received_at > @since AND received_at <= @until
         AND update_id IS NOT NULL AND revision_number IS NOT NULL
         AND (event_id IN ${SUCCEEDED} OR event_id IN ${FAILED})
       GROUP BY kind, update_id, revision_number`,
    )
    .all({ since, until });
  return summariesOf(counts, activities);
}

/** Of a server below, what it told since it was last passed on. */
export function clientSummariesBelow(db: Database, serverId: string): ClientSummary[] {
  return summariesOf(
    db.prepare('SELECT kind, computers FROM downstream_client_summary WHERE server_id = ?').all(serverId),
    db
      .prepare(
        `SELECT kind, update_id, revision_number, successes, failures FROM downstream_activity
         WHERE server_id = ? AND is_sent = 0`,
      )
      .all(serverId),
  );
}

/** The upstream server has what was told of these servers until then: what they tell next counts from zero. */
export function noteActivitySent(db: Database, serverId: string, lastRollup: string): void {
  db.prepare('UPDATE downstream_activity SET is_sent = 1 WHERE server_id = ? AND last_rollup <= ?').run(
    serverId,
    lastRollup,
  );
}

function summariesOf(counts: readonly unknown[], activities: readonly unknown[]): ClientSummary[] {
  const byKind = Map.groupBy(z.array(ActivityRow).parse(activities), ({ kind }) => kind);
  return z
    .array(CountRow)
    .parse(counts)
    .map(({ kind, computers }) => ({
      ...Kind.parse(JSON.parse(kind)),
      Count: computers,
      ActivitySummaries: (byKind.get(kind) ?? []).map((row) => ({
        UpdateId: row.update_id,
        RevisionNumber: row.revision_number,
        InstallSuccessCount: row.successes,
        InstallFailureCount: row.failures,
      })),
    }));
}
