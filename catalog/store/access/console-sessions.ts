/** Sessions of the console. The database holds only the SHA-256 of what the browser's cookie holds. */
import type { Database } from 'better-sqlite3';
import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { Role } from '../../../protocol/console/access.ts';
import { groupLimitOf } from './users.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;

/** Milliseconds without a request after which a session ends. */
const IDLE_LIMIT = 8 * HOUR;
/** Milliseconds after which a session ends in any case. */
export const ABSOLUTE_LIMIT = 7 * 24 * HOUR;

const TOKEN_BYTES = 32;

export interface ConsoleSession {
  readonly tokenHash: string;
  readonly accountId: number;
  readonly userName: string;
  readonly csrfToken: string;
  readonly mustChangePassword: boolean;
  readonly role: Role;
  /** Groups for which, with those below them, decisions are the account's to make; absent: for all. */
  readonly groupLimit?: readonly string[];
}

const SessionRow = z.object({
  token_hash: z.string(),
  account_id: z.int(),
  user_name: z.string(),
  csrf_token: z.string(),
  must_change_password: z.int(),
  role: Role,
  last_used_at: z.string(),
});

/** @returns the token for the cookie: 256 random bits, base64url */
export function startSession(db: Database, accountId: number, now: Date): string {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const csrfToken = randomBytes(TOKEN_BYTES).toString('base64url');
  deleteEndedSessions(db, now);
  db.prepare(
    `INSERT INTO console_session (token_hash, account_id, csrf_token, created_at, last_used_at)
     VALUES (?, ?, ?, ?, ?)`,
  ).run(hashOf(token), accountId, csrfToken, now.toISOString(), now.toISOString());
  return token;
}

/** The session that the token opens, where it has not ended; its idle time begins anew. */
export function resumeSession(db: Database, token: string, now: Date): ConsoleSession | undefined {
  const value = db
    .prepare(
      `SELECT token_hash, account_id, user_name, csrf_token, must_change_password, role, last_used_at
       FROM console_session JOIN account USING (account_id)
       WHERE token_hash = ? AND console_session.created_at > ? AND last_used_at > ? AND is_disabled = 0`,
    )
    .get(hashOf(token), before(now, ABSOLUTE_LIMIT), before(now, IDLE_LIMIT));
  if (value === undefined) return undefined;
  const row = SessionRow.parse(value);
  // To the minute is enough, and spares a write with every request.
  if (row.last_used_at <= before(now, MINUTE)) {
    db.prepare('UPDATE console_session SET last_used_at = ? WHERE token_hash = ?').run(
      now.toISOString(),
      row.token_hash,
    );
  }
  const groupLimit = groupLimitOf(db, row.account_id);
  return {
    tokenHash: row.token_hash,
    accountId: row.account_id,
    userName: row.user_name,
    csrfToken: row.csrf_token,
    mustChangePassword: row.must_change_password !== 0,
    role: row.role,
    ...(groupLimit === undefined ? {} : { groupLimit }),
  };
}

/** Whether the session goes on; does not count as use. */
export function isSessionOpen(db: Database, tokenHash: string, now: Date): boolean {
  return (
    db
      .prepare('SELECT 1 FROM console_session WHERE token_hash = ? AND created_at > ? AND last_used_at > ?')
      .get(tokenHash, before(now, ABSOLUTE_LIMIT), before(now, IDLE_LIMIT)) !== undefined
  );
}

export function endSession(db: Database, tokenHash: string): void {
  db.prepare('DELETE FROM console_session WHERE token_hash = ?').run(tokenHash);
}

export function endSessionsOf(db: Database, accountId: number): void {
  db.prepare('DELETE FROM console_session WHERE account_id = ?').run(accountId);
}

function deleteEndedSessions(db: Database, now: Date): void {
  db.prepare('DELETE FROM console_session WHERE created_at <= ? OR last_used_at <= ?').run(
    before(now, ABSOLUTE_LIMIT),
    before(now, IDLE_LIMIT),
  );
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

const before = (now: Date, milliseconds: number): string =>
  new Date(now.getTime() - milliseconds).toISOString();
