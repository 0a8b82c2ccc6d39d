/** Whether the certificates of a chain were revoked, by what their issuers say today. */
import { randomBytes } from 'node:crypto';
import type { X509Certificate } from 'node:crypto';
import type { Revocation as RevocationPolicy } from '../../../config/schema.ts';
import { readFields } from '../../../protocol/x509/certificate-fields.ts';
import type { Chain } from '../../../protocol/x509/chain.ts';
import { DerError } from '../../../protocol/x509/der.ts';
import { shortName } from '../../../protocol/x509/distinguished-name.ts';
import { failure } from '../checks.ts';
import type { TrustError } from '../trust-error.ts';
import { readRevocationList } from './crl.ts';
import type { Subject } from './crl.ts';
import { fetchRevocation } from './fetch.ts';
import { mustStaple } from './must-staple.ts';
import { NONCE_LENGTH, writeOcspRequest } from './ocsp-request.ts';
import { readOcspResponse } from './ocsp-response.ts';
import { revocationSources } from './sources.ts';
import type { RevocationSources } from './sources.ts';
import { RevocationError } from './statement.ts';
import type { Statement } from './statement.ts';
import type { RevocationStatements } from './statements.ts';

/** Bytes. */
const MOST_OF_LIST = 16 * 1024 * 1024;
const MOST_OF_OCSP = 64 * 1024;

/** Milliseconds for one answer, and for all that are asked for in one handshake. */
const WITHIN = 15_000;
const WITHIN_OF_ALL = 40_000;

export interface RevocationOptions {
  readonly policy: RevocationPolicy;
  readonly host: string;
  readonly statements: RevocationStatements;
  readonly proxy: URL | undefined;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  /** Whether the session was taken up again, in which no staple comes. Default: no. */
  readonly isResumed?: boolean;
  /** Milliseconds for all answers together. Default: 40 s. */
  readonly withinOfAll?: number;
}

/** With the time at which no more is waited for, by `performance.now()`. */
type Asking = RevocationOptions & { readonly deadline: number };

/** What was found of one certificate. */
export interface Finding {
  readonly certificate: X509Certificate;
  /** Undefined: nobody said anything that is believed. */
  readonly statement?: Statement;
  /** Why not; empty where the certificate names nobody to be asked. */
  readonly reasons: readonly string[];
}

/**
 * Asks for each certificate but the anchor, which is trusted as it is. To be called only with a chain that passed every
 * other check: the addresses that are asked come from its certificates.
 *
 * @param staple the answer about the server's own certificate that came with the handshake
 * @returns what was found; under `prefer` some may be without a statement
 * @throws TrustError of the check `revocation` where one is revoked, or under `require` not known to be good
 */
export async function checkRevocation(
  chain: Chain,
  staple: Buffer | undefined,
  options: RevocationOptions,
): Promise<Finding[]> {
  if (options.policy === 'off') return [];
  const deadline = performance.now() + (options.withinOfAll ?? WITHIN_OF_ALL);
  const findings: Finding[] = [];
  for (const [depth, certificate] of chain.entries()) {
    const issuer = chain[depth + 1];
    if (issuer === undefined) break;
    const subject = { certificate, issuer };
    const finding =
      depth === 0 && mustStaple(certificate)
        ? findStapled(subject, staple, chain, options)
        : await find(subject, depth === 0 ? staple : undefined, { ...options, deadline });
    judge(finding, depth, chain, options);
    findings.push(finding);
  }
  return findings;
}

function judge(
  { certificate, statement, reasons }: Finding,
  depth: number,
  chain: Chain,
  { host, policy }: RevocationOptions,
): void {
  const whose = depth === 0 ? `of ${host}` : `"${shortName(certificate.subject)}" above that of ${host}`;
  if (statement?.status === 'revoked') {
    const since = statement.revokedAt?.toISOString() ?? 'an unknown time';
    const message = `The certificate ${whose} was revoked by "${shortName(certificate.issuer)}" at ${since} (${statement.source}). Nothing may be believed that is signed with it: ask the administrator of ${host} for a new one.`;
    throw failure(depth === 0 ? 'REVOKED' : 'ISSUER_REVOKED', message, chain);
  }
  if (statement !== undefined || policy !== 'require') return;
  const why = reasons.length === 0 ? namesNobody : `${reasons.join('; ')}.`;
  const message = `Whether the certificate ${whose} was revoked is not known, and upstream.tls.revocation is "require": ${why}`;
  throw failure('REVOCATION_UNKNOWN', message, chain);
}

const namesNobody =
  'it names no OCSP responder and no CRL on plain HTTP. A private authority that publishes neither, such as a Sluice\'s own, goes with "prefer" or "off".';

/**
 * Of a certificate that is only good together with a stapled answer: nobody else is asked, since whoever could take the
 * answer off the way could stand in the others' way as well (RFC 7633 4.2.3).
 *
 * @throws TrustError STAPLE_MISSING
 */
function findStapled(
  subject: Subject,
  staple: Buffer | undefined,
  chain: Chain,
  { host, isResumed = false, now, statements }: RevocationOptions,
): Finding {
  const { certificate } = subject;
  const refuse = (what: string): TrustError =>
    failure(
      'STAPLE_MISSING',
      `The certificate of ${host} says that an OCSP answer always comes with it (must-staple), and ${what}. Turn on OCSP stapling at the server, or have it get a certificate without this extension; something in between may have taken the answer away.`,
      chain,
    );
  if (staple === undefined) {
    const known = isResumed ? statements.current(subject, now()) : undefined;
    if (known === undefined) throw refuse('none came');
    return { certificate, statement: known, reasons: [] };
  }
  try {
    const answer = readOcspResponse(staple, subject, undefined, now());
    const statement: Statement = { ...answer, source: 'stapled OCSP' };
    statements.keep(subject, statement, now());
    return { certificate, statement, reasons: [] };
  } catch (error) {
    if (!(error instanceof RevocationError) && !(error instanceof DerError)) throw error;
    throw refuse(`the one that came is not believed: ${error.message}`);
  }
}

async function find(subject: Subject, staple: Buffer | undefined, options: Asking): Promise<Finding> {
  const { policy, statements } = options;
  const { certificate } = subject;
  const known = statements.current(subject, options.now());
  if (known !== undefined) return { certificate, statement: known, reasons: [] };
  const silence =
    policy === 'prefer' && staple === undefined ? statements.silence(subject, options.now()) : undefined;
  const reasons: string[] = [...(silence ?? [])];
  const asked = silence === undefined ? await askAll(subject, staple, options, reasons) : undefined;
  if (asked !== undefined) {
    statements.keep(subject, asked, options.now());
    return { certificate, statement: asked, reasons };
  }
  if (silence === undefined && reasons.length > 0) statements.keepSilence(subject, reasons, options.now());
  const revoked = statements.revoked(subject);
  return { certificate, reasons, ...(revoked === undefined ? {} : { statement: revoked }) };
}

/** Every way in turn, until one gives a statement. Why each of the others did not is put into `reasons`. */
async function askAll(
  subject: Subject,
  staple: Buffer | undefined,
  options: Asking,
  reasons: string[],
): Promise<Statement | undefined> {
  const { now } = options;
  for (const way of waysOf(subject, staple, options, reasons)) {
    try {
      return await way(now);
    } catch (error) {
      if (!(error instanceof RevocationError) && !(error instanceof DerError)) throw error;
      reasons.push(
        error instanceof DerError ? `an answer could not be read: ${error.message}` : error.message,
      );
    }
  }
  return undefined;
}

type Way = (now: () => Date) => Promise<Statement>;

function waysOf(subject: Subject, staple: Buffer | undefined, options: Asking, reasons: string[]): Way[] {
  const { ocsp, crl } = sourcesOf(subject.certificate, reasons);
  const stapled: Way[] =
    staple === undefined
      ? []
      : [
          (now) =>
            Promise.try(() => ({
              ...readOcspResponse(staple, subject, undefined, now()),
              source: 'stapled OCSP',
            })),
        ];
  return [
    ...stapled,
    ...ocsp.map(
      (url): Way =>
        (now) =>
          askResponder(url, subject, options, now),
    ),
    ...crl.map(
      (url): Way =>
        (now) =>
          askForList(url, crl, subject, options, now),
    ),
  ];
}

function sourcesOf(certificate: X509Certificate, reasons: string[]): RevocationSources {
  try {
    return revocationSources(readFields(certificate));
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    reasons.push(`where to ask could not be read from the certificate: ${error.message}`);
    return { ocsp: [], crl: [] };
  }
}

/** @throws RevocationError where nothing is left */
function timeLeft(url: URL, deadline: number): number {
  const left = Math.min(WITHIN, Math.floor(deadline - performance.now()));
  if (left <= 0)
    throw new RevocationError(
      `${url.host} was not asked: the time for all answers of one handshake was used up`,
    );
  return left;
}

async function askResponder(
  url: URL,
  subject: Subject,
  { deadline, proxy, signal }: Asking,
  now: () => Date,
): Promise<Statement> {
  const within = timeLeft(url, deadline);
  const nonce = randomBytes(NONCE_LENGTH);
  const body = writeOcspRequest(subject, nonce);
  const bytes = await fetchRevocation({ url, body, mostBytes: MOST_OF_OCSP, within, proxy, signal });
  return readOcspResponse(bytes, subject, nonce, now());
}

async function askForList(
  url: URL,
  urls: readonly URL[],
  subject: Subject,
  { deadline, proxy, signal }: Asking,
  now: () => Date,
): Promise<Statement> {
  const within = timeLeft(url, deadline);
  const bytes = await fetchRevocation({ url, mostBytes: MOST_OF_LIST, within, proxy, signal });
  return readRevocationList(bytes, subject, urls, now());
}
