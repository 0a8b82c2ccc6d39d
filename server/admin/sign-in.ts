/** Checks names and passwords: the same work for names that exist and names that do not, and less and less often. */
import {
  clearFailedSignIns,
  findAccount,
  recordFailedSignIn,
  type Account,
} from '../../catalog/store/access/accounts.ts';
import { hashPassword, isPassword, randomPassword } from '../../catalog/store/access/password.ts';
import { appendAudit } from '../../catalog/store/audit/audit-log.ts';
import type { ConsoleContext } from './context.ts';
import { ApiProblem } from './problems.ts';

/** Failures in a row that cost nothing; each further one doubles the wait, from a second. */
const FREE_ATTEMPTS = 3;
/** Milliseconds. */
const LONGEST_LOCK = 15 * 60_000;
/** Each check takes 19 MiB and a thread for some 20 ms. */
const MOST_CHECKS_AT_ONCE = 16;
const MOST_UNKNOWN_NAMES = 10_000;

interface Failures {
  readonly failedAttempts: number;
  readonly lockedUntil?: Date;
}

export class SignInGate {
  readonly #context: Pick<ConsoleContext, 'db' | 'now' | 'log'>;
  /** Names without an account are locked like others, so that a lock tells nothing. The oldest first. */
  readonly #unknownNames = new Map<string, Failures>();
  #decoyHash: Promise<string> | undefined;
  #checks = 0;

  constructor(context: Pick<ConsoleContext, 'db' | 'now' | 'log'>) {
    this.#context = context;
  }

  /** @throws ApiProblem 401 for a wrong name or password, 429 while locked, 503 where too many are checked at once */
  async check(userName: string, password: string, remoteAddress: string): Promise<Account> {
    const { db, log } = this.#context;
    const account = findAccount(db, userName);
    this.#refuseLocked(account ?? this.#unknownNames.get(userName.toLowerCase()));
    const isRight = await this.#isRight(account, password);
    // Another attempt may have locked the name while this one was being checked.
    const present = findAccount(db, userName);
    this.#refuseLocked(present ?? this.#unknownNames.get(userName.toLowerCase()));
    if (!isRight || present === undefined || present.isDisabled || present.accountId !== account?.accountId) {
      this.#recordFailure(userName, present, remoteAddress);
      log.warn('A sign-in to the console failed', { userName, remoteAddress });
      throw new ApiProblem(401, 'SIGN_IN_FAILED', 'The user name or the password is wrong.');
    }
    clearFailedSignIns(db, present.accountId);
    return present;
  }

  async #isRight(account: Account | undefined, password: string): Promise<boolean> {
    if (this.#checks >= MOST_CHECKS_AT_ONCE) {
      throw new ApiProblem(
        503,
        'SIGN_IN_BUSY',
        'Too many sign-ins are being checked. Try again in a moment.',
        {
          retryAfter: 1,
        },
      );
    }
    this.#checks += 1;
    try {
      this.#decoyHash ??= hashPassword(randomPassword());
      return await isPassword(account?.passwordHash ?? (await this.#decoyHash), password);
    } finally {
      this.#checks -= 1;
    }
  }

  #refuseLocked(failures: Failures | undefined): void {
    const left = (failures?.lockedUntil?.getTime() ?? 0) - this.#context.now().getTime();
    if (left <= 0) return;
    const seconds = Math.ceil(left / 1000);
    throw new ApiProblem(
      429,
      'SIGN_IN_LOCKED',
      `After too many wrong passwords this name is locked for ${seconds} more seconds.`,
      { retryAfter: seconds },
    );
  }

  #recordFailure(userName: string, account: Account | undefined, remoteAddress: string): void {
    const name = userName.toLowerCase();
    const failed = (account ?? this.#unknownNames.get(name))?.failedAttempts ?? 0;
    const lockedUntil = this.#lockAfter(failed + 1);
    if (account !== undefined) {
      const { db, now } = this.#context;
      // Of names that nobody has the log says it: whoever invents names must not fill the audit log.
      db.transaction(() => {
        recordFailedSignIn(db, account.accountId, lockedUntil);
        appendAudit(db, {
          at: now(),
          actor: { kind: 'user', name: account.userName, accountId: account.accountId },
          remoteAddress,
          action: 'session.refuse',
          subjects: [{ kind: 'user', id: String(account.accountId), name: account.userName }],
          after: { failures: failed + 1, lockedUntil: lockedUntil?.toISOString() },
        });
      }).immediate();
      return;
    }
    this.#unknownNames.delete(name);
    this.#unknownNames.set(name, {
      failedAttempts: failed + 1,
      ...(lockedUntil === undefined ? {} : { lockedUntil }),
    });
    const [oldest] = this.#unknownNames.keys();
    if (this.#unknownNames.size > MOST_UNKNOWN_NAMES && oldest !== undefined)
      this.#unknownNames.delete(oldest);
  }

  #lockAfter(failures: number): Date | undefined {
    if (failures <= FREE_ATTEMPTS) return undefined;
    const wait = Math.min(1000 * 2 ** (failures - FREE_ATTEMPTS - 1), LONGEST_LOCK);
    return new Date(this.#context.now().getTime() + wait);
  }
}
