/** The console's accounts. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { hashPassword, randomPassword } from './password.ts';

const FIRST_ACCOUNT = 'admin';

export interface Account {
  readonly accountId: number;
  readonly userName: string;
  readonly passwordHash: string;
  readonly mustChangePassword: boolean;
  readonly isDisabled: boolean;
  /** In a row, since the last success. */
  readonly failedAttempts: number;
  readonly lockedUntil?: Date;
}

const AccountRow = z
  .object({
    account_id: z.int(),
    user_name: z.string(),
    password_hash: z.string(),
    must_change_password: z.int(),
    is_disabled: z.int(),
    failed_attempts: z.int(),
    locked_until: z.string().nullable(),
  })
  .transform((row): Account => ({
    accountId: row.account_id,
    userName: row.user_name,
    passwordHash: row.password_hash,
    mustChangePassword: row.must_change_password !== 0,
    isDisabled: row.is_disabled !== 0,
    failedAttempts: row.failed_attempts,
    ...(row.locked_until === null ? {} : { lockedUntil: new Date(row.locked_until) }),
  }));

/**
 * Makes the account `admin` where there is no account at all. Its password must be changed at the first sign-in.
 *
 * @returns the one-time password, which is kept nowhere else; undefined where there was an account already
 */
export async function ensureFirstAccount(db: Database): Promise<string | undefined> {
  if (db.prepare('SELECT 1 FROM account').get() !== undefined) return undefined;
  const password = randomPassword();
  const passwordHash = await hashPassword(password);
  const { changes } = db
    .prepare(
      `INSERT INTO account (user_name, password_hash, must_change_password, role)
       SELECT ?, ?, 1, 'administrator' WHERE NOT EXISTS (SELECT 1 FROM account)`,
    )
    .run(FIRST_ACCOUNT, passwordHash);
  return changes === 1 ? password : undefined;
}

/** User names are compared without regard to case. */
export function findAccount(db: Database, userName: string): Account | undefined {
  const row = db.prepare('SELECT * FROM account WHERE user_name = ?').get(userName);
  return row === undefined ? undefined : AccountRow.parse(row);
}

/** One more failure in a row. @param lockedUntil no attempt is looked at before it */
export function recordFailedSignIn(db: Database, accountId: number, lockedUntil: Date | undefined): void {
  db.prepare(
    'UPDATE account SET failed_attempts = failed_attempts + 1, locked_until = ? WHERE account_id = ?',
  ).run(lockedUntil?.toISOString() ?? null, accountId);
}

export function clearFailedSignIns(db: Database, accountId: number): void {
  db.prepare(
    'UPDATE account SET failed_attempts = 0, locked_until = NULL WHERE account_id = ? AND failed_attempts > 0',
  ).run(accountId);
}

export function setPassword(db: Database, accountId: number, passwordHash: string): void {
  db.prepare(
    `UPDATE account SET password_hash = ?, must_change_password = 0, failed_attempts = 0, locked_until = NULL
     WHERE account_id = ?`,
  ).run(passwordHash, accountId);
}
