/**
 * What a decision would change, row by row, worked out without changing anything. Previews show it and decisions carry it
 * out, so that the one cannot promise what the other does not do.
 */
import type { Database } from 'better-sqlite3';
import type { DeploymentAction } from '../../../protocol/console/updates.ts';
import { deployableUpdates, type DeployableUpdate } from './deployable-updates.ts';
import { GroupTree } from '../groups/group-tree.ts';
import { isInstallation, ownDecisions, type OwnDecision } from './own-decisions.ts';
import { RefusalError, nameSome } from '../database/refusal.ts';
import { refuseUnknownGroups } from '../groups/target-groups.ts';

export interface Approval {
  readonly updateIds: readonly string[];
  readonly groupIds: readonly string[];
  /** `Remove` takes the group's own decision away. */
  readonly action: DeploymentAction | 'Remove';
  /** Only for Install and Uninstall. */
  readonly deadline?: Date | undefined;
  readonly acceptEulaIds: readonly string[];
}

/** What a group is to have of an update. */
export interface Decided {
  readonly revisionId: number;
  readonly action: DeploymentAction;
  readonly deadline: string | null;
}

export interface PlannedRow {
  readonly updateId: string;
  readonly groupId: string;
  readonly before?: OwnDecision;
  /** Absent: no decision of its own any more. */
  readonly after?: Decided;
}

export interface DecisionPlan {
  readonly tree: GroupTree;
  readonly updates: readonly DeployableUpdate[];
  /** Decisions as they are, by update and group. */
  readonly own: ReadonlyMap<string, ReadonlyMap<string, OwnDecision>>;
  readonly rows: readonly PlannedRow[];
  /** Updates to be declined, and updates that are declined no more. */
  readonly decline: readonly string[];
  readonly undecline: readonly string[];
  readonly acceptEulaIds: readonly string[];
  /** Why the decision cannot be carried out as asked; the first is told. */
  readonly refusals: readonly RefusalError[];
}

/** Pairs of update and group in one decision; what is undone is kept in memory. */
const MOST_PAIRS = 20_000;

/** @throws RefusalError where something named is not here, or the request contradicts itself */
export function planApproval(db: Database, approval: Approval): DecisionPlan {
  const tree = GroupTree.read(db);
  const groupIds = [...new Set(approval.groupIds.map((id) => id.toLowerCase()))];
  refuseContradictions(approval, groupIds.length);
  refuseUnknownGroups(tree, groupIds);
  const updates = deployableUpdates(db, approval.updateIds);
  const own = ownDecisions(
    db,
    updates.map(({ updateId }) => updateId),
  );
  const acceptable = new Set(updates.flatMap(({ openEulaIds }) => openEulaIds));
  const needsTerms = isInstallation(approval.action);
  const refused = refusalsOf(approval, updates);
  const possible = updates.filter((update) => !refused.updates.has(update));
  return {
    tree,
    updates,
    own,
    rows: possible.flatMap((update) =>
      groupIds.flatMap((groupId) =>
        plannedRow(approval, update, groupId, own.get(update.updateId)?.get(groupId)),
      ),
    ),
    decline: [],
    undecline: possible.filter(({ isDeclined }) => isDeclined).map(({ updateId }) => updateId),
    acceptEulaIds: needsTerms ? [...new Set(approval.acceptEulaIds)].filter((id) => acceptable.has(id)) : [],
    refusals: refused.refusals,
  };
}

/** Declined: hidden from every computer, all approvals gone. @throws RefusalError where an update is not here */
export function planDecline(db: Database, updateIds: readonly string[]): DecisionPlan {
  const updates = deployableUpdates(db, updateIds);
  const own = ownDecisions(
    db,
    updates.map(({ updateId }) => updateId),
  );
  return {
    tree: GroupTree.read(db),
    updates,
    own,
    rows: [...own].flatMap(([updateId, byGroup]) =>
      [...byGroup].map(([groupId, before]) => ({ updateId, groupId, before })),
    ),
    decline: updates.filter(({ isDeclined }) => !isDeclined).map(({ updateId }) => updateId),
    undecline: [],
    acceptEulaIds: [],
    refusals: [],
  };
}

/** The decisions on the groups of one update as the plan leaves them. */
export function decidedAfter(plan: DecisionPlan, updateId: string): Map<string, Decided> {
  const decided = new Map<string, Decided>(plan.own.get(updateId));
  for (const row of plan.rows) {
    if (row.updateId !== updateId) continue;
    if (row.after === undefined) decided.delete(row.groupId);
    else decided.set(row.groupId, row.after);
  }
  return decided;
}

function plannedRow(
  approval: Approval,
  update: DeployableUpdate,
  groupId: string,
  before: OwnDecision | undefined,
): PlannedRow[] {
  const { updateId, revisionId } = update;
  if (approval.action === 'Remove') return before === undefined ? [] : [{ updateId, groupId, before }];
  const after: Decided = {
    revisionId,
    action: approval.action,
    deadline: approval.deadline?.toISOString() ?? null,
  };
  if (before === undefined) return [{ updateId, groupId, after }];
  const isSame =
    before.action === after.action && before.deadline === after.deadline && before.revisionId === revisionId;
  return isSame ? [] : [{ updateId, groupId, before, after }];
}

function refuseContradictions({ action, deadline, updateIds }: Approval, groups: number): void {
  if (deadline !== undefined && action !== 'Install' && action !== 'Uninstall') {
    throw new RefusalError(
      'invalid',
      'DEADLINE_NOT_ALLOWED',
      `${action} has no deadline; only Install and Uninstall have one. Leave it out.`,
    );
  }
  if (updateIds.length * groups > MOST_PAIRS) {
    throw new RefusalError(
      'invalid',
      'DECISION_TOO_LARGE',
      `${updateIds.length} updates for ${groups} groups are more than ${MOST_PAIRS} decisions. Decide in several steps, or for a group above these.`,
    );
  }
}

interface Refused {
  readonly updates: ReadonlySet<DeployableUpdate>;
  readonly refusals: readonly RefusalError[];
}

function refusalsOf({ action, acceptEulaIds }: Approval, updates: readonly DeployableUpdate[]): Refused {
  const isInstall = isInstallation(action);
  const expired = isInstall ? updates.filter(({ isExpired }) => isExpired) : [];
  const permanent = action === 'Uninstall' ? updates.filter(({ canUninstall }) => !canUninstall) : [];
  const isOpen = (eulaId: string): boolean => !acceptEulaIds.includes(eulaId);
  const withTerms = isInstall ? updates.filter(({ openEulaIds }) => openEulaIds.some(isOpen)) : [];
  const refusals: RefusalError[] = [];
  if (expired.length > 0) {
    refusals.push(
      new RefusalError(
        'conflict',
        'UPDATE_EXPIRED',
        `The publisher withdrew ${nameTitles(expired)}: it cannot be approved for installation. Leave it out, or decline it.`,
      ),
    );
  }
  if (permanent.length > 0) {
    refusals.push(
      new RefusalError(
        'conflict',
        'UPDATE_NOT_REMOVABLE',
        `${nameTitles(permanent)} cannot be uninstalled once it is installed. Leave it out.`,
      ),
    );
  }
  if (withTerms.length > 0) {
    const open = new Set(withTerms.flatMap(({ openEulaIds }) => openEulaIds.filter(isOpen)));
    refusals.push(
      new RefusalError(
        'conflict',
        'EULA_NOT_ACCEPTED',
        `${nameTitles(withTerms)} has licence terms that nobody accepted. Read them in the preview, and name ${nameSome([...open])} in acceptEulaIds to accept.`,
      ),
    );
  }
  return { updates: new Set([...expired, ...permanent]), refusals };
}

const nameTitles = (updates: readonly DeployableUpdate[]): string =>
  nameSome(updates.map(({ title }) => title));
