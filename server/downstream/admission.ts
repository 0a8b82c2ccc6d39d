/** Keeps out downstream servers that may not, or no longer, synchronize from here. */
import { z } from 'zod';
import type { Logger } from '../../config/logging.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';
import { writeRefusal } from '../../protocol/wsusss/downstream-refusal.ts';
import type { DownstreamRefusal } from '../../protocol/wsusss/downstream-refusal.ts';
import type { Call, ImplementedOperation } from '../soap/implementation.ts';
import { refusalFor } from './access.ts';
import type { Visitor } from './access.ts';
import { rollupCallerOf } from './caller.ts';
import type { CallerContext } from './caller.ts';
import { openSession } from './session.ts';
import { refusalLog } from './visit-log.ts';
import type { RefusedVisit, VisitLog } from './visit-log.ts';
import type { DownstreamAccount } from './session.ts';

export interface AdmissionOptions extends CallerContext {
  readonly now: () => Date;
  readonly log: Logger;
}

export class Admission {
  readonly #context: AdmissionOptions;
  readonly #log: VisitLog<RefusedVisit>;

  constructor(context: AdmissionOptions) {
    this.#context = context;
    this.#log = refusalLog(context.log, context.now);
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
        const { cookie } = WithCookie.parse(request);
        const account = isReserved
          ? rollupCallerOf(this.#context, cookie, call)
          : openSession(this.#context.cookies, cookie);
        if (!this.isStillAdmitted(account, call, own.operation.name)) throw new SoapFault('InvalidCookie');
        return own.answer(request, call);
      },
      write: (service, response, soapVersion) => own.write(service, response, soapVersion),
    };
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
