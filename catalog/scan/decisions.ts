/**
 * What a computer's groups together decide about each update. A group without a decision of its own inherits its
 * parent's; `NotApproved` stops that. Where a computer is in several groups the strongest action wins.
 */
import type { GroupTree } from '../store/groups/group-tree.ts';
import type { DecisionRow } from '../store/scan-rows.ts';

/** Strongest first, as WSUS orders them: a block in one group does not take away what another group installs. */
const STRENGTH = ['Install', 'OptionalInstall', 'Uninstall', 'PreDeploymentCheck', 'Block'] as const;

export interface ResolvedDecision {
  readonly revisionId: number;
  readonly deploymentId: number;
  /** `Block` is told to clients as `PreDeploymentCheck` ([MS-WUSP] 2.2.2.2.4, Deployment). */
  readonly action: 'Install' | 'OptionalInstall' | 'Uninstall' | 'PreDeploymentCheck';
  readonly deadline?: string;
  readonly changedAt: string;
}

/** Decisions in the form that resolving asks for: by update, then by group. */
export class Decisions {
  readonly #byUpdate = new Map<string, Map<string, DecisionRow>>();
  readonly #tree: GroupTree;
  readonly #revisionNumbers: ReadonlyMap<number, number>;

  /** @param revisionNumbers RevisionNumber of each revision that a decision names, by its RevisionID */
  constructor(rows: readonly DecisionRow[], tree: GroupTree, revisionNumbers: ReadonlyMap<number, number>) {
    this.#tree = tree;
    this.#revisionNumbers = revisionNumbers;
    for (const row of rows) {
      const byGroup = this.#byUpdate.get(row.updateId);
      if (byGroup === undefined) this.#byUpdate.set(row.updateId, new Map([[row.groupId, row]]));
      else byGroup.set(row.groupId, row);
    }
  }

  /** For each update that is deployed to any of the groups, what holds. */
  resolve(groupIds: readonly string[]): Map<string, ResolvedDecision> {
    const resolved = new Map<string, ResolvedDecision>();
    for (const [updateId, byGroup] of this.#byUpdate) {
      const decisions = groupIds.flatMap((groupId) => {
        const row = this.#tree.inherit(groupId, byGroup)?.decision;
        return row === undefined || row.action === 'NotApproved' ? [] : [row];
      });
      if (decisions.length > 0) resolved.set(updateId, this.#strongest(decisions));
    }
    return resolved;
  }

  #strongest(decisions: readonly DecisionRow[]): ResolvedDecision {
    const action = STRENGTH.find((candidate) => decisions.some((row) => row.action === candidate)) ?? 'Block';
    const alike = decisions.filter((row) => row.action === action);
    const newest = Math.max(...alike.map((row) => this.#numberOf(row)));
    const rows = alike.filter((row) => this.#numberOf(row) === newest);
    // The earliest deadline holds; among equals the oldest deployment, so that its id stays the same.
    const [chosen] = rows.toSorted(
      (a, b) => (a.deadline ?? '9999').localeCompare(b.deadline ?? '9999') || a.deploymentId - b.deploymentId,
    );
    if (chosen === undefined) throw new RangeError('A deployed update has at least one decision.');
    return {
      revisionId: chosen.revisionId,
      deploymentId: chosen.deploymentId,
      action: action === 'Block' ? 'PreDeploymentCheck' : action,
      ...(chosen.deadline === null ? {} : { deadline: chosen.deadline }),
      changedAt: chosen.changedAt,
    };
  }

  #numberOf(row: DecisionRow): number {
    return this.#revisionNumbers.get(row.revisionId) ?? 0;
  }
}
