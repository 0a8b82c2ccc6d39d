/**
 * What one set of target groups is offered: the revisions deployed to it and all they depend on, at most one of each
 * update, in an order in which prerequisites and bundle members come before what needs them.
 */
import type { Closure } from './closure.ts';
import type { ResolvedDecision } from './decisions.ts';
import { DriverIndex } from './driver-index.ts';
import type { PlanEntries, PlanEntry } from './plan-entries.ts';

export class Plan {
  /** One for each plan of this process. */
  readonly serial: number;
  /** Everything but drivers. */
  readonly software: readonly PlanEntry[];
  readonly drivers: DriverIndex<PlanEntry>;
  readonly #byNode: ReadonlyMap<number, PlanEntry>;
  static #built = 0;

  private constructor(closure: Closure, entries: readonly PlanEntry[]) {
    Plan.#built += 1;
    this.serial = Plan.#built;
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
   * @param categoryIds where given: only what a scan by these categories sees
   */
  static build(
    closure: Closure,
    decisions: ReadonlyMap<string, ResolvedDecision>,
    entries: PlanEntries,
    categoryIds?: ReadonlySet<string>,
  ): Plan {
    const explicit = new Map<number, ResolvedDecision>();
    for (const decision of decisions.values()) {
      const node = closure.nodeOfRevision(decision.revisionId);
      if (node >= 0) explicit.set(node, decision);
    }
    const { nodes, bundled } = reach(closure, explicit);
    const chosen = chooseOneOfEachUpdate(closure, nodes, explicit);
    const planned: PlanEntry[] = [];
    for (const node of inOrder(closure, chosen)) {
      const decision = explicit.get(node);
      planned.push(
        decision === undefined
          ? entries.dependency(node, bundled[node] === 1)
          : entries.decided(node, decision),
      );
    }
    return new Plan(closure, categoryIds === undefined ? planned : within(closure, planned, categoryIds));
  }

  entryOf(node: number): PlanEntry | undefined {
    return this.#byNode.get(node);
  }
}

/**
 * The part of a plan that a scan by categories sees: what was decided on and is in (or is) one of them, and its
 * dependencies, each deployed as it is to the same computer when it scans without categories.
 */
function within(
  closure: Closure,
  entries: readonly PlanEntry[],
  categoryIds: ReadonlySet<string>,
): readonly PlanEntry[] {
  const byMark = new Map(entries.map((entry) => [closure.markOf[entry.node], entry]));
  const seen = new Set<PlanEntry>();
  const waiting = entries.filter(({ node, isExplicit }) => isExplicit && isIn(closure, node, categoryIds));
  for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
    if (seen.has(entry)) continue;
    seen.add(entry);
    const { prerequisites, members } = dependenciesOf(closure, entry.node);
    for (const node of [...prerequisites, ...members]) {
      const dependency = byMark.get(closure.markOf[node]);
      if (dependency !== undefined) waiting.push(dependency);
    }
  }
  return entries.filter((entry) => seen.has(entry));
}

function isIn(closure: Closure, node: number, categoryIds: ReadonlySet<string>): boolean {
  const revision = closure.revisions[node];
  if (revision === undefined) return false;
  const own = closure.categoryIds[node] ?? new Set();
  return categoryIds.has(revision.updateId) || !own.isDisjointFrom(categoryIds);
}

function dependenciesOf(
  closure: Closure,
  node: number,
): { prerequisites: readonly number[]; members: readonly number[] } {
  return { prerequisites: closure.prerequisites[node] ?? [], members: closure.members[node] ?? [] };
}

interface Reach {
  readonly nodes: readonly number[];
  /** By node: 1 where an explicitly deployed bundle, or a bundle within it, brings it. */
  readonly bundled: Uint8Array;
}

/** All nodes that what is deployed needs, itself among them. */
function reach(closure: Closure, explicit: ReadonlyMap<number, ResolvedDecision>): Reach {
  const bundled = new Uint8Array(closure.revisions.length);
  const bundles = [...explicit.keys()];
  for (let node = bundles.pop(); node !== undefined; node = bundles.pop()) {
    for (const member of closure.members[node] ?? []) {
      if (bundled[member] === 1) continue;
      bundled[member] = 1;
      bundles.push(member);
    }
  }
  const isReached = new Uint8Array(closure.revisions.length);
  const nodes: number[] = [];
  const take = (node: number): void => {
    if (isReached[node] === 1) return;
    isReached[node] = 1;
    nodes.push(node);
  };
  for (const node of explicit.keys()) take(node);
  for (const node of nodes) {
    for (const prerequisite of closure.prerequisites[node] ?? []) take(prerequisite);
    for (const member of closure.members[node] ?? []) take(member);
  }
  return { nodes, bundled };
}

/**
 * At most one revision of an update is sent: the one deployed, or else the highest ([MS-WUSP] 3.1.5.7, Results).
 *
 * @returns by mark; -1 where the update is not sent
 */
function chooseOneOfEachUpdate(
  closure: Closure,
  reached: readonly number[],
  explicit: ReadonlyMap<number, ResolvedDecision>,
): Int32Array {
  const chosen = new Int32Array(closure.markCount).fill(-1);
  const numberOf = (node: number): number => closure.revisions[node]?.revisionNumber ?? -1;
  for (const node of reached) {
    const mark = closure.markOf[node] ?? -1;
    const other = chosen[mark] ?? -1;
    const isBetter =
      other < 0 || explicit.has(node) || (!explicit.has(other) && numberOf(node) > numberOf(other));
    if (isBetter) chosen[mark] = node;
  }
  return chosen;
}

/** Depth first, so that what is needed comes first; a circle in the catalogue is cut where it closes. */
function inOrder(closure: Closure, chosen: Int32Array): number[] {
  const order: number[] = [];
  const isSeen = new Uint8Array(closure.revisions.length);
  /** From the start to where the walk is; beside each node how many of its dependencies were looked at. */
  const path: number[] = [];
  const looked: number[] = [];
  const enter = (node: number): void => {
    isSeen[node] = 1;
    path.push(node);
    looked.push(0);
  };
  // By RevisionID: the same order whatever way the closure was walked.
  for (const start of closure.inIdOrder) {
    if (isSeen[start] === 1 || chosen[closure.markOf[start] ?? -1] !== start) continue;
    enter(start);
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      const at = looked.at(-1) ?? 0;
      const dependency = dependencyAt(closure, node, at);
      if (dependency === undefined) {
        order.push(node);
        path.pop();
        looked.pop();
        continue;
      }
      looked[looked.length - 1] = at + 1;
      const next = chosen[closure.markOf[dependency] ?? -1] ?? -1;
      if (next >= 0 && isSeen[next] !== 1) enter(next);
    }
  }
  return order;
}

/** Prerequisites in their order, then members. */
function dependencyAt(closure: Closure, node: number, at: number): number | undefined {
  const prerequisites = closure.prerequisites[node] ?? [];
  if (at < prerequisites.length) return prerequisites[at];
  const members = closure.members[node] ?? [];
  return members[members.length - 1 - (at - prerequisites.length)];
}
