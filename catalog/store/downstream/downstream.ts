/** What a downstream server asks of the catalogue ([MS-WSUSSS] 3.1.4), and who asked. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { UpdateIdentity } from '../../metadata/model.ts';
import { markWantedBySha1 } from '../content/files.ts';
import { IdentityRow } from '../revisions/identity-row.ts';

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
  /** Left out or empty: every language. What is for every language matches whatever is asked for. */
  readonly languages?: readonly LanguageFilter[];
}

/** A language in a filter, lower case as in `pt-br`; `delta`: only what is newer than the anchor. */
export interface LanguageFilter {
  readonly language: string;
  readonly delta: boolean;
}

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

const isAmong = (list: string): string => `EXISTS (SELECT 1 FROM revision_category AS own
  WHERE own.revision_id = revision.revision_id AND own.category_update_id IN (SELECT value FROM json_each(${list})))`;
const IS_NEWER = 'revision.import_sequence > @newerThan';
const IS_ASKED_FOR_WHOLE = `${isAmong('@wholeCategories')} OR ${isAmong('@wholeClassifications')}`;
const BELONGS = `${isAmong('@categories')} AND ${isAmong('@classifications')}`;
const matching = (condition: string): string => `
  WITH RECURSIVE listed (revision_id) AS (
    SELECT revision_id FROM revision WHERE is_latest = 1 AND update_type IN ('Software', 'Driver') AND ${condition}
    UNION
    SELECT member.revision_id FROM listed
      JOIN bundled_update ON bundled_update.revision_id = listed.revision_id
      JOIN revision AS member ON member.update_id = bundled_update.member_update_id
        AND member.revision_number = bundled_update.member_revision_number
  )
  SELECT update_id, revision_number FROM listed JOIN revision ON revision.revision_id = listed.revision_id
  ORDER BY import_sequence, revision.revision_id`;
const speaks = (among = ''): string => `EXISTS (SELECT 1 FROM revision_language AS spoken
  WHERE spoken.revision_id = revision.revision_id${among})`;
const speaksOneOf = (list: string): string =>
  speaks(` AND spoken.language IN (SELECT value FROM json_each(${list}))`);
const FITS_LANGUAGES = `(NOT ${speaks()} OR ${speaksOneOf('@languages')})`;

/** UpdateIDs as a JSON array, for `json_each`. */
const idsOf = (filters: readonly CategoryFilter[]): string => JSON.stringify(filters.map(({ id }) => id));
const wholeIdsOf = (filters: readonly CategoryFilter[]): string =>
  idsOf(filters.filter(({ delta }) => !delta));

/**
 * Updates that match the filter, the highest revision of each, and the members of the bundles among them, which a
 * bundle names by exact revision.
 */
export function updatesMatching(db: Database, filter: RevisionFilter): UpdateIdentity[] {
  const { categories, classifications, languages = [], newerThan } = filter;
  const isFiltered = categories.length > 0 || classifications.length > 0;
  if (isFiltered && (categories.length === 0 || classifications.length === 0)) return [];
  const bound = {
    newerThan,
    categories: idsOf(categories),
    classifications: idsOf(classifications),
    wholeCategories: wholeIdsOf(categories),
    wholeClassifications: wholeIdsOf(classifications),
  };
  // Which conditions hold is in the query's own text, so that what is newer is found by its index.
  const asksForWhole = [...categories, ...classifications].some(({ delta }) => !delta);
  const wholeLanguages = languages.filter(({ delta }) => !delta);
  const reasons = [
    IS_NEWER,
    ...(asksForWhole ? [IS_ASKED_FOR_WHOLE] : []),
    ...(wholeLanguages.length > 0 ? [speaksOneOf('@wholeLanguages')] : []),
  ];
  const conditions = [
    `(${reasons.join(' OR ')})`,
    ...(isFiltered ? [BELONGS] : []),
    ...(languages.length > 0 ? [FITS_LANGUAGES] : []),
  ];
  return db
    .prepare(matching(conditions.join(' AND ')))
    .all({
      ...bound,
      languages: JSON.stringify(languages.map(({ language }) => language)),
      wholeLanguages: JSON.stringify(wholeLanguages.map(({ language }) => language)),
    })
    .map((row) => IdentityRow.parse(row));
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
  /** Files that became wanted, or that somebody waits for, by this call. */
  readonly wanted: number;
}

/** Files that a downstream server could not download here yet become wanted, whatever else it named. */
export function wantFiles(db: Database, sha1s: readonly string[], now: Date): WantedAnswer {
  return db
    .transaction((): WantedAnswer => {
      const isKnown = db.prepare('SELECT 1 FROM file WHERE sha1 = ?');
      const unknown = sha1s.filter((sha1) => isKnown.get(sha1) === undefined);
      const known = sha1s.filter((sha1) => !unknown.includes(sha1));
      return { unknown, wanted: markWantedBySha1(db, known, now) };
    })
    .immediate();
}

/** A downstream server that asked for an authorization cookie ([MS-WSUSSS] 3.1.4.2). */
export interface DownstreamServer {
  /** Lower-case guid. */
  readonly accountGuid: string;
  readonly accountName: string;
  readonly ipAddress: string;
}

/**
 * Servers that are kept without ever having reported themselves. Whoever may come in without being listed can invent as
 * many as it likes.
 */
const MOST_UNREPORTED = 1_000;

/** Those that came once and never again go first, of them those that came first. */
const FORGET_INVENTED = `DELETE FROM downstream_server WHERE account_guid IN (
  SELECT account_guid FROM downstream_server
  WHERE account_guid <> ? AND account_guid NOT IN (SELECT server_id FROM rolled_up_server)
  ORDER BY first_contact < last_contact DESC, last_contact DESC, account_guid LIMIT -1 OFFSET ${MOST_UNREPORTED - 1})`;

export function recordDownstreamServer(db: Database, server: DownstreamServer, now: Date): void {
  const at = now.toISOString();
  const { accountGuid, accountName, ipAddress } = server;
  db.transaction(() => {
    const isKnown = db.prepare('SELECT 1 FROM downstream_server WHERE account_guid = ?').get(accountGuid);
    db.prepare(
      `INSERT INTO downstream_server (account_guid, account_name, ip_address, first_contact, last_contact)
       VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (account_guid) DO UPDATE SET account_name = excluded.account_name,
         ip_address = excluded.ip_address, last_contact = excluded.last_contact`,
    ).run(accountGuid, accountName, ipAddress, at, at);
    if (isKnown === undefined) db.prepare(FORGET_INVENTED).run(accountGuid);
  })();
}
