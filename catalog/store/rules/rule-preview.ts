/** What a rule would do now, over the whole catalogue: judged exactly as a run judges, and nothing is changed. */
import { setImmediate } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { HeldReason } from '../../../protocol/console/rules.ts';
import type { RulePreview } from '../../../protocol/console/rules.ts';
import { missingContent } from '../content/deployment-content.ts';
import { GroupTree } from '../groups/group-tree.ts';
import { matchingSlice, oldEnoughAt } from './matching-updates.ts';
import { deadlineAfter } from './rule-deadline.ts';
import type { RuleRunOptions } from './rule-run.ts';
import { judge, presentGroups, type JudgedRule, type Verdict } from './rule-verdicts.ts';
import { refuseImpossible } from './rules.ts';

const SLICE = 1000;
/** Updates of each kind that are named. */
const MOST_ITEMS = 50;
/** Updates whose files are added up. */
const MOST_ADDED_UP = 5000;

/**
 * Between slices others are answered. It is given up when `signal` aborts.
 *
 * @throws RefusalError where the rule names what is not here
 */
export async function previewRule(
  db: Database,
  rule: JudgedRule,
  options: RuleRunOptions,
  signal?: AbortSignal,
): Promise<RulePreview> {
  const { definition } = rule;
  refuseImpossible(db, definition);
  const tree = GroupTree.read(db);
  const sums = new Sums();
  let after: number | undefined = 0;
  while (after !== undefined) {
    const slice = matchingSlice(db, definition.conditions, { after, limit: SLICE });
    for (const verdict of judge(db, rule, tree, slice.matches, options.now)) sums.add(verdict);
    after = slice.next;
    if (after !== undefined) await setImmediate(undefined, signal === undefined ? {} : { signal });
  }
  const groupIds = presentGroups(definition, tree);
  const missing = (revisionIds: readonly number[]): { files: number; bytes: number } =>
    options.storesContent ? missingContent(db, revisionIds, options.selection) : { files: 0, bytes: 0 };
  return {
    matching: sums.matching,
    updates: sums.updates,
    decisions: sums.decisions,
    groups: groupIds.map((groupId) => ({
      groupId,
      groupName: tree.get(groupId)?.name ?? groupId,
      updates: sums.byGroup.get(groupId) ?? 0,
    })),
    held: HeldReason.options.flatMap((reason) => {
      const updates = sums.byReason.get(reason) ?? 0;
      return updates === 0 ? [] : [{ reason, updates }];
    }),
    computers: countComputers(db, [...new Set(groupIds.flatMap((groupId) => tree.branchOf(groupId)))]),
    ...(sums.updates > MOST_ADDED_UP ? {} : { download: missing(sums.revisionIds) }),
    ...(definition.deadline === undefined
      ? {}
      : { deadline: deadlineAfter(definition.deadline, options.now).toISOString() }),
    items: sums.approved.map(({ update, arrivedAt, groupIds: approvedFor }) => ({
      updateId: update.updateId,
      title: update.title,
      arrivedAt,
      groupIds: [...approvedFor],
      bytes: missing([update.revisionId]).bytes,
    })),
    heldItems: sums.heldBack.flatMap(({ update, arrivedAt, held }) => {
      const reason = HeldReason.options.find((one) => held.has(one));
      if (reason === undefined) return [];
      return [
        {
          updateId: update.updateId,
          title: update.title,
          reason,
          groupIds: [...(held.get(reason) ?? [])],
          ...(reason === 'TooYoung'
            ? { until: oldEnoughAt(definition.conditions, arrivedAt).toISOString() }
            : {}),
        },
      ];
    }),
  };
}

/** What is told of the verdicts: all are counted, the first are kept. */
class Sums {
  matching = 0;
  updates = 0;
  decisions = 0;
  readonly byGroup = new Map<string, number>();
  readonly byReason = new Map<HeldReason, number>();
  readonly revisionIds: number[] = [];
  readonly approved: Verdict[] = [];
  /** Those that somebody can do something about, or that only wait. */
  readonly heldBack: Verdict[] = [];

  add(verdict: Verdict): void {
    this.matching += 1;
    for (const reason of verdict.held.keys()) this.byReason.set(reason, (this.byReason.get(reason) ?? 0) + 1);
    const isDoneOnly = verdict.groupIds.length === 0 && [...verdict.held.keys()].every(isDone);
    if (verdict.held.size > 0 && !isDoneOnly && this.heldBack.length < MOST_ITEMS)
      this.heldBack.push(verdict);
    if (verdict.groupIds.length === 0) return;
    this.updates += 1;
    this.decisions += verdict.groupIds.length;
    for (const groupId of verdict.groupIds) this.byGroup.set(groupId, (this.byGroup.get(groupId) ?? 0) + 1);
    if (this.updates <= MOST_ADDED_UP) this.revisionIds.push(verdict.update.revisionId);
    if (this.approved.length < MOST_ITEMS) this.approved.push(verdict);
  }
}

/** What a rule did already holds nothing back. */
const isDone = (reason: HeldReason): boolean => reason === 'DecidedByRule';

const countComputers = (db: Database, groupIds: readonly string[]): number =>
  z
    .int()
    .parse(
      db
        .prepare(
          'SELECT count(DISTINCT computer_id) FROM membership WHERE group_id IN (SELECT value FROM json_each(?))',
        )
        .pluck()
        .get(JSON.stringify(groupIds)),
    );
