/** The files that decisions need: of the updates themselves and, over any number of steps, of what they bundle. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';

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

/** Distinct files whose content is not here. */
export function missingContent(
  db: Database,
  revisionIds: readonly number[],
): { files: number; bytes: number } {
  return Missing.parse(
    db
      .prepare(
        `${WITH_MEMBERS}
         SELECT count(*) AS files, coalesce(sum(size), 0) AS bytes FROM file
         WHERE content_state <> 'present' AND sha1 IN (
           SELECT sha1 FROM revision_file WHERE revision_id IN (SELECT revision_id FROM whole))`,
      )
      .get({ revisions: JSON.stringify(revisionIds) }),
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
