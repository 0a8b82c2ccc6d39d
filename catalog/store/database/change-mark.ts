/** Whether anything was written since, by this connection or another: cheap enough to be asked with every request. */
import type { Database, Statement } from 'better-sqlite3';

export class ChangeMark {
  readonly #byOthers: Statement<[], number>;
  readonly #byUs: Statement<[], number>;
  #seenOfOthers = -1;
  #seenOfUs = -1;
  #hasLooked = false;
  #mark = 0;

  constructor(db: Database) {
    this.#byOthers = db.prepare<[], number>('PRAGMA data_version').pluck();
    this.#byUs = db.prepare<[], number>('SELECT total_changes()').pluck();
  }

  /**
   * A number that differs from the one before where something was committed in between. What this connection wrote
   * shows at once. What another one committed is looked for once a turn of the event loop, since that takes system
   * calls: requests that arrived together see one state.
   */
  read(): number {
    const ofOthers = this.#hasLooked ? this.#seenOfOthers : this.#look();
    const ofUs = this.#byUs.get() ?? 0;
    if (ofOthers !== this.#seenOfOthers || ofUs !== this.#seenOfUs) {
      this.#seenOfOthers = ofOthers;
      this.#seenOfUs = ofUs;
      this.#mark += 1;
    }
    return this.#mark;
  }

  #look(): number {
    this.#hasLooked = true;
    setImmediate(() => {
      this.#hasLooked = false;
    });
    return this.#byOthers.get() ?? 0;
  }
}
