/**
 * One unchanging state of what is deployed, and the scans answered from it ([MS-WUSP] 3.1.5.7). A scan touches no SQL;
 * its cost grows with what is offered to the computer's groups, not with the catalogue.
 */
import type { Closure } from './closure.ts';
import type { Plan } from './plan.ts';
import type { PlanEntry } from './plan-entries.ts';
import type { PlanShelf } from './plan-shelf.ts';
import type { FoundDrivers } from './driver-index.ts';
import { NeededLists } from './needed-lists.ts';
import { ScanPage } from './scan-page.ts';
import type { OfferedRevision, PageLimits, PrinterScanRequest, ScanAnswer, ScanRequest } from './scan.ts';

export class Snapshot {
  /** The catalogue's generation that this is a state of. */
  readonly generation: number;
  readonly #closure: Closure;
  readonly #plans: PlanShelf;
  readonly #neededLists: NeededLists;
  /** Marks and nodes stamped with the number of the scan that set them: nothing to clear between scans. */
  readonly #installed: Uint32Array;
  readonly #needed: Uint32Array;
  readonly #cached: Uint32Array;
  #stamp = 0;

  constructor(generation: number, closure: Closure, plans: PlanShelf, neededLists = new NeededLists()) {
    this.generation = generation;
    this.#neededLists = neededLists;
    this.#closure = closure;
    this.#plans = plans;
    this.#installed = new Uint32Array(closure.markCount);
    this.#needed = new Uint32Array(closure.revisions.length);
    this.#cached = new Uint32Array(closure.revisions.length);
  }

  /** The same at a later generation, until which nothing happened that a scan could speak of. */
  at(generation: number): Snapshot {
    return new Snapshot(generation, this.#closure, this.#plans, this.#neededLists);
  }

  /** SyncUpdates: the software pass, or with `drivers` the driver pass. */
  scan(request: ScanRequest): ScanAnswer {
    const { groupIds, categoryIds, installedNonLeafRevisionIds: installed, drivers } = request;
    const base = this.#plans.planOf(groupIds);
    const plan = categoryIds === undefined ? base : this.#filteredPlanOf(groupIds, categoryIds);
    const cachedDrivers = request.cachedDriverRevisionIds;
    const scope = {
      unfiltered: base,
      driverSyncNotNeeded: plan.drivers.isEmpty && cachedDrivers.length === 0,
      isAskedOnce: drivers !== undefined,
    };
    if (drivers === undefined) {
      const needed = this.#neededLists.of(plan, installed, () =>
        plan.software.filter(this.#eligibility(installed)),
      );
      return this.#answer(request, scope, needed, [...installed, ...request.otherCachedRevisionIds]);
    }
    const best = plan.drivers.bestFor(drivers, this.#eligibility(installed));
    return this.#answer(request, scope, sentFor(best), cachedDrivers);
  }

  /** SyncPrinterCatalog: the printer drivers that are deployed ([MS-WUSP] 3.1.5.12). */
  scanPrinters(request: PrinterScanRequest): ScanAnswer {
    const plan = this.#plans.planOf(request.groupIds);
    const printers = plan.drivers.printers(this.#eligibility(request.installedNonLeafRevisionIds));
    const scope = { unfiltered: plan, driverSyncNotNeeded: plan.drivers.isEmpty, isAskedOnce: true };
    return this.#answer(request, scope, sentFor(printers), request.cachedRevisionIds);
  }

  /** How a revision is deployed to the groups, itself or as a dependency; undefined where it is not. */
  deploymentOf(groupIds: readonly string[], revisionId: number): OfferedRevision | undefined {
    const node = this.#closure.nodeOfRevision(revisionId);
    return node < 0 ? undefined : this.#plans.planOf(groupIds).entryOf(node)?.offered;
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

  #answer(
    request: PageLimits & Pick<ScanRequest, 'knownChange' | 'categoryIds'>,
    scope: Scope,
    needed: readonly Needed[],
    cachedIds: readonly number[],
  ): ScanAnswer {
    const stamp = this.#nextStamp();
    this.#stampCached(cachedIds, stamp);
    const page = new ScanPage(request);
    const changedUpdates: OfferedRevision[] = [];
    const known = this.#knownChange(request.knownChange);
    for (const { node, offered, change } of needed) {
      this.#needed[node] = stamp;
      if (this.#cached[node] !== stamp) page.add(offered);
      else if (change > known) changedUpdates.push(offered);
    }
    const isLast = scope.isAskedOnce ? !page.truncated : page.isLast;
    return {
      newUpdates: page.newUpdates,
      changedUpdates,
      ...this.#outOfScope(cachedIds, stamp, request.categoryIds === undefined ? undefined : scope.unfiltered),
      truncated: page.truncated,
      ...this.#toldUpTo(isLast, request.knownChange),
      driverSyncNotNeeded: scope.driverSyncNotNeeded,
    };
  }

  /** Whether prerequisites are met; good until another scan begins. */
  #eligibility(installed: readonly number[]): (entry: PlanEntry) => boolean {
    const stamp = this.#nextStamp();
    for (const revisionId of installed) {
      const mark = this.#closure.markOfRevision(revisionId);
      if (mark >= 0) this.#installed[mark] = stamp;
    }
    return ({ node }) => this.#closure.prerequisitesMet(node, this.#installed, stamp);
  }

  #nextStamp(): number {
    if (this.#stamp === 0xffff_ffff) {
      this.#stamp = 0;
      for (const stamps of [this.#installed, this.#needed, this.#cached]) stamps.fill(0);
    }
    this.#stamp += 1;
    return this.#stamp;
  }

  #stampCached(revisionIds: readonly number[], stamp: number): void {
    for (const revisionId of revisionIds) {
      const node = this.#closure.nodeOfRevision(revisionId);
      if (node >= 0) this.#cached[node] = stamp;
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

  /** @param unfiltered where a filter applies: what is deployed apart from it */
  #outOfScope(
    cachedIds: readonly number[],
    stamp: number,
    unfiltered: Plan | undefined,
  ): Pick<ScanAnswer, 'outOfScopeRevisionIds' | 'deployedOutOfScopeRevisionIds'> {
    const outOfScope = new Set<number>();
    const deployedOutOfScope = new Set<number>();
    for (const revisionId of cachedIds) {
      const node = this.#closure.nodeOfRevision(revisionId);
      if (node >= 0 && this.#needed[node] === stamp) continue;
      const isDeployed = node >= 0 && unfiltered?.entryOf(node) !== undefined;
      (isDeployed ? deployedOutOfScope : outOfScope).add(revisionId);
    }
    return {
      outOfScopeRevisionIds: [...outOfScope],
      deployedOutOfScopeRevisionIds: [...deployedOutOfScope],
    };
  }

  #filteredPlanOf(groupIds: readonly string[], categoryIds: readonly string[]): Plan {
    // Categories that nothing here is in cannot matter, and must not make plans of their own.
    return this.#plans.filteredPlanOf(
      groupIds,
      [...new Set(categoryIds)].filter((id) => this.#closure.hasCategory(id)),
    );
  }
}

/** A revision that is in scope of a scan with its prerequisites met. */
type Needed = Pick<PlanEntry, 'node' | 'offered' | 'change'>;

/** What an answer says beside what is needed. */
interface Scope {
  readonly unfiltered: Plan;
  readonly driverSyncNotNeeded: boolean;
  /** The agent names all it has in this one call, and asks again only if it was truncated. */
  readonly isAskedOnce: boolean;
}

/** Each with the hardware ids for which it is sent. */
const sentFor = (found: FoundDrivers<PlanEntry>): Needed[] =>
  [...found].map(([{ node, offered, change }, hardwareIds]) => ({
    node,
    change,
    offered: { ...offered, hardwareIds: [...hardwareIds] },
  }));
