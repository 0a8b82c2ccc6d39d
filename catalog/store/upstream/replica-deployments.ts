/**
 * Deployments of a replica: the upstream server's, by their guids. Here an update has one decision a group; of several
 * that an upstream server may have the one for the highest revision holds, and what does not hold is kept beside: for
 * when the revision arrives, its time comes, or the one that holds now ends.
 */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { DeploymentAction } from '../../../protocol/console/updates.ts';
import type { UpstreamDecisions, UpstreamDeployment } from './upstream-decisions.ts';

const Row = z
  .object({
    deployment_guid: z.string(),
    update_id: z.string(),
    revision_number: z.int(),
    group_id: z.string(),
    action: DeploymentAction,
    deadline: z.string().nullable(),
    admin_name: z.string(),
    go_live_at: z.string(),
  })
  .transform((row): UpstreamDeployment => ({
    deploymentGuid: row.deployment_guid,
    updateId: row.update_id,
    revisionNumber: row.revision_number,
    groupId: row.group_id,
    action: row.action,
    deadline: row.deadline,
    adminName: row.admin_name,
    goLiveAt: row.go_live_at,
  }));

const HELD = `SELECT deployment_guid, deployment.update_id, revision_number, group_id, action, deadline, admin_name,
    changed_at AS go_live_at
  FROM deployment JOIN revision USING (revision_id)`;

/** Milliseconds by which the upstream's clock may be ahead of ours: what is valid there now is valid here. */
const CLOCKS_DIFFER = 3_600_000;

/** Within the caller's transaction; the groups are the upstream's already. */
export function replaceDeployments(db: Database, told: UpstreamDecisions, now: Date): void {
  const present = new Date(now.getTime() + CLOCKS_DIFFER).toISOString();
  const statements = prepare(db);
  endDeployments(db, told);
  keepBeside(statements, told.deployments, present);
  const candidates = readCandidates(db, present);
  for (const rivals of Map.groupBy(candidates, pairOf).values()) letBestHold(statements, rivals, now);
}

/** Prepared once: what writes deployments has many triggers, and takes longer to prepare than to run. */
function prepare(db: Database) {
  return {
    isGroup: db.prepare('SELECT 1 FROM target_group WHERE group_id = ?'),
    isRevision: db.prepare('SELECT 1 FROM revision WHERE update_id = ? AND revision_number = ?'),
    heldByGuid: db.prepare(`${HELD} WHERE deployment_guid = ?`),
    heldByPair: db.prepare(`${HELD} WHERE deployment.update_id = ? AND group_id = ?`),
    end: db.prepare('DELETE FROM deployment WHERE deployment_guid = ?'),
    forget: db.prepare('DELETE FROM pending_deployment WHERE deployment_guid = ?'),
    putBeside: db.prepare(
      `INSERT INTO pending_deployment
         (deployment_guid, update_id, revision_number, group_id, action, deadline, admin_name, go_live_at)
       VALUES
         (@deploymentGuid, @updateId, @revisionNumber, @groupId, @action, @deadline, @adminName, @goLiveAt)
       ON CONFLICT (deployment_guid) DO UPDATE SET update_id = excluded.update_id,
         revision_number = excluded.revision_number, group_id = excluded.group_id, action = excluded.action,
         deadline = excluded.deadline, admin_name = excluded.admin_name, go_live_at = excluded.go_live_at`,
    ),
    // In one step, so that what was deployed and still is does not count as deployed anew.
    hold: db.prepare(
      `INSERT INTO deployment
         (deployment_guid, revision_id, update_id, group_id, action, deadline, admin_name, changed_at)
       VALUES (@deploymentGuid, @revisionId, @updateId, @groupId, @action, @deadline, @adminName, @changedAt)
       ON CONFLICT (update_id, group_id) DO UPDATE SET deployment_guid = excluded.deployment_guid,
         revision_id = excluded.revision_id, action = excluded.action, deadline = excluded.deadline,
         admin_name = excluded.admin_name, changed_at = excluded.changed_at, rule_decision_id = NULL`,
    ),
  };
}
type Statements = ReturnType<typeof prepare>;

/** Deployments that nobody can have here, since their revision has not arrived. */
export function deploymentsOfMissingRevisions(db: Database): UpstreamDeployment[] {
  return z.array(Row).parse(
    db
      .prepare(
        `SELECT * FROM pending_deployment AS pending WHERE NOT EXISTS (
           SELECT 1 FROM revision WHERE revision.update_id = pending.update_id
             AND revision.revision_number = pending.revision_number)
         ORDER BY update_id, group_id, deployment_guid`,
      )
      .all(),
  );
}

const pairOf = ({ updateId, groupId }: UpstreamDeployment): string => `${updateId}/${groupId}`;

/** What ended goes; where everything was told, so does what was not. */
function endDeployments(db: Database, { isWhole, dead, deployments }: UpstreamDecisions): void {
  const [condition, guids] = isWhole
    ? ['NOT IN', deployments.map(({ deploymentGuid }) => deploymentGuid)]
    : ['IN', dead];
  for (const table of ['deployment', 'pending_deployment']) {
    db.prepare(
      `DELETE FROM ${table} WHERE deployment_guid ${condition} (SELECT value FROM json_each(?))`,
    ).run(JSON.stringify(guids));
  }
}

/** What is told and does not hold already in the same way waits for its turn. */
function keepBeside(
  { isGroup, isRevision, heldByGuid, end, forget, putBeside }: Statements,
  deployments: readonly UpstreamDeployment[],
  now: string,
): void {
  for (const deployment of deployments) {
    // Built-in groups of an upstream server that are none here: nobody can be in them.
    if (isGroup.get(deployment.groupId) === undefined) continue;
    const present = Row.optional().parse(heldByGuid.get(deployment.deploymentGuid));
    if (present !== undefined && isSame(present, deployment)) {
      forget.run(deployment.deploymentGuid);
      continue;
    }
    putBeside.run(deployment);
    const canReplace =
      present !== undefined &&
      pairOf(present) === pairOf(deployment) &&
      deployment.goLiveAt <= now &&
      isRevision.get(deployment.updateId, deployment.revisionNumber) !== undefined;
    // Otherwise in its row, so that what stays deployed does not begin anew.
    if (present !== undefined && !canReplace) end.run(deployment.deploymentGuid);
  }
}

function isSame(one: UpstreamDeployment, other: UpstreamDeployment): boolean {
  return (
    pairOf(one) === pairOf(other) &&
    one.revisionNumber === other.revisionNumber &&
    one.action === other.action &&
    one.deadline === other.deadline &&
    one.adminName === other.adminName
  );
}

interface Candidate extends UpstreamDeployment {
  readonly revisionId: number;
}

/** What waits and could hold now. Categories and detectoids are deployed by what needs them, not by anybody's decision. */
function readCandidates(db: Database, now: string): Candidate[] {
  const Identified = z.object({ revision_id: z.int() });
  return db
    .prepare(
      `SELECT pending.*, revision_id FROM pending_deployment AS pending
       JOIN revision USING (update_id, revision_number)
       WHERE update_type IN ('Software', 'Driver') AND go_live_at <= ?`,
    )
    .all(now)
    .map((row) => ({ ...Row.parse(row), revisionId: Identified.parse(row).revision_id }));
}

/** @param rivals for one update and group, at least one */
function letBestHold(
  { heldByPair, forget, hold, putBeside }: Statements,
  rivals: readonly Candidate[],
  now: Date,
): void {
  const best = rivals.reduce((one, other) => (comesBefore(other, one) ? other : one));
  const holding = Row.optional().parse(heldByPair.get(best.updateId, best.groupId));
  const isTold = rivals.some(({ deploymentGuid }) => deploymentGuid === holding?.deploymentGuid);
  if (holding !== undefined && !isTold) {
    if (comesBefore(holding, best)) return;
    putBeside.run(holding);
  }
  hold.run({ ...best, changedAt: now.toISOString() });
  forget.run(best.deploymentGuid);
}

/** The higher revision; then an order that is always the same. */
const comesBefore = (one: UpstreamDeployment, other: UpstreamDeployment): boolean =>
  one.revisionNumber === other.revisionNumber
    ? one.deploymentGuid > other.deploymentGuid
    : one.revisionNumber > other.revisionNumber;
