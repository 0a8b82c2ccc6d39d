/** What an authority says of one certificate, once its signature and dates are found right. */

export interface Statement {
  readonly status: 'good' | 'revoked';
  /** Of a revoked one. */
  readonly revokedAt?: Date;
  readonly source: 'OCSP' | 'stapled OCSP' | 'CRL';
  /** When it must be asked again. */
  readonly validUntil: Date;
}

/** An answer about revocation that could not be had, or is not believed; it says nothing of the certificate. */
export class RevocationError extends Error {
  readonly code = 'REVOCATION_ANSWER_REFUSED';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RevocationError';
  }
}

/** Milliseconds that an authority's clock may be ahead of ours. */
const CLOCK_TOLERANCE = 5 * 60_000;

/** @throws RevocationError where an answer is from the future, or no longer good */
export function checkCurrent(what: string, thisUpdate: Date, validUntil: Date, now: Date): void {
  if (thisUpdate.getTime() > now.getTime() + CLOCK_TOLERANCE)
    throw new RevocationError(`${what} is from ${thisUpdate.toISOString()}, which is in the future`);
  if (validUntil.getTime() <= now.getTime())
    throw new RevocationError(`${what} was good until ${validUntil.toISOString()} only`);
}
