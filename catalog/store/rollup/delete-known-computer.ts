/** The upstream server "is no longer interested" in a computer ([MS-WSUSSS] 3.1.4.15): it is no longer here either. */
import type { Database } from 'better-sqlite3';

export function deleteKnownComputer(db: Database, computerId: string): void {
  db.transaction(() => {
    for (const table of ['computer', 'downstream_computer', 'rollup_sent', 'reporting_event'])
      db.prepare(`DELETE FROM ${table} WHERE computer_id = ?`).run(computerId);
  })();
}
