/** Decisions that can still be taken back, for a while, by who made them. In memory: a restart ends the offer. */
import { randomBytes } from 'node:crypto';
import type { Undo } from '../../catalog/store/decisions/deployments.ts';
import { ApiProblem } from './problems.ts';

/** Milliseconds. */
const OFFERED_FOR = 15 * 60_000;
const MOST_KEPT = 100;
/** Decisions kept in all; each is two rows. */
const MOST_ROWS = 100_000;

interface Kept {
  readonly accountId: number;
  readonly undo: Undo;
  readonly expires: number;
}

export class UndoShelf {
  readonly #now: () => Date;
  /** The oldest first. */
  readonly #kept = new Map<string, Kept>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** @returns the token that takes it off again */
  put(accountId: number, undo: Undo): string {
    const token = randomBytes(32).toString('base64url');
    this.#kept.set(token, { accountId, undo, expires: this.#now().getTime() + OFFERED_FOR });
    let rows = 0;
    for (const { undo: one } of this.#kept.values()) rows += one.rows.length;
    for (const [oldest, { undo: one, expires }] of this.#kept) {
      const isTooMuch = this.#kept.size > MOST_KEPT || rows > MOST_ROWS;
      if (!isTooMuch && expires > this.#now().getTime()) break;
      if (oldest === token) break;
      this.#kept.delete(oldest);
      rows -= one.rows.length;
    }
    return token;
  }

  /** Each once, by the account that made the decision. @throws ApiProblem */
  take(accountId: number, token: string): Undo {
    const kept = this.#kept.get(token);
    if (kept === undefined || kept.accountId !== accountId || kept.expires <= this.#now().getTime()) {
      throw new ApiProblem(
        404,
        'UNDO_UNKNOWN',
        'This decision cannot be taken back any more: it is more than 15 minutes old, undone already, or not yours. Decide anew.',
      );
    }
    this.#kept.delete(token);
    return kept.undo;
  }
}
