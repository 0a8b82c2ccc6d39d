/** Statements about revocation kept in memory until they must be asked again. */
import type { X509Certificate } from 'node:crypto';
import { BoundedCache } from '../../../catalog/bounded-cache.ts';
import type { Subject } from './crl.ts';
import type { Statement } from './statement.ts';

/** Certificates that are kept; a chain has two or three. The one looked at the longest ago goes. */
const MOST_KEPT = 64;

/** Milliseconds after which it is asked again though the statement is good for longer: lists grow in between. */
const LONGEST = 24 * 3_600_000;

/** Milliseconds that an authority which gave no answer is left alone, where going on without one is the policy. */
const SILENT_FOR = 10 * 60_000;

interface Kept {
  readonly statement?: Statement;
  /** Why there was no answer the last time, and when to ask again. */
  readonly silence?: { readonly reasons: readonly string[]; readonly until: number };
  readonly askAgainAt: number;
}

/** A statement is kept for the certificate and the very issuer whose signature made it true, so any chain may use it. */
export class RevocationStatements {
  readonly #kept = new BoundedCache<Kept>(MOST_KEPT);

  /** One that is good at this time. */
  current(subject: Subject, now: Date): Statement | undefined {
    const kept = this.#kept.get(keyOf(subject));
    return kept !== undefined && now.getTime() < kept.askAgainAt ? kept.statement : undefined;
  }

  /** A revocation once seen stands until an authority says otherwise, however old it is. */
  revoked(subject: Subject): Statement | undefined {
    const statement = this.#kept.get(keyOf(subject))?.statement;
    return statement?.status === 'revoked' ? statement : undefined;
  }

  silence(subject: Subject, now: Date): readonly string[] | undefined {
    const silence = this.#kept.get(keyOf(subject))?.silence;
    return silence !== undefined && now.getTime() < silence.until ? silence.reasons : undefined;
  }

  keep(subject: Subject, statement: Statement, now: Date): void {
    const askAgainAt = Math.min(statement.validUntil.getTime(), now.getTime() + LONGEST);
    this.#kept.set(keyOf(subject), { statement, askAgainAt });
  }

  keepSilence(subject: Subject, reasons: readonly string[], now: Date): void {
    this.#kept.set(keyOf(subject), {
      ...(this.#kept.get(keyOf(subject)) ?? { askAgainAt: 0 }),
      silence: { reasons, until: now.getTime() + SILENT_FOR },
    });
  }
}

const keyOf = ({ certificate, issuer }: { certificate: X509Certificate; issuer: X509Certificate }): string =>
  `${certificate.fingerprint256} ${issuer.fingerprint256}`;
