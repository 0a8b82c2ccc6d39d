/**
 * When computers were last heard of. A scan is answered without a write; that it happened is noted here
 * and written with many others a moment later. What a crash loses of it is a few seconds of "last contact".
 */
import type { CommitGroup } from '../../catalog/store/database/commit-group.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import type { ComputerStore, Contact } from '../../catalog/store/computers/computers.ts';
import type { Logger } from '../../config/logging.ts';

/** Milliseconds. */
const DELAY = 2000;

export class Contacts {
  readonly #db: Database;
  readonly #commits: CommitGroup;
  readonly #computers: ComputerStore;
  readonly #log: Logger;
  #pending = new Map<string, Contact>();

  constructor(db: Database, commits: CommitGroup, computers: ComputerStore, log: Logger) {
    this.#db = db;
    this.#commits = commits;
    this.#computers = computers;
    this.#log = log;
  }

  note(contact: Contact): void {
    if (this.#pending.size === 0) setTimeout(() => void this.flush(), DELAY).unref();
    this.#pending.set(contact.computerId, contact);
  }

  /** Writes what is pending, together with what else is written then; nothing once the database is closed. */
  async flush(): Promise<void> {
    const contacts = [...this.#pending.values()];
    this.#pending = new Map();
    if (!this.#db.open || contacts.length === 0) return;
    try {
      const work = (): void => {
        for (const contact of contacts) this.#computers.noteContact(contact);
      };
      // Scans would wait for the disk too, which another process may keep busy.
      await this.#commits.add(work, { isDurable: false });
    } catch (error) {
      this.#log.warn('Times of last contact could not be written', { computers: contacts.length, error });
    }
  }
}
