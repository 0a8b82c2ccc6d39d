/**
 * One unchanging state of what is deployed, and the scans answered from it ([MS-WUSP] 3.1.5.7). A scan touches no SQL;
 * its cost grows with what is offered to the computer's groups, not with the catalogue.
 */
import type { Closure } from './closure.ts';
import type { Decisions } from './decisions.ts';
import { Plan } from './plan.ts';
import type { ChangeLog, PlanEntry } from './plan.ts';
import type { DriverScan } from './driver-match.ts';
import type { OfferedRevision, ScanAnswer, ScanRequest } from './scan.ts';

/** Plans kept for category filters, which clients choose: bounded. Plans of groups are bounded by the groups. */
const FILTERED_PLANS = 64;

export class Snapshot {
  /** The catalogue's generation that this is a state of. */
  readonly generation: number;
  readonly #closure: Closure;
  readonly #decisions: Decisions;
  readonly #changes: ChangeLog;
  readonly #plans = new Map<string, Plan>();
  readonly #filteredPlans = new Map<string, Plan>();
  /** Marks and nodes stamped with the number of the scan that set them: nothing to clear between scans. */
  readonly #installed: Uint32Array;
  readonly #needed: Uint32Array;
  readonly #cached: Uint32Array;
  #stamp = 0;

  constructor(generation: number, closure: Closure, decisions: Decisions, changes: ChangeLog) {
    this.generation = generation;
    this.#closure = closure;
    this.#decisions = decisions;
    this.#changes = changes;
    this.#installed = new Uint32Array(closure.markCount);
    this.#needed = new Uint32Array(closure.revisions.length);
    this.#cached = new Uint32Array(closure.revisions.length);
  }

  scan(request: ScanRequest): ScanAnswer {
    const base = this.#planOf(request.groupIds);
    const plan =
      request.categoryIds === undefined ? base : this.#filteredPlanOf(request.groupIds, request.categoryIds);
    const stamp = this.#nextStamp();
    this.#stampInstalled(request.installedNonLeafRevisionIds, stamp);
    const cachedIds =
      request.drivers === undefined
        ? [...request.installedNonLeafRevisionIds, ...request.otherCachedRevisionIds]
        : request.drivers.cachedRevisionIds;
    this.#stampCached(cachedIds, stamp);

    const newUpdates: OfferedRevision[] = [];
    const changedUpdates: OfferedRevision[] = [];
    const known = this.#knownChange(request.knownChange);
    let truncated = false;
    const take = (entry: PlanEntry, offered: OfferedRevision): void => {
      this.#needed[entry.node] = stamp;
      if (this.#cached[entry.node] === stamp) {
        if (entry.change > known) changedUpdates.push(offered);
      } else if (request.drivers !== undefined || newUpdates.length < request.pageSize)
        newUpdates.push(offered);
      else truncated = true;
    };
    if (request.drivers === undefined) this.#takeSoftware(plan, stamp, take);
    else this.#takeDrivers(plan, request.drivers, stamp, take);

    const outOfScope = this.#outOfScope(cachedIds, stamp, plan === base ? undefined : base);
    const isLast =
      request.drivers !== undefined || (!truncated && newUpdates.every((offered) => offered.isLeaf));
    return {
      newUpdates,
      changedUpdates,
      ...outOfScope,
      truncated,
      ...this.#toldUpTo(isLast, request.knownChange),
      driverSyncNotNeeded: base.drivers.isEmpty,
    };
  }

  /** How a revision is deployed to the groups, itself or as a dependency; undefined where it is not. */
  deploymentOf(groupIds: readonly string[], revisionId: number): OfferedRevision | undefined {
    const node = this.#closure.nodeOfRevision(revisionId);
    return node < 0 ? undefined : this.#planOf(groupIds).entryOf(node)?.offered;
  }

  /** The same, by the identity that every server knows. */
  deploymentOfIdentity(
    groupIds: readonly string[],
    updateId: string,
    revisionNumber: number,
  ): OfferedRevision | undefined {
    const revisionId = this.#closure.revisionIdOf(updateId, revisionNumber);
    return revisionId === undefined ? undefined : this.deploymentOf(groupIds, revisionId);
  }

  #nextStamp(): number {
    if (this.#stamp === 0xffff_ffff) {
      this.#stamp = 0;
      for (const stamps of [this.#installed, this.#needed, this.#cached]) stamps.fill(0);
    }
    this.#stamp += 1;
    return this.#stamp;
  }

  #stampInstalled(revisionIds: readonly number[], stamp: number): void {
    for (const revisionId of revisionIds) {
      const mark = this.#closure.markOfRevision(revisionId);
      if (mark >= 0) this.#installed[mark] = stamp;
    }
  }

  #stampCached(revisionIds: readonly number[], stamp: number): void {
    for (const revisionId of revisionIds) {
      const node = this.#closure.nodeOfRevision(revisionId);
      if (node >= 0) this.#cached[node] = stamp;
    }
  }

  #takeSoftware(plan: Plan, stamp: number, take: (entry: PlanEntry, offered: OfferedRevision) => void): void {
    for (const entry of plan.software) {
      if (this.#closure.prerequisitesMet(entry.node, this.#installed, stamp)) take(entry, entry.offered);
    }
  }

  #takeDrivers(
    plan: Plan,
    drivers: DriverScan,
    stamp: number,
    take: (entry: PlanEntry, offered: OfferedRevision) => void,
  ): void {
    const isEligible = ({ node }: PlanEntry): boolean =>
      this.#closure.prerequisitesMet(node, this.#installed, stamp);
    for (const [entry, hardwareIds] of plan.drivers.bestFor(drivers, isEligible)) {
      take(entry, { ...entry.offered, hardwareIds: [...hardwareIds] });
    }
  }

  /** A restored database counts from before: what its cookies knew cannot be trusted then. */
  #knownChange(known: number | undefined): number {
    return known === undefined || known > this.generation ? -1 : known;
  }

  /**
   * Only the last answer of a scan may raise what the computer is known to know: a warm agent begins its scan with
   * empty lists, and a change in what it names only later would be lost. A scan ends with an answer that is whole and
   * brings nothing that could be a prerequisite of more: agents ask no further then.
   */
  #toldUpTo(isLast: boolean, known: number | undefined): { knownChange?: number } {
    if (isLast) return { knownChange: this.generation };
    return known === undefined ? {} : { knownChange: known };
  }

  #outOfScope(
    cachedIds: readonly number[],
    stamp: number,
    unfiltered: Plan | undefined,
  ): Pick<ScanAnswer, 'outOfScopeRevisionIds' | 'deployedOutOfScopeRevisionIds'> {
    const outOfScopeRevisionIds: number[] = [];
    const deployedOutOfScopeRevisionIds: number[] = [];
    for (const revisionId of new Set(cachedIds)) {
      const node = this.#closure.nodeOfRevision(revisionId);
      if (node >= 0 && this.#needed[node] === stamp) continue;
      if (node >= 0 && unfiltered?.entryOf(node) !== undefined)
        deployedOutOfScopeRevisionIds.push(revisionId);
      else outOfScopeRevisionIds.push(revisionId);
    }
    return { outOfScopeRevisionIds, deployedOutOfScopeRevisionIds };
  }

  #planOf(groupIds: readonly string[]): Plan {
    const groups = groupIds.toSorted();
    return kept(this.#plans, groups.join(), Number.POSITIVE_INFINITY, () =>
      Plan.build(this.#closure, this.#decisions.resolve(groups), this.#changes),
    );
  }

  #filteredPlanOf(groupIds: readonly string[], categoryIds: readonly string[]): Plan {
    const groups = groupIds.toSorted();
    // Categories that nothing here is in cannot matter, and must not make plans of their own.
    const categories = categoryIds.filter((id) => this.#closure.hasCategory(id)).sort();
    return kept(this.#filteredPlans, `${groups.join()}|${categories.join()}`, FILTERED_PLANS, () =>
      Plan.build(this.#closure, this.#decisions.resolve(groups), this.#changes, new Set(categories)),
    );
  }
}

function kept(plans: Map<string, Plan>, key: string, most: number, build: () => Plan): Plan {
  const known = plans.get(key);
  if (known !== undefined) return known;
  const plan = build();
  const [oldest] = plans.keys();
  if (plans.size >= most && oldest !== undefined) plans.delete(oldest);
  plans.set(key, plan);
  return plan;
}
