/** Keeps out downstream servers that may not, or no longer, synchronize from here. */
import { z } from 'zod';
import type { Database } from '../../catalog/store/database/database.ts';
import type { Logger } from '../../config/logging.ts';
import type { Config } from '../../config/schema.ts';
import type { CookieSealer } from '../cookies.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';
import { accountNameOf, downstreamServerAt } from '../../catalog/store/rollup/downstream-account.ts';
import { writeRefusal } from '../../protocol/wsusss/downstream-refusal.ts';
import type { DownstreamRefusal } from '../../protocol/wsusss/downstream-refusal.ts';
import type { Call, ImplementedOperation } from '../soap/implementation.ts';
import { refusalFor } from './access.ts';
import type { Visitor } from './access.ts';
import { RefusalLog } from './refusal-log.ts';
import { openSession } from './session.ts';
import type { DownstreamAccount } from './session.ts';

export interface AdmissionOptions {
  readonly db: Database;
  readonly config: Config;
  readonly cookies: CookieSealer;
  readonly now: () => Date;
  readonly log: Logger;
}

export class Admission {
  readonly #context: AdmissionOptions;
  readonly #log: RefusalLog;

  constructor(context: AdmissionOptions) {
    this.#context = context;
    this.#log = new RefusalLog(context.log, context.now);
  }

  /**
   * For a server that introduces itself.
   *
   * @throws SoapFault InvalidParameters: "The DSS MUST stop the protocol" ([MS-WSUSSS] 3.1.4.2)
   */
  checkIntroduction(visitor: Visitor): void {
    const refusal = this.#refuse(visitor, 'GetAuthorizationCookie');
    if (refusal !== undefined) throw new SoapFault('InvalidParameters', writeRefusal(refusal));
  }

  /** Whether the server that a cookie was given to may still come in, from where it comes now. */
  isStillAdmitted(account: DownstreamAccount, call: Call, operation: string): boolean {
    const { accountName, accountGuid, secretDigest } = account;
    const { remoteAddress, isHttps } = call;
    const visitor = { accountName, accountGuid, secretDigest, remoteAddress, isHttps };
    return this.#refuse(visitor, operation) === undefined;
  }

  /**
   * The operation, for servers that may come in at the time of the call: one that was taken off the list is refused though
   * its cookie is good. It is sent back to introduce itself, and is told there.
   *
   * @param isReserved whether the specification has an empty cookie here, as in rollup
   */
  guard(own: ImplementedOperation, { isReserved = false } = {}): ImplementedOperation {
    return {
      operation: own.operation,
      answer: (request, call) => {
        const account = this.#accountOf(WithCookie.parse(request).cookie, call, isReserved);
        if (!this.isStillAdmitted(account, call, own.operation.name)) throw new SoapFault('InvalidCookie');
        return own.answer(request, call);
      },
      write: (service, response, soapVersion) => own.write(service, response, soapVersion),
    };
  }

  /** By its cookie; in rollup, where the configuration lets it, by the address that it was last authorized from. */
  #accountOf(
    cookie: z.infer<typeof WithCookie>['cookie'],
    call: Call,
    isReserved: boolean,
  ): DownstreamAccount {
    const { config, cookies, db } = this.#context;
    const isEmpty = cookie?.EncryptedData === undefined || cookie.EncryptedData.length === 0;
    if (!isEmpty || !isReserved || config.rollup.reservedCookie === 'refused')
      return openSession(cookies, cookie);
    const [accountGuid, ...others] = downstreamServerAt(db, call.remoteAddress);
    if (accountGuid === undefined || others.length > 0) throw new SoapFault('InvalidCookie');
    return { accountGuid, accountName: accountNameOf(db, accountGuid) };
  }

  #refuse(visitor: Visitor, operation: string): DownstreamRefusal | undefined {
    const refused = refusalFor(visitor, this.#context.config.downstream);
    if (refused === undefined) return undefined;
    const { accountName, accountGuid, remoteAddress } = visitor;
    this.#log.note({ accountName, accountGuid, remoteAddress, operation, ...refused });
    return refused.refusal;
  }
}

/** Every operation after the introduction has its cookie so. */
const WithCookie = z.object({
  cookie: z.object({ EncryptedData: z.instanceof(Buffer).optional() }).optional(),
});
