/** What a chain must be so that a signature on a file, or on a time, is believed (RFC 5280 6.1, RFC 3161 2.3). */
import type { X509Certificate } from 'node:crypto';
import { LONGEST_CHAIN, buildChains } from '../x509/chain.ts';
import type { Chain } from '../x509/chain.ts';
import { readFields } from '../x509/certificate-fields.ts';
import { DerError, DerReader, TAG } from '../x509/der.ts';
import { isSelfIssued, shortName } from '../x509/distinguished-name.ts';
import { unknownCritical } from '../x509/extensions.ts';
import { isSha1 } from '../x509/signature.ts';
import { keyWeakness, signatureWeakness } from '../x509/strength.ts';
import { Refusal } from './refusal.ts';

export interface ChainRules {
  readonly roots: readonly X509Certificate[];
  /** When all of the chain must be valid. */
  readonly time: Date;
  readonly usage: 'codeSigning' | 'timeStamping';
  readonly acceptsSha1: boolean;
}

/** RFC 5280 4.2.1.12. */
const USAGE = { codeSigning: '1.3.6.1.5.5.7.3.3', timeStamping: '1.3.6.1.5.5.7.3.8' } as const;
const ANY_USAGE = '2.5.29.37.0';

/** For sentences. */
const SIGNER = { codeSigning: 'the signer', timeStamping: 'the timestamp' } as const;

/**
 * A chain from the first certificate to a root that keeps every rule.
 *
 * @throws Refusal of the first rule that the first chain breaks
 */
export function trustedChain(presented: Chain, rules: ChainRules): Chain {
  const chains = buildChains(presented, rules.roots);
  let first: Refusal | undefined;
  for (const chain of chains) {
    const refusal = refusalOf(chain, rules);
    if (refusal === undefined) return chain;
    first ??= refusal;
  }
  throw first ?? noRoot(presented, rules);
}

function noRoot(presented: Chain, { usage }: ChainRules): Refusal {
  const top = topOf(presented);
  const who = `${SIGNER[usage]} "${shortName(presented[0].subject)}"`;
  if (isSelfIssued(top))
    return new Refusal(
      'ROOT_UNKNOWN',
      `The certificates of ${who} lead to "${shortName(top.subject)}", which is none of the configured roots. If it is the right one, add its certificate to them.`,
    );
  return new Refusal(
    'ISSUER_MISSING',
    `The certificates of ${who} lead to "${shortName(top.issuer)}", whose certificate is neither in the signature nor one of the configured roots. If it is the right one, add its certificate to them.`,
  );
}

/** The last certificate that is reached from the first by signatures. */
function topOf(presented: Chain): X509Certificate {
  let top = presented[0];
  for (let length = 1; length < LONGEST_CHAIN && !isSelfIssued(top); length += 1) {
    const [chain] = presented
      .slice(1)
      .filter((candidate) => top.checkIssued(candidate))
      .flatMap((candidate) => buildChains([top], [candidate]));
    const next = chain?.at(-1);
    if (next === undefined || next === top) break;
    top = next;
  }
  return top;
}

function refusalOf(chain: Chain, rules: ChainRules): Refusal | undefined {
  try {
    checkUsage(chain, rules);
    checkDates(chain, rules);
    checkAuthorities(chain);
    checkStrength(chain, rules);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error;
    if (error instanceof DerError)
      return new Refusal(
        'CERTIFICATE_UNREADABLE',
        `A certificate in the chain cannot be read: ${error.message}.`,
      );
    throw error;
  }
}

/** What Node.js calls keyUsage is the extended key usage; those that are there may be fewer than its types say. */
const usagesOf = ({ keyUsage }: X509Certificate): readonly string[] | undefined => keyUsage;

function checkUsage([leaf, ...issuers]: Chain, { usage }: ChainRules): void {
  const code = usage === 'codeSigning' ? 'NOT_FOR_CODE_SIGNING' : 'NOT_FOR_TIMESTAMPING';
  if (!(usagesOf(leaf)?.includes(USAGE[usage]) ?? false))
    throw new Refusal(
      code,
      `The certificate of ${SIGNER[usage]} "${shortName(leaf.subject)}" is not made for it: its extended key usage lacks ${usage}.`,
    );
  // Authorities that name usages certify for those alone; a root is trusted as it is.
  for (const issuer of issuers.slice(0, -1)) {
    const usages = usagesOf(issuer);
    if (usages === undefined || usages.includes(USAGE[usage]) || usages.includes(ANY_USAGE)) continue;
    throw new Refusal(code, `"${shortName(issuer.subject)}" does not certify for ${usage}.`);
  }
}

function checkDates(chain: Chain, { time, usage }: ChainRules): void {
  const when = time.toISOString();
  for (const { subject, validFromDate: from, validToDate: to } of chain) {
    const what = `The certificate "${shortName(subject)}" in the chain of ${SIGNER[usage]}`;
    if (time < from)
      throw new Refusal(
        'NOT_YET_VALID',
        `${what} is valid from ${from.toISOString()} on, which is after ${when}.`,
      );
    if (time > to)
      throw new Refusal('EXPIRED', `${what} expired at ${to.toISOString()}, which is before ${when}.`);
  }
}

const BASIC_CONSTRAINTS = '2.5.29.19';

/**
 * Extensions whose meaning is kept here or by node:crypto, and policies, of which none is asked for (RFC 5280 4.2). Name
 * constraints are not among them: what carries them is refused.
 */
const KNOWN_EXTENSIONS: ReadonlySet<string> = new Set([
  BASIC_CONSTRAINTS,
  '2.5.29.15',
  '2.5.29.37',
  '2.5.29.14',
  '2.5.29.35',
  '2.5.29.32',
  '2.5.29.17',
]);

function checkAuthorities(chain: Chain): void {
  // Authorities between an issuer and the signer; those that issued themselves a new certificate do not count.
  let below = 0;
  for (const [place, certificate] of chain.entries()) {
    const { extensions } = readFields(certificate);
    const name = shortName(certificate.subject);
    const isRoot = place === chain.length - 1;
    const unknown = isRoot ? undefined : unknownCritical(extensions, KNOWN_EXTENSIONS);
    if (unknown !== undefined)
      throw new Refusal(
        'EXTENSION_UNKNOWN',
        `"${name}" has a critical extension that is not known (${unknown}).`,
      );
    if (place === 0) continue;
    // Roots of the first version of X.509 have no extensions.
    if (!certificate.ca && !(isRoot && extensions.size === 0))
      throw new Refusal(
        'NOT_AN_AUTHORITY',
        `"${name}" signed a certificate but is no certificate authority.`,
      );
    const most = pathLength(extensions.get(BASIC_CONSTRAINTS)?.value);
    if (most !== undefined && below > most)
      throw new Refusal(
        'PATH_TOO_LONG',
        `"${name}" allows ${most} authorities below it; there are ${below}.`,
      );
    if (!isSelfIssued(certificate)) below += 1;
  }
}

function pathLength(basicConstraints: Buffer | undefined): number | undefined {
  if (basicConstraints === undefined) return undefined;
  const constraints = new DerReader(basicConstraints).inside(TAG.sequence);
  if (constraints.isNext(TAG.boolean)) constraints.boolean();
  return constraints.isAtEnd ? undefined : Number.parseInt(constraints.integer(), 16);
}

function checkStrength(chain: Chain, { acceptsSha1 }: ChainRules): void {
  for (const certificate of chain) {
    const weakness = keyWeakness(certificate);
    if (weakness !== undefined)
      throw new Refusal('WEAK_KEY', `"${shortName(certificate.subject)}" is too weak: ${weakness}.`);
  }
  // A root is trusted as it is, so nobody relies on its signature.
  for (const certificate of chain.slice(0, -1)) {
    const weakness = signatureWeakness(certificate);
    if (weakness === undefined || (acceptsSha1 && isSha1(readFields(certificate).algorithm))) continue;
    throw new Refusal(
      'WEAK_SIGNATURE',
      `The certificate "${shortName(certificate.subject)}" proves too little: ${weakness}.`,
    );
  }
}
