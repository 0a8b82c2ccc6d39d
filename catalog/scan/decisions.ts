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

/** Decisions by update, then by group. */
export type DecisionsByUpdate = ReadonlyMap<string, ReadonlyMap<string, DecisionRow>>;

export function byUpdateAndGroup(rows: readonly DecisionRow[]): Map<string, Map<string, DecisionRow>> {
  const byUpdate = new Map<string, Map<string, DecisionRow>>();
  for (const row of rows) {
    const byGroup = byUpdate.get(row.updateId);
    if (byGroup === undefined) byUpdate.set(row.updateId, new Map([[row.groupId, row]]));
    else byGroup.set(row.groupId, row);
  }
  return byUpdate;
}

/** RevisionIDs that anybody is offered by a decision. */
export function offeredBy(decisions: DecisionsByUpdate): Set<number> {
  const offered = new Set<number>();
  for (const byGroup of decisions.values()) {
    for (const { action, revisionId } of byGroup.values())
      if (action !== 'NotApproved') offered.add(revisionId);
  }
  return offered;
}

export class Decisions {
  readonly #byUpdate: DecisionsByUpdate;
  readonly #tree: GroupTree;
  readonly #numberOf: (revisionId: number) => number;

  /** @param numberOf RevisionNumber of a revision that a decision offers */
  constructor(byUpdate: DecisionsByUpdate, tree: GroupTree, numberOf: (revisionId: number) => number) {
    this.#byUpdate = byUpdate;
    this.#tree = tree;
    this.#numberOf = numberOf;
  }

  /** For each update that is deployed to any of the groups, what holds. */
  resolve(groupIds: readonly string[]): Map<string, ResolvedDecision> {
    const lines = this.#linesOf(groupIds);
    const resolved = new Map<string, ResolvedDecision>();
    for (const [updateId, byGroup] of this.#byUpdate) {
      const decision = this.#resolveOne(byGroup, lines);
      if (decision !== undefined) resolved.set(updateId, decision);
    }
    return resolved;
  }

  /** Whether one of these updates is deployed to any of the groups. */
  deploysAny(updateIds: Iterable<string>, groupIds: readonly string[]): boolean {
    const lines = this.#linesOf(groupIds);
    for (const updateId of updateIds) {
      const byGroup = this.#byUpdate.get(updateId);
      if (byGroup !== undefined && this.#resolveOne(byGroup, lines) !== undefined) return true;
    }
    return false;
  }

  /** For each group itself and those above it, nearest first. */
  #linesOf(groupIds: readonly string[]): string[][] {
    return groupIds.map((groupId) => this.#tree.lineOf(groupId));
  }

  #resolveOne(
    byGroup: ReadonlyMap<string, DecisionRow>,
    lines: readonly (readonly string[])[],
  ): ResolvedDecision | undefined {
    const decisions: DecisionRow[] = [];
    for (const line of lines) {
      const nearest = line.find((groupId) => byGroup.has(groupId));
      const row = nearest === undefined ? undefined : byGroup.get(nearest);
      if (row !== undefined && row.action !== 'NotApproved') decisions.push(row);
    }
    return decisions.length === 0 ? undefined : this.#strongest(decisions);
  }

  #strongest(decisions: readonly DecisionRow[]): ResolvedDecision | undefined {
    const [only] = decisions;
    if (only !== undefined && decisions.length === 1) return resolvedFrom(only);
    const action = STRENGTH.find((candidate) => decisions.some((row) => row.action === candidate)) ?? 'Block';
    const alike = decisions.filter((row) => row.action === action);
    const newest = Math.max(...alike.map((row) => this.#numberOf(row.revisionId)));
    const rows = alike.filter((row) => this.#numberOf(row.revisionId) === newest);
    // The earliest deadline holds; among equals the oldest deployment, so that its id stays the same.
    const [chosen] = rows.toSorted(
      (a, b) => (a.deadline ?? '9999').localeCompare(b.deadline ?? '9999') || a.deploymentId - b.deploymentId,
    );
    if (chosen === undefined) throw new RangeError('A deployed update has at least one decision.');
    return resolvedFrom(chosen);
  }
}

/** What is resolved from a row is one object for as long as the row is kept, so that plans can share what comes of it. */
const RESOLVED = new WeakMap<DecisionRow, ResolvedDecision>();

function resolvedFrom(row: DecisionRow): ResolvedDecision | undefined {
  const known = RESOLVED.get(row);
  if (known !== undefined || row.action === 'NotApproved') return known;
  const resolved: ResolvedDecision = {
    revisionId: row.revisionId,
    deploymentId: row.deploymentId,
    action: row.action === 'Block' ? 'PreDeploymentCheck' : row.action,
    ...(row.deadline === null ? {} : { deadline: row.deadline }),
    changedAt: row.changedAt,
  };
  RESOLVED.set(row, resolved);
  return resolved;
}
