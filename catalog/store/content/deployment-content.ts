/** The files that decisions need: of the updates themselves and, over any number of steps, of what they bundle. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { isChosen, selectionParameters, USUAL_SELECTION, type ContentSelection } from './selection.ts';

const WITH_MEMBERS = `WITH RECURSIVE whole (revision_id) AS (
    SELECT value FROM json_each(@revisions)
    UNION
    SELECT member.revision_id FROM whole
      JOIN bundled_update ON bundled_update.revision_id = whole.revision_id
      JOIN revision AS member ON member.update_id = bundled_update.member_update_id
        AND member.revision_number = bundled_update.member_revision_number
  )`;

const Missing = z.object({ files: z.int(), bytes: z.int() });

/** The revisions and all that they bundle. */
export function withBundled(db: Database, revisionIds: readonly number[]): number[] {
  return z.array(z.int()).parse(
    db
      .prepare(`${WITH_MEMBERS} SELECT revision_id FROM whole`)
      .pluck()
      .all({ revisions: JSON.stringify(revisionIds) }),
  );
}

/** Distinct files whose content is not here, of those that are fetched. */
export function missingContent(
  db: Database,
  revisionIds: readonly number[],
  selection: ContentSelection = USUAL_SELECTION,
): { files: number; bytes: number } {
  return Missing.parse(
    db
      .prepare(
        `${WITH_MEMBERS}
         SELECT count(*) AS files, coalesce(sum(size), 0) AS bytes FROM file
         WHERE content_state <> 'present' AND sha1 IN (
           SELECT sha1 FROM revision_file AS link WHERE revision_id IN (SELECT revision_id FROM whole)
             AND ${isChosen('link')})`,
      )
      .get({ revisions: JSON.stringify(revisionIds), ...selectionParameters(selection) }),
  );
}

/**
 * Takes files of these revisions off the queue that no installation needs any more. What is here stays.
 *
 * @returns how many
 */
export function forgetUnneeded(db: Database, revisionIds: readonly number[], now: Date): number {
  const stillNeeded = withBundled(db, installedRevisionIds(db));
  return db
    .prepare(
      `${WITH_MEMBERS}
       UPDATE file SET content_state = 'absent', content_error = NULL, attempts = 0, retry_at = NULL,
         requested_at = NULL, changed_at = @now
       WHERE content_state = 'wanted'
         AND sha1 IN (SELECT sha1 FROM revision_file WHERE is_eula = 0 AND revision_id IN (SELECT revision_id FROM whole))
         AND sha1 NOT IN (SELECT sha1 FROM revision_file WHERE revision_id IN (SELECT value FROM json_each(@needed)))`,
    )
    .run({
      revisions: JSON.stringify(revisionIds),
      needed: JSON.stringify(stillNeeded),
      now: now.toISOString(),
    }).changes;
}

/** The revisions that some group is to install. */
export const installedRevisionIds = (db: Database): number[] =>
  z
    .array(z.int())
    .parse(
      db
        .prepare("SELECT DISTINCT revision_id FROM deployment WHERE action IN ('Install', 'OptionalInstall')")
        .pluck()
        .all(),
    );

/**
 * The revisions that a group could be told to install: the latest of each update, unless it is declined or expired. What
 * an update is only bundled in is reached over the bundle.
 */
export const deployableRevisionIds = (db: Database): number[] =>
  z.array(z.int()).parse(
    db
      .prepare(
        `SELECT revision_id FROM revision
           WHERE is_latest = 1 AND explicitly_deployable = 1 AND update_type IN ('Software', 'Driver')
             AND publication_state = 'Published' AND update_id NOT IN (SELECT update_id FROM declined_update)`,
      )
      .pluck()
      .all(),
  );
