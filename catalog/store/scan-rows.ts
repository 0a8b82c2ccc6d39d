/** What the scan engine reads from the store: decisions, the group tree, and revisions many at a time. */
import type { Database, Statement } from 'better-sqlite3';
import type { UpdateIdentity, UpdateType } from '../metadata/model.ts';
import { GENERATION, REVISED, REWRITTEN } from './database/generation.ts';
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

export interface RevisionRow extends StandingRow {
  readonly updateId: string;
  readonly revisionNumber: number;
  readonly updateType: UpdateType;
  readonly arrivedAt: string;
  /** The Core fragment, not yet escaped. */
  readonly core: string;
  /** `<clause> <UpdateID>`, repeated and parted by spaces, clauses in order: many revisions have the very same. */
  readonly prerequisites: string;
  readonly bundled: readonly UpdateIdentity[];
}

/** What may change after a revision was imported. */
export interface StandingRow {
  readonly revisionId: number;
  readonly isLeaf: boolean;
  /** UpdateIDs in their order, parted by spaces. */
  readonly categories: string;
}

export interface StoredIdentity extends UpdateIdentity {
  readonly revisionId: number;
}

/** A revision that came in, as far as it can concern those that were here. */
export interface Arrival {
  readonly revisionId: number;
  readonly updateId: string;
  readonly updateType: UpdateType;
}

type RawStanding = [revisionId: number, isLeaf: number, categories: string | null];
type RawRevision = [
  ...RawStanding,
  updateId: string,
  revisionNumber: number,
  updateType: UpdateType,
  arrivedAt: string,
  core: string,
  prerequisites: string | null,
  bundled: string | null,
];

const AMONG = 'IN (SELECT value FROM json_each(?))';
const DECISIONS = `SELECT deployment_id AS deploymentId, revision_id AS revisionId, update_id AS updateId,
    group_id AS groupId, action, deadline, changed_at AS changedAt
  FROM deployment WHERE update_id NOT IN (SELECT update_id FROM declined_update)`;
const STANDING = `revision_id, is_leaf,
  (SELECT group_concat(category_update_id, ' ' ORDER BY category_update_id) FROM revision_category AS own
   WHERE own.revision_id = revision.revision_id)`;
/** What hangs on a revision comes in one text a revision: rows of their own cost more to hand over than to read. */
const REVISION = `${STANDING}, update_id, revision_number, update_type, arrived_at, core,
  (SELECT group_concat(clause || ' ' || update_id, ' ' ORDER BY clause, update_id) FROM prerequisite AS own
   WHERE own.revision_id = revision.revision_id),
  (SELECT group_concat(member_update_id || ' ' || member_revision_number, ' ' ORDER BY clause)
   FROM bundled_update AS own WHERE own.revision_id = revision.revision_id)`;

/**
 * Reads through statements prepared once; call within `begin` and `end` to see one state. Questions about many take
 * lists, whose length decides how long a call keeps the thread.
 */
export class ScanRows {
  readonly #db: Database;
  readonly #generation: Statement<[], number>;
  readonly #revised: Statement<[], number>;
  readonly #rewritten: Statement<[], number>;
  readonly #lastRevisionId: Statement<[], number | null>;
  readonly #arrivals: Statement<[number, number], Arrival>;
  readonly #membersOf: Statement<[string], string>;
  readonly #decisions: Statement<[], DecisionRow>;
  readonly #decisionsAbout: Statement<[string], DecisionRow>;
  readonly #changes: Statement<[number], [string, number]>;
  readonly #revisions: Statement<[string], RawRevision>;
  readonly #standings: Statement<[string], RawStanding>;
  readonly #identities: Statement<[string], StoredIdentity>;
  readonly #bundling: Statement<[string], [string, string]>;
  readonly #drivers: Statement<[string], [number, string]>;

  constructor(db: Database) {
    this.#db = db;
    this.#generation = db.prepare<[], number>(GENERATION).pluck();
    this.#revised = db.prepare<[], number>(REVISED).pluck();
    this.#rewritten = db.prepare<[], number>(REWRITTEN).pluck();
    this.#lastRevisionId = db.prepare<[], number | null>('SELECT max(revision_id) FROM revision').pluck();
    this.#arrivals = db.prepare(
      `SELECT revision_id AS revisionId, update_id AS updateId, update_type AS updateType
       FROM revision WHERE revision_id > ? ORDER BY revision_id LIMIT ?`,
    );
    this.#membersOf = db
      .prepare<[string], string>(
        `SELECT DISTINCT member_update_id FROM bundled_update WHERE revision_id ${AMONG}`,
      )
      .pluck();
    this.#decisions = db.prepare(DECISIONS);
    this.#decisionsAbout = db.prepare(`${DECISIONS} AND update_id ${AMONG}`);
    this.#changes = db
      .prepare<[number], [string, number]>(
        'SELECT update_id, generation FROM scan_change WHERE generation > ?',
      )
      .raw();
    this.#revisions = db
      .prepare<[string], RawRevision>(`SELECT ${REVISION} FROM revision WHERE revision_id ${AMONG}`)
      .raw();
    this.#standings = db
      .prepare<[string], RawStanding>(`SELECT ${STANDING} FROM revision WHERE revision_id ${AMONG}`)
      .raw();
    this.#identities = db.prepare(
      `SELECT update_id AS updateId, revision_number AS revisionNumber, revision_id AS revisionId
       FROM revision WHERE update_id ${AMONG} ORDER BY update_id, revision_number`,
    );
    this.#bundling = db
      .prepare<[string], [string, string]>(
        `SELECT DISTINCT member_update_id, revision.update_id FROM bundled_update JOIN revision USING (revision_id)
         WHERE member_update_id ${AMONG} ORDER BY member_update_id, revision.update_id`,
      )
      .raw();
    this.#drivers = db
      .prepare<[string], [number, string]>(
        `SELECT revision_id, metadata FROM driver WHERE revision_id ${AMONG} ORDER BY revision_id, ordinal`,
      )
      .raw();
  }

  /** From the first read until `end`, this connection sees one state of the database. */
  begin(): void {
    this.#db.exec('BEGIN');
  }

  end(): void {
    if (this.#db.inTransaction) this.#db.exec('COMMIT');
  }

  generation(): number {
    return this.#generation.get() ?? 0;
  }

  /** The generation at which anything but decisions last changed. */
  revised(): number {
    return this.#revised.get() ?? 0;
  }

  /** The generation at which anything but decisions last changed, and it was more than that revisions arrived. */
  rewritten(): number {
    return this.#rewritten.get() ?? 0;
  }

  /** The highest RevisionID that was given out; what arrives has higher ones. 0 where nothing arrived yet. */
  lastRevisionId(): number {
    return this.#lastRevisionId.get() ?? 0;
  }

  /** The first that arrived after this one, by RevisionID. */
  arrivalsAfter(revisionId: number, most: number): Arrival[] {
    return this.#arrivals.all(revisionId, most);
  }

  /** UpdateIDs of what these bundle. */
  memberIdsOf(revisionIds: readonly number[]): string[] {
    return this.#membersOf.all(JSON.stringify(revisionIds));
  }

  /** Every decision about an update that is not declined. */
  decisions(): DecisionRow[] {
    return this.#decisions.all();
  }

  decisionsAbout(updateIds: readonly string[]): DecisionRow[] {
    return this.#decisionsAbout.all(JSON.stringify(updateIds));
  }

  groupTree(): GroupTree {
    return GroupTree.read(this.#db);
  }

  /** For each update of which what a scan says changed after this generation: the generation at which it last did. */
  changesAfter(generation: number): Map<string, number> {
    return new Map(this.#changes.all(generation));
  }

  revisions(revisionIds: readonly number[]): RevisionRow[] {
    return this.#revisions.all(JSON.stringify(revisionIds)).map((raw) => {
      const [revisionId, isLeaf, categories] = raw;
      const [, , , updateId, revisionNumber, updateType, arrivedAt, core, prerequisites, bundled] = raw;
      return {
        ...standing([revisionId, isLeaf, categories]),
        updateId,
        revisionNumber,
        updateType,
        arrivedAt,
        core,
        prerequisites: prerequisites ?? '',
        bundled: readBundled(bundled),
      };
    });
  }

  standings(revisionIds: readonly number[]): StandingRow[] {
    return this.#standings.all(JSON.stringify(revisionIds)).map(standing);
  }

  /** All revisions of the updates, each update's by RevisionNumber: a client may still hold one that is not offered. */
  identitiesOf(updateIds: readonly string[]): StoredIdentity[] {
    return this.#identities.all(JSON.stringify(updateIds));
  }

  /** Pairs of an update and one of which any revision bundles any revision of it. */
  bundling(updateIds: readonly string[]): [member: string, bundle: string][] {
    return this.#bundling.all(JSON.stringify(updateIds));
  }

  /** RevisionIDs with `DriverMetadata` as JSON, in the document's order. */
  driverMetadataOf(revisionIds: readonly number[]): [revisionId: number, metadata: string][] {
    return this.#drivers.all(JSON.stringify(revisionIds));
  }
}

const standing = ([revisionId, isLeaf, categories]: RawStanding): StandingRow => ({
  revisionId,
  isLeaf: isLeaf === 1,
  categories: categories ?? '',
});

/** Of `<UpdateID> <RevisionNumber>`, repeated. */
function readBundled(text: string | null): UpdateIdentity[] {
  if (text === null) return [];
  const words = text.split(' ');
  const bundled: UpdateIdentity[] = [];
  for (let at = 0; at + 1 < words.length; at += 2) {
    bundled.push({ updateId: words[at] ?? '', revisionNumber: Number(words[at + 1]) });
  }
  return bundled;
}
