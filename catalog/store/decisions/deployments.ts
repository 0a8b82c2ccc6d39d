/** Carries decisions out, and takes them back. */
import type { Database } from 'better-sqlite3';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import {
  planApproval,
  planDecline,
  type Approval,
  type DecisionPlan,
  type PlannedRow,
} from './decision-plan.ts';
import { forgetUnneeded, installedRevisionIds, withBundled } from '../content/deployment-content.ts';
import { markWanted } from '../content/files.ts';
import type { ContentSelection } from '../content/selection.ts';
import { isInstallation, ownDecision, type OwnDecision } from './own-decisions.ts';
import { RefusalError } from '../database/refusal.ts';

export interface Decider {
  /** User name of who decides. */
  readonly adminName: string;
  readonly now: Date;
  /** Whether files of approved updates are fetched (`content.store`). */
  readonly storesContent: boolean;
  /** Which of them. */
  readonly selection?: ContentSelection | undefined;
  /** Where a rule decides: the trace of each of its decisions (`rule_decision`). */
  readonly ruleDecisionOf?: (updateId: string, groupId: string) => number;
}

/** What was, and what was made of it: enough to take the decision back. */
export interface Undo {
  readonly rows: readonly {
    readonly before: OwnDecision | undefined;
    readonly after: OwnDecision | undefined;
  }[];
  readonly declined: readonly string[];
  readonly undeclined: readonly DeclinedRow[];
  readonly acceptedEulaIds: readonly string[];
}

interface DeclinedRow {
  readonly updateId: string;
  readonly adminName: string;
  readonly declinedAt: string;
}

export interface Decision {
  /** Decisions for a group made, altered or taken away; of a decline the updates that are declined now. */
  readonly changed: number;
  readonly undo: Undo;
  /** Files that are wanted now and were not. */
  readonly wantedFiles: number;
}

/** @throws RefusalError where nothing was changed, with the reason */
export function approve(db: Database, approval: Approval, decider: Decider): Decision {
  return db
    .transaction(() => {
      const plan = planApproval(db, approval);
      const [refusal] = plan.refusals;
      if (refusal !== undefined) throw refusal;
      return carryOut(db, plan, decider);
    })
    .immediate();
}

/** @throws RefusalError where nothing was changed, with the reason */
export function decline(db: Database, updateIds: readonly string[], decider: Decider): Decision {
  return db
    .transaction(() => {
      const plan = planDecline(db, updateIds);
      return { ...carryOut(db, plan, decider), changed: plan.decline.length };
    })
    .immediate();
}

/**
 * Restores what was before a decision, to the row.
 *
 * @throws RefusalError where somebody has decided otherwise since
 */
export function undoDecision(
  db: Database,
  undo: Undo,
  decider: Decider,
): Pick<Decision, 'changed' | 'wantedFiles'> {
  return db
    .transaction(() => {
      refuseOutdated(db, undo);
      for (const { before, after } of undo.rows) {
        if (after !== undefined && before !== undefined) replaceDecision(db, after, before);
        else if (after !== undefined) {
          db.prepare('DELETE FROM deployment WHERE deployment_id = ?').run(after.deploymentId);
        } else if (before !== undefined) insertDecision(db, before);
      }
      for (const updateId of undo.declined) removeDecline(db, updateId);
      for (const row of undo.undeclined) insertDecline(db, row);
      for (const eulaId of undo.acceptedEulaIds) withdrawEula(db, eulaId);
      const pairs = undo.rows.map(({ before, after }) => ({ from: after, to: before }));
      return {
        changed: Math.max(undo.rows.length, undo.declined.length, undo.undeclined.length),
        wantedFiles: followContent(db, pairs, decider),
      };
    })
    .immediate();
}

function carryOut(db: Database, plan: DecisionPlan, decider: Decider): Decision {
  const undeclined = plan.undecline.flatMap((updateId) => removeDecline(db, updateId));
  for (const updateId of plan.decline) {
    insertDecline(db, { updateId, adminName: decider.adminName, declinedAt: decider.now.toISOString() });
  }
  for (const eulaId of plan.acceptEulaIds) {
    db.prepare(
      'INSERT INTO accepted_eula (eula_id, admin_name, accepted_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    ).run(eulaId, decider.adminName, decider.now.toISOString());
  }
  const rows = plan.rows.map((row) => ({ before: row.before, after: writeRow(db, row, decider) }));
  const wantedFiles = followContent(
    db,
    rows.map(({ before, after }) => ({ from: before, to: after })),
    decider,
  );
  return {
    changed: Math.max(rows.length, undeclined.length),
    undo: { rows, declined: plan.decline, undeclined, acceptedEulaIds: plan.acceptEulaIds },
    wantedFiles,
  };
}

function writeRow(db: Database, row: PlannedRow, decider: Decider): OwnDecision | undefined {
  if (row.after === undefined) {
    db.prepare('DELETE FROM deployment WHERE update_id = ? AND group_id = ?').run(row.updateId, row.groupId);
    noteTakenAway(db, row, decider);
    return undefined;
  }
  db.prepare(
    `INSERT INTO deployment
       (deployment_guid, revision_id, update_id, group_id, action, deadline, admin_name, changed_at, rule_decision_id)
     VALUES (@guid, @revisionId, @updateId, @groupId, @action, @deadline, @adminName, @changedAt, @ruleDecisionId)
     ON CONFLICT (update_id, group_id) DO UPDATE SET
       revision_id = excluded.revision_id, action = excluded.action, deadline = excluded.deadline,
       admin_name = excluded.admin_name, changed_at = excluded.changed_at,
       rule_decision_id = excluded.rule_decision_id`,
  ).run({
    ...row.after,
    guid: randomUUID(),
    updateId: row.updateId,
    groupId: row.groupId,
    adminName: decider.adminName,
    changedAt: decider.now.toISOString(),
    ruleDecisionId: decider.ruleDecisionOf?.(row.updateId, row.groupId) ?? null,
  });
  return ownDecision(db, row.updateId, row.groupId);
}

/** For rules, which must not decide again what a person took away. It stays for good: a later decision stands by itself. */
function noteTakenAway(db: Database, { updateId, groupId }: PlannedRow, { adminName, now }: Decider): void {
  db.prepare(
    `INSERT INTO taken_away_decision (update_id, group_id, admin_name, taken_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (update_id, group_id) DO UPDATE SET
       admin_name = excluded.admin_name, taken_at = excluded.taken_at`,
  ).run(updateId, groupId, adminName, now.toISOString());
}

/** What is to be installed now is wanted; what no installation needs any more is not fetched. */
function followContent(
  db: Database,
  pairs: readonly { readonly from: OwnDecision | undefined; readonly to: OwnDecision | undefined }[],
  { storesContent, selection, now }: Decider,
): number {
  const left = pairs.flatMap(({ from }) => installedRevision(from));
  if (left.length > 0) forgetUnneeded(db, [...new Set(left)], now);
  const wanted = pairs.flatMap(({ to }) => installedRevision(to));
  return storesContent && wanted.length > 0 ? markWanted(db, [...new Set(wanted)], now, selection) : 0;
}

const installedRevision = (decision: OwnDecision | undefined): number[] =>
  decision !== undefined && isInstallation(decision.action) ? [decision.revisionId] : [];

/** In one step, so that what was deployed and still is does not count as deployed anew. */
function replaceDecision(db: Database, present: OwnDecision, row: OwnDecision): void {
  db.prepare(
    `UPDATE deployment SET deployment_id = @deploymentId, deployment_guid = @deploymentGuid, revision_id = @revisionId,
       action = @action, deadline = @deadline, admin_name = @adminName, changed_at = @changedAt,
       rule_decision_id = @ruleDecisionId
     WHERE deployment_id = @presentId`,
  ).run({
    presentId: present.deploymentId,
    deploymentId: row.deploymentId,
    deploymentGuid: row.deploymentGuid,
    revisionId: row.revisionId,
    action: row.action,
    deadline: row.deadline,
    adminName: row.adminName,
    changedAt: row.changedAt,
    ruleDecisionId: row.ruleDecisionId,
  });
}

function insertDecision(db: Database, row: OwnDecision): void {
  db.prepare(
    `INSERT INTO deployment
       (deployment_id, deployment_guid, revision_id, update_id, group_id, action, deadline, admin_name, changed_at,
        rule_decision_id)
     VALUES
       (@deploymentId, @deploymentGuid, @revisionId, @updateId, @groupId, @action, @deadline, @adminName, @changedAt,
        @ruleDecisionId)`,
  ).run(row);
}

function insertDecline(db: Database, row: DeclinedRow): void {
  db.prepare(
    'INSERT INTO declined_update (update_id, admin_name, declined_at) VALUES (@updateId, @adminName, @declinedAt)',
  ).run(row);
}

const DeclinedColumns = z
  .object({ update_id: z.string(), admin_name: z.string(), declined_at: z.string() })
  .transform((row): DeclinedRow => ({
    updateId: row.update_id,
    adminName: row.admin_name,
    declinedAt: row.declined_at,
  }));

/** @returns the row that was, if there was one */
function removeDecline(db: Database, updateId: string): DeclinedRow[] {
  return z
    .array(DeclinedColumns)
    .parse(db.prepare('DELETE FROM declined_update WHERE update_id = ? RETURNING *').all(updateId));
}

/** The acceptance stays where an installation that was decided since rests on it. */
function withdrawEula(db: Database, eulaId: string): void {
  db.prepare(
    `DELETE FROM accepted_eula WHERE eula_id = @eulaId AND NOT EXISTS (
       SELECT 1 FROM revision WHERE eula_id = @eulaId AND revision_id IN (SELECT value FROM json_each(@installed)))`,
  ).run({ eulaId, installed: JSON.stringify(withBundled(db, installedRevisionIds(db))) });
}

function refuseOutdated(db: Database, undo: Undo): void {
  const isDeclined = db.prepare('SELECT 1 FROM declined_update WHERE update_id = ?');
  const isGroup = db.prepare('SELECT 1 FROM target_group WHERE group_id = ?');
  const isRevision = db.prepare('SELECT 1 FROM revision WHERE revision_id = ?');
  const stands =
    undo.rows.every(({ before, after }) => {
      const updateId = (after ?? before)?.updateId ?? '';
      const groupId = (after ?? before)?.groupId ?? '';
      const canReturn =
        before === undefined ||
        (isGroup.get(before.groupId) !== undefined && isRevision.get(before.revisionId) !== undefined);
      return canReturn && isSameDecision(ownDecision(db, updateId, groupId), after);
    }) &&
    undo.declined.every((updateId) => isDeclined.get(updateId) !== undefined) &&
    undo.undeclined.every(({ updateId }) => isDeclined.get(updateId) === undefined);
  if (stands) return;
  throw new RefusalError(
    'conflict',
    'UNDO_OUTDATED',
    'Somebody has decided otherwise about these updates since; nothing was undone. Look at them and decide anew.',
  );
}

function isSameDecision(one: OwnDecision | undefined, other: OwnDecision | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return (
    one.deploymentId === other.deploymentId &&
    one.changedAt === other.changedAt &&
    one.action === other.action &&
    one.deadline === other.deadline &&
    one.revisionId === other.revisionId
  );
}
