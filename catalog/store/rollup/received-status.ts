/** How updates stand on computers of downstream servers ([MS-WSUSSS] 3.1.4.17). */
import type { Database, Statement } from 'better-sqlite3';
import { BELOW } from './received-servers.ts';
import { z } from 'zod';

/** Times are ISO 8601 UTC. */
export interface ReportedStatus {
  readonly computerId: string;
  readonly rollupNumber: number;
  readonly effectiveDetection: string;
  /** These are all that are known of the computer. */
  readonly isFull: boolean;
  readonly updates: readonly {
    readonly updateId: string;
    /** SummarizationState, 0 to 6. */
    readonly state: number;
    readonly changedAt: string;
  }[];
}

const COUNT = `(SELECT count(*) FROM downstream_status
  WHERE downstream_status.computer_id = downstream_computer.computer_id AND state = `;

export class ReceivedStatus {
  readonly #db: Database;
  readonly #parent: Statement<[string], string>;
  readonly #clear: Statement<[string]>;
  readonly #set: Statement<[Record<string, string | number>]>;
  readonly #note: Statement<[Record<string, string | number>]>;

  constructor(db: Database) {
    this.#db = db;
    this.#parent = db
      .prepare<[string], string>('SELECT parent_id FROM downstream_computer WHERE computer_id = ?')
      .pluck();
    this.#clear = db.prepare('DELETE FROM downstream_status WHERE computer_id = ?');
    this.#set = db.prepare(
      `INSERT INTO downstream_status VALUES (@computerId, @updateId, @state, @changedAt)
       ON CONFLICT (computer_id, update_id) DO UPDATE SET state = excluded.state, changed_at = excluded.changed_at
       WHERE downstream_status.changed_at <= excluded.changed_at`,
    );
    this.#note = db.prepare(
      `UPDATE downstream_computer SET rollup_number = @rollupNumber, effective_detection = @effectiveDetection,
         status_version = status_version + 1,
         not_applicable = ${COUNT} 1), not_installed = ${COUNT} 2), downloaded = ${COUNT} 3),
         installed = ${COUNT} 4), failed = ${COUNT} 5), installed_pending_reboot = ${COUNT} 6)
       WHERE computer_id = @computerId`,
    );
  }

  /** Keeps what the caller reports of computers that are below it here too; of others it is passed over. */
  keep(callerId: string, statuses: readonly ReportedStatus[]): void {
    const below = new Set(z.array(z.string()).parse(this.#db.prepare(BELOW).pluck().all(callerId)));
    for (const { computerId, updates, isFull, ...note } of statuses) {
      const parentId = this.#parent.get(computerId);
      if (parentId === undefined || !below.has(parentId)) continue;
      if (isFull) this.#clear.run(computerId);
      for (const update of updates) this.#set.run({ ...update, computerId });
      this.#note.run({ ...note, computerId });
    }
  }
}
