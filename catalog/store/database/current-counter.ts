/** A counter among the settings for who asks with every request: read again only where something was written since. */
import type { Database, Statement } from 'better-sqlite3';
import { ChangeMark } from './change-mark.ts';

/** `catalogue.generation` grows with what a scan could notice, `fleet.generation` with who is in which group. */
export type CounterName = 'catalogue.generation' | 'fleet.generation';

export class CurrentCounter {
  readonly #db: Database;
  readonly #name: CounterName;
  readonly #changes: ChangeMark;
  readonly #read: Statement<[CounterName], number>;
  #mark = -1;
  #count = 0;

  constructor(db: Database, name: CounterName) {
    this.#db = db;
    this.#name = name;
    this.#changes = ChangeMark.of(db);
    this.#read = db
      .prepare<[CounterName], number>('SELECT CAST(value AS INTEGER) FROM setting WHERE name = ?')
      .pluck();
  }

  read(): number {
    // What a transaction has written may yet be undone, and must not be remembered.
    if (this.#db.inTransaction) return this.#read.get(this.#name) ?? 0;
    const mark = this.#changes.read();
    if (mark !== this.#mark) {
      this.#mark = mark;
      this.#count = this.#read.get(this.#name) ?? 0;
    }
    return this.#count;
  }
}
