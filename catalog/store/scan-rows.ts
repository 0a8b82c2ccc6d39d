/** What the scan engine reads from the store: decisions, the group tree, and revisions one by one. */
import type { Database, Statement } from 'better-sqlite3';
import type { UpdateIdentity, UpdateType } from '../metadata/model.ts';
import { GENERATION } from './database/generation.ts';
import { GroupTree } from './groups/group-tree.ts';

export interface DecisionRow {
  readonly deploymentId: number;
  readonly revisionId: number;
  readonly updateId: string;
  readonly groupId: string;
  readonly action:
    'Install' | 'OptionalInstall' | 'Uninstall' | 'PreDeploymentCheck' | 'Block' | 'NotApproved';
  /** ISO 8601 UTC. */
  readonly deadline: string | null;
  readonly changedAt: string;
}

export interface RevisionRow {
  readonly revisionId: number;
  readonly updateId: string;
  readonly revisionNumber: number;
  readonly updateType: UpdateType;
  readonly arrivedAt: string;
  /** The Core fragment, not yet escaped. */
  readonly core: string;
}

interface ClauseRow {
  readonly clause: number;
  readonly updateId: string;
}

/** Reads through statements prepared once; call within one read transaction to see one state. */
export class ScanRows {
  readonly #db: Database;
  readonly #generation: Statement<[], number>;
  readonly #revision: Statement<[number], RevisionRow>;
  readonly #latest: Statement<[string], number>;
  readonly #identity: Statement<[string, number], number>;
  readonly #isLeaf: Statement<[number], number>;
  readonly #revisionIds: Statement<[string], number>;
  readonly #clauses: Statement<[number], ClauseRow>;
  readonly #bundled: Statement<[number], UpdateIdentity>;
  readonly #bundling: Statement<[string], string>;
  readonly #categories: Statement<[number], string>;
  readonly #drivers: Statement<[number], string>;

  constructor(db: Database) {
    this.#db = db;
    this.#generation = db.prepare<[], number>(GENERATION).pluck();
    this.#revision = db.prepare(
      `SELECT revision_id AS revisionId, update_id AS updateId, revision_number AS revisionNumber,
              update_type AS updateType, arrived_at AS arrivedAt, core
       FROM revision WHERE revision_id = ?`,
    );
    this.#latest = db
      .prepare<[string], number>(
        'SELECT revision_id FROM revision WHERE update_id = ? ORDER BY revision_number DESC LIMIT 1',
      )
      .pluck();
    this.#identity = db
      .prepare<[string, number], number>(
        'SELECT revision_id FROM revision WHERE update_id = ? AND revision_number = ?',
      )
      .pluck();
    this.#isLeaf = db.prepare<[number], number>('SELECT is_leaf FROM revision WHERE revision_id = ?').pluck();
    this.#revisionIds = db
      .prepare<[string], number>('SELECT revision_id FROM revision WHERE update_id = ?')
      .pluck();
    this.#clauses = db.prepare(
      'SELECT clause, update_id AS updateId FROM prerequisite WHERE revision_id = ? ORDER BY clause',
    );
    this.#bundled = db.prepare(
      `SELECT member_update_id AS updateId, member_revision_number AS revisionNumber
       FROM bundled_update WHERE revision_id = ?`,
    );
    this.#bundling = db
      .prepare<[string], string>(
        'SELECT DISTINCT revision.update_id FROM bundled_update JOIN revision USING (revision_id) WHERE member_update_id = ?',
      )
      .pluck();
    this.#categories = db
      .prepare<[number], string>('SELECT category_update_id FROM revision_category WHERE revision_id = ?')
      .pluck();
    this.#drivers = db
      .prepare<[number], string>('SELECT metadata FROM driver WHERE revision_id = ? ORDER BY ordinal')
      .pluck();
  }

  /** Runs `read` on one state of the database. */
  atOneState<T>(read: () => T): T {
    return this.#db.transaction(read)();
  }

  generation(): number {
    return this.#generation.get() ?? 0;
  }

  /** Every decision about an update that is not declined. */
  decisions(): DecisionRow[] {
    return this.#db
      .prepare<[], DecisionRow>(
        `SELECT deployment_id AS deploymentId, revision_id AS revisionId, update_id AS updateId, group_id AS groupId,
                action, deadline, changed_at AS changedAt
         FROM deployment WHERE update_id NOT IN (SELECT update_id FROM declined_update)`,
      )
      .all();
  }

  groupTree(): GroupTree {
    return GroupTree.read(this.#db);
  }

  /** The generation at which what a scan says of an update last changed. */
  changes(): Map<string, number> {
    const rows = this.#db
      .prepare<[], { updateId: string; generation: number }>(
        'SELECT update_id AS updateId, generation FROM scan_change',
      )
      .all();
    return new Map(rows.map(({ updateId, generation }) => [updateId, generation]));
  }

  revision(revisionId: number): RevisionRow | undefined {
    return this.#revision.get(revisionId);
  }

  /** A prerequisite names no revision: the highest is meant ([MS-WUSP] 3.1.1, Prerequisite Table). */
  latestRevisionId(updateId: string): number | undefined {
    return this.#latest.get(updateId);
  }

  revisionIdOf(identity: UpdateIdentity): number | undefined {
    return this.#identity.get(identity.updateId, identity.revisionNumber);
  }

  isLeaf(revisionId: number): boolean {
    return this.#isLeaf.get(revisionId) === 1;
  }

  /** All revisions of an update, whichever is offered: a client may still hold an older one. */
  revisionIdsOf(updateId: string): number[] {
    return this.#revisionIds.all(updateId);
  }

  /** An AND of clauses, each an OR of UpdateIDs. */
  clausesOf(revisionId: number): string[][] {
    const clauses = new Map<number, string[]>();
    for (const { clause, updateId } of this.#clauses.all(revisionId)) {
      const items = clauses.get(clause);
      if (items === undefined) clauses.set(clause, [updateId]);
      else items.push(updateId);
    }
    return [...clauses.values()];
  }

  bundledBy(revisionId: number): UpdateIdentity[] {
    return this.#bundled.all(revisionId);
  }

  /** UpdateIDs of the updates of which any revision bundles any revision of this one. */
  updatesBundling(updateId: string): string[] {
    return this.#bundling.all(updateId);
  }

  categoriesOf(revisionId: number): string[] {
    return this.#categories.all(revisionId);
  }

  /** `DriverMetadata` as JSON, in the document's order. */
  driverMetadataOf(revisionId: number): string[] {
    return this.#drivers.all(revisionId);
  }
}
