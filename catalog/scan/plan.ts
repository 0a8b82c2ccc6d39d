/**
 * What one set of target groups is offered: the revisions deployed to it and all they depend on, at most one of each
 * update, in an order in which prerequisites and bundle members come before what needs them.
 */
import type { Closure } from './closure.ts';
import type { ResolvedDecision } from './decisions.ts';
import { DriverIndex } from './driver-index.ts';
import type { EffectiveDeployment, OfferedRevision } from './scan.ts';

/** Deployments that no administrator made need an id on the wire too; these start above any that is given out. */
const DEPENDENCY_DEPLOYMENT_IDS = 1_000_000_000;

export interface PlanEntry {
  readonly node: number;
  readonly offered: OfferedRevision;
  /** The generation at which what is said of it last changed. */
  readonly change: number;
}

/** The generation at which what a scan says of an update changed, and the updates that bundle it. */
export interface ChangeLog {
  changeOf(updateId: string): number;
  /** For what is offered only as a dependency: also whatever may have made it one, or made it none. */
  changeOfDependency(updateId: string): number;
}

export class Plan {
  /** Everything but drivers. */
  readonly software: readonly PlanEntry[];
  readonly drivers: DriverIndex<PlanEntry>;
  readonly #byNode: ReadonlyMap<number, PlanEntry>;

  private constructor(closure: Closure, entries: readonly PlanEntry[]) {
    const isDriver = ({ node }: PlanEntry): boolean => closure.revisions[node]?.updateType === 'Driver';
    this.software = entries.filter((entry) => !isDriver(entry));
    this.drivers = new DriverIndex(
      entries
        .filter(isDriver)
        .map((entry) => ({ entry, drivers: closure.revisions[entry.node]?.drivers ?? [] })),
    );
    this.#byNode = new Map(entries.map((entry) => [entry.node, entry]));
  }

  /**
   * @param decisions by UpdateID, of these groups
   * @param categoryIds where given: only what is in (or is) one of these, and its dependencies
   */
  static build(
    closure: Closure,
    decisions: ReadonlyMap<string, ResolvedDecision>,
    changes: ChangeLog,
    categoryIds?: ReadonlySet<string>,
  ): Plan {
    const explicit = new Map<number, ResolvedDecision>();
    for (const decision of decisions.values()) {
      const node = closure.nodeOfRevision(decision.revisionId);
      if (node >= 0 && isWithin(closure, node, categoryIds)) explicit.set(node, decision);
    }
    const { reached, bundled } = reach(closure, explicit);
    const chosen = chooseOneOfEachUpdate(closure, reached, explicit);
    const entries = inOrder(closure, chosen).flatMap((node) => {
      const entry = entryOf(closure, node, explicit.get(node), bundled.has(node), changes);
      return entry === undefined ? [] : [entry];
    });
    return new Plan(closure, entries);
  }

  entryOf(node: number): PlanEntry | undefined {
    return this.#byNode.get(node);
  }
}

function isWithin(closure: Closure, node: number, categoryIds: ReadonlySet<string> | undefined): boolean {
  const revision = closure.revisions[node];
  if (categoryIds === undefined || revision === undefined) return revision !== undefined;
  const own = closure.categoryIds[node] ?? new Set();
  return categoryIds.has(revision.updateId) || !own.isDisjointFrom(categoryIds);
}

function dependenciesOf(
  closure: Closure,
  node: number,
): { prerequisites: number[]; members: readonly number[] } {
  const clauses = closure.revisions[node]?.clauses ?? [];
  const prerequisites = clauses.flat().flatMap((updateId) => closure.latestNodeOf(updateId) ?? []);
  return { prerequisites, members: closure.members[node] ?? [] };
}

/** All nodes reached, and those of them that an explicitly deployed bundle, or a bundle within it, brings. */
function reach(
  closure: Closure,
  explicit: ReadonlyMap<number, ResolvedDecision>,
): { reached: Set<number>; bundled: Set<number> } {
  const bundled = new Set<number>();
  const bundles = [...explicit.keys()];
  for (let node = bundles.pop(); node !== undefined; node = bundles.pop()) {
    for (const member of closure.members[node] ?? []) {
      if (bundled.has(member)) continue;
      bundled.add(member);
      bundles.push(member);
    }
  }
  const reached = new Set<number>();
  const waiting = [...explicit.keys()];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (reached.has(node)) continue;
    reached.add(node);
    const { prerequisites, members } = dependenciesOf(closure, node);
    waiting.push(...prerequisites, ...members);
  }
  return { reached, bundled };
}

/** At most one revision of an update is sent: the one deployed, or else the highest ([MS-WUSP] 3.1.5.7, Results). */
function chooseOneOfEachUpdate(
  closure: Closure,
  reached: ReadonlySet<number>,
  explicit: ReadonlyMap<number, ResolvedDecision>,
): Map<number, number> {
  const chosen = new Map<number, number>();
  const numberOf = (node: number): number => closure.revisions[node]?.revisionNumber ?? -1;
  for (const node of reached) {
    const mark = closure.markOf[node] ?? -1;
    const other = chosen.get(mark);
    const isBetter =
      other === undefined || explicit.has(node) || (!explicit.has(other) && numberOf(node) > numberOf(other));
    if (isBetter) chosen.set(mark, node);
  }
  return chosen;
}

/** Depth first, so that what is needed comes first; a circle in the catalogue is cut where it closes. */
function inOrder(closure: Closure, chosen: ReadonlyMap<number, number>): number[] {
  const order: number[] = [];
  const seen = new Set<number>();
  const chosenFor = (node: number): number[] => {
    const found = chosen.get(closure.markOf[node] ?? -1);
    return found === undefined ? [] : [found];
  };
  const begin = (node: number): { node: number; rest: number[] } => {
    seen.add(node);
    const { prerequisites, members } = dependenciesOf(closure, node);
    return { node, rest: [...members, ...prerequisites.toReversed()].flatMap(chosenFor) };
  };
  // By RevisionID: the same order whatever way the closure was walked.
  const starts = [...chosen.values()].sort(
    (a, b) => (closure.revisions[a]?.revisionId ?? 0) - (closure.revisions[b]?.revisionId ?? 0),
  );
  for (const start of starts) {
    const path = seen.has(start) ? [] : [begin(start)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.rest.pop();
      if (next === undefined) {
        order.push(top.node);
        path.pop();
      } else if (!seen.has(next)) path.push(begin(next));
    }
  }
  return order;
}

function entryOf(
  closure: Closure,
  node: number,
  decision: ResolvedDecision | undefined,
  isBundled: boolean,
  changes: ChangeLog,
): PlanEntry | undefined {
  const revision = closure.revisions[node];
  if (revision === undefined) return undefined;
  const deployment: EffectiveDeployment =
    decision === undefined
      ? {
          deploymentId: DEPENDENCY_DEPLOYMENT_IDS + revision.revisionId,
          action: isBundled ? 'Bundle' : 'Evaluate',
          changedAt: revision.arrivedAt,
        }
      : {
          deploymentId: decision.deploymentId,
          action: decision.action,
          ...(decision.deadline === undefined ? {} : { deadline: decision.deadline }),
          changedAt: decision.changedAt,
        };
  const isCategoryLike = revision.updateType === 'Category' || revision.updateType === 'Detectoid';
  return {
    node,
    offered: Object.freeze({
      revisionId: revision.revisionId,
      updateId: revision.updateId,
      revisionNumber: revision.revisionNumber,
      deployment: Object.freeze(deployment),
      isLeaf: closure.isLeaf[node] ?? true,
      core: revision.core,
    }),
    change:
      decision === undefined && !isCategoryLike
        ? changes.changeOfDependency(revision.updateId)
        : changes.changeOf(revision.updateId),
  };
}
