/** Notices that something in the database changed, whoever changed it, while somebody wants to know. */
import { ChangeMark } from '../../catalog/store/database/change-mark.ts';
import type { Database } from '../../catalog/store/database/database.ts';

/** Milliseconds between looks. */
const INTERVAL = 1000;

export class ChangeWatch {
  readonly #db: Database;
  readonly #changes: ChangeMark;
  readonly #listeners = new Set<() => void>();
  #mark = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(db: Database) {
    this.#db = db;
    this.#changes = ChangeMark.of(db);
  }

  /** @returns stops listening; with the last listener the looking stops */
  onChanged(listener: () => void): () => void {
    if (this.#listeners.size === 0) {
      this.#mark = this.#changes.read();
      this.#timer = setInterval(() => this.check(), INTERVAL).unref();
    }
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) clearInterval(this.#timer);
    };
  }

  /** Looks now. */
  check(): void {
    if (this.#listeners.size === 0 || !this.#db.open) return;
    const mark = this.#changes.read();
    if (mark === this.#mark) return;
    this.#mark = mark;
    for (const listener of this.#listeners) listener();
  }
}
