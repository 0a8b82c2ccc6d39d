/** What a planned decision means: for which groups, how many computers, how much to fetch, what to know before. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { DecisionPreview, DecisionWarning } from '../../../protocol/console/approvals.ts';
import { decidedAfter, type Decided, type DecisionPlan } from './decision-plan.ts';
import type { DeployableUpdate } from './deployable-updates.ts';
import { missingContent } from '../content/deployment-content.ts';
import type { ContentSelection } from '../content/selection.ts';
import type { Inherited } from '../groups/group-tree.ts';
import { isInstallation } from './own-decisions.ts';
import { nameSome } from '../database/refusal.ts';

/** Everything but the licence terms, whose texts are files. */
export type PlanMeaning = Omit<DecisionPreview, 'eulas'>;

export interface PreviewOptions {
  readonly now: Date;
  readonly storesContent: boolean;
  readonly selection?: ContentSelection;
}

export function previewPlan(db: Database, plan: DecisionPlan, options: PreviewOptions): PlanMeaning {
  const reached = new Map(plan.updates.map((update) => [update.updateId, reachedGroups(plan, update)]));
  const installs = plan.rows.flatMap(({ after }) =>
    after !== undefined && isInstallation(after.action) ? [after.revisionId] : [],
  );
  const missing = options.storesContent
    ? missingContent(db, [...new Set(installs)], options.selection)
    : { files: 0, bytes: 0 };
  return {
    updates: plan.updates.map((update) => ({
      updateId: update.updateId,
      title: update.title,
      needing: countNeeding(db, update.updateId, reached.get(update.updateId) ?? []),
      isSuperseded: update.isSuperseded,
      isExpired: update.isExpired,
      changes: changesOf(plan, update),
    })),
    computers: countComputers(db, [...new Set([...reached.values()].flat())]),
    downloadBytes: missing.bytes,
    downloadFiles: missing.files,
    supersedes: installs.length === 0 ? [] : approvedAndReplaced(db, installs),
    warnings: warningsOf(plan, options.now),
  };
}

/** Groups whose computers feel it: those with a changed row, and those below that have no decision nearer. */
function reachedGroups(plan: DecisionPlan, { updateId }: DeployableUpdate): string[] {
  const groupIds = plan.tree.groups.map(({ groupId }) => groupId);
  if (plan.decline.includes(updateId)) return groupIds;
  const changed = changedGroups(plan, updateId);
  const stopping = new Map([...(plan.own.get(updateId)?.keys() ?? []), ...changed].map((id) => [id, id]));
  return groupIds.filter((groupId) => changed.has(plan.tree.inherit(groupId, stopping)?.fromGroupId ?? ''));
}

const changedGroups = (plan: DecisionPlan, updateId: string): ReadonlySet<string> =>
  new Set(plan.rows.filter((row) => row.updateId === updateId).map(({ groupId }) => groupId));

function changesOf(
  plan: DecisionPlan,
  { updateId, isDeclined }: DeployableUpdate,
): PlanMeaning['updates'][number]['changes'] {
  const before = new Map<string, Decided>(plan.own.get(updateId));
  const after = decidedAfter(plan, updateId);
  const changed = changedGroups(plan, updateId);
  const willBeDeclined =
    plan.decline.includes(updateId) || (isDeclined && !plan.undecline.includes(updateId));
  return plan.tree.groups.flatMap(({ groupId, name }) => {
    const was = isDeclined ? 'Declined' : spell(plan.tree.inherit(groupId, before));
    const becomes = willBeDeclined ? 'Declined' : spell(plan.tree.inherit(groupId, after));
    return changed.has(groupId) || was !== becomes
      ? [{ groupId, groupName: name, before: was, after: becomes }]
      : [];
  });
}

function spell(inherited: Inherited<Decided> | undefined): string {
  if (inherited === undefined) return 'NotApproved';
  const { action, deadline } = inherited.decision;
  return deadline === null ? action : `${action}, deadline ${deadline}`;
}

function countComputers(db: Database, groupIds: readonly string[]): number {
  return z
    .int()
    .parse(
      db
        .prepare(
          `SELECT count(DISTINCT computer_id) FROM membership WHERE group_id IN (SELECT value FROM json_each(?))`,
        )
        .pluck()
        .get(JSON.stringify(groupIds)),
    );
}

function countNeeding(db: Database, updateId: string, groupIds: readonly string[]): number {
  if (groupIds.length === 0) return 0;
  return z.int().parse(
    db
      .prepare(
        `SELECT ifnull(sum(not_installed + downloaded + failed), 0) FROM update_sum
         WHERE update_id = ? AND set_id IN
           (SELECT set_id FROM group_set_member WHERE group_id IN (SELECT value FROM json_each(?)))`,
      )
      .pluck()
      .get(updateId, JSON.stringify(groupIds)),
  );
}

const Replaced = z.object({ update_id: z.string(), title: z.string() });

function approvedAndReplaced(db: Database, revisionIds: readonly number[]): PlanMeaning['supersedes'] {
  const rows = db
    .prepare(
      `SELECT DISTINCT revision.update_id, revision.title FROM superseded_update
         JOIN revision ON revision.update_id = superseded_update_id AND revision.is_latest = 1
       WHERE superseded_update.revision_id IN (SELECT value FROM json_each(?))
         AND EXISTS (SELECT 1 FROM deployment WHERE deployment.update_id = superseded_update_id
                       AND action IN ('Install', 'OptionalInstall'))
       ORDER BY revision.title, revision.update_id`,
    )
    .all(JSON.stringify(revisionIds));
  return z
    .array(Replaced)
    .parse(rows)
    .map((row) => ({ updateId: row.update_id, title: row.title }));
}

function warningsOf(plan: DecisionPlan, now: Date): DecisionWarning[] {
  const warnings: DecisionWarning[] = plan.refusals.map(({ code, message }) => ({ code, text: message }));
  const installs = plan.rows.filter(({ after }) => after !== undefined && isInstallation(after.action));
  const installed = new Set(installs.map(({ updateId }) => updateId));
  const superseded = plan.updates.filter((update) => update.isSuperseded && installed.has(update.updateId));
  if (superseded.length > 0) {
    warnings.push({
      code: 'SUPERSEDED',
      text: `Newer updates replace ${nameSome(superseded.map(({ title }) => title))}.`,
    });
  }
  if (plan.undecline.length > 0) {
    const titles = plan.updates.filter(({ updateId }) => plan.undecline.includes(updateId));
    warnings.push({
      code: 'DECLINED_NOW',
      text: `${nameSome(titles.map(({ title }) => title))} is declined now, and would not be any more.`,
    });
  }
  if (plan.rows.some(({ after }) => after?.deadline != null && after.deadline <= now.toISOString())) {
    warnings.push({
      code: 'DEADLINE_PASSED',
      text: 'The deadline has passed: computers act at their next scan, and may restart.',
    });
  }
  if (plan.rows.length === 0 && plan.decline.length === 0 && plan.undecline.length === 0) {
    warnings.push({ code: 'NO_CHANGE', text: 'Nothing would change: it is decided so already.' });
  }
  return warnings;
}
