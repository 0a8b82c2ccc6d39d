/** What an export carries, read a little at a time: others write meanwhile, and what is written once is never altered. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { restoreText } from '../database/deflated-text.ts';

/** A stretch of the relay's history of imports. */
export interface ImportRange {
  /** Exclusive; 0 for the beginning. */
  readonly after: number;
  /** Inclusive. */
  readonly upTo: number;
}

export interface ExportedRevision {
  readonly revisionId: number;
  readonly updateId: string;
  readonly revisionNumber: number;
  /** To the byte as it came. */
  readonly document: string;
  readonly urls: readonly { readonly sha1: string; readonly url: string }[];
}

/** Where in the history of imports that time is: what arrived from it on is after it. */
export const importsBefore = (db: Database, time: Date): number =>
  z
    .int()
    .parse(
      db
        .prepare('SELECT ifnull(max(import_sequence), 0) FROM revision WHERE arrived_at < ?')
        .pluck()
        .get(time.toISOString()),
    );

const Stored = z.union([z.string(), z.instanceof(Buffer)]);
const RevisionRow = z.object({
  revision_id: z.int(),
  update_id: z.string(),
  revision_number: z.int(),
  document: Stored,
});
const UrlRow = z.object({ sha1: z.string(), url: z.string() });

/**
 * @param afterRevisionId the last one that was read; 0 for the first
 * @param most how many
 * @param mostCharacters of their documents together; at least one is given
 */
export function exportedRevisions(
  db: Database,
  { after, upTo }: ImportRange,
  afterRevisionId: number,
  most: number,
  mostCharacters: number,
): ExportedRevision[] {
  const rows = db
    .prepare(
      `SELECT revision_id, update_id, revision_number, document FROM revision
       WHERE import_sequence > ? AND import_sequence <= ? AND revision_id > ? ORDER BY revision_id LIMIT ?`,
    )
    .iterate(after, upTo, afterRevisionId, most);
  const found: Omit<ExportedRevision, 'urls'>[] = [];
  let characters = 0;
  for (const value of rows) {
    const row = RevisionRow.parse(value);
    const document = restoreText(row.document);
    characters += document.length;
    if (found.length > 0 && characters > mostCharacters) break;
    found.push({
      revisionId: row.revision_id,
      updateId: row.update_id,
      revisionNumber: row.revision_number,
      document,
    });
  }
  const urlsOf = db.prepare(
    `SELECT DISTINCT sha1, mu_url AS url FROM revision_file JOIN file USING (sha1)
     WHERE revision_id = ? AND mu_url IS NOT NULL ORDER BY sha1`,
  );
  return found.map((revision) => ({
    ...revision,
    urls: z.array(UrlRow).parse(urlsOf.all(revision.revisionId)),
  }));
}

/**
 * Revisions up to there with encrypted files of which the keys were asked for, in the order of their arrival. All of them: a
 * key may be fetched long after its revision came, and no archive before this one may have it.
 */
export const revisionsWithKeys = (
  db: Database,
  { upTo }: Pick<ImportRange, 'upTo'>,
): { updateId: string; revisionNumber: number }[] =>
  z.array(z.object({ updateId: z.string(), revisionNumber: z.int() })).parse(
    db
      .prepare(
        `SELECT update_id AS updateId, revision_number AS revisionNumber
         FROM encrypted_revision JOIN revision USING (revision_id)
         WHERE is_fetched = 1 AND import_sequence <= ? ORDER BY revision_id`,
      )
      .all(upTo),
  );

/** Ids of driver sets that changed within the stretch. */
export function changedDriverSets(
  db: Database,
  { after, upTo }: ImportRange,
): { present: string[]; removed: string[] } {
  const rows = z.array(z.object({ id: z.string(), isRemoved: z.int() })).parse(
    db
      .prepare(
        `SELECT driver_set_id AS id, is_removed AS isRemoved FROM driver_set
         WHERE changed_sequence > ? AND changed_sequence <= ? ORDER BY driver_set_id`,
      )
      .all(after, upTo),
  );
  return {
    present: rows.filter(({ isRemoved }) => isRemoved === 0).map(({ id }) => id),
    removed: rows.filter(({ isRemoved }) => isRemoved !== 0).map(({ id }) => id),
  };
}

export interface ExportedFile {
  /** Lower-case hex. */
  readonly sha1: string;
  /** Lower-case hex; absent where no document named it. */
  readonly sha256?: string;
  /** Bytes. */
  readonly size: number;
  readonly extension: string;
}

const FileRow = z.object({
  sha1: z.string(),
  sha256: z.string().nullable(),
  size: z.int(),
  extension: z.string(),
});

/**
 * Content that is here: of revisions of the stretch, and whatever came or was looked at since.
 *
 * @param after as of a stretch
 * @param since of `changed_at`, ISO 8601 UTC; left out: all content
 */
export const exportedContent = (db: Database, after: number, since?: string): ExportedFile[] =>
  z
    .array(FileRow)
    .parse(
      db
        .prepare(
          `SELECT sha1, sha256, size, extension FROM file
           WHERE content_state = 'present' AND (@since IS NULL OR changed_at >= @since OR EXISTS (
             SELECT 1 FROM revision_file JOIN revision USING (revision_id)
             WHERE revision_file.sha1 = file.sha1 AND import_sequence > @after))
           ORDER BY sha1`,
        )
        .all({ after, since: since ?? null }),
    )
    .map(({ sha256, ...file }) => ({ ...file, ...(sha256 === null ? {} : { sha256 }) }));
