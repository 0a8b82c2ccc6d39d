/** Target groups of a replica: the upstream server's, by their ids, with our own computers in them. */
import type { Database } from 'better-sqlite3';
import { advanceGeneration } from '../database/generation.ts';
import { GroupTree, foldName, type Group } from '../groups/group-tree.ts';
import type { UpstreamGroup } from './upstream-decisions.ts';

/**
 * Makes the groups those of the upstream server. Computers of a group that goes become unassigned, unless they are in
 * another. Within the caller's transaction.
 *
 * @param told each after its parent
 * @param mergesNames whether computers of a group that goes join the upstream's group of the same name
 */
export function replaceGroups(db: Database, told: readonly UpstreamGroup[], mergesNames: boolean): void {
  const tree = GroupTree.read(db);
  const wanted = new Map(told.map((group) => [group.groupId, group]));
  const leaving = tree.groups.filter(({ groupId, isBuiltin }) => !isBuiltin && !wanted.has(groupId));
  freeNames(db, tree, wanted);
  let isNew = false;
  // Parents first: whatever is set is set below what stays where it is, so that no circle comes about on the way.
  for (const group of told) isNew = placeGroup(db, tree.get(group.groupId), group) || isNew;
  if (mergesNames) joinNamesakes(db, leaving, told);
  // The deepest first: a group below another must be gone before it.
  const remove = db.prepare('DELETE FROM target_group WHERE group_id = ?');
  const depth = (group: Group): number => tree.lineOf(group.groupId).length;
  for (const { groupId } of leaving.toSorted((a, b) => depth(b) - depth(a))) remove.run(groupId);
  // Computers of what is below a new group inherit from it, which a scan has to know of.
  if (isNew) advanceGeneration(db);
}

/** Names are unique, also while they are exchanged: what changes its name or goes gives it up beforehand. */
function freeNames(db: Database, tree: GroupTree, wanted: ReadonlyMap<string, UpstreamGroup>): void {
  const free = db.prepare('UPDATE target_group SET name = char(1) || group_id WHERE group_id = ?');
  for (const { groupId, name, isBuiltin } of tree.groups)
    if (!isBuiltin && wanted.get(groupId)?.name !== name) free.run(groupId);
}

/** @returns whether the group was not there */
function placeGroup(db: Database, present: Group | undefined, group: UpstreamGroup): boolean {
  const { groupId, parentId, name } = group;
  if (present === undefined) {
    db.prepare('INSERT INTO target_group (group_id, parent_id, name) VALUES (?, ?, ?)').run(
      groupId,
      parentId,
      name,
    );
    return true;
  }
  if (present.name !== name)
    db.prepare('UPDATE target_group SET name = ? WHERE group_id = ?').run(name, groupId);
  // Only where it moves: everything that is inherited is worked out anew then.
  if (present.parentId !== parentId)
    db.prepare('UPDATE target_group SET parent_id = ? WHERE group_id = ?').run(parentId, groupId);
  return false;
}

function joinNamesakes(db: Database, leaving: readonly Group[], told: readonly UpstreamGroup[]): void {
  const byName = new Map(told.map(({ name, groupId }) => [foldName(name), groupId]));
  const join = db.prepare('UPDATE OR IGNORE computer_group SET group_id = ? WHERE group_id = ?');
  for (const { name, groupId } of leaving) {
    const namesake = byName.get(foldName(name));
    if (namesake !== undefined) join.run(namesake, groupId);
  }
}
