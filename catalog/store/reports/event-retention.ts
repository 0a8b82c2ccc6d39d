/**
 * Takes away events that nobody reads any more, a little at a time. Nothing is lost with them: what they say is folded
 * into the states of updates, with the code of the latest failure, when they arrive.
 */
import type { Database, Statement } from 'better-sqlite3';

export interface EventLimits {
  /** Days after which an event goes. */
  readonly keepDays: number;
  /** Events kept of a computer, the newest. */
  readonly keepPerComputer: number;
}

const DAY = 86_400_000;
/** Milliseconds of work in one transaction, after which others get their turn. */
const SLICE = 2;
/** Events of a computer that are deleted between two looks at the clock. */
const DELETED_AT_ONCE = 20;

export class EventRetention {
  readonly #db: Database;
  readonly #limits: EventLimits;
  readonly #nextComputer: Statement<[string], string>;
  readonly #oldestKept: Statement<[string, number], string>;
  readonly #deleteBefore: Statement<
    [{ computerId: string; before: string; arrivedBefore: string; most: number }]
  >;
  /** The computer that was looked at last. */
  #place = '';

  constructor(db: Database, limits: EventLimits) {
    this.#db = db;
    this.#limits = limits;
    this.#nextComputer = db
      .prepare<[string], string>(
        'SELECT computer_id FROM reporting_event WHERE computer_id > ? ORDER BY computer_id LIMIT 1',
      )
      .pluck();
    this.#oldestKept = db
      .prepare<[string, number], string>(
        `SELECT time_at_target FROM reporting_event WHERE computer_id = ?
         ORDER BY time_at_target DESC LIMIT 1 OFFSET ?`,
      )
      .pluck();
    this.#deleteBefore = db.prepare(
      `DELETE FROM reporting_event WHERE event_instance_id IN (
         SELECT event_instance_id FROM reporting_event
         WHERE computer_id = @computerId AND time_at_target < @before AND received_at < @arrivedBefore LIMIT @most)`,
    );
  }

  /**
   * Goes on where it stopped, for some milliseconds.
   *
   * @returns whether every computer was looked at; the next call begins anew
   */
  prune(now: Date): boolean {
    const expired = new Date(now.getTime() - this.#limits.keepDays * DAY).toISOString();
    const until = performance.now() + SLICE;
    return this.#db
      .transaction(() => {
        do {
          const computerId = this.#nextComputer.get(this.#place);
          if (computerId === undefined) {
            this.#place = '';
            return true;
          }
          if (this.#pruneSome(computerId, expired) < DELETED_AT_ONCE) this.#place = computerId;
        } while (performance.now() < until);
        return false;
      })
      .immediate();
  }

  /** @returns how many events were deleted */
  #pruneSome(computerId: string, expired: string): number {
    const { changes } = this.#deleteBefore.run({
      computerId,
      before: expired,
      arrivedBefore: expired,
      most: DELETED_AT_ONCE,
    });
    const oldestKept = this.#oldestKept.get(computerId, this.#limits.keepPerComputer - 1);
    if (changes > 0 || oldestKept === undefined) return changes;
    // Whenever it arrived: what is over the limit is too much today.
    return this.#deleteBefore.run({
      computerId,
      before: oldestKept,
      arrivedBefore: '9',
      most: DELETED_AT_ONCE,
    }).changes;
  }
}
