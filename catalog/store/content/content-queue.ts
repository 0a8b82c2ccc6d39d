/** The queue of content files: what is wanted and not here yet, and what became of each attempt. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { installedRevisionIds, withBundled } from './deployment-content.ts';

/** A file to be fetched, by what the pinned metadata says of it. */
export interface WantedFile {
  /** Lower-case hex. */
  readonly sha1: string;
  /** Lower-case hex. */
  readonly sha256?: string;
  /** Bytes. */
  readonly size: number;
  readonly extension: string;
  readonly muUrl?: string;
  /** Attempts that failed so far. */
  readonly attempts: number;
  /** Whether somebody waits for it. */
  readonly isRequested: boolean;
  /** Where the bytes came from that put it into quarantine, as far as it is known. */
  readonly doubtedOrigin?: string;
}

const WantedRow = z.object({
  sha1: z.string(),
  sha256: z.string().nullable(),
  size: z.int(),
  extension: z.string(),
  mu_url: z.string().nullable(),
  attempts: z.int(),
  is_requested: z.int(),
  doubted_origin: z.string().nullable(),
});

/** Licence texts are shown in the console, so nobody need ask for them. */
const IS_ASKED_FOR = `(requested_at IS NOT NULL
  OR EXISTS (SELECT 1 FROM revision_file WHERE revision_file.sha1 = file.sha1 AND is_eula = 1))`;

/** That no group is to install anything of which it is a part; to be given `neededRevisions`. */
const IS_UNNEEDED = `file.sha1 NOT IN
  (SELECT sha1 FROM revision_file WHERE revision_id IN (SELECT value FROM json_each(@needed)))`;

const neededRevisions = (db: Database): string => JSON.stringify(withBundled(db, installedRevisionIds(db)));

export interface QueueChoice {
  /** Digests of files that are being fetched already. */
  readonly except?: readonly string[];
  /** Leaves out what no client has asked for. */
  readonly onlyRequested?: boolean;
  /** What no approval needs comes last, however small it is. */
  readonly approvedFirst?: boolean;
  /** Bytes of the largest file that nobody waits for; left out: any. */
  readonly largest?: number;
}

/** The soonest deadline of the decisions that need a file, over what they bundle. */
const DUE_FILES = `WITH RECURSIVE due (revision_id, deadline) AS (
    SELECT revision_id, deadline FROM deployment
      WHERE action IN ('Install', 'OptionalInstall') AND deadline IS NOT NULL
    UNION
    SELECT member.revision_id, due.deadline FROM due
      JOIN bundled_update ON bundled_update.revision_id = due.revision_id
      JOIN revision AS member ON member.update_id = bundled_update.member_update_id
        AND member.revision_number = bundled_update.member_revision_number
  ), due_file (sha1, deadline) AS (
    SELECT sha1, min(deadline) FROM due JOIN revision_file USING (revision_id) GROUP BY sha1
  )`;

/**
 * Files that may be tried now: first what a client waits for, then what has the soonest deadline, then those that failed
 * least, then the small ones. A quarantined file is among them when its time has
 * come: whoever altered it on its way may be gone.
 */
export function nextWanted(
  db: Database,
  limit: number,
  now: Date,
  { except = [], onlyRequested = false, approvedFirst = false, largest }: QueueChoice = {},
): WantedFile[] {
  return db
    .prepare(
      `${DUE_FILES}
       SELECT file.sha1, sha256, size, extension, mu_url, attempts, requested_at IS NOT NULL AS is_requested,
         (SELECT origin FROM content_finding
            WHERE content_finding.sha1 = file.sha1 AND content_state = 'quarantined') AS doubted_origin
       FROM file LEFT JOIN due_file ON due_file.sha1 = file.sha1
       WHERE content_state IN ('wanted', 'quarantined') AND (retry_at IS NULL OR retry_at <= @now)
         AND file.sha1 NOT IN (SELECT value FROM json_each(@except))${onlyRequested ? ` AND ${IS_ASKED_FOR}` : ''}
         AND (@largest IS NULL OR size <= @largest OR requested_at IS NOT NULL)
       ORDER BY requested_at IS NULL, deadline IS NULL, deadline,${
         approvedFirst
           ? `
         ${IS_UNNEEDED},`
           : ''
       }
         attempts, size, file.sha1
       LIMIT @limit`,
    )
    .all({
      now: now.toISOString(),
      except: JSON.stringify(except),
      largest: largest ?? null,
      ...(approvedFirst ? { needed: neededRevisions(db) } : {}),
      limit,
    })
    .map((value) => {
      const row = WantedRow.parse(value);
      return {
        sha1: row.sha1,
        size: row.size,
        extension: row.extension,
        attempts: row.attempts,
        isRequested: row.is_requested !== 0,
        ...(row.sha256 === null ? {} : { sha256: row.sha256 }),
        ...(row.mu_url === null ? {} : { muUrl: row.mu_url }),
        ...(row.doubted_origin === null ? {} : { doubtedOrigin: row.doubted_origin }),
      };
    });
}

/** When the next file may be tried that may not be tried yet. */
export function nextRetryAt(db: Database, now: Date): Date | undefined {
  const value = z
    .string()
    .nullable()
    .parse(
      db
        .prepare(
          "SELECT min(retry_at) FROM file WHERE content_state IN ('wanted', 'quarantined') AND retry_at > ?",
        )
        .pluck()
        .get(now.toISOString()),
    );
  return value === null ? undefined : new Date(value);
}

/**
 * @param verifiedStat `statKey` of the file whose digests were just checked
 * @param origin where it came from; left out where it only was looked at again
 */
export function markPresent(
  db: Database,
  sha1: string,
  verifiedStat: string,
  now: Date,
  origin?: string,
): void {
  db.prepare(
    `UPDATE file SET content_state = 'present', content_error = NULL, attempts = 0, retry_at = NULL,
       requested_at = NULL, verified_stat = @verifiedStat, checked_at = @at, changed_at = @at,
       origin = coalesce(@origin, origin), received_at = iif(@origin IS NULL, received_at, @at)
     WHERE sha1 = @sha1`,
  ).run({ sha1, verifiedStat, at: now.toISOString(), origin: origin ?? null });
}

/** The file stays wanted and is tried again, not before `retryAt`. */
export function markRetry(db: Database, sha1: string, reason: string, retryAt: Date, now: Date): void {
  db.prepare(
    `UPDATE file SET content_error = ?, attempts = attempts + 1, retry_at = ?, changed_at = ?
     WHERE sha1 = ?`,
  ).run(reason, retryAt.toISOString(), now.toISOString(), sha1);
}

/** The same where nothing failed: the file waits for something else. */
export function markWaiting(db: Database, sha1: string, reason: string, retryAt: Date, now: Date): void {
  db.prepare(`UPDATE file SET content_error = ?, retry_at = ?, changed_at = ? WHERE sha1 = ?`).run(
    reason,
    retryAt.toISOString(),
    now.toISOString(),
    sha1,
  );
}

/** What came was not what the metadata says. Nothing of it is kept, and it is not tried again before `retryAt`. */
export function markQuarantined(db: Database, sha1: string, reason: string, retryAt: Date, now: Date): void {
  db.prepare(
    `UPDATE file SET content_state = 'quarantined', content_error = ?, attempts = attempts + 1, retry_at = ?,
       verified_stat = NULL, changed_at = ? WHERE sha1 = ?`,
  ).run(reason, retryAt.toISOString(), now.toISOString(), sha1);
}
