/**
 * How a Sluice says why it does not let a downstream server in. [MS-WSUSSS] 3.1.4.2 has no fault for it but
 * InvalidParameters, upon which a downstream server stops; its message names the parameter, and a Sluice below finds one of
 * these names behind it.
 */

export const DOWNSTREAM_REFUSALS = [
  /** No entry fits its name, identifier and address. */
  'DSS_NOT_LISTED',
  /** Its entry wants a secret, and it came over plain HTTP. */
  'DSS_SECRET_NEEDS_TLS',
  /** Its entry wants a secret, and it presented none. */
  'DSS_SECRET_MISSING',
  /** It presented another secret. */
  'DSS_SECRET_WRONG',
] as const;
export type DownstreamRefusal = (typeof DOWNSTREAM_REFUSALS)[number];

const SENTENCES: Readonly<Record<DownstreamRefusal, string>> = {
  DSS_NOT_LISTED: 'this server is not on the list of downstream servers',
  DSS_SECRET_NEEDS_TLS:
    'this server must present its secret, and over plain HTTP none is taken; come over HTTPS',
  DSS_SECRET_MISSING: 'this server must present its secret, and presented none',
  DSS_SECRET_WRONG: 'this server presented another secret than the one on the list',
};

/** The fault's message: `accountName: DSS_NOT_LISTED: this server is not …`. */
export const writeRefusal = (refusal: DownstreamRefusal): string =>
  `accountName: ${refusal}: ${SENTENCES[refusal]}.`;

/** What a fault's message names; undefined where it is none of these. */
export function readRefusal(message: string): DownstreamRefusal | undefined {
  const name = /^accountName: (DSS_[A-Z_]+):/.exec(message)?.[1];
  return DOWNSTREAM_REFUSALS.find((refusal) => refusal === name);
}

/** The scheme of the Authorization header in which a secret travels, over TLS alone (RFC 6750 2.1). */
const SCHEME = 'Bearer';

export const writeSecretHeader = (secret: string): string => `${SCHEME} ${secret}`;

/** The secret in an Authorization header; undefined where there is none. */
export const readSecretHeader = (header: string | undefined): string | undefined =>
  /^bearer ([\x21-\x7e]{1,512})$/i.exec(header ?? '')?.[1];
