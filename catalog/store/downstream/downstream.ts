/** What a downstream server asks of the catalogue ([MS-WSUSSS] 3.1.4), and who asked. */
import type { Database } from 'better-sqlite3';
import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import { z } from 'zod';
import type { UpdateIdentity } from '../../metadata/model.ts';
import { compose, readAll } from '../database/composed-query.ts';
import type { Tables } from '../database/composed-query.ts';
import { markWantedBySha1 } from '../content/files.ts';

/** A point in the catalogue's history, by the import that ended there. */
export interface CataloguePoint {
  readonly sequence: number;
  /** When that import happened, ISO 8601 UTC. */
  readonly arrivedAt: string;
}

/** A category or classification in a filter; `delta`: only what is newer than the anchor. */
export interface CategoryFilter {
  readonly id: string;
  readonly delta: boolean;
}

export interface RevisionFilter {
  /** 0 for everything. */
  readonly newerThan: number;
  /** Both empty: no filter. One empty: nothing belongs to both ([MS-WSUSSS] 3.1.4.5.3.1). */
  readonly categories: readonly CategoryFilter[];
  readonly classifications: readonly CategoryFilter[];
}

const IdentityRow = z
  .object({ update_id: z.string(), revision_number: z.int() })
  .transform((row): UpdateIdentity => ({ updateId: row.update_id, revisionNumber: row.revision_number }));

/** Where the catalogue stands now; undefined while it is empty. */
export function latestPoint(db: Database): CataloguePoint | undefined {
  const row = z
    .object({ import_sequence: z.int(), arrived_at: z.string() })
    .optional()
    .parse(
      db
        .prepare(
          'SELECT import_sequence, arrived_at FROM revision ORDER BY import_sequence DESC, arrived_at DESC LIMIT 1',
        )
        .get(),
    );
  return row === undefined ? undefined : { sequence: row.import_sequence, arrivedAt: row.arrived_at };
}

/** Categories, classifications and detectoids that came after a point: the highest revision of each. */
export function categoriesAfter(db: Database, sequence: number): UpdateIdentity[] {
  return db
    .prepare(
      `SELECT update_id, revision_number FROM revision
       WHERE is_latest = 1 AND update_type IN ('Category', 'Detectoid') AND import_sequence > ?
       ORDER BY import_sequence, revision_id`,
    )
    .all(sequence)
    .map((row) => IdentityRow.parse(row));
}

type RevisionScope = ExpressionBuilder<Tables, 'revision'>;

const belongsTo = (scope: RevisionScope, ids: readonly string[]): Expression<SqlBool> =>
  scope.exists(
    scope
      .selectFrom('revision_category')
      .select('revision_category.revision_id')
      .whereRef('revision_category.revision_id', '=', 'revision.revision_id')
      .where('revision_category.category_update_id', 'in', ids),
  );

const idsOf = (filters: readonly CategoryFilter[]): string[] => filters.map(({ id }) => id);
const wholeIdsOf = (filters: readonly CategoryFilter[]): string[] =>
  filters.filter(({ delta }) => !delta).map(({ id }) => id);

/**
 * Updates that match the filter, the highest revision of each, and the members of the bundles among them, which a
 * bundle names by exact revision. Members follow all bundles.
 */
export function updatesMatching(db: Database, filter: RevisionFilter): UpdateIdentity[] {
  const { categories, classifications, newerThan } = filter;
  const isFiltered = categories.length > 0 || classifications.length > 0;
  if (isFiltered && (categories.length === 0 || classifications.length === 0)) return [];
  const matching = compose
    .selectFrom('revision')
    .select(['revision.revision_id', 'revision.update_id', 'revision.revision_number'])
    .where('revision.is_latest', '=', 1)
    .where('revision.update_type', 'in', ['Software', 'Driver'])
    .where((scope) => {
      const isNewer = scope('revision.import_sequence', '>', newerThan);
      if (!isFiltered) return isNewer;
      const whole = [wholeIdsOf(categories), wholeIdsOf(classifications)]
        .filter((ids) => ids.length > 0)
        .map((ids) => belongsTo(scope, ids));
      return scope.and([
        belongsTo(scope, idsOf(categories)),
        belongsTo(scope, idsOf(classifications)),
        scope.or([isNewer, ...whole]),
      ]);
    });
  const withMembers = compose
    .withRecursive('listed', (query) =>
      query
        .selectFrom(matching.as('matching'))
        .select('matching.revision_id')
        .union(
          query
            .selectFrom('listed')
            .innerJoin('bundled_update', 'bundled_update.revision_id', 'listed.revision_id')
            .innerJoin('revision', (join) =>
              join
                .onRef('revision.update_id', '=', 'bundled_update.member_update_id')
                .onRef('revision.revision_number', '=', 'bundled_update.member_revision_number'),
            )
            .select('revision.revision_id'),
        ),
    )
    .selectFrom('listed')
    .innerJoin('revision', 'revision.revision_id', 'listed.revision_id')
    .select(['revision.update_id', 'revision.revision_number'])
    .orderBy('revision.import_sequence')
    .orderBy('revision.revision_id');
  return readAll(db, withMembers, IdentityRow);
}

/** An update document's files, for `FileDigestList` and `fileUrls`. */
export interface RevisionFileUrl {
  /** Lower-case hex. */
  readonly sha1: string;
  readonly muUrl?: string;
}

export function fileUrlsOf(db: Database, { updateId, revisionNumber }: UpdateIdentity): RevisionFileUrl[] {
  const Row = z.object({ sha1: z.string(), mu_url: z.string().nullable() });
  return db
    .prepare(
      `SELECT DISTINCT file.sha1, file.mu_url
       FROM revision
       JOIN revision_file ON revision_file.revision_id = revision.revision_id
       JOIN file ON file.sha1 = revision_file.sha1
       WHERE revision.update_id = ? AND revision.revision_number = ?
       ORDER BY file.sha1`,
    )
    .all(updateId, revisionNumber)
    .map((value) => {
      const row = Row.parse(value);
      return row.mu_url === null ? { sha1: row.sha1 } : { sha1: row.sha1, muUrl: row.mu_url };
    });
}

export interface WantedAnswer {
  /** Digests that no revision names. */
  readonly unknown: readonly string[];
  /** Files that became wanted by this call. */
  readonly wanted: number;
}

/** Files that a downstream server could not download here yet become wanted; nothing changes where one is unknown. */
export function wantFiles(db: Database, sha1s: readonly string[], now: Date): WantedAnswer {
  return db.transaction((): WantedAnswer => {
    const isKnown = db.prepare('SELECT 1 FROM file WHERE sha1 = ?');
    const unknown = sha1s.filter((sha1) => isKnown.get(sha1) === undefined);
    if (unknown.length > 0) return { unknown, wanted: 0 };
    return { unknown, wanted: markWantedBySha1(db, sha1s, now) };
  })();
}

/** A downstream server that asked for an authorization cookie ([MS-WSUSSS] 3.1.4.2). */
export interface DownstreamServer {
  /** Lower-case guid. */
  readonly accountGuid: string;
  readonly accountName: string;
  readonly ipAddress: string;
}

export function recordDownstreamServer(db: Database, server: DownstreamServer, now: Date): void {
  const at = now.toISOString();
  db.prepare(
    `INSERT INTO downstream_server (account_guid, account_name, ip_address, first_contact, last_contact)
     VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (account_guid) DO UPDATE SET account_name = excluded.account_name,
       ip_address = excluded.ip_address, last_contact = excluded.last_contact`,
  ).run(server.accountGuid, server.accountName, server.ipAddress, at, at);
}
