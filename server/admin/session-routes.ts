/** Signing in and out, and one's own password. */
import { setPassword } from '../../catalog/store/access/accounts.ts';
import {
  endSession,
  endSessionsOf,
  startSession,
  resumeSession,
  type ConsoleSession,
} from '../../catalog/store/access/console-sessions.ts';
import { hashPassword } from '../../catalog/store/access/password.ts';
import { permissionsOf } from '../../protocol/console/access.ts';
import type { Session } from '../../protocol/console/session.ts';
import type { ConsoleContext } from './context.ts';
import type { Exchange, SomeHandlers } from './handlers.ts';
import { ApiProblem } from './problems.ts';
import { recordBy } from './recorded-change.ts';
import { SignInGate } from './sign-in.ts';

export function sessionRoutes(
  context: ConsoleContext,
): SomeHandlers<'session' | 'signIn' | 'signOut' | 'changePassword'> {
  const { db, log, now } = context;
  const gate = new SignInGate(context);

  const begin = (accountId: number, exchange: Exchange): Session => {
    const token = startSession(db, accountId, now());
    const session = resumeSession(db, token, now());
    if (session === undefined) throw new RangeError('A session that just began is not there.');
    exchange.setSessionCookie(token);
    return viewOf(session);
  };

  return {
    session: { access: 'newcomer', answer: ({ session }) => viewOf(session) },

    signIn: {
      access: 'open',
      answer: async ({ body, exchange }) => {
        const account = await gate.check(body.userName, body.password, exchange.remoteAddress);
        log.info('Signed in to the console', {
          userName: account.userName,
          remoteAddress: exchange.remoteAddress,
        });
        return db
          .transaction(() => {
            recordBy(context, account, exchange, { action: 'session.begin', subjects: [] });
            return begin(account.accountId, exchange);
          })
          .immediate();
      },
    },

    signOut: {
      access: 'newcomer',
      answer: ({ session, exchange }) => {
        db.transaction(() => {
          recordBy(context, session, exchange, { action: 'session.end', subjects: [] });
          endSession(db, session.tokenHash);
        }).immediate();
        exchange.setSessionCookie(undefined);
        return undefined;
      },
    },

    changePassword: {
      access: 'newcomer',
      answer: async ({ body, session, exchange }) => {
        if (body.newPassword === body.currentPassword) {
          throw new ApiProblem(
            422,
            'PASSWORD_UNCHANGED',
            'The new password is the present one. Choose another.',
          );
        }
        const { accountId } = await gate
          .check(session.userName, body.currentPassword, exchange.remoteAddress)
          .catch(nameWrongPassword);
        const passwordHash = await hashPassword(body.newPassword);
        return db
          .transaction(() => {
            recordBy(context, session, exchange, { action: 'password.change', subjects: [] });
            setPassword(db, accountId, passwordHash);
            endSessionsOf(db, accountId);
            return begin(accountId, exchange);
          })
          .immediate();
      },
    },
  };
}

/** The session goes on, so that it is no 401, at which a browser would sign in again. */
function nameWrongPassword(error: unknown): never {
  if (error instanceof ApiProblem && error.code === 'SIGN_IN_FAILED') {
    throw new ApiProblem(
      422,
      'PASSWORD_WRONG',
      'The present password is not the one given. Nothing was changed.',
    );
  }
  throw error;
}

const viewOf = ({ userName, csrfToken, mustChangePassword, role, groupLimit }: ConsoleSession): Session => ({
  userName,
  csrfToken,
  mustChangePassword,
  role,
  permissions: [...permissionsOf(role)],
  ...(groupLimit === undefined ? {} : { limitedToGroups: [...groupLimit] }),
});
