/** Which target groups a computer is in: asked with every request, and the same for weeks. */
import type { Database, Statement } from 'better-sqlite3';
import { CurrentCounter } from '../database/current-counter.ts';
import { UNASSIGNED_COMPUTERS } from '../groups/group-tree.ts';

/** What a scan must know of a computer. */
export interface ComputerTarget {
  readonly isRegistered: boolean;
  /** Sorted; Unassigned Computers where an administrator put it nowhere. */
  readonly groupIds: readonly string[];
}

/** Computers that are remembered. */
const REMEMBERED = 50_000;

export class ComputerTargets {
  readonly #db: Database;
  readonly #target: Statement<[string], string>;
  readonly #fleet: CurrentCounter;
  readonly #known = new Map<string, ComputerTarget>();
  #fleetGeneration = -1;

  constructor(db: Database) {
    this.#db = db;
    this.#fleet = new CurrentCounter(db, 'fleet.generation');
    this.#target = db
      .prepare<[string], string>(
        `SELECT is_registered || ' ' || ifnull(
                  (SELECT group_concat(group_id, ' ' ORDER BY group_id)
                   FROM computer_group WHERE computer_group.computer_id = computer.computer_id), '')
         FROM computer WHERE computer_id = ?`,
      )
      .pluck();
  }

  /**
   * What is committed, whoever committed it: a computer that is moved sees it in its next scan.
   *
   * @returns undefined where no such computer is known (it was deleted)
   */
  of(computerId: string): ComputerTarget | undefined {
    // What a transaction has written may yet be undone, and must not be remembered.
    if (this.#db.inTransaction) return this.#read(computerId);
    this.#forgetWhatChanged();
    const known = this.#known.get(computerId);
    if (known !== undefined) return known;
    const target = this.#read(computerId);
    if (target === undefined) return undefined;
    if (this.#known.size === REMEMBERED) this.#known.clear();
    this.#known.set(computerId, target);
    return target;
  }

  #forgetWhatChanged(): void {
    const generation = this.#fleet.read();
    if (generation === this.#fleetGeneration) return;
    this.#fleetGeneration = generation;
    this.#known.clear();
  }

  #read(computerId: string): ComputerTarget | undefined {
    const target = this.#target.get(computerId);
    if (target === undefined) return undefined;
    const [isRegistered, ...groupIds] = target.trimEnd().split(' ');
    return {
      isRegistered: isRegistered === '1',
      groupIds: groupIds.length === 0 ? [UNASSIGNED_COMPUTERS] : groupIds,
    };
  }
}
