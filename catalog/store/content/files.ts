/** Content files: what update documents say of them, and whether their content is here. */
import type { Database, Statement } from 'better-sqlite3';
import { installedRevisionIds, withBundled } from './deployment-content.ts';

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

/**
 * Files of these revisions, and of what they bundle over any number of steps, become wanted where they are absent.
 *
 * @returns how many became wanted
 */
export function markWanted(db: Database, revisionIds: readonly number[], now: Date): number {
  return db
    .prepare(
      `UPDATE file SET content_state = 'wanted', changed_at = ?
       WHERE content_state = 'absent'
         AND sha1 IN (SELECT sha1 FROM revision_file WHERE revision_id IN (SELECT value FROM json_each(?)))`,
    )
    .run(now.toISOString(), JSON.stringify(withBundled(db, revisionIds))).changes;
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
 * The same for all that some group is to install: an update can be approved before everything it bundles has arrived.
 *
 * @returns how many became wanted
 */
export const wantApprovedContent = (db: Database, now: Date): number =>
  markWanted(db, installedRevisionIds(db), now);
