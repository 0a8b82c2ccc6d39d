/** When content on disk was last read and found right, and what was found where it was not. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { FoundContent } from '../../content-check.ts';
import { markQuarantined } from './content-queue.ts';

/** A file that is here, as far as anybody knows. */
export interface PresentFile {
  /** Lower-case hex. */
  readonly sha1: string;
  /** Lower-case hex. */
  readonly sha256?: string;
  /** Bytes. */
  readonly size: number;
  readonly extension: string;
}

const PresentRow = z.object({
  sha1: z.string(),
  sha256: z.string().nullable(),
  size: z.int(),
  extension: z.string(),
});

/** Whose check is older; what nobody vouches for counts as never checked. */
const IS_DUE = `content_state = 'present' AND (checked_at IS NULL OR checked_at < @before OR verified_stat IS NULL)`;

/**
 * The one that was checked the longest ago.
 *
 * @param before files that were checked since are left out
 * @param except digests that are left out
 */
export function nextToCheck(
  db: Database,
  before: Date,
  except: readonly string[] = [],
): PresentFile | undefined {
  const value = db
    .prepare(
      `SELECT sha1, sha256, size, extension FROM file
       WHERE ${IS_DUE} AND sha1 NOT IN (SELECT value FROM json_each(@except))
       ORDER BY checked_at, sha1 LIMIT 1`,
    )
    .get({ before: before.toISOString(), except: JSON.stringify(except) });
  if (value === undefined) return undefined;
  const { sha256, ...row } = PresentRow.parse(value);
  return sha256 === null ? row : { ...row, sha256 };
}

export interface ContentTotals {
  readonly files: number;
  readonly bytes: number;
}

/** @param before left out: of all that are here, not only of those whose check is older */
export function totalsToCheck(db: Database, before?: Date): ContentTotals {
  const due = before === undefined ? "content_state = 'present'" : IS_DUE;
  return z
    .object({ files: z.int(), bytes: z.int() })
    .parse(
      db
        .prepare(`SELECT count(*) AS files, coalesce(sum(size), 0) AS bytes FROM file WHERE ${due}`)
        .get(before === undefined ? {} : { before: before.toISOString() }),
    );
}

/** @param verifiedStat `statKey` of the file whose digests were just found right */
export function markChecked(db: Database, sha1: string, verifiedStat: string, now: Date): void {
  db.prepare(
    `UPDATE file SET checked_at = ?, verified_stat = ? WHERE sha1 = ? AND content_state = 'present'`,
  ).run(now.toISOString(), verifiedStat, sha1);
}

/** Of bytes that came, and were never those of the metadata. */
export interface Arrival {
  /** Where they came from. */
  readonly origin?: string;
  /** When the file may be fetched again. */
  readonly retryAt: Date;
}

/**
 * What was here, or came, is not what the metadata says: the file is not served, and what was found is kept. What was
 * here before may be fetched again at once.
 *
 * @param found left out where there was no file, or it could not be read
 */
export function recordFinding(
  db: Database,
  sha1: string,
  reason: string,
  found: FoundContent | undefined,
  now: Date,
  arrival?: Arrival,
): void {
  db.transaction(() => {
    db.prepare(
      `INSERT OR REPLACE INTO content_finding
         (sha1, found_at, reason, found_size, found_sha1, found_sha256, origin, checked_at)
       SELECT sha1, @at, @reason, @size, @sha1Found, @sha256Found, iif(@hasArrived, @origin, origin), checked_at
       FROM file WHERE sha1 = @sha1`,
    ).run({
      sha1,
      hasArrived: arrival === undefined ? 0 : 1,
      origin: arrival?.origin ?? null,
      at: now.toISOString(),
      reason,
      size: found?.size ?? null,
      sha1Found: found?.sha1 ?? null,
      sha256Found: found?.sha256 ?? null,
    });
    markQuarantined(db, sha1, reason, arrival?.retryAt ?? now, now);
  })();
}

export interface ContentFinding {
  readonly sha1: string;
  readonly foundAt: string;
  readonly reason: string;
  readonly foundSize?: number;
  readonly foundSha1?: string;
  readonly foundSha256?: string;
  readonly origin?: string;
  /** When the file was last right. */
  readonly checkedAt?: string;
}

const FindingRow = z.object({
  sha1: z.string(),
  foundAt: z.string(),
  reason: z.string(),
  foundSize: z.int().nullable(),
  foundSha1: z.string().nullable(),
  foundSha256: z.string().nullable(),
  origin: z.string().nullable(),
  checkedAt: z.string().nullable(),
});

/** What was last found wrong with a file. */
export function findingOf(db: Database, sha1: string): ContentFinding | undefined {
  const value = db
    .prepare(
      `SELECT sha1, found_at AS foundAt, reason, found_size AS foundSize, found_sha1 AS foundSha1,
         found_sha256 AS foundSha256, origin, checked_at AS checkedAt
       FROM content_finding WHERE sha1 = ?`,
    )
    .get(sha1);
  if (value === undefined) return undefined;
  const { foundSize, foundSha1, foundSha256, origin, checkedAt, ...row } = FindingRow.parse(value);
  return {
    ...row,
    ...(foundSize === null ? {} : { foundSize }),
    ...(foundSha1 === null ? {} : { foundSha1 }),
    ...(foundSha256 === null ? {} : { foundSha256 }),
    ...(origin === null ? {} : { origin }),
    ...(checkedAt === null ? {} : { checkedAt }),
  };
}
