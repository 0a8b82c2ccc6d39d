/**
 * For which groups a rule approves the updates that fit it, and what holds it back from the others. A person's decision
 * is never overridden: neither one for the group, nor one that the group inherits, nor that there is to be none.
 */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { HeldReason, RuleDefinition } from '../../../protocol/console/rules.ts';
import { deployableUpdates, type DeployableUpdate } from '../decisions/deployable-updates.ts';
import { incompleteBundles } from '../decisions/older-decisions.ts';
import { isInstallation, ownDecisions, type OwnDecision } from '../decisions/own-decisions.ts';
import type { GroupTree } from '../groups/group-tree.ts';
import { oldEnoughAt, type MatchingUpdate } from './matching-updates.ts';

export interface JudgedRule {
  /** Left out: it was never saved, and never decided anything. */
  readonly ruleId?: number | undefined;
  readonly definition: RuleDefinition;
}

export interface Verdict {
  readonly update: DeployableUpdate;
  readonly arrivedAt: string;
  /** It approves the update for these. */
  readonly groupIds: readonly string[];
  /** It does not for these, and why. */
  readonly held: ReadonlyMap<HeldReason, readonly string[]>;
}

/** Of the rule's groups those that are here, in its order. */
export const presentGroups = ({ groupIds }: RuleDefinition, tree: GroupTree): string[] => [
  ...new Set(groupIds.filter((groupId) => tree.get(groupId) !== undefined)),
];

/** In the order of the matches. */
export function judge(
  db: Database,
  rule: JudgedRule,
  tree: GroupTree,
  matches: readonly MatchingUpdate[],
  now: Date,
): Verdict[] {
  if (matches.length === 0) return [];
  const { definition } = rule;
  const groupIds = presentGroups(definition, tree);
  const updateIds = matches.map(({ updateId }) => updateId);
  const updates = deployableUpdates(db, updateIds);
  const own = ownDecisions(db, updateIds);
  const takenAway = takenAwayPairs(db, updateIds);
  const decided = rule.ruleId === undefined ? new Set<string>() : decidedPairs(db, rule.ruleId, updateIds);
  const incomplete = isInstallation(definition.action)
    ? incompleteBundles(
        db,
        updates.map(({ revisionId }) => revisionId),
      )
    : new Set<number>();
  return updates.map((update, index) => {
    const arrivedAt = matches[index]?.arrivedAt ?? '';
    const ofUpdate = reasonOfUpdate(definition, update, arrivedAt, incomplete, now);
    const decisions = own.get(update.updateId) ?? new Map<string, OwnDecision>();
    const approved: string[] = [];
    const held = new Map<HeldReason, string[]>();
    for (const groupId of groupIds) {
      const pair = `${update.updateId} ${groupId}`;
      const reason = update.isDeclined
        ? 'Declined'
        : (reasonOfGroup(tree, groupId, decisions, takenAway.has(pair), decided.has(pair)) ?? ofUpdate);
      if (reason === undefined) approved.push(groupId);
      else held.set(reason, [...(held.get(reason) ?? []), groupId]);
    }
    return { update, arrivedAt, groupIds: approved, held };
  });
}

function reasonOfGroup(
  tree: GroupTree,
  groupId: string,
  own: ReadonlyMap<string, OwnDecision>,
  isTakenAway: boolean,
  isDecided: boolean,
): HeldReason | undefined {
  const inherited = tree.inherit(groupId, own);
  if (inherited !== undefined && inherited.decision.ruleDecisionId === null) return 'DecidedByPerson';
  if (inherited?.fromGroupId === groupId) return 'DecidedByRule';
  if (isTakenAway) return 'TakenAway';
  return isDecided ? 'DecidedByRule' : undefined;
}

function reasonOfUpdate(
  definition: RuleDefinition,
  update: DeployableUpdate,
  arrivedAt: string,
  incomplete: ReadonlySet<number>,
  now: Date,
): HeldReason | undefined {
  if (oldEnoughAt(definition.conditions, arrivedAt) > now) return 'TooYoung';
  if (!isInstallation(definition.action)) return undefined;
  if (incomplete.has(update.revisionId)) return 'PartsMissing';
  return update.openEulaIds.length > 0 && !definition.acceptTerms ? 'LicenceTerms' : undefined;
}

const Pair = z.object({ update_id: z.string(), group_id: z.string() });

function takenAwayPairs(db: Database, updateIds: readonly string[]): ReadonlySet<string> {
  const rows = db
    .prepare(
      `SELECT update_id, group_id FROM taken_away_decision WHERE update_id IN (SELECT value FROM json_each(?))`,
    )
    .all(JSON.stringify(updateIds));
  return keysOf(rows);
}

function decidedPairs(db: Database, ruleId: number, updateIds: readonly string[]): ReadonlySet<string> {
  const rows = db
    .prepare(
      `SELECT update_id, group_id FROM rule_decision
       WHERE rule_id = ? AND update_id IN (SELECT value FROM json_each(?))`,
    )
    .all(ruleId, JSON.stringify(updateIds));
  return keysOf(rows);
}

const keysOf = (rows: unknown): ReadonlySet<string> =>
  new Set(
    z
      .array(Pair)
      .parse(rows)
      .map((row) => `${row.update_id} ${row.group_id}`),
  );
