/**
 * What plans are made of, one object for all plans that say the same of a revision: most of what groups are offered
 * they are offered alike, and most of it stays when an approval changes.
 */
import type { Closure } from './closure.ts';
import type { ResolvedDecision } from './decisions.ts';
import type { ScannedRevision } from './revision-shelf.ts';
import type { EffectiveDeployment, OfferedRevision } from './scan.ts';

export interface PlanEntry {
  readonly node: number;
  readonly offered: OfferedRevision;
  /** The generation at which what is said of it last changed. */
  readonly change: number;
  /** Somebody decided on it: it is not here as a dependency alone. */
  readonly isExplicit: boolean;
}

/** The generation at which what a scan says of an update changed, and the updates that bundle it. */
export interface ChangeLog {
  changeOf(updateId: string): number;
  /** For what is offered only as a dependency: also whatever may have made it one, or made it none. */
  changeOfDependency(updateId: string): number;
}

/** Deployments that no administrator made need an id on the wire too; these start above any that is given out. */
const DEPENDENCY_DEPLOYMENT_IDS = 1_000_000_000;

/** Entries made so far; good for closures that grew out of one another, at whatever state of changes. */
export class EntryPool {
  readonly decided = new WeakMap<ResolvedDecision, PlanEntry>();
  /** By node. */
  readonly evaluated: (PlanEntry | undefined)[] = [];
  /** By node. */
  readonly bundled: (PlanEntry | undefined)[] = [];

  /** Makes room for so many nodes: an array with gaps is a slow one. */
  grow(size: number): void {
    for (const entries of [this.evaluated, this.bundled]) {
      while (entries.length < size) entries.push(undefined);
    }
  }
}

export class PlanEntries {
  readonly #closure: Closure;
  readonly #changes: ChangeLog;
  readonly #pool: EntryPool;
  /** By node, of what was asked for; -1 of what was not yet. */
  readonly #changeOf: Float64Array;
  readonly #changeOfDependency: Float64Array;

  constructor(closure: Closure, changes: ChangeLog, pool: EntryPool) {
    this.#closure = closure;
    this.#changes = changes;
    this.#pool = pool;
    const size = closure.revisions.length;
    this.#changeOf = new Float64Array(size).fill(-1);
    this.#changeOfDependency = new Float64Array(size).fill(-1);
    pool.grow(size);
  }

  /** Of a revision that somebody decided on. */
  decided(node: number, decision: ResolvedDecision): PlanEntry {
    const change = known(this.#changeOf, node, () => this.#changes.changeOf(this.#revision(node).updateId));
    const before = this.#pool.decided.get(decision);
    if (before?.change === change) return before;
    const entry = this.#entry(node, change, {
      deploymentId: decision.deploymentId,
      action: decision.action,
      ...(decision.deadline === undefined ? {} : { deadline: decision.deadline }),
      changedAt: decision.changedAt,
    });
    this.#pool.decided.set(decision, entry);
    return entry;
  }

  /** Of a revision that is here because of others: of a bundle, or as a prerequisite alone. */
  dependency(node: number, isBundled: boolean): PlanEntry {
    const change = known(this.#changeOfDependency, node, () => this.#changeAsDependency(node));
    const pool = isBundled ? this.#pool.bundled : this.#pool.evaluated;
    const before = pool[node];
    if (before?.change === change) return before;
    const { revisionId, arrivedAt } = this.#revision(node);
    const entry = this.#entry(node, change, {
      deploymentId: DEPENDENCY_DEPLOYMENT_IDS + revisionId,
      action: isBundled ? 'Bundle' : 'Evaluate',
      changedAt: arrivedAt,
    });
    pool[node] = entry;
    return entry;
  }

  #changeAsDependency(node: number): number {
    const { updateId, updateType } = this.#revision(node);
    const isCategoryLike = updateType === 'Category' || updateType === 'Detectoid';
    return isCategoryLike ? this.#changes.changeOf(updateId) : this.#changes.changeOfDependency(updateId);
  }

  #revision(node: number): ScannedRevision {
    const revision = this.#closure.revisions[node];
    if (revision === undefined) throw new RangeError(`The closure has no node ${node}.`);
    return revision;
  }

  #entry(node: number, change: number, deployment: EffectiveDeployment): PlanEntry {
    const revision = this.#revision(node);
    return {
      node,
      offered: Object.freeze({
        revisionId: revision.revisionId,
        updateId: revision.updateId,
        revisionNumber: revision.revisionNumber,
        deployment: Object.freeze(deployment),
        isLeaf: this.#closure.isLeaf[node] ?? true,
        // Escaped when it is first sent.
        get core() {
          return revision.core;
        },
      }),
      isExplicit: deployment.action !== 'Bundle' && deployment.action !== 'Evaluate',
      change,
    };
  }
}

function known(values: Float64Array, node: number, find: () => number): number {
  const value = values[node] ?? -1;
  if (value >= 0) return value;
  const found = find();
  values[node] = found;
  return found;
}
