/** Accounts: made, changed, given another one-time password, deleted. */
import {
  changeUser,
  createUser,
  deleteUser,
  listUsers,
  readUser,
  resetPassword,
} from '../../catalog/store/access/users.ts';
import { hashPassword, randomPassword } from '../../catalog/store/access/password.ts';
import type { User } from '../../protocol/console/users.ts';
import type { ConsoleContext } from './context.ts';
import { changing, changingAfter, signedIn, type SomeHandlers } from './handlers.ts';

type Name = 'users' | 'createUser' | 'changeUser' | 'resetUserPassword' | 'deleteUser';

export function userRoutes({ db, log, now }: ConsoleContext): SomeHandlers<Name> {
  return {
    users: signedIn('users', () => listUsers(db)),

    createUser: changingAfter('createUser', async ({ body, session }) => {
      const oneTimePassword = randomPassword();
      const passwordHash = await hashPassword(oneTimePassword);
      return () => {
        const user = createUser(db, body, passwordHash, now());
        log.info('Made an account', { userName: session.userName, account: user.userName, role: user.role });
        return {
          answer: { user, oneTimePassword },
          change: { action: 'user.create', ...subjectOf(user), after: inWords(user) },
        };
      };
    }),

    changeUser: changing('changeUser', ({ params, body, session }) => {
      const accountId = Number(params.accountId);
      const before = readUser(db, accountId);
      const user = changeUser(db, accountId, body);
      log.info('Changed an account', { userName: session.userName, account: user.userName, role: user.role });
      return {
        answer: user,
        change: { action: 'user.change', ...subjectOf(user), before: inWords(before), after: inWords(user) },
      };
    }),

    resetUserPassword: changingAfter('resetUserPassword', async ({ params, session }) => {
      const oneTimePassword = randomPassword();
      const passwordHash = await hashPassword(oneTimePassword);
      return () => {
        const user = resetPassword(db, Number(params.accountId), passwordHash);
        log.info('Made a one-time password', { userName: session.userName, account: user.userName });
        return {
          answer: { user, oneTimePassword },
          change: { action: 'user.reset-password', ...subjectOf(user) },
        };
      };
    }),

    deleteUser: changing('deleteUser', ({ params, session }) => {
      const before = readUser(db, Number(params.accountId));
      deleteUser(db, before.accountId);
      log.info('Deleted an account', { userName: session.userName, account: before.userName });
      return {
        answer: undefined,
        change: { action: 'user.delete', ...subjectOf(before), before: inWords(before) },
      };
    }),
  };
}

const subjectOf = ({ accountId, userName }: User) => ({
  subjects: [{ kind: 'user', id: String(accountId), name: userName }],
});

const inWords = ({ role, isDisabled, limitedToGroups }: User) => ({
  role,
  isDisabled,
  limitedToGroups: limitedToGroups?.map(({ name }) => name),
});
