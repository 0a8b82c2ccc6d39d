/** What each group gets of an update, and why; with how its computers stand. */
import type { Database } from 'better-sqlite3';
import type { RuleTrace } from '../../../protocol/console/rules.ts';
import type { GroupApproval } from '../../../protocol/console/updates.ts';
import { GroupTree } from '../groups/group-tree.ts';
import { ownDecisions, type OwnDecision } from '../decisions/own-decisions.ts';
import { emptyCounts, statusByGroup } from '../reports/status-counts.ts';

/**
 * @param isDeclined a declined update is offered to nobody, whatever was decided for groups
 * @param traces of what rules decided about the update, by id
 */
export function groupApprovals(
  db: Database,
  updateId: string,
  isDeclined: boolean,
  traces: ReadonlyMap<number, RuleTrace>,
): GroupApproval[] {
  const tree = GroupTree.read(db);
  const own = ownDecisions(db, [updateId]).get(updateId) ?? new Map<string, OwnDecision>();
  const statuses = statusByGroup(db, updateId);
  return tree.groups.map(({ groupId, name, parentId }) => {
    const decision = own.get(groupId);
    const trace = traces.get(decision?.ruleDecisionId ?? 0);
    const inherited = isDeclined ? undefined : tree.inherit(groupId, own);
    const deadline = inherited?.decision.deadline ?? undefined;
    return {
      groupId,
      groupName: name,
      ...(parentId === undefined ? {} : { parentId }),
      ...(decision === undefined
        ? {}
        : {
            own: {
              action: decision.action,
              ...(decision.deadline === null ? {} : { deadline: decision.deadline }),
              adminName: decision.adminName,
              changedAt: decision.changedAt,
              ...(trace === undefined
                ? {}
                : { rule: { ruleId: trace.ruleId, name: trace.ruleName, version: trace.ruleVersion } }),
            },
          }),
      effective: inherited?.decision.action ?? 'NotApproved',
      ...(deadline === undefined ? {} : { effectiveDeadline: deadline }),
      ...(inherited === undefined || inherited.fromGroupId === groupId
        ? {}
        : { inheritedFromGroupId: inherited.fromGroupId }),
      ...(statuses.get(groupId) ?? { computers: 0, status: emptyCounts() }),
    };
  });
}
