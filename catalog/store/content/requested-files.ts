/** Files that a client asked for before their content was here. */
import type { Database, Statement } from 'better-sqlite3';
import { z } from 'zod';

/** What became of a file that is waited for. */
export interface FileProgress {
  /** Bytes of the whole. */
  readonly size: number;
  /** With its dot, lower case, or empty. */
  readonly extension: string;
  readonly state: 'absent' | 'wanted' | 'present' | 'quarantined';
  /** Attempts that failed so far. */
  readonly attempts: number;
  /** Not tried before. */
  readonly retryAt?: Date;
  readonly isRequested: boolean;
  /** `statKey` of the file that was admitted. */
  readonly verifiedStat?: string;
}

const Row = z.object({
  size: z.int(),
  extension: z.string(),
  state: z.enum(['absent', 'wanted', 'present', 'quarantined']),
  attempts: z.int(),
  retryAt: z.string().nullable(),
  requestedAt: z.string().nullable(),
  verifiedStat: z.string().nullable(),
});

export class RequestedFiles {
  readonly #progress: Statement<[string]>;
  readonly #request: Statement<[string, string]>;

  constructor(db: Database) {
    this.#progress = db.prepare(
      `SELECT size, extension, content_state AS state, attempts, retry_at AS retryAt, requested_at AS requestedAt,
         verified_stat AS verifiedStat FROM file WHERE sha1 = ?`,
    );
    this.#request = db.prepare(
      `UPDATE file SET requested_at = ? WHERE sha1 = ? AND content_state = 'wanted' AND requested_at IS NULL`,
    );
  }

  /** @param sha1 lower-case hex */
  progressOf(sha1: string): FileProgress | undefined {
    const value = this.#progress.get(sha1);
    if (value === undefined) return undefined;
    const { retryAt, requestedAt, verifiedStat, ...row } = Row.parse(value);
    return {
      ...row,
      isRequested: requestedAt !== null,
      ...(retryAt === null ? {} : { retryAt: new Date(retryAt) }),
      ...(verifiedStat === null ? {} : { verifiedStat }),
    };
  }

  /** A wanted file is fetched before those that nobody waits for; nothing else changes. */
  request(sha1: string, now: Date): void {
    this.#request.run(now.toISOString(), sha1);
  }
}
