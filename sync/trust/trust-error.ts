/** What is wrong with an upstream server's certificate, named by the check that found it. */

/** The checks, in the order they are made. */
export type TrustCheck =
  /** No TLS of version 1.2 or newer came about. */
  | 'protocol'
  /** The certificates lead to no trust anchor. */
  | 'chain'
  /** A certificate is expired or not yet valid. */
  | 'dates'
  /** A certificate may not be used for what it was used for. */
  | 'usage'
  /** A key or signature is too weak. */
  | 'strength'
  /** The certificate is for another server. */
  | 'name'
  /** No issuer of the certificate is pinned. */
  | 'pin'
  /** A certificate was revoked, or it is not known whether and the policy wants to know. */
  | 'revocation';

/** What exactly a check found, as a stable name, and the check that finds it. */
const CHECK_OF = {
  NO_COMMON_PROTOCOL: 'protocol',
  NO_CERTIFICATE: 'chain',
  SELF_SIGNED: 'chain',
  ISSUER_MISSING: 'chain',
  ROOT_UNKNOWN: 'chain',
  REFUSED_BY_TLS_LIBRARY: 'chain',
  EXPIRED: 'dates',
  NOT_YET_VALID: 'dates',
  NOT_FOR_SERVERS: 'usage',
  NOT_AN_AUTHORITY: 'usage',
  PATH_TOO_LONG: 'usage',
  NAME_NOT_PERMITTED: 'usage',
  EXTENSION_UNKNOWN: 'usage',
  WEAK_KEY: 'strength',
  WEAK_SIGNATURE: 'strength',
  OTHER_NAME: 'name',
  NO_ALTERNATIVE_NAME: 'name',
  ISSUER_NOT_PINNED: 'pin',
  NO_ISSUER_IN_CHAIN: 'pin',
  ONLY_LEAF_PINNED: 'pin',
  REVOKED: 'revocation',
  ISSUER_REVOKED: 'revocation',
  REVOCATION_UNKNOWN: 'revocation',
  STAPLE_MISSING: 'revocation',
} as const satisfies Record<string, TrustCheck>;

export type TrustReason = keyof typeof CHECK_OF;

/** One certificate that the server showed, or that its chain was completed with. */
export interface SeenCertificate {
  readonly subject: string;
  readonly issuer: string;
  /** ISO 8601. */
  readonly validFrom: string;
  readonly validTo: string;
  /** As it would be written in `upstream.pins`. */
  readonly pin: string;
}

/** The upstream server is not the one that was agreed on, or cannot prove it. No byte of a request was sent to it. */
export class TrustError extends Error {
  readonly code = 'UPSTREAM_NOT_TRUSTED';
  readonly reason: TrustReason;
  readonly check: TrustCheck;
  /** From the server's own certificate up; empty where none was seen. */
  readonly chain: readonly SeenCertificate[];

  constructor(
    reason: TrustReason,
    message: string,
    chain: readonly SeenCertificate[],
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'TrustError';
    this.reason = reason;
    this.check = CHECK_OF[reason];
    this.chain = chain;
  }
}
