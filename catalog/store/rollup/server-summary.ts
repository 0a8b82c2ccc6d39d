/** Sums of this relay for its upstream server ([MS-WSUSSS] 3.1.4.14.3.3). */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { Read } from '../../../protocol/soap/table.ts';
import type { DownstreamServerRollupServerSummary } from '../../../protocol/wsusss/rollup.ts';
import { computersInStates, countWithFailures } from '../reports/fleet-status.ts';

export type ServerSummary = Read<typeof DownstreamServerRollupServerSummary>;

/** Classifications Critical Updates and Security Updates. */
const PRESSING = `('e6cf1350-c01b-414d-a61f-263d14d133b4', '0fa1201d-4330-4fa8-8ae9-b877473b6441')`;

const LISTED = `is_latest = 1 AND explicitly_deployable = 1 AND update_type IN ('Software', 'Driver')`;
const DECIDED = `deployment WHERE deployment.update_id = revision.update_id AND action IN ('Install', 'OptionalInstall', 'Uninstall')`;
const IS_DECLINED =
  'EXISTS (SELECT 1 FROM declined_update WHERE declined_update.update_id = revision.update_id)';
const HAS_FILE = `EXISTS (SELECT 1 FROM revision_file JOIN file USING (sha1)
  WHERE revision_file.revision_id = revision.revision_id AND `;

const UpdateCounts = z.object({
  UpdateCount: z.int(),
  DeclinedUpdateCount: z.int(),
  ApprovedUpdateCount: z.int(),
  NotApprovedUpdateCount: z.int(),
  UpdatesWithStaleUpdateApprovalsCount: z.int(),
  ExpiredUpdateCount: z.int(),
  CriticalOrSecurityUpdatesNotApprovedForInstallCount: z.int(),
  UpdatesWithServerErrorsCount: z.int(),
  UpdatesNeedingFilesCount: z.int(),
});

const UPDATE_COUNTS = `SELECT count(*) AS UpdateCount,
    count(*) FILTER (WHERE ${IS_DECLINED}) AS DeclinedUpdateCount,
    count(*) FILTER (WHERE NOT ${IS_DECLINED} AND EXISTS (SELECT 1 FROM ${DECIDED})) AS ApprovedUpdateCount,
    count(*) FILTER (WHERE NOT ${IS_DECLINED} AND NOT EXISTS (SELECT 1 FROM ${DECIDED})) AS NotApprovedUpdateCount,
    count(*) FILTER (WHERE EXISTS (SELECT 1 FROM ${DECIDED} AND deployment.revision_id <> revision.revision_id))
      AS UpdatesWithStaleUpdateApprovalsCount,
    count(*) FILTER (WHERE publication_state = 'Expired' AND NOT EXISTS (SELECT 1 FROM ${DECIDED})) AS ExpiredUpdateCount,
    count(*) FILTER (WHERE NOT ${IS_DECLINED}
      AND NOT EXISTS (SELECT 1 FROM ${DECIDED} AND action IN ('Install', 'OptionalInstall'))
      AND EXISTS (SELECT 1 FROM revision_category
        WHERE revision_category.revision_id = revision.revision_id AND category_update_id IN ${PRESSING}))
      AS CriticalOrSecurityUpdatesNotApprovedForInstallCount,
    count(*) FILTER (WHERE ${HAS_FILE} content_error IS NOT NULL)) AS UpdatesWithServerErrorsCount,
    count(*) FILTER (WHERE ${HAS_FILE} content_state = 'wanted')) AS UpdatesNeedingFilesCount
  FROM revision WHERE ${LISTED}`;

const StateCounts = z.object({
  UpdatesWithClientErrorsCount: z.int(),
  UpdatesNeededByComputersCount: z.int(),
  UpdatesUpToDateCount: z.int(),
});

const STATE_COUNTS = `SELECT count(*) FILTER (WHERE failed > 0) AS UpdatesWithClientErrorsCount,
    count(*) FILTER (WHERE needed > 0) AS UpdatesNeededByComputersCount,
    count(*) FILTER (WHERE installed > 0 AND needed = 0 AND failed = 0) AS UpdatesUpToDateCount
  FROM (SELECT sum(failed) AS failed, sum(installed) AS installed,
          sum(not_installed + downloaded + installed_pending_reboot) AS needed
        FROM update_sum WHERE deployed_since IS NOT NULL GROUP BY update_id)`;

type ComputerCounts = Pick<
  ServerSummary,
  | 'ComputerTargetCount'
  | 'ComputerTargetsNeedingUpdatesCount'
  | 'ComputerTargetsWithUpdateErrorsCount'
  | 'ComputersUpToDateCount'
>;

/** Of this relay's own computers, those left out that were seen below it later. */
export function ownComputerCounts(db: Database): ComputerCounts {
  const seenBelow = new Set(
    z.array(z.string()).parse(db.prepare('SELECT computer_id FROM computer_seen_below').pluck().all()),
  );
  const here = (computerIds: readonly string[]): number =>
    computerIds.filter((computerId) => !seenBelow.has(computerId)).length;
  const computers = countOf(db, 'SELECT count(*) FROM computer') - seenBelow.size;
  const needing = here(computersInStates(db, ['NotInstalled', 'Downloaded', 'InstalledPendingReboot']));
  const behind = here(
    computersInStates(db, ['NotInstalled', 'Downloaded', 'InstalledPendingReboot', 'Failed', 'Unknown']),
  );
  return {
    ComputerTargetCount: computers,
    ComputerTargetsNeedingUpdatesCount: needing,
    ComputerTargetsWithUpdateErrorsCount:
      seenBelow.size === 0 ? countWithFailures(db) : here(computersInStates(db, ['Failed'])),
    ComputersUpToDateCount: computers - behind,
  };
}

export function ownServerSummary(db: Database): ServerSummary {
  return {
    ...UpdateCounts.parse(db.prepare(UPDATE_COUNTS).get()),
    ...StateCounts.parse(db.prepare(STATE_COUNTS).get()),
    ...ownComputerCounts(db),
    // Which updates those are is told by a category that only WSUS servers need.
    WsusInfrastructureUpdatesNotApprovedForInstallCount: 0,
    CustomComputerTargetGroupCount: countOf(db, 'SELECT count(*) FROM target_group WHERE is_builtin = 0'),
  };
}

const countOf = (db: Database, sql: string): number => z.int().parse(db.prepare(sql).pluck().get());
