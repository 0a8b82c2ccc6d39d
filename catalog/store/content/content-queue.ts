/** The queue of content files: what is wanted and not here yet, and what became of each attempt. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';

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
}

const WantedRow = z.object({
  sha1: z.string(),
  sha256: z.string().nullable(),
  size: z.int(),
  extension: z.string(),
  mu_url: z.string().nullable(),
  attempts: z.int(),
});

/** Licence texts are shown in the console, so nobody need ask for them. */
const IS_ASKED_FOR = `(requested_at IS NOT NULL
  OR EXISTS (SELECT 1 FROM revision_file WHERE revision_file.sha1 = file.sha1 AND is_eula = 1))`;

/**
 * Files that may be tried now: first what a client waits for, then those that failed least, then the small ones. A
 * quarantined file is among them when its time has come: whoever altered it on its way may be gone.
 *
 * @param onlyRequested leaves out what no client has asked for
 * @param except digests of files that are being fetched already
 */
export function nextWanted(
  db: Database,
  limit: number,
  now: Date,
  { except = [], onlyRequested = false }: { except?: readonly string[]; onlyRequested?: boolean } = {},
): WantedFile[] {
  return db
    .prepare(
      `SELECT sha1, sha256, size, extension, mu_url, attempts FROM file
       WHERE content_state IN ('wanted', 'quarantined') AND (retry_at IS NULL OR retry_at <= ?)
         AND sha1 NOT IN (SELECT value FROM json_each(?))${onlyRequested ? ` AND ${IS_ASKED_FOR}` : ''}
       ORDER BY requested_at IS NULL, attempts, size, sha1 LIMIT ?`,
    )
    .all(now.toISOString(), JSON.stringify(except), limit)
    .map((value) => {
      const row = WantedRow.parse(value);
      return {
        sha1: row.sha1,
        size: row.size,
        extension: row.extension,
        attempts: row.attempts,
        ...(row.sha256 === null ? {} : { sha256: row.sha256 }),
        ...(row.mu_url === null ? {} : { muUrl: row.mu_url }),
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

/** @param verifiedStat `statKey` of the file whose digests were just checked */
export function markPresent(db: Database, sha1: string, verifiedStat: string, now: Date): void {
  db.prepare(
    `UPDATE file SET content_state = 'present', content_error = NULL, attempts = 0, retry_at = NULL,
       requested_at = NULL, verified_stat = ?, changed_at = ? WHERE sha1 = ?`,
  ).run(verifiedStat, now.toISOString(), sha1);
}

/** The file stays wanted and is tried again, not before `retryAt`. */
export function markRetry(db: Database, sha1: string, reason: string, retryAt: Date, now: Date): void {
  db.prepare(
    `UPDATE file SET content_error = ?, attempts = attempts + 1, retry_at = ?, changed_at = ?
     WHERE sha1 = ?`,
  ).run(reason, retryAt.toISOString(), now.toISOString(), sha1);
}

/** What came was not what the metadata says. Nothing of it is kept, and it is not tried again before `retryAt`. */
export function markQuarantined(db: Database, sha1: string, reason: string, retryAt: Date, now: Date): void {
  db.prepare(
    `UPDATE file SET content_state = 'quarantined', content_error = ?, attempts = attempts + 1, retry_at = ?,
       verified_stat = NULL, changed_at = ? WHERE sha1 = ?`,
  ).run(reason, retryAt.toISOString(), now.toISOString(), sha1);
}
