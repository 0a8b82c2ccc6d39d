/** Which updates are approved, in whatever way, for which groups once inheritance is taken into account. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { APPROVING } from './approval-state.ts';
import { GroupTree } from '../groups/group-tree.ts';

const Row = z.object({ update_id: z.string(), group_id: z.string(), action: z.string() });

const approving: ReadonlySet<string> = new Set(APPROVING);

/** Updates that are approved for the very same groups. */
export interface ApprovedAlike {
  /** Absent: for every group there is. */
  readonly groupIds?: readonly string[];
  readonly updateIds: readonly string[];
}

/** There are far fewer ways in which updates are approved than updates; each costs a query. */
export class ApprovedUpdates {
  /** Every approved update is in exactly one of these. */
  readonly alike: readonly ApprovedAlike[];
  readonly #counts = new Map<string, number>();

  private constructor(alike: readonly ApprovedAlike[]) {
    this.alike = alike;
  }

  static read(db: Database): ApprovedUpdates {
    const tree = GroupTree.read(db);
    const rows = db
      .prepare(
        `SELECT update_id, group_id, action FROM deployment
         WHERE update_id NOT IN (SELECT update_id FROM declined_update) ORDER BY update_id`,
      )
      .all();
    const approvals = [...Map.groupBy(z.array(Row).parse(rows), (row) => row.update_id)].map(
      ([updateId, decisions]) => {
        const own = new Map(decisions.map((row) => [row.group_id, row.action]));
        const groupIds = tree.groups
          .map(({ groupId }) => groupId)
          .filter((groupId) => approving.has(tree.inherit(groupId, own)?.decision ?? ''));
        return { updateId, groupIds };
      },
    );
    const bySet = Map.groupBy(
      approvals.filter(({ groupIds }) => groupIds.length > 0),
      ({ groupIds }) => groupIds.join(),
    );
    const alike = [...bySet.values()].map((same) => {
      const groupIds = same[0]?.groupIds ?? [];
      const updateIds = same.map(({ updateId }) => updateId);
      return groupIds.length === tree.groups.length ? { updateIds } : { updateIds, groupIds };
    });
    return new ApprovedUpdates(alike);
  }

  /** For a computer that is in these groups. */
  of(groupIds: readonly string[]): string[] {
    return this.alike
      .filter((same) => same.groupIds?.some((groupId) => groupIds.includes(groupId)) ?? true)
      .flatMap(({ updateIds }) => updateIds);
  }

  countOf(groupIds: readonly string[]): number {
    const key = groupIds.join();
    const count = this.#counts.get(key) ?? this.of(groupIds).length;
    this.#counts.set(key, count);
    return count;
  }
}
