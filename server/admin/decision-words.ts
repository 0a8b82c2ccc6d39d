/** Decisions about updates in words that whoever reads the audit log understands years later. */
import type { Database } from 'better-sqlite3';
import type { AuditSubject, JsonValue } from '../../catalog/store/audit/audit-log.ts';
import type { Undo } from '../../catalog/store/decisions/deployments.ts';
import { ownDecisions } from '../../catalog/store/decisions/own-decisions.ts';
import { GroupTree } from '../../catalog/store/groups/group-tree.ts';
import { declineOf } from '../../catalog/store/updates/update-details.ts';
import { relatedUpdates } from '../../catalog/store/updates/update-relations.ts';

export function updateSubjects(db: Database, updateIds: readonly string[]): AuditSubject[] {
  const known = relatedUpdates(db, updateIds);
  return updateIds.map((id) => {
    const title = known.get(id)?.title;
    return { kind: 'update', id, ...(title === undefined ? {} : { name: title }) };
  });
}

export function groupNames(db: Database, groupIds: readonly string[]): string[] {
  const tree = GroupTree.read(db);
  return groupIds.map((id) => tree.get(id.toLowerCase())?.name ?? id);
}

/** What holds of each update by its own decisions. */
export function decisionsInWords(db: Database, updateIds: readonly string[]): JsonValue {
  const tree = GroupTree.read(db);
  const decisions = ownDecisions(db, updateIds);
  return updateIds.map((updateId) => ({
    update: updateId,
    isDeclined: declineOf(db, updateId) !== undefined,
    approvals: [...(decisions.get(updateId)?.values() ?? [])].map(
      ({ groupId, action, deadline, adminName }) => ({
        group: tree.get(groupId)?.name ?? groupId,
        action,
        deadline: deadline ?? undefined,
        by: adminName,
      }),
    ),
  }));
}

export const updateIdsOf = ({ rows, declined, undeclined }: Undo): string[] => [
  ...new Set([
    ...rows.flatMap(({ before, after }) => (after ?? before)?.updateId ?? []),
    ...declined,
    ...undeclined.map(({ updateId }) => updateId),
  ]),
];
