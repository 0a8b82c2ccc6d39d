/**
 * Makes the next snapshot beside the present one, sharing what did not change. What the two differ in is read from the
 * database's own account of changes; a generator, so that whoever runs it can answer requests between its steps.
 */
import { GroupTree } from '../store/groups/group-tree.ts';
import type { ScanRows } from '../store/scan-rows.ts';
import { Closure } from './closure.ts';
import { Decisions, byUpdateAndGroup, offeredBy } from './decisions.ts';
import type { DecisionsByUpdate } from './decisions.ts';
import { Plan } from './plan.ts';
import { EntryPool, PlanEntries } from './plan-entries.ts';
import { PlanShelf } from './plan-shelf.ts';
import type { KeptPlan } from './plan-shelf.ts';
import { RecordedChanges } from './recorded-changes.ts';
import { RevisionShelf } from './revision-shelf.ts';
import { Snapshot } from './snapshot.ts';

/** How far the catalogue has come. */
interface Progress {
  readonly generation: number;
  /** The generation at which anything but decisions last changed. */
  readonly revised: number;
  /** The same, where it was more than that revisions arrived. */
  readonly rewritten: number;
  readonly lastRevisionId: number;
}

/** What the next snapshot is made from. */
interface State {
  readonly snapshot: Snapshot;
  readonly progress: Progress;
  readonly decisions: DecisionsByUpdate;
  readonly tree: GroupTree;
  readonly changes: RecordedChanges;
  readonly closure: Closure;
  readonly plans: PlanShelf;
  readonly pool: EntryPool;
}

/** What differs from the state before. */
interface Difference {
  /** Updates of which what a scan says changed, with the generation. */
  readonly changes: ReadonlyMap<string, number>;
  readonly decisions: DecisionsByUpdate;
  readonly tree: GroupTree;
  readonly isTreeOther: boolean;
  /** Whether the catalogue's facts that a closure was made of are other ones. */
  readonly isCatalogueOther: boolean;
}

/** A closure that holds so many times what is needed is made anew. */
const TOO_MUCH = 2;

export class SnapshotBuilder {
  readonly #rows: ScanRows;
  readonly #shelf: RevisionShelf;
  #state: State | undefined;

  constructor(rows: ScanRows) {
    this.#rows = rows;
    this.#shelf = new RevisionShelf(rows);
  }

  /**
   * Reads one state of the database. After a failure, or a return before its end, this builder is to be thrown away:
   * what it knows may be of a state that no snapshot is of.
   */
  *next(): Generator<void, Snapshot> {
    this.#rows.begin();
    try {
      const progress = this.#progress();
      const before = this.#state;
      const difference =
        before === undefined ? this.#everything() : yield* this.#differenceFrom(before, progress);
      if (before !== undefined && !this.#concerns(before, difference))
        return this.#goOn(before, progress, difference);
      const closure = yield* this.#closureOf(before, difference);
      yield* this.#shelf.fetchBundles(bundleable(closure, before?.closure));
      const changes =
        before === undefined
          ? new RecordedChanges(difference.changes, this.#shelf.bundles)
          : before.changes.with(difference.changes, this.#shelf.bundles);
      yield;
      const decisions = new Decisions(
        difference.decisions,
        difference.tree,
        (revisionId) => closure.revisions[closure.nodeOfRevision(revisionId)]?.revisionNumber ?? 0,
      );
      const pool = before !== undefined && closure.continues(before.closure) ? before.pool : new EntryPool();
      const entries = new PlanEntries(closure, changes, pool);
      const plans = new PlanShelf((groupIds, categoryIds) =>
        Plan.build(
          closure,
          decisions.resolve(groupIds),
          entries,
          categoryIds === undefined ? undefined : new Set(categoryIds),
        ),
      );
      if (before !== undefined) {
        const isSame = this.#comparison(before, difference, { closure, decisions, changes });
        for (const kept of before.plans.inUse()) {
          // What is outside of a filter has its part in which revisions are within it, and in their order.
          const whole = before.plans.wholeOf(kept);
          if (whole !== undefined && isSame(whole)) plans.adopt(kept);
        }
      }
      const snapshot = new Snapshot(progress.generation, closure, plans);
      const { decisions: byUpdate, tree } = difference;
      this.#state = { snapshot, progress, decisions: byUpdate, tree, changes, closure, plans, pool };
      return snapshot;
    } finally {
      this.#rows.end();
    }
  }

  /**
   * Whether anything happened since the last snapshot that computers should be told of at once. Revisions that arrived
   * are not that, as long as nobody decided on them and they changed nothing of what is offered.
   */
  isPressing(): boolean {
    this.#rows.begin();
    try {
      const before = this.#state;
      if (before === undefined || this.#rows.rewritten() !== before.progress.rewritten) return true;
      const changed = [...this.#rows.changesAfter(before.progress.generation).keys()];
      return (
        changed.some((id) => this.#speaksOf(before, id)) ||
        (changed.length > 0 && this.#rows.decisionsAbout(changed).length > 0)
      );
    } finally {
      this.#rows.end();
    }
  }

  #progress(): Progress {
    return {
      generation: this.#rows.generation(),
      revised: this.#rows.revised(),
      rewritten: this.#rows.rewritten(),
      lastRevisionId: this.#rows.lastRevisionId(),
    };
  }

  /** Whether anything that a snapshot says could be another thing now. */
  #concerns(before: State, { changes, decisions, isTreeOther, isCatalogueOther }: Difference): boolean {
    if (isTreeOther || isCatalogueOther) return true;
    // Of others nothing is offered, and nothing that is offered is in a bundle with them.
    return [...changes.keys()].some((id) => decisions.has(id) || this.#speaksOf(before, id));
  }

  #speaksOf(before: State, updateId: string): boolean {
    return (
      before.decisions.has(updateId) ||
      this.#shelf.bundles.has(updateId) ||
      before.closure.nodesOf(updateId).length > 0
    );
  }

  /** What changed is noted for when it comes to be offered; all else is shared. */
  #goOn(before: State, progress: Progress, { changes }: Difference): Snapshot {
    const snapshot = before.snapshot.at(progress.generation);
    const noted = changes.size === 0 ? before.changes : before.changes.with(changes, this.#shelf.bundles);
    this.#state = { ...before, snapshot, progress, changes: noted };
    return snapshot;
  }

  #everything(): Difference {
    return {
      changes: this.#rows.changesAfter(-1),
      decisions: byUpdateAndGroup(this.#rows.decisions()),
      tree: this.#rows.groupTree(),
      isTreeOther: true,
      isCatalogueOther: true,
    };
  }

  *#differenceFrom(before: State, now: Progress): Generator<void, Difference> {
    const changes = this.#rows.changesAfter(before.progress.generation);
    const changed = [...changes.keys()];
    const decisions = this.#decisionsAfter(before.decisions, changed);
    const tree = this.#rows.groupTree();
    const isTreeOther = !hasSameShape(tree, before.tree);
    yield;
    const isCatalogueOther =
      now.rewritten === before.progress.rewritten
        ? yield* this.#noticeChanges(before, now, changed)
        : yield* this.#shelf.refresh();
    return { changes, decisions, tree, isTreeOther, isCatalogueOther };
  }

  #decisionsAfter(before: DecisionsByUpdate, changed: readonly string[]): DecisionsByUpdate {
    if (changed.length === 0) return before;
    const decisions = new Map(before);
    for (const updateId of changed) decisions.delete(updateId);
    for (const [id, byGroup] of byUpdateAndGroup(this.#rows.decisionsAbout(changed)))
      decisions.set(id, byGroup);
    return decisions;
  }

  /** Whether the catalogue's facts are other ones where it was not rewritten: a synchronization costs scans little then. */
  *#noticeChanges(before: State, now: Progress, changed: readonly string[]): Generator<void, boolean> {
    const isStandingOther = yield* this.#shelf.refreshStandings(revisionIdsOf(before.closure, changed));
    if (now.revised === before.progress.revised) return isStandingOther;
    const isOther = yield* this.#shelf.noticeArrivals(before.progress.lastRevisionId);
    return isStandingOther || isOther;
  }

  *#closureOf(before: State | undefined, difference: Difference): Generator<void, Closure> {
    const roots = offeredBy(difference.decisions);
    const grows =
      before !== undefined &&
      !difference.isCatalogueOther &&
      roots.size * TOO_MUCH >= before.closure.rootCount;
    if (grows) return yield* Closure.collect(this.#shelf, roots, before.closure);
    const closure = yield* Closure.collect(this.#shelf, roots);
    this.#shelf.keepOnly(closure.revisions, closure.updateIds);
    return closure;
  }

  /** Whether a plan made before says what one made now would say. */
  #comparison(
    before: State,
    { changes: changedUpdates, isTreeOther }: Difference,
    now: { closure: Closure; decisions: Decisions; changes: RecordedChanges },
  ): (kept: KeptPlan) => boolean {
    const { closure, decisions, changes } = now;
    // Nodes are the same ones only where the closure grew out of the one before.
    if (isTreeOther || !closure.continues(before.closure)) return () => false;
    const changed = [...changedUpdates.keys()];
    const affected = affectedNodes(closure, changes, new Set(changed));
    return ({ groupIds, plan }) =>
      !affected.some((node) => plan.entryOf(node) !== undefined) && !decisions.deploysAny(changed, groupIds);
  }
}

/** Nodes of which a plan says when they last changed, where that changed: of the updates and of what they bundle. */
function affectedNodes(closure: Closure, changes: RecordedChanges, changed: ReadonlySet<string>): number[] {
  return closure.revisions.flatMap(({ updateId }, node) =>
    changes.above(updateId).some((id) => changed.has(id)) ? [node] : [],
  );
}

const revisionIdsOf = (closure: Closure, updateIds: readonly string[]): number[] =>
  updateIds.flatMap((id) => closure.nodesOf(id).flatMap((node) => closure.revisions[node]?.revisionId ?? []));

/** Updates that can be members of bundles, those left out that were here before. */
function bundleable(closure: Closure, before: Closure | undefined): string[] {
  const known = before !== undefined && closure.continues(before) ? before.revisions.length : 0;
  const updateIds = closure.revisions
    .slice(known)
    .filter(({ updateType }) => updateType !== 'Category' && updateType !== 'Detectoid')
    .map(({ updateId }) => updateId);
  return [...new Set(updateIds)];
}

function hasSameShape(one: GroupTree, other: GroupTree): boolean {
  return (
    one.groups.length === other.groups.length &&
    one.groups.every(({ groupId, parentId }) => {
      const found = other.get(groupId);
      return found !== undefined && found.parentId === parentId;
    })
  );
}
