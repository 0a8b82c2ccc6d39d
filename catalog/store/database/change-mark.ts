/** Whether anything was written since, by this connection or another: cheap enough to be asked with every request. */
import type { Database, Statement } from 'better-sqlite3';

export class ChangeMark {
  static readonly #ofConnections = new WeakMap<Database, ChangeMark>();
  readonly #byOthers: Statement<[], number>;
  readonly #byUs: Statement<[], number>;
  #seenOfOthers = -1;
  #seenOfUs = -1;
  #hasLooked = false;
  #mark = 0;

  /** The connection's one: however many ask, others' commits are looked for once. */
  static of(db: Database): ChangeMark {
    const known = ChangeMark.#ofConnections.get(db);
    if (known !== undefined) return known;
    const mark = new ChangeMark(db);
    ChangeMark.#ofConnections.set(db, mark);
    return mark;
  }

  private constructor(db: Database) {
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
