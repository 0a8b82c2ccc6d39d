/** The tree of target groups, and what a group inherits: a group without a decision of its own has its parent's. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';

export const ALL_COMPUTERS = 'a0a08746-4dbe-4a37-9adf-9e7652c0b421';
/** A computer without a row in computer_group is in this group. */
export const UNASSIGNED_COMPUTERS = 'b73ca6ed-5727-47f3-84de-015e03f6a88a';

/** Groups that there may be, and levels below All Computers: what is worked out for each grows with its depth. */
export const MOST_GROUPS = 2_000;
export const MOST_LEVELS = 32;

export interface Group {
  readonly groupId: string;
  /** Absent for All Computers alone. */
  readonly parentId?: string;
  readonly name: string;
  readonly isBuiltin: boolean;
}

/** The decision that holds for a group, and the group that it was made for. */
export interface Inherited<T> {
  readonly decision: T;
  readonly fromGroupId: string;
}

const GroupRow = z
  .object({
    group_id: z.string(),
    parent_id: z.string().nullable(),
    name: z.string(),
    is_builtin: z.int(),
  })
  .transform((row): Group => ({
    groupId: row.group_id,
    name: row.name,
    isBuiltin: row.is_builtin !== 0,
    ...(row.parent_id === null ? {} : { parentId: row.parent_id }),
  }));

/** As the database compares names of groups: without regard to the case of ASCII letters. */
export const foldName = (name: string): string => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

export class GroupTree {
  /** By name, All Computers first. */
  readonly groups: readonly Group[];
  readonly #byId: ReadonlyMap<string, Group>;
  readonly #children: ReadonlyMap<string | undefined, readonly Group[]>;

  constructor(groups: readonly Group[]) {
    this.groups = groups;
    this.#byId = new Map(groups.map((group) => [group.groupId, group]));
    this.#children = Map.groupBy(groups, ({ parentId }) => parentId);
  }

  static read(db: Database): GroupTree {
    const rows = db
      .prepare(
        'SELECT group_id, parent_id, name, is_builtin FROM target_group ORDER BY parent_id IS NOT NULL, name',
      )
      .all();
    return new GroupTree(z.array(GroupRow).parse(rows));
  }

  get(groupId: string): Group | undefined {
    return this.#byId.get(groupId);
  }

  /** The group and those above it, nearest first. */
  lineOf(groupId: string): string[] {
    const line: string[] = [];
    for (
      let at = this.#byId.get(groupId);
      at !== undefined && !line.includes(at.groupId);
      at = this.#parentOf(at)
    ) {
      line.push(at.groupId);
    }
    return line;
  }

  /** The group and all below it. */
  branchOf(groupId: string): string[] {
    const branch = [groupId];
    for (const above of branch) {
      for (const child of this.#children.get(above) ?? []) branch.push(child.groupId);
    }
    return branch;
  }

  /** Levels below All Computers at which the group stands. */
  levelOf(groupId: string): number {
    return this.lineOf(groupId).length - 1;
  }

  /** @param own decisions on the groups themselves, by group */
  inherit<T>(groupId: string, own: ReadonlyMap<string, T>): Inherited<T> | undefined {
    for (const fromGroupId of this.lineOf(groupId)) {
      const decision = own.get(fromGroupId);
      if (decision !== undefined) return { decision, fromGroupId };
    }
    return undefined;
  }

  #parentOf(group: Group): Group | undefined {
    return group.parentId === undefined ? undefined : this.#byId.get(group.parentId);
  }
}
