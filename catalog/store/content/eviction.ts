/** Which content makes room for other content, and when each file was last of use. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { installedRevisionIds, withBundled } from './deployment-content.ts';

/** A file whose copy is to be deleted. */
export interface EvictedFile {
  /** Lower-case hex. */
  readonly sha1: string;
  readonly extension: string;
  /** Bytes. */
  readonly size: number;
}

const EvictedRow = z.object({ sha1: z.string(), extension: z.string(), size: z.int() });
const LeftoverRow = EvictedRow.extend({ is_absent: z.int() });

/** Bytes of all that is here, and of what is still to be deleted. */
export const storedBytes = (db: Database): number =>
  z.int().parse(
    db
      .prepare(
        `SELECT ifnull((SELECT sum(size) FROM file WHERE content_state = 'present'), 0)
             + ifnull((SELECT sum(size) FROM file WHERE is_evicted = 1 AND content_state <> 'present'), 0)`,
      )
      .pluck()
      .get(),
  );

/** Whether some group is to install something of which the file is a part, over any number of bundles. */
export const isNeeded = (db: Database, sha1: string): boolean =>
  db
    .prepare(
      `WITH RECURSIVE holder (revision_id) AS (
         SELECT revision_id FROM revision_file WHERE sha1 = ?
         UNION
         SELECT bundled_update.revision_id FROM holder JOIN revision AS member USING (revision_id)
           JOIN bundled_update ON bundled_update.member_update_id = member.update_id
             AND bundled_update.member_revision_number = member.revision_number
       )
       SELECT 1 FROM holder JOIN deployment USING (revision_id)
       WHERE action IN ('Install', 'OptionalInstall') LIMIT 1`,
    )
    .get(sha1) !== undefined;

/**
 * Chooses files whose place is at least so large, of those that no approval needs, the longest unused first. They are
 * absent from now on; their copies are to be deleted and `markDeleted` after that. Licence texts are never chosen. Where
 * all of them together are not enough, none is.
 *
 * @param bytes to be made free
 * @returns undefined where there is not as much
 */
export function evict(db: Database, bytes: number, now: Date): EvictedFile[] | undefined {
  return db
    .transaction((): EvictedFile[] | undefined => {
      const candidates = db
        .prepare<[string]>(
          `SELECT sha1, extension, size FROM file
           WHERE content_state = 'present'
             AND NOT EXISTS (SELECT 1 FROM revision_file AS link WHERE link.sha1 = file.sha1 AND link.is_eula = 1)
             AND sha1 NOT IN
               (SELECT sha1 FROM revision_file WHERE revision_id IN (SELECT value FROM json_each(?)))
           ORDER BY coalesce(last_used_on, substr(changed_at, 1, 10)), size DESC, sha1`,
        )
        .iterate(JSON.stringify(withBundled(db, installedRevisionIds(db))));
      const chosen: EvictedFile[] = [];
      let free = 0;
      for (const candidate of candidates) {
        if (free >= bytes) break;
        const file = EvictedRow.parse(candidate);
        chosen.push(file);
        free += file.size;
      }
      if (free < bytes) return undefined;
      const giveUp = db.prepare(
        `UPDATE file SET content_state = 'absent', is_evicted = 1, verified_stat = NULL, last_used_on = NULL,
           changed_at = ? WHERE sha1 = ?`,
      );
      for (const { sha1 } of chosen) giveUp.run(now.toISOString(), sha1);
      return chosen;
    })
    .immediate();
}

/**
 * Files that an earlier process gave up and may not have deleted. What is wanted again by now is not among them: its copy
 * is as good as one that came just now, once it is verified.
 */
export function leftoverFiles(db: Database): EvictedFile[] {
  return db
    .transaction(() => {
      const rows = z
        .array(LeftoverRow)
        .parse(
          db
            .prepare(
              `SELECT sha1, extension, size, content_state = 'absent' AS is_absent FROM file WHERE is_evicted = 1`,
            )
            .all(),
        );
      for (const { sha1, is_absent: isAbsent } of rows) if (isAbsent === 0) markDeleted(db, sha1);
      return rows.filter(({ is_absent: isAbsent }) => isAbsent !== 0);
    })
    .immediate();
}

/** Its copy is gone. */
export function markDeleted(db: Database, sha1: string): void {
  db.prepare('UPDATE file SET is_evicted = 0 WHERE sha1 = ?').run(sha1);
}

/**
 * Notes that the file was served. A day is enough to know what is of no use any more.
 *
 * @param day yyyy-MM-dd, UTC
 */
export function markUsed(db: Database, sha1: string, day: string): void {
  db.prepare(
    `UPDATE file SET last_used_on = @day
     WHERE sha1 = @sha1 AND content_state = 'present' AND (last_used_on IS NULL OR last_used_on < @day)`,
  ).run({ sha1, day });
}
