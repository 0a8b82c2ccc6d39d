/**
 * What is needed of a plan with which updates installed, remembered: machines made from one image ask alike, and
 * looking a list up costs a fiftieth of going through a plan of 1,500 revisions.
 */
import { BoundedCache } from '../bounded-cache.ts';
import type { Plan } from './plan.ts';
import type { PlanEntry } from './plan-entries.ts';

interface Kept {
  readonly plan: Plan;
  readonly installed: Int32Array;
  readonly needed: readonly PlanEntry[];
}

/** Numbers and references in all lists together: some megabytes. */
const MOST_ITEMS = 500_000;

export class NeededLists {
  /** By plan and hash of the installed list. */
  readonly #kept: BoundedCache<Kept>;

  constructor(most = MOST_ITEMS) {
    this.#kept = new BoundedCache(most, sizeOf);
  }

  /** Of all that is remembered. */
  get items(): number {
    return this.#kept.weight;
  }

  /**
   * @param installed RevisionIDs, as the agent named them
   * @param find goes through the plan, where nobody asked the same before
   */
  of(plan: Plan, installed: readonly number[], find: () => readonly PlanEntry[]): readonly PlanEntry[] {
    const key = `${plan.serial} ${hashOf(installed)}`;
    const kept = this.#kept.get(key);
    // Different lists may share a hash: the list itself decides.
    if (kept?.plan === plan && isSame(kept.installed, installed)) return kept.needed;
    const needed = find();
    this.#kept.set(key, { plan, installed: Int32Array.from(installed), needed });
    return needed;
  }
}

const sizeOf = ({ installed, needed }: Kept): number => installed.length + needed.length + 1;

function hashOf(list: readonly number[]): number {
  let hash = list.length;
  for (const item of list) hash = (Math.imul(hash, 31) + item) | 0;
  return hash;
}

function isSame(kept: Int32Array, list: readonly number[]): boolean {
  if (kept.length !== list.length) return false;
  for (let at = 0; at < kept.length; at += 1) if (kept[at] !== list[at]) return false;
  return true;
}
