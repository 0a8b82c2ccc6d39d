/**
 * The plans of one snapshot: built on first use, kept, and handed on to the next snapshot where nothing in them changed.
 * One takes less than a millisecond, so that the next snapshot need not wait for those of every group.
 */
import type { Plan } from './plan.ts';

/** Plans kept for category filters, which clients choose: bounded. Plans of groups are bounded by the groups. */
const FILTERED_PLANS = 64;

/** Milliseconds: agents scan every 22 hours, so that a plan that nobody asked for in a day is nobody's. */
const IN_USE = 24 * 3_600_000;

export interface KeptPlan {
  /** Sorted. */
  readonly groupIds: readonly string[];
  /** Sorted; absent for the groups' whole plan. */
  readonly categoryIds?: readonly string[];
  readonly plan: Plan;
  /** By `performance.now()`. */
  usedAt: number;
}

export type PlanBuild = (groupIds: readonly string[], categoryIds?: readonly string[]) => Plan;

export class PlanShelf {
  readonly #build: PlanBuild;
  readonly #ofGroups = new Map<string, KeptPlan>();
  readonly #filtered = new Map<string, KeptPlan>();

  constructor(build: PlanBuild) {
    this.#build = build;
  }

  planOf(groupIds: readonly string[]): Plan {
    const key = keyOf(groupIds.toSorted());
    const kept = this.#ofGroups.get(key) ?? this.#buildFor(groupIds.toSorted());
    kept.usedAt = performance.now();
    return kept.plan;
  }

  /** @param categoryIds of categories that something in the closure is in: others must not make plans of their own */
  filteredPlanOf(groupIds: readonly string[], categoryIds: readonly string[]): Plan {
    const groups = groupIds.toSorted();
    const categories = categoryIds.toSorted();
    const kept = this.#filtered.get(keyOf(groups, categories)) ?? this.#buildFor(groups, categories);
    kept.usedAt = performance.now();
    return kept.plan;
  }

  /** Those that somebody may ask for again. */
  inUse(): KeptPlan[] {
    const since = performance.now() - IN_USE;
    return [...this.#ofGroups.values(), ...this.#filtered.values()].filter(({ usedAt }) => usedAt >= since);
  }

  /** The groups' whole plan, of which one for category filters is a part. */
  wholeOf({ groupIds }: KeptPlan): KeptPlan | undefined {
    return this.#ofGroups.get(keyOf(groupIds));
  }

  /** Takes a plan of another snapshot over as it is. */
  adopt(kept: KeptPlan): void {
    this.#keep({ ...kept });
  }

  #buildFor(groupIds: readonly string[], categoryIds?: readonly string[]): KeptPlan {
    const plan = this.#build(groupIds, categoryIds);
    return this.#keep({
      groupIds,
      plan,
      usedAt: 0,
      ...(categoryIds === undefined ? {} : { categoryIds }),
    });
  }

  #keep(kept: KeptPlan): KeptPlan {
    const shelf = this.#shelfFor(kept.categoryIds);
    const [oldest] = shelf.keys();
    if (shelf === this.#filtered && shelf.size >= FILTERED_PLANS && oldest !== undefined)
      shelf.delete(oldest);
    shelf.set(keyOf(kept.groupIds, kept.categoryIds), kept);
    return kept;
  }

  #shelfFor(categoryIds: readonly string[] | undefined): Map<string, KeptPlan> {
    return categoryIds === undefined ? this.#ofGroups : this.#filtered;
  }
}

const keyOf = (groupIds: readonly string[], categoryIds: readonly string[] = []): string =>
  `${groupIds.join()}|${categoryIds.join()}`;
