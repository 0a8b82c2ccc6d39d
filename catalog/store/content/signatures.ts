/** What was read of the signatures of content files, and what the policy made of it. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { ContentJudgement, SignatureRecord } from '../../authenticode/content-judgement.ts';

/**
 * Time of the next attempt of what the policy refused: fetched again it would be the same bytes. Another policy releases
 * it.
 */
export const NOT_UNDER_THIS_POLICY = '9999-12-31T23:59:59.999Z';

/** @param policy `policyId` */
export function recordSignature(
  db: Database,
  sha1: string,
  { record, refusal }: ContentJudgement,
  policy: string,
  now: Date,
): void {
  const { kind, signed, matches, signer, issuer, signedAt, verdict, message } = record;
  db.prepare(
    `INSERT OR REPLACE INTO content_signature
       (sha1, kind, signed, matches, signer, issuer, signed_at, verdict, message, refused, policy, judged_at)
     VALUES (@sha1, @kind, @signed, @matches, @signer, @issuer, @signedAt, @verdict, @message, @refused, @policy, @at)`,
  ).run({
    sha1,
    kind,
    signed,
    matches: matches === undefined ? null : Number(matches),
    signer: signer ?? null,
    issuer: issuer ?? null,
    signedAt: signedAt?.toISOString() ?? null,
    verdict,
    message,
    refused: refusal === undefined ? 0 : 1,
    policy,
    at: now.toISOString(),
  });
}

/** The file is not served, and not tried again before the policy is another one. */
export function markRefused(db: Database, sha1: string, reason: string, now: Date): void {
  db.prepare(
    `UPDATE file SET content_state = 'quarantined', content_error = ?, attempts = attempts + 1, retry_at = ?,
       verified_stat = NULL, requested_at = NULL, changed_at = ? WHERE sha1 = ?`,
  ).run(reason, NOT_UNDER_THIS_POLICY, now.toISOString(), sha1);
}

/** Whether the policy of then refused the file, whose bytes are in quarantine. */
export const wasRefused = (db: Database, sha1: string): boolean =>
  db.prepare('SELECT 1 FROM content_signature WHERE sha1 = ? AND refused = 1').get(sha1) !== undefined;

/** @param policy `policyId` */
export const wasLetIn = (db: Database, sha1: string, policy: string): boolean =>
  db
    .prepare('SELECT 1 FROM content_signature WHERE sha1 = ? AND policy = ? AND refused = 0')
    .get(sha1, policy) !== undefined;

/**
 * To be called at every start, before anything is served. What another policy refused may be tried again; where
 * signatures are required, nobody vouches for a file that this policy has not let in, and it is read before it is served.
 *
 * @param policy `policyId`
 * @returns how many files are to be judged again
 */
export function followSignaturePolicy(db: Database, policy: string, isRequired: boolean): number {
  return db.transaction(() => {
    const released = db
      .prepare(
        `UPDATE file SET retry_at = NULL WHERE content_state = 'quarantined' AND retry_at = ?
           AND sha1 IN (SELECT sha1 FROM content_signature WHERE refused = 1 AND policy <> ?)`,
      )
      .run(NOT_UNDER_THIS_POLICY, policy).changes;
    if (!isRequired) return released;
    const unjudged = db
      .prepare(
        `UPDATE file SET verified_stat = NULL WHERE content_state = 'present' AND verified_stat IS NOT NULL
           AND sha1 NOT IN (SELECT sha1 FROM content_signature WHERE policy = ? AND refused = 0)`,
      )
      .run(policy).changes;
    return released + unjudged;
  })();
}

export interface SignatureRow {
  readonly kind: string;
  readonly signed: SignatureRecord['signed'];
  readonly matches: boolean | null;
  readonly signer: string | null;
  readonly issuer: string | null;
  readonly signedAt: string | null;
  readonly verdict: string;
  readonly message: string;
  readonly isRefused: boolean;
  readonly judgedAt: string;
}

const Flag = z.int().transform((value) => value !== 0);
const Row = z
  .object({
    kind: z.string(),
    signed: z.enum(['yes', 'no', 'unsupported', 'damaged']),
    matches: Flag.nullable(),
    signer: z.string().nullable(),
    issuer: z.string().nullable(),
    signedAt: z.string().nullable(),
    verdict: z.string(),
    message: z.string(),
    isRefused: Flag,
    judgedAt: z.string(),
  })
  .optional();

/** What is recorded of a file; undefined where nobody has looked. */
export const signatureOf = (db: Database, sha1: string): SignatureRow | undefined =>
  Row.parse(
    db
      .prepare(
        `SELECT kind, signed, matches, signer, issuer, signed_at AS signedAt, verdict, message, refused AS isRefused,
           judged_at AS judgedAt
         FROM content_signature WHERE sha1 = ?`,
      )
      .get(sha1),
  );
