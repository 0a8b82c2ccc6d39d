/** Accounts as administrators see and change them. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { Role } from '../../../protocol/console/access.ts';
import type { NewUser, User, UserChange } from '../../../protocol/console/users.ts';
import { RefusalError } from '../database/refusal.ts';
import { GroupTree } from '../groups/group-tree.ts';
import { refuseUnknownGroups } from '../groups/target-groups.ts';

const UserRow = z.object({
  account_id: z.int(),
  user_name: z.string(),
  role: Role,
  is_disabled: z.int(),
  must_change_password: z.int(),
  is_limited: z.int(),
  created_at: z.string().nullable(),
  sessions: z.int(),
});

const SELECT = `SELECT account_id, user_name, role, is_disabled, must_change_password, is_limited, account.created_at,
    (SELECT count(*) FROM console_session WHERE console_session.account_id = account.account_id) AS sessions
  FROM account`;

export const listUsers = (db: Database): User[] =>
  db
    .prepare(`${SELECT} ORDER BY user_name`)
    .all()
    .map((row) => userOf(db, row));

/** @throws RefusalError where there is none */
export function readUser(db: Database, accountId: number): User {
  const row = db.prepare(`${SELECT} WHERE account_id = ?`).get(accountId);
  if (row === undefined)
    throw new RefusalError(
      'unknown',
      'USER_UNKNOWN',
      `There is no account ${accountId}. Read the list of users again: it may have been deleted.`,
    );
  return userOf(db, row);
}

/**
 * Within the caller's transaction. Its password must be changed at the first sign-in.
 *
 * @throws RefusalError where the name is taken or a group is not here
 */
export function createUser(db: Database, user: NewUser, passwordHash: string, now: Date): User {
  const taken = db.prepare('SELECT 1 FROM account WHERE user_name = ?').get(user.userName);
  if (taken !== undefined)
    throw new RefusalError(
      'conflict',
      'USER_NAME_TAKEN',
      `There is a user named ${user.userName} already. Choose another name.`,
    );
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO account (user_name, password_hash, must_change_password, role, created_at)
       VALUES (?, ?, 1, ?, ?)`,
    )
    .run(user.userName, passwordHash, user.role, now.toISOString());
  const accountId = Number(lastInsertRowid);
  setLimit(db, accountId, user.role, user.limitedToGroups);
  return readUser(db, accountId);
}

/**
 * Within the caller's transaction. Sessions of who is disabled end.
 *
 * @throws RefusalError where nobody would be left who administers
 */
export function changeUser(db: Database, accountId: number, change: UserChange): User {
  const before = readUser(db, accountId);
  const role = change.role ?? before.role;
  const isDisabled = change.isDisabled ?? before.isDisabled;
  if (before.role === 'administrator' && (role !== 'administrator' || isDisabled))
    refuseLastAdministrator(db, accountId);
  db.prepare('UPDATE account SET role = ?, is_disabled = ? WHERE account_id = ?').run(
    role,
    isDisabled ? 1 : 0,
    accountId,
  );
  const kept = before.limitedToGroups?.map(({ groupId }) => groupId);
  // Who is made something else than an approver loses a limit; one that is asked for besides is refused.
  const limit =
    change.limitedToGroups ?? (change.limitedToGroups === null || role !== 'approver' ? undefined : kept);
  setLimit(db, accountId, role, limit);
  if (isDisabled) db.prepare('DELETE FROM console_session WHERE account_id = ?').run(accountId);
  return readUser(db, accountId);
}

/** Within the caller's transaction. @throws RefusalError where nobody would be left who administers */
export function deleteUser(db: Database, accountId: number): void {
  if (readUser(db, accountId).role === 'administrator') refuseLastAdministrator(db, accountId);
  db.prepare('DELETE FROM account WHERE account_id = ?').run(accountId);
}

/** Within the caller's transaction: a password for one use; sessions end, and a lock is lifted. */
export function resetPassword(db: Database, accountId: number, passwordHash: string): User {
  readUser(db, accountId);
  db.prepare(
    `UPDATE account SET password_hash = ?, must_change_password = 1, failed_attempts = 0, locked_until = NULL
     WHERE account_id = ?`,
  ).run(passwordHash, accountId);
  db.prepare('DELETE FROM console_session WHERE account_id = ?').run(accountId);
  return readUser(db, accountId);
}

/** Groups for which, with those below them, the account may decide; undefined: for all. */
export function groupLimitOf(db: Database, accountId: number): string[] | undefined {
  const isLimited = db.prepare('SELECT is_limited FROM account WHERE account_id = ?').pluck().get(accountId);
  if (isLimited !== 1) return undefined;
  return z
    .array(z.string())
    .parse(
      db
        .prepare('SELECT group_id FROM account_group_limit WHERE account_id = ? ORDER BY group_id')
        .pluck()
        .all(accountId),
    );
}

function setLimit(
  db: Database,
  accountId: number,
  role: Role,
  groupIds: readonly string[] | undefined,
): void {
  if (groupIds !== undefined && role !== 'approver')
    throw new RefusalError(
      'invalid',
      'LIMIT_NOT_APPROVER',
      'Only an approver can be limited to groups. Leave limitedToGroups out, or make the user an approver.',
    );
  const distinct = [...new Set(groupIds)];
  refuseUnknownGroups(GroupTree.read(db), distinct);
  db.prepare('DELETE FROM account_group_limit WHERE account_id = ?').run(accountId);
  db.prepare('UPDATE account SET is_limited = ? WHERE account_id = ?').run(
    groupIds === undefined ? 0 : 1,
    accountId,
  );
  const add = db.prepare('INSERT INTO account_group_limit (account_id, group_id) VALUES (?, ?)');
  for (const groupId of distinct) add.run(accountId, groupId);
}

function refuseLastAdministrator(db: Database, accountId: number): void {
  const other = db
    .prepare(
      "SELECT 1 FROM account WHERE role = 'administrator' AND is_disabled = 0 AND account_id <> ? LIMIT 1",
    )
    .get(accountId);
  if (other !== undefined) return;
  throw new RefusalError(
    'conflict',
    'LAST_ADMINISTRATOR',
    'Nobody else administers this relay. Make another user an administrator first.',
  );
}

function userOf(db: Database, value: unknown): User {
  const row = UserRow.parse(value);
  const tree = row.is_limited === 0 ? undefined : GroupTree.read(db);
  return {
    accountId: row.account_id,
    userName: row.user_name,
    role: row.role,
    isDisabled: row.is_disabled !== 0,
    mustChangePassword: row.must_change_password !== 0,
    sessions: row.sessions,
    ...(row.created_at === null ? {} : { createdAt: row.created_at }),
    ...(tree === undefined
      ? {}
      : {
          limitedToGroups: (groupLimitOf(db, row.account_id) ?? []).map((groupId) => ({
            groupId,
            name: tree.get(groupId)?.name ?? groupId,
          })),
        }),
  };
}
