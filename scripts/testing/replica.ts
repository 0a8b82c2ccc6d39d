/** A relay that is now a replica of a test upstream, now autonomous; and what two relays are compared by. */
import type { Database } from '../../catalog/store/database/database.ts';
import type { SyncRun } from '../../catalog/store/upstream/synchronization.ts';
import type { Upstream } from '../../config/schema.ts';
import type { Synchronizer } from '../../sync/synchronizer.ts';
import { emptyDatabase } from './empty-database.ts';
import { openRelay } from './test-relay.ts';
import type { TestRelay } from './test-relay.ts';
import type { TestUpstream } from './upstream-server.ts';

export type Mode = Upstream['mode'];

export class TestReplica {
  readonly db: Database;
  readonly #upstream: TestUpstream;

  constructor(upstream: TestUpstream, db: Database = emptyDatabase()) {
    this.#upstream = upstream;
    this.db = db;
  }

  /** One synchronization, to its end, as after a start with that mode in the configuration. */
  synchronize(mode: Mode = 'replica'): Promise<SyncRun> {
    return this.#relay(mode).synchronize();
  }

  synchronizer(mode: Mode = 'replica'): Synchronizer {
    return this.#relay(mode).synchronizer;
  }

  #relay(mode: Mode): TestRelay {
    return openRelay(this.#upstream, { mode }, undefined, this.db);
  }
}

/** Everything that an administrator decides, row by row; not when it was decided, which is told in a replica's own time. */
export const decisionsOf = (db: Database): unknown => ({
  groups: db.prepare('SELECT group_id, parent_id, name, is_builtin FROM target_group ORDER BY 1').all(),
  deployments: db
    .prepare(
      `SELECT deployment_guid, deployment.update_id, revision_number, group_id, action, deadline, admin_name
       FROM deployment JOIN revision USING (revision_id) ORDER BY 1`,
    )
    .all(),
  declined: db.prepare('SELECT update_id FROM declined_update ORDER BY 1').pluck().all(),
  eulas: db.prepare('SELECT eula_id FROM accepted_eula ORDER BY 1').pluck().all(),
});

/** Names of the very groups that each computer is in, by computer. */
export const groupsOfComputers = (db: Database): Record<string, string[]> => {
  const rows = db
    .prepare<[], { computer_id: string; name: string }>(
      'SELECT computer_id, name FROM membership JOIN target_group USING (group_id) ORDER BY 1, 2',
    )
    .all();
  const byComputer = Map.groupBy(rows, ({ computer_id: computerId }) => computerId);
  return Object.fromEntries([...byComputer].map(([id, own]) => [id, own.map(({ name }) => name)]));
};
