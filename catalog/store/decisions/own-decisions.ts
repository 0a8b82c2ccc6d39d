/** Rows of `deployment`: what an administrator decided for a group itself. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { DeploymentAction } from '../../../protocol/console/updates.ts';

export interface OwnDecision {
  readonly deploymentId: number;
  readonly deploymentGuid: string;
  readonly revisionId: number;
  readonly updateId: string;
  readonly groupId: string;
  readonly action: DeploymentAction;
  /** ISO 8601 UTC. */
  readonly deadline: string | null;
  readonly adminName: string;
  readonly changedAt: string;
  /** The trace of the rule that decided it (`rule_decision`); null: no rule did. */
  readonly ruleDecisionId: number | null;
}

const OwnDecisionRow = z
  .object({
    deployment_id: z.int(),
    deployment_guid: z.string(),
    revision_id: z.int(),
    update_id: z.string(),
    group_id: z.string(),
    action: DeploymentAction,
    deadline: z.string().nullable(),
    admin_name: z.string(),
    changed_at: z.string(),
    rule_decision_id: z.int().nullable(),
  })
  .transform((row): OwnDecision => ({
    deploymentId: row.deployment_id,
    deploymentGuid: row.deployment_guid,
    revisionId: row.revision_id,
    updateId: row.update_id,
    groupId: row.group_id,
    action: row.action,
    deadline: row.deadline,
    adminName: row.admin_name,
    changedAt: row.changed_at,
    ruleDecisionId: row.rule_decision_id,
  }));

/** By update, then by group; updates without any are not in the answer. */
export function ownDecisions(
  db: Database,
  updateIds: readonly string[],
): Map<string, Map<string, OwnDecision>> {
  const rows = db
    .prepare('SELECT * FROM deployment WHERE update_id IN (SELECT value FROM json_each(?))')
    .all(JSON.stringify(updateIds));
  const decisions = z.array(OwnDecisionRow).parse(rows);
  return new Map(
    [...Map.groupBy(decisions, ({ updateId }) => updateId)].map(([updateId, own]) => [
      updateId,
      new Map(own.map((decision) => [decision.groupId, decision])),
    ]),
  );
}

export function ownDecision(db: Database, updateId: string, groupId: string): OwnDecision | undefined {
  const row = db
    .prepare('SELECT * FROM deployment WHERE update_id = ? AND group_id = ?')
    .get(updateId, groupId);
  return row === undefined ? undefined : OwnDecisionRow.parse(row);
}

/** Actions after which a computer is to have the update's files: content is wanted, terms must be accepted. */
export const INSTALLATIONS = ['Install', 'OptionalInstall'] as const satisfies DeploymentAction[];

export const isInstallation = (action: string): boolean => INSTALLATIONS.some((one) => one === action);
