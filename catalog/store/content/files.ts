/** Content files: what update documents say of them, and whether their content is here. */
import type { Database, Statement } from 'better-sqlite3';
import { z } from 'zod';
import { deployableRevisionIds, installedRevisionIds, withBundled } from './deployment-content.ts';
import {
  forgetUnchosen,
  isChosen,
  isForeign,
  isSpareExpress,
  selectionParameters,
  USUAL_SELECTION,
  type ContentSelection,
} from './selection.ts';

export type ContentState = 'absent' | 'wanted' | 'present' | 'quarantined';

export interface FileRow {
  /** Lower-case hex. */
  readonly sha1: string;
  /** Lower-case hex; absent where no document named it. */
  readonly sha256?: string;
  /** Bytes. */
  readonly size: number;
  /** With its dot, lower case, or empty. */
  readonly extension: string;
  /** Where Microsoft's content network has it. */
  readonly muUrl?: string;
  readonly contentState: ContentState;
  /** Why it is quarantined, or could not be fetched the last time. */
  readonly contentError?: string;
  /** `statKey` of the file on disk when its digests were last found right. */
  readonly verifiedStat?: string;
}

interface Row {
  readonly sha1: string;
  readonly sha256: string | null;
  readonly size: number;
  readonly extension: string;
  readonly muUrl: string | null;
  readonly contentState: ContentState;
  readonly contentError: string | null;
  readonly verifiedStat: string | null;
}

const COLUMNS = `file.sha1, file.sha256, file.size, file.extension, file.mu_url AS muUrl,
  file.content_state AS contentState, file.content_error AS contentError, file.verified_stat AS verifiedStat`;

const toFile = ({ sha256, muUrl, contentError, verifiedStat, ...row }: Row): FileRow => ({
  ...row,
  ...(sha256 === null ? {} : { sha256 }),
  ...(muUrl === null ? {} : { muUrl }),
  ...(contentError === null ? {} : { contentError }),
  ...(verifiedStat === null ? {} : { verifiedStat }),
});

/** Finds one file at a time, as often as content is asked for. */
export class FileLookup {
  readonly #find: Statement<[string], Row>;

  constructor(db: Database) {
    this.#find = db.prepare(`SELECT ${COLUMNS} FROM file WHERE sha1 = ?`);
  }

  /** @param sha1 hex, in any case */
  bySha1(sha1: string): FileRow | undefined {
    const row = this.#find.get(sha1.toLowerCase());
    return row === undefined ? undefined : toFile(row);
  }
}

/** @param sha1 hex, in any case */
export const fileBySha1 = (db: Database, sha1: string): FileRow | undefined =>
  new FileLookup(db).bySha1(sha1);

/** Each file once; those of bundled updates are those of other revisions. */
export const filesOfRevisions = (db: Database, revisionIds: readonly number[]): FileRow[] =>
  db
    .prepare<[string], Row>(
      `SELECT ${COLUMNS} FROM file
       WHERE sha1 IN (SELECT sha1 FROM revision_file WHERE revision_id IN (SELECT value FROM json_each(?)))
       ORDER BY sha1`,
    )
    .all(JSON.stringify(revisionIds))
    .map(toFile);

/** What update documents call the file, each name once. */
export const fileNamesOf = (db: Database, sha1: string): string[] =>
  z
    .array(z.string())
    .parse(
      db
        .prepare('SELECT DISTINCT file_name FROM revision_file WHERE sha1 = ? ORDER BY file_name')
        .pluck()
        .all(sha1),
    );

/** A file that agents are told of. */
export interface OfferedFile {
  /** Lower-case hex. */
  readonly sha1: string;
  readonly extension: string;
  /** Where agents find it themselves; absent where it is to be had here. */
  readonly elsewhere?: string;
}

const OfferedRow = z.object({ sha1: z.string(), extension: z.string(), elsewhere: z.string().nullable() });

/**
 * What an agent may fetch of a revision, each file once: express files that are not fetched by choice are left out, so
 * that it takes the self-contained ones; files of other languages are where the metadata says.
 */
export const filesToOffer = (db: Database, revisionId: number, selection: ContentSelection): OfferedFile[] =>
  z
    .array(OfferedRow)
    .parse(
      db
        .prepare(
          `SELECT file.sha1, file.extension, CASE min(${isForeign('link')}) WHEN 1 THEN file.mu_url END AS elsewhere
           FROM revision_file AS link JOIN file ON file.sha1 = link.sha1
           WHERE link.revision_id = @revisionId AND (@express = 1 OR NOT ${isSpareExpress('link')})
           GROUP BY file.sha1 ORDER BY file.sha1`,
        )
        .all({ revisionId, ...selectionParameters(selection) }),
    )
    .map(({ elsewhere, ...file }) => ({ ...file, ...(elsewhere === null ? {} : { elsewhere }) }));

/**
 * Files of these revisions, and of what they bundle over any number of steps, become wanted where they are absent and
 * fetched by choice.
 *
 * @returns how many became wanted
 */
export function markWanted(
  db: Database,
  revisionIds: readonly number[],
  now: Date,
  selection: ContentSelection = USUAL_SELECTION,
): number {
  return db
    .prepare(
      `UPDATE file SET content_state = 'wanted', changed_at = @now
       WHERE content_state = 'absent'
         AND sha1 IN (SELECT sha1 FROM revision_file AS link
           WHERE revision_id IN (SELECT value FROM json_each(@revisions)) AND ${isChosen('link')})`,
    )
    .run({
      now: now.toISOString(),
      revisions: JSON.stringify(withBundled(db, revisionIds)),
      ...selectionParameters(selection),
    }).changes;
}

/**
 * The same for single files, which somebody waits for.
 *
 * @param sha1s lower-case hex
 */
export function markWantedBySha1(db: Database, sha1s: readonly string[], now: Date): number {
  const want = db.prepare(
    `UPDATE file SET content_state = 'wanted', requested_at = coalesce(requested_at, @at), changed_at = @at
     WHERE sha1 = @sha1 AND (content_state = 'absent' OR content_state = 'wanted' AND requested_at IS NULL)`,
  );
  const at = now.toISOString();
  return sha1s.reduce((sum, sha1) => sum + want.run({ at, sha1 }).changes, 0);
}

/**
 * Brings the queue to what is to be fetched, which may be another since the configuration or the catalogue changed: an
 * update can be approved before everything it bundles has arrived.
 *
 * @param isAll whether what no approval needs is fetched too (`content.store`)
 */
export function followSelection(
  db: Database,
  {
    isAll,
    selection,
    now,
  }: { readonly isAll: boolean; readonly selection: ContentSelection; readonly now: Date },
): void {
  db.transaction(() => {
    const seeds = [...installedRevisionIds(db), ...(isAll ? deployableRevisionIds(db) : [])];
    forgetUnchosen(db, withBundled(db, seeds), selection, now);
    markWanted(db, seeds, now, selection);
  }).immediate();
}
