/** Has files tried again that wait for their time: somebody may have mended what kept them. */
import type { Database } from 'better-sqlite3';
import { NOT_UNDER_THIS_POLICY } from './signatures.ts';

/**
 * Files that were named are fetched before others, as what a client waits for. One whose signature was refused is judged
 * again where it lies.
 *
 * @param sha1s lower-case hex; left out: every file that waits, other than those whose signature was refused, which would
 * be refused again
 * @returns how many may be tried now that might not before, or go before others now
 */
export function tryNow(db: Database, now: Date, sha1s?: readonly string[]): number {
  if (sha1s === undefined) {
    return db
      .prepare(
        `UPDATE file SET retry_at = NULL
         WHERE content_state IN ('wanted', 'quarantined') AND retry_at > ? AND retry_at <> ?`,
      )
      .run(now.toISOString(), NOT_UNDER_THIS_POLICY).changes;
  }
  return db
    .prepare(
      `UPDATE file SET retry_at = NULL, requested_at = coalesce(requested_at, @at)
       WHERE sha1 IN (SELECT value FROM json_each(@sha1s)) AND content_state IN ('wanted', 'quarantined')
         AND (retry_at IS NOT NULL OR requested_at IS NULL)`,
    )
    .run({ at: now.toISOString(), sha1s: JSON.stringify(sha1s) }).changes;
}
