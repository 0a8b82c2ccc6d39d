/** When what a scan says of each update last changed, as the database counts it, at one state of it. */
import type { ChangeLog } from './plan-entries.ts';

export class RecordedChanges implements ChangeLog {
  readonly #changes: ReadonlyMap<string, number>;
  readonly #bundles: ReadonlyMap<string, readonly string[]>;
  readonly #ofDependency = new Map<string, number>();
  /** By update, of those that anything bundles. */
  readonly #above: Map<string, readonly string[]>;

  /**
   * @param changes generations by UpdateID
   * @param bundles by update, those that bundle it; of every update in the closure and what bundles it
   * @param above what was found of these very bundles before
   */
  constructor(
    changes: ReadonlyMap<string, number>,
    bundles: ReadonlyMap<string, readonly string[]>,
    above = new Map<string, readonly string[]>(),
  ) {
    this.#changes = changes;
    this.#bundles = bundles;
    this.#above = above;
  }

  changeOf(updateId: string): number {
    return this.#changes.get(updateId) ?? 0;
  }

  changeOfDependency(updateId: string): number {
    const known = this.#ofDependency.get(updateId);
    if (known !== undefined) return known;
    const change = this.above(updateId).reduce((latest, id) => Math.max(latest, this.changeOf(id)), 0);
    this.#ofDependency.set(updateId, change);
    return change;
  }

  /** The update and all that bundle it, directly or not, deployed or no more. */
  above(updateId: string): readonly string[] {
    const known = this.#above.get(updateId);
    if (known !== undefined) return known;
    const direct = this.#bundles.get(updateId);
    if (direct === undefined || direct.length === 0) return [updateId];
    const seen = new Set([updateId]);
    for (const each of seen) for (const bundle of this.#bundles.get(each) ?? []) seen.add(bundle);
    const above = [...seen];
    this.#above.set(updateId, above);
    return above;
  }

  /** The same log with what was recorded since. */
  with(
    changes: ReadonlyMap<string, number>,
    bundles: ReadonlyMap<string, readonly string[]>,
  ): RecordedChanges {
    const all = new Map(this.#changes);
    for (const [updateId, generation] of changes) all.set(updateId, generation);
    return new RecordedChanges(all, bundles, bundles === this.#bundles ? this.#above : undefined);
  }
}
