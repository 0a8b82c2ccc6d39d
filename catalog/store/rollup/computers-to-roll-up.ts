/** Computers of this relay and of those below it, as they are told to the upstream server ([MS-WSUSSS] 3.2.4.5). */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { Read } from '../../../protocol/soap/table.ts';
import type { ComputerRollupDetails } from '../../../protocol/wsusss/rollup.ts';
import { SUMMARIZATION } from './summarization-state.ts';

export interface ComputerToRollUp {
  readonly computerId: string;
  /** Undefined: this relay. */
  readonly parentId: string | undefined;
  /** Times are ISO 8601 UTC; undefined for never. */
  readonly lastSync: string | undefined;
  /** 0 unknown, 1 succeeded, 2 failed. */
  readonly lastSyncResult: number;
  readonly lastReboot: string | undefined;
  readonly lastStatus: string | undefined;
  readonly lastInventory: string | undefined;
  readonly details: Read<typeof ComputerRollupDetails> | undefined;
  /** Differs whenever its status may; undefined while it told none. */
  readonly statusVersion: string | undefined;
}

const Details = z.object({
  TargetGroupIdList: z.array(z.string()).optional(),
  RequestedTargetGroupNames: z.array(z.string()).optional(),
  IPAddress: z.string().optional(),
  FullDomainName: z.string().optional(),
  OSMajorVersion: z.int().catch(0),
  OSMinorVersion: z.int().catch(0),
  OSBuildNumber: z.int().catch(0),
  OSServicePackMajorNumber: z.int().catch(0),
  OSServicePackMinorNumber: z.int().catch(0),
  OSLocale: z.string().optional(),
  OSFamily: z.string().optional(),
  OSDescription: z.string().optional(),
  ComputerMake: z.string().optional(),
  ComputerModel: z.string().optional(),
  BiosVersion: z.string().optional(),
  BiosName: z.string().optional(),
  BiosReleaseDate: z.string().catch('1753-01-01T00:00:00Z'),
  ProcessorArchitecture: z.string().optional(),
  SuiteMask: z.int().catch(0),
  OldProductType: z.int().catch(0),
  NewProductType: z.int().catch(0),
  SystemMetrics: z.int().catch(0),
  ClientVersion: z.string().optional(),
});

const Row = z.object({
  computer_id: z.string(),
  parent_id: z.string().nullable(),
  last_sync: z.string().nullable(),
  last_sync_result: z.int(),
  last_reboot: z.string().nullable(),
  last_status: z.string().nullable(),
  last_inventory: z.string().nullable(),
  details: z.string().nullable(),
  status_version: z.string().nullable(),
});

const OWN_DETAILS = `json_patch(
    json_object('TargetGroupIdList', json((SELECT json_group_array(group_id ORDER BY group_id) FROM membership
        WHERE membership.computer_id = computer.computer_id)),
      'RequestedTargetGroupNames', json_array(requested_target_group), 'IPAddress', ip_address,
      'FullDomainName', dns_name, 'OSDescription', os_description, 'ComputerMake', manufacturer,
      'ComputerModel', model, 'ClientVersion', client_version),
    json_remove(computer_info, '$.OSDescription'))`;

const OWN = `SELECT computer.computer_id, NULL AS parent_id, last_contact AS last_sync,
    iif(last_scan IS NULL, 0, 1) AS last_sync_result, NULL AS last_reboot, last_report AS last_status,
    computer_inventory.received_at AS last_inventory, ${OWN_DETAILS} AS details, last_report AS status_version
  FROM computer JOIN computer_standing USING (computer_id)
    LEFT JOIN computer_inventory USING (computer_id)
  WHERE computer.computer_id > @after AND computer.computer_id NOT IN (SELECT computer_id FROM computer_seen_below)`;

const BELOW = `SELECT computer_id, parent_id, last_sync, last_sync_result, last_reboot, last_status, last_inventory,
    details, iif(status_version = 0, NULL, parent_id || ' ' || status_version) AS status_version
  FROM downstream_computer
  WHERE computer_id > @after AND computer_id NOT IN (SELECT computer_id FROM computer_seen_here)`;

/** All of them, `count` at a time. */
export function* computersToRollUp(db: Database, count: number): Generator<ComputerToRollUp[]> {
  const page = db.prepare(
    `SELECT * FROM (SELECT * FROM (${OWN} ORDER BY computer.computer_id LIMIT @count)
       UNION ALL SELECT * FROM (${BELOW} ORDER BY computer_id LIMIT @count))
     ORDER BY computer_id LIMIT @count`,
  );
  for (let after = ''; ;) {
    const rows = z.array(Row).parse(page.all({ after, count }));
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map(computerOf);
    after = last.computer_id;
  }
}

const computerOf = (row: z.infer<typeof Row>): ComputerToRollUp => ({
  computerId: row.computer_id,
  parentId: row.parent_id ?? undefined,
  lastSync: row.last_sync ?? undefined,
  lastSyncResult: row.last_sync_result,
  lastReboot: row.last_reboot ?? undefined,
  lastStatus: row.last_status ?? undefined,
  lastInventory: row.last_inventory ?? undefined,
  details: row.details === null ? undefined : Details.parse(JSON.parse(row.details)),
  statusVersion: row.status_version ?? undefined,
});

export interface StatusToRollUp {
  readonly updateId: string;
  /** SummarizationState of [MS-WSUSSS] 3.1.4.17.3.4. */
  readonly state: number;
  /** ISO 8601 UTC. */
  readonly changedAt: string;
}

const StatusRow = z
  .object({ update_id: z.string(), state: z.int(), changed_at: z.string() })
  .transform((row): StatusToRollUp => ({
    updateId: row.update_id,
    state: row.state,
    changedAt: row.changed_at,
  }));

const OWN_STATUS = `SELECT update_id, changed_at, ${SUMMARIZATION} AS state
  FROM computer_update_status WHERE computer_id = ?`;

/** How every update stands that the computer said something of. */
export function statusToRollUp(
  db: Database,
  { computerId, parentId }: Pick<ComputerToRollUp, 'computerId' | 'parentId'>,
): StatusToRollUp[] {
  const sql =
    parentId === undefined
      ? OWN_STATUS
      : 'SELECT update_id, changed_at, state FROM downstream_status WHERE computer_id = ?';
  return z.array(StatusRow).parse(db.prepare(sql).all(computerId));
}

/**
 * "The time when the newest update that the client computer has reported status for was made available": of the last
 * synchronization before it spoke.
 */
export function effectiveDetection(db: Database, computer: ComputerToRollUp): string | undefined {
  const sql =
    computer.parentId === undefined
      ? `SELECT max(finished_at) FROM sync_run WHERE state = 'succeeded' AND finished_at < @at`
      : 'SELECT effective_detection FROM downstream_computer WHERE computer_id = @computerId';
  const at = z
    .string()
    .nullish()
    .parse(
      db
        .prepare(sql)
        .pluck()
        .get({ computerId: computer.computerId, at: computer.lastStatus ?? '' }),
    );
  return at ?? undefined;
}
