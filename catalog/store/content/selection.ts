/** Which files of the updates that need them are fetched, by choice of the administrator. */
import type { Database } from 'better-sqlite3';

export interface ContentSelection {
  /** Whether express files are fetched, of which an agent takes only the parts that it lacks. */
  readonly express: boolean;
  /** Lower case; left out: updates of every language. Updates for every language are always fetched. */
  readonly languages?: readonly string[] | undefined;
}

/** As the configuration is without a word of it. */
export const USUAL_SELECTION: ContentSelection = { express: false };

const isExpress = (link: string): string =>
  `(ifnull(${link}.patching_type, '') LIKE '%express%' OR ${link}.file_name LIKE '%.psf')`;

/**
 * SQL over a row of `revision_file`: an express file that its revision can be installed without. Where there is nothing
 * else, it is what is installed.
 */
export const isSpareExpress = (link: string): string =>
  `(${link}.is_eula = 0 AND ${isExpress(link)} AND EXISTS (SELECT 1 FROM revision_file AS whole
    WHERE whole.revision_id = ${link}.revision_id AND whole.is_eula = 0 AND NOT ${isExpress('whole')}))`;

/** SQL over a row of `revision_file`: of an update that is for other languages alone. A revision without any is for all. */
export const isForeign = (link: string): string =>
  `(@languages IS NOT NULL AND ${link}.is_eula = 0
    AND EXISTS (SELECT 1 FROM revision_language AS spoken WHERE spoken.revision_id = ${link}.revision_id)
    AND NOT EXISTS (SELECT 1 FROM revision_language AS spoken WHERE spoken.revision_id = ${link}.revision_id
      AND lower(spoken.language) IN (SELECT value FROM json_each(@languages))))`;

/** SQL over a row of `revision_file`, to be given `selectionParameters`; licence texts are always chosen. */
export const isChosen = (link: string): string =>
  `((@express = 1 OR NOT ${isSpareExpress(link)}) AND NOT ${isForeign(link)})`;

export const selectionParameters = ({
  express,
  languages,
}: ContentSelection): { express: number; languages: string | null } => ({
  express: express ? 1 : 0,
  languages: languages === undefined ? null : JSON.stringify(languages),
});

/**
 * Takes files off the queue that are not to be fetched any more: by choice, or because none of these revisions has them.
 * What somebody asked for by name stays, and so do licence texts.
 *
 * @param revisionIds what is fetched for, with all that it bundles
 * @returns how many
 */
export function forgetUnchosen(
  db: Database,
  revisionIds: readonly number[],
  selection: ContentSelection,
  now: Date,
): number {
  return db
    .prepare(
      `UPDATE file SET content_state = 'absent', content_error = NULL, attempts = 0, retry_at = NULL, changed_at = @now
       WHERE content_state = 'wanted' AND requested_at IS NULL
         AND EXISTS (SELECT 1 FROM revision_file AS link WHERE link.sha1 = file.sha1)
         AND NOT EXISTS (SELECT 1 FROM revision_file AS link WHERE link.sha1 = file.sha1
           AND (link.is_eula = 1 OR link.revision_id IN (SELECT value FROM json_each(@revisions)))
           AND ${isChosen('link')})`,
    )
    .run({
      ...selectionParameters(selection),
      revisions: JSON.stringify(revisionIds),
      now: now.toISOString(),
    }).changes;
}
