/** Whether a file's signature is believed. */
import type { X509Certificate } from 'node:crypto';
import { shortName } from '../x509/distinguished-name.ts';
import type { Chain } from '../x509/chain.ts';
import { describe, parseCertificates } from './certificates.ts';
import type { CertificateFacts } from './certificates.ts';
import { trustedChain } from './chain-rules.ts';
import type { DigestName } from './digests.ts';
import type { CheckedSignature, FileSignature } from './file-signature.ts';
import { Refusal } from './refusal.ts';
import type { RefusalCode } from './refusal.ts';
import type { Timestamp } from './timestamps.ts';

export interface SignaturePolicy {
  /** Whether SHA-1 still proves something, for files that were signed before 2016. MD5 never does. */
  readonly acceptsSha1?: boolean;
}

export type Verdict =
  | {
      readonly trusted: true;
      readonly signature: CheckedSignature;
      /** From the signer's certificate to a root. */
      readonly chain: readonly CertificateFacts[];
      /** Undefined where it has none, or its signer's certificate lets none extend its life. */
      readonly timestamp: { readonly time: Date; readonly chain: readonly CertificateFacts[] } | undefined;
      /** One sentence. */
      readonly message: string;
    }
  | {
      readonly trusted: false;
      readonly code: RefusalCode;
      /** One sentence or two: what was found and what to do. */
      readonly message: string;
    };

/**
 * Believes the signature, or one nested in it: each is over all of the file. Revocation is not asked for.
 *
 * @param roots a chain must end at one of them, that of the timestamp too
 * @param at now; a signature without a timestamp must be valid then
 */
export function judgeSignature(
  file: FileSignature,
  roots: readonly X509Certificate[],
  at: Date,
  policy: SignaturePolicy = {},
): Verdict {
  if (file.signed === 'no')
    return { trusted: false, code: 'NOT_SIGNED', message: 'The file has no signature.' };
  if (file.signed === 'unsupported')
    return { trusted: false, code: 'UNSUPPORTED', message: `No signature can be read: ${file.reason}.` };
  const situation = { roots, at, acceptsSha1: policy.acceptsSha1 ?? false };
  const first = judgeOne(file.signature, situation);
  if (first.trusted) return first;
  for (const nested of file.nested) {
    const verdict = judgeOne(nested, situation);
    if (verdict.trusted) return verdict;
  }
  return first;
}

interface Situation {
  readonly roots: readonly X509Certificate[];
  readonly at: Date;
  readonly acceptsSha1: boolean;
}

function judgeOne(signature: CheckedSignature, situation: Situation): Verdict {
  try {
    return believe(signature, situation);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { trusted: false, code: error.code, message: error.message };
  }
}

/** @throws Refusal */
function believe(signature: CheckedSignature, situation: Situation): Verdict {
  const { matches, problem, certificates } = signature;
  if (!matches)
    throw new Refusal(
      'DIGEST_MISMATCH',
      'The file is not the one that was signed: its digest is another one than that in the signature. Fetch it again from another source.',
    );
  const presented = presentedBy(signature.signer, certificates);
  if (problem !== undefined || presented === undefined)
    throw new Refusal(
      'SIGNATURE_INVALID',
      `The signature proves nothing: ${problem ?? "the signer's certificate is not there"}.`,
    );
  checkDigests('The signature', [signature.digestAlgorithm, signature.signerDigest], situation);
  const stamped = believedTimestamp(signature.timestamps, situation);
  const timestamp = isForLifetime(presented[0]) ? undefined : stamped;
  const { roots, at, acceptsSha1 } = situation;
  const time = timestamp?.time ?? at;
  const chain = trustedChain(presented, { roots, time, usage: 'codeSigning', acceptsSha1 });
  const name = shortName(presented[0].subject);
  return {
    trusted: true,
    signature,
    chain: chain.map(describe),
    timestamp,
    message: `Signed by "${name}"${timestamp === undefined ? '' : ` before ${timestamp.time.toISOString()}`}, whose certificate leads to "${shortName(chain.at(-1)?.subject ?? name)}".`,
  };
}

/** The signer's certificate first, then what came with it. */
function presentedBy(
  signer: CertificateFacts | undefined,
  certificates: readonly Buffer[],
): Chain | undefined {
  const all = parseCertificates(certificates);
  const leaf = all.find(
    (certificate) => signer !== undefined && describe(certificate).fingerprint === signer.fingerprint,
  );
  return leaf && [leaf, ...all.filter((certificate) => certificate !== leaf)];
}

function checkDigests(what: string, digests: readonly DigestName[], { acceptsSha1 }: Situation): void {
  const weak = digests.find((digest) => digest === 'md5' || (digest === 'sha1' && !acceptsSha1));
  if (weak !== undefined)
    throw new Refusal(
      'WEAK_DIGEST',
      `${what} rests on ${weak === 'md5' ? 'MD5' : 'SHA-1'}, which proves too little.`,
    );
}

type BelievedTimestamp = { readonly time: Date; readonly chain: readonly CertificateFacts[] };

/**
 * The first that is believed; undefined where there is none at all.
 *
 * @throws Refusal of the first where none is believed
 */
function believedTimestamp(
  timestamps: readonly Timestamp[],
  situation: Situation,
): BelievedTimestamp | undefined {
  let first: Refusal | undefined;
  for (const timestamp of timestamps) {
    try {
      return believeTimestamp(timestamp, situation);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      first ??= error;
    }
  }
  if (first !== undefined) throw first;
  return undefined;
}

/** Milliseconds that the clock here may be behind. */
const CLOCK_DIFFERENCE = 10 * 60_000;

/** @throws Refusal */
function believeTimestamp(timestamp: Timestamp, situation: Situation): BelievedTimestamp {
  const { time, problem, signer, certificates, digests } = timestamp;
  const presented = presentedBy(signer, certificates);
  if (problem !== undefined || time === undefined || presented === undefined)
    throw new Refusal(
      'TIMESTAMP_INVALID',
      `The timestamp proves nothing: ${problem ?? 'its signer or its time is not there'}.`,
    );
  checkDigests('The timestamp', digests, situation);
  const { roots, at, acceptsSha1 } = situation;
  if (time.getTime() > at.getTime() + CLOCK_DIFFERENCE)
    throw new Refusal(
      'TIMESTAMP_IN_FUTURE',
      `The timestamp says ${time.toISOString()}; it is ${at.toISOString()} here. Check the clock.`,
    );
  const chain = trustedChain(presented, { roots, time, usage: 'timeStamping', acceptsSha1 });
  return { time, chain: chain.map(describe) };
}

/** `szOID_KP_LIFETIME_SIGNING`: the signature is good for as long as the certificate, whatever a timestamp says. */
const LIFETIME_SIGNING = '1.3.6.1.4.1.311.10.3.13';

function isForLifetime({ keyUsage }: X509Certificate): boolean {
  const usages: readonly string[] | undefined = keyUsage;
  return usages?.includes(LIFETIME_SIGNING) ?? false;
}
