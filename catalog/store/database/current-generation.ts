/** The catalogue's generation for who asks with every request: read again only where something was written since. */
import type { Database, Statement } from 'better-sqlite3';
import { ChangeMark } from './change-mark.ts';
import { GENERATION } from './generation.ts';

export class CurrentGeneration {
  readonly #db: Database;
  readonly #changes: ChangeMark;
  readonly #read: Statement<[], number>;
  #mark = -1;
  #generation = 0;

  constructor(db: Database) {
    this.#db = db;
    this.#changes = new ChangeMark(db);
    this.#read = db.prepare<[], number>(GENERATION).pluck();
  }

  read(): number {
    // What a transaction has written may yet be undone, and must not be remembered.
    if (this.#db.inTransaction) return this.#read.get() ?? 0;
    const mark = this.#changes.read();
    if (mark !== this.#mark) {
      this.#mark = mark;
      this.#generation = this.#read.get() ?? 0;
    }
    return this.#generation;
  }
}
