/** Whether a content file's signature lets it be served. */
import type { FileHandle } from 'node:fs/promises';
import { AuthenticodeError } from '../../protocol/authenticode/error.ts';
import type { AuthenticodeErrorCode } from '../../protocol/authenticode/error.ts';
import type { FileKind, FileSignature } from '../../protocol/authenticode/file-signature.ts';
import { judgeSignature } from '../../protocol/authenticode/judge.ts';
import type { Verdict } from '../../protocol/authenticode/judge.ts';
import type { RefusalCode } from '../../protocol/authenticode/refusal.ts';
import type { ContentSignaturePolicy } from './content-signature-policy.ts';
import { readSignature } from './read-signature.ts';

export interface SignatureRecord {
  readonly kind: FileKind;
  readonly signed: 'yes' | 'no' | 'unsupported' | 'damaged';
  /** Whether the file is the one that was signed. */
  readonly matches?: boolean;
  /** In one line. */
  readonly signer?: string;
  readonly issuer?: string;
  /** By its timestamp. */
  readonly signedAt?: Date;
  readonly verdict: 'TRUSTED' | RefusalCode | AuthenticodeErrorCode;
  /** A sentence or two. */
  readonly message: string;
}

export interface ContentJudgement {
  readonly record: SignatureRecord;
  /** Why the policy refuses the file, in a clause; undefined where it may be served. */
  readonly refusal: string | undefined;
}

/** What must be signed, whichever of the two says that it is one. */
const SIGNED_EXTENSIONS = new Set(['.cab', '.exe', '.msi', '.msu']);
const SIGNED_KINDS = new Set<FileKind>(['pe', 'cab', 'msi']);

/**
 * @param handle open for reading; it is not closed
 * @param extension by the metadata, in lower case with its dot, or empty
 * @param at now
 */
export async function judgeContent(
  handle: FileHandle,
  extension: string,
  policy: ContentSignaturePolicy,
  at: Date,
): Promise<ContentJudgement> {
  const record = await recordOf(handle, policy, at);
  const mustBeSigned =
    record.signed === 'damaged' || SIGNED_EXTENSIONS.has(extension) || SIGNED_KINDS.has(record.kind);
  const isRefused = policy.isRequired && mustBeSigned && record.verdict !== 'TRUSTED';
  const { verdict, message } = record;
  return {
    record,
    refusal: isRefused ? `its signature is not believed (${verdict}): ${message}` : undefined,
  };
}

async function recordOf(
  handle: FileHandle,
  { roots, acceptsSha1 }: ContentSignaturePolicy,
  at: Date,
): Promise<SignatureRecord> {
  try {
    const file = await readSignature(handle);
    return recorded(file, judgeSignature(file, roots, at, { acceptsSha1 }));
  } catch (error) {
    if (!(error instanceof AuthenticodeError)) throw error;
    return { kind: 'other', signed: 'damaged', verdict: error.code, message: error.message };
  }
}

function recorded(file: FileSignature, verdict: Verdict): SignatureRecord {
  const outcome = {
    kind: file.kind,
    signed: file.signed,
    verdict: verdict.trusted ? ('TRUSTED' as const) : verdict.code,
    message: verdict.message,
  };
  if (file.signed !== 'yes') return outcome;
  const { signer, matches, timestamps } = verdict.trusted ? verdict.signature : file.signature;
  const signedAt = verdict.trusted
    ? verdict.timestamp?.time
    : timestamps.find(({ problem }) => problem === undefined)?.time;
  return {
    ...outcome,
    matches,
    ...(signer === undefined ? {} : { signer: signer.subject, issuer: signer.issuer }),
    ...(signedAt === undefined ? {} : { signedAt }),
  };
}
