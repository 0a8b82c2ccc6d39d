/** Target groups: making, renaming, moving and deleting them, and which computers are in them. */
import type { Database } from 'better-sqlite3';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { TargetGroup } from '../../../protocol/console/computers.ts';
import { advanceGeneration } from '../database/generation.ts';
import {
  ALL_COMPUTERS,
  GroupTree,
  MOST_GROUPS,
  MOST_LEVELS,
  UNASSIGNED_COMPUTERS,
  foldName,
  type Group,
} from './group-tree.ts';
import { RefusalError, nameSome } from '../database/refusal.ts';

export interface GroupChange {
  readonly name?: string | undefined;
  readonly parentId?: string | undefined;
}

const CountRow = z.object({ group_id: z.string(), computers: z.int() });

export function listGroups(db: Database): TargetGroup[] {
  const computers = computersByGroup(db);
  return GroupTree.read(db).groups.map((group) => ({
    ...group,
    computers: computers.get(group.groupId) ?? 0,
  }));
}

/** How many computers are in each very group; groups without any are not in the answer. */
export function computersByGroup(db: Database): Map<string, number> {
  const rows = db.prepare('SELECT group_id, count(*) AS computers FROM membership GROUP BY group_id').all();
  return new Map(
    z
      .array(CountRow)
      .parse(rows)
      .map((row) => [row.group_id, row.computers]),
  );
}

/** @throws RefusalError where the name is taken, the parent cannot have groups below it, or there are too many */
export function createGroup(db: Database, name: string, parentId: string): TargetGroup {
  return db
    .transaction(() => {
      const tree = GroupTree.read(db);
      refuseParent(tree, parentId);
      refuseTakenName(tree, name);
      refuseTooMany(tree);
      refuseTooDeep(tree, parentId, 1);
      const groupId = randomUUID();
      db.prepare('INSERT INTO target_group (group_id, parent_id, name) VALUES (?, ?, ?)').run(
        groupId,
        parentId,
        name,
      );
      // Its computers inherit from its parent, which a scan has to know of.
      advanceGeneration(db);
      return { groupId, parentId, name, isBuiltin: false, computers: 0 };
    })
    .immediate();
}

/** @throws RefusalError */
export function changeGroup(db: Database, groupId: string, change: GroupChange): TargetGroup {
  return db
    .transaction(() => {
      const tree = GroupTree.read(db);
      const group = changeableGroup(tree, groupId);
      const name = change.name ?? group.name;
      const parentId = change.parentId ?? group.parentId ?? ALL_COMPUTERS;
      if (change.name !== undefined) refuseTakenName(tree, name, groupId);
      if (parentId !== group.parentId) {
        refuseParent(tree, parentId);
        if (tree.lineOf(parentId).includes(groupId)) {
          throw new RefusalError(
            'conflict',
            'GROUP_CYCLE',
            `${group.name} cannot go below ${tree.get(parentId)?.name ?? parentId}, which is below ${group.name} itself. Choose a group elsewhere.`,
          );
        }
        const below = tree.branchOf(groupId).map((each) => tree.levelOf(each));
        refuseTooDeep(tree, parentId, Math.max(...below) - tree.levelOf(groupId) + 1);
        db.prepare('UPDATE target_group SET parent_id = ? WHERE group_id = ?').run(parentId, groupId);
      }
      db.prepare('UPDATE target_group SET name = ? WHERE group_id = ?').run(name, groupId);
      const computers = computersByGroup(db).get(groupId) ?? 0;
      return { groupId, parentId, name, isBuiltin: false, computers };
    })
    .immediate();
}

/** Its computers become unassigned where it was their only group, and its decisions go. @throws RefusalError */
export function deleteGroup(db: Database, groupId: string): void {
  db.transaction(() => {
    const tree = GroupTree.read(db);
    const group = changeableGroup(tree, groupId);
    const below = tree.groups.filter(({ parentId }) => parentId === groupId).map(({ name }) => name);
    if (below.length > 0) {
      throw new RefusalError(
        'conflict',
        'GROUP_NOT_EMPTY',
        `${group.name} has groups below it: ${nameSome(below)}. Move or delete them first.`,
      );
    }
    db.prepare('DELETE FROM target_group WHERE group_id = ?').run(groupId);
  }).immediate();
}

/**
 * The computers are in these groups and no others.
 *
 * @param groupIds none, or Unassigned Computers alone: the computers are unassigned
 * @returns how many computers were moved
 * @throws RefusalError
 */
export function assignGroups(
  db: Database,
  computerIds: readonly string[],
  groupIds: readonly string[],
): number {
  return db
    .transaction(() => {
      const target = assignableGroups(GroupTree.read(db), groupIds);
      const present = db
        .prepare<[string], string>(
          'SELECT group_id FROM computer_group WHERE computer_id = ? ORDER BY group_id',
        )
        .pluck();
      const leave = db.prepare('DELETE FROM computer_group WHERE computer_id = ?');
      const join = db.prepare('INSERT INTO computer_group (computer_id, group_id) VALUES (?, ?)');
      let changed = 0;
      for (const computerId of knownComputers(db, computerIds)) {
        if (present.all(computerId).join() === target.join()) continue;
        leave.run(computerId);
        for (const groupId of target) join.run(computerId, groupId);
        changed += 1;
      }
      return changed;
    })
    .immediate();
}

/** @throws RefusalError naming those that are not there */
export function refuseUnknownGroups(tree: GroupTree, groupIds: readonly string[]): void {
  const unknown = groupIds.filter((groupId) => tree.get(groupId) === undefined);
  if (unknown.length === 0) return;
  throw new RefusalError(
    'unknown',
    'GROUP_UNKNOWN',
    `There is no target group ${nameSome(unknown)}. Read GET /api/groups again: it may have been deleted.`,
  );
}

function assignableGroups(tree: GroupTree, groupIds: readonly string[]): string[] {
  const distinct = [...new Set(groupIds)].sort();
  refuseUnknownGroups(tree, distinct);
  if (distinct.length === 1 && distinct[0] === UNASSIGNED_COMPUTERS) return [];
  const builtin = distinct.map((groupId) => tree.get(groupId)).find((group) => group?.isBuiltin === true);
  if (builtin !== undefined) {
    throw new RefusalError(
      'invalid',
      'GROUP_NOT_ASSIGNABLE',
      `Computers are in ${builtin.name} by themselves. Name other groups, or none to unassign.`,
    );
  }
  return distinct;
}

function knownComputers(db: Database, computerIds: readonly string[]): string[] {
  const distinct = [...new Set(computerIds.map((id) => id.toLowerCase()))];
  const find = db.prepare('SELECT 1 FROM computer WHERE computer_id = ?');
  const unknown = distinct.filter((id) => find.get(id) === undefined);
  if (unknown.length === 0) return distinct;
  throw new RefusalError(
    'unknown',
    'COMPUTER_UNKNOWN',
    `There is no computer ${nameSome(unknown)}. Nothing was changed; read the list again.`,
  );
}

function changeableGroup(tree: GroupTree, groupId: string): Group {
  const group = tree.get(groupId);
  if (group === undefined) {
    throw new RefusalError('unknown', 'GROUP_UNKNOWN', `There is no target group ${groupId}.`);
  }
  if (group.isBuiltin) {
    throw new RefusalError('conflict', 'GROUP_BUILTIN', `${group.name} is built in and stays as it is.`);
  }
  return group;
}

function refuseParent(tree: GroupTree, parentId: string): void {
  refuseUnknownGroups(tree, [parentId]);
  if (parentId === UNASSIGNED_COMPUTERS) {
    throw new RefusalError(
      'invalid',
      'GROUP_PARENT',
      'Unassigned Computers cannot have groups below it. Choose All Computers or a group of your own.',
    );
  }
}

function refuseTooMany(tree: GroupTree): void {
  if (tree.groups.length < MOST_GROUPS) return;
  throw new RefusalError(
    'conflict',
    'GROUPS_TOO_MANY',
    `There are ${tree.groups.length} target groups; no more than ${MOST_GROUPS} are kept. Delete one that is not needed.`,
  );
}

/** @param levels that come below the parent */
function refuseTooDeep(tree: GroupTree, parentId: string, levels: number): void {
  if (tree.levelOf(parentId) + levels <= MOST_LEVELS) return;
  throw new RefusalError(
    'conflict',
    'GROUP_TOO_DEEP',
    `Target groups may stand ${MOST_LEVELS} levels below All Computers and no deeper. Choose a parent further up.`,
  );
}

function refuseTakenName(tree: GroupTree, name: string, except?: string): void {
  const folded = foldName(name);
  const other = tree.groups.find((group) => foldName(group.name) === folded && group.groupId !== except);
  if (other === undefined) return;
  throw new RefusalError(
    'conflict',
    'GROUP_NAME_TAKEN',
    `There is a group named ${other.name} already. Choose another name.`,
  );
}
