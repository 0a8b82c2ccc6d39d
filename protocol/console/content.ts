/** Content files as the console shows them: what is here, what is to come, what is in quarantine, who signed it. */
import { z } from 'zod';
import type { AuthenticodeErrorCode } from '../authenticode/error.ts';
import type { RefusalCode } from '../authenticode/refusal.ts';
import { PageQuery, pageOf } from './paging.ts';

/** What may come out where a signature is judged. */
export const VERDICTS = [
  'TRUSTED',
  'NOT_SIGNED',
  'UNSUPPORTED',
  'DIGEST_MISMATCH',
  'SIGNATURE_INVALID',
  'WEAK_DIGEST',
  'TIMESTAMP_INVALID',
  'TIMESTAMP_IN_FUTURE',
  'ROOT_UNKNOWN',
  'ISSUER_MISSING',
  'NOT_FOR_CODE_SIGNING',
  'NOT_FOR_TIMESTAMPING',
  'NOT_YET_VALID',
  'EXPIRED',
  'NOT_AN_AUTHORITY',
  'PATH_TOO_LONG',
  'EXTENSION_UNKNOWN',
  'CERTIFICATE_UNREADABLE',
  'WEAK_KEY',
  'WEAK_SIGNATURE',
  'CONTAINER_DAMAGED',
  'SIGNATURE_MISPLACED',
  'SIGNATURE_DAMAGED',
  'DIGEST_UNKNOWN',
  'FILE_CHANGED',
] as const satisfies readonly ('TRUSTED' | RefusalCode | AuthenticodeErrorCode)[];
export const SignatureVerdict = z.enum(VERDICTS);
export type SignatureVerdict = z.infer<typeof SignatureVerdict>;

/** Lower-case hex. */
const Sha1 = z
  .string()
  .toLowerCase()
  .regex(/^[0-9a-f]{40}$/)
  .describe('a SHA-1: 40 hex digits');

export const ListedContentState = z.enum(['wanted', 'quarantined', 'present']);
export type ListedContentState = z.infer<typeof ListedContentState>;

/**
 * `later`: it waits for its next try; `due`: it may be tried now; `requested`: a client or an administrator waits
 * for it; `refused`: for its signature; `differs`: it is not what the metadata says; `mended`: it was found wrong before.
 */
export const CONTENT_ASPECTS = ['later', 'due', 'requested', 'refused', 'differs', 'mended'] as const;
export const ContentAspect = z.enum(CONTENT_ASPECTS);
export type ContentAspect = z.infer<typeof ContentAspect>;

/** `turn`: what may be tried now first, then the soonest. */
export const CONTENT_SORTS = ['turn', '-changed', 'changed', '-size', 'size'] as const;

/** `GET /api/content/files`. Filters are ANDed. */
export const ContentFilesQuery = PageQuery.extend({
  state: ListedContentState,
  aspect: ContentAspect.optional(),
  verdict: SignatureVerdict.optional(),
  /** In one line, as it is listed. */
  signer: z.string().max(2000).optional(),
  /** The beginning of a SHA-1, of 6 digits at least, or words of title, KB or CVE of the update, of the newest 1000. */
  search: z.string().max(200).optional(),
  sort: z.enum(CONTENT_SORTS).default('-changed'),
});
export type ContentFilesQuery = z.infer<typeof ContentFilesQuery>;

/** Times are ISO 8601 UTC. */
export const ContentFileSummary = z.object({
  sha1: z.string(),
  /** What the first of the updates calls it; its digest where none does. */
  fileName: z.string(),
  /** Bytes. */
  size: z.int(),
  state: z.enum(['absent', 'wanted', 'present', 'quarantined']),
  /** Why it is not here. */
  error: z.string().optional(),
  /** Attempts that failed. */
  attempts: z.int(),
  /** Not tried before. */
  retryAt: z.string().optional(),
  /** Its signature was refused: it is not tried again by itself before the policy is another one. */
  isRefused: z.boolean(),
  /** Since when a client or an administrator waits for it. */
  requestedAt: z.string().optional(),
  /** Bytes that came of it so far. */
  receivedBytes: z.int().optional(),
  /** Bytes are coming at this moment. */
  isArriving: z.boolean(),
  /** Where what is here came from. */
  origin: z.string().optional(),
  changedAt: z.string(),
  /** That names it, first of those that a group is to install. */
  update: z.object({ updateId: z.string(), title: z.string() }).optional(),
  /** The soonest of the approvals that need it. */
  deadline: z.string().optional(),
  verdict: SignatureVerdict.optional(),
});
export type ContentFileSummary = z.infer<typeof ContentFileSummary>;

export const ContentFilesPage = pageOf(ContentFileSummary);
export type ContentFilesPage = z.infer<typeof ContentFilesPage>;

/** What was last found wrong. */
export const ContentFindingView = z.object({
  foundAt: z.string(),
  /** A clause. */
  reason: z.string(),
  /** Bytes. */
  foundSize: z.int().optional(),
  foundSha1: z.string().optional(),
  foundSha256: z.string().optional(),
  /** Where the bytes had come from. */
  origin: z.string().optional(),
  /** When the file was last right. */
  checkedAt: z.string().optional(),
});

export const ContentSignatureView = z.object({
  /** By how the file begins. */
  kind: z.string(),
  signed: z.enum(['yes', 'no', 'unsupported', 'damaged']),
  /** Whether the file is the one that was signed. */
  matches: z.boolean().optional(),
  signer: z.string().optional(),
  issuer: z.string().optional(),
  /** By its timestamp. */
  signedAt: z.string().optional(),
  verdict: SignatureVerdict,
  /** A sentence or two. */
  message: z.string(),
  isRefused: z.boolean(),
  judgedAt: z.string(),
});
export type ContentSignatureView = z.infer<typeof ContentSignatureView>;

/** `GET /api/content/files/:sha1`; its `ETag` is what `DELETE /api/content/quarantine/:sha1` names. */
export const ContentFileDetails = ContentFileSummary.extend({
  sha256: z.string().optional(),
  /** Each name that an update gives it. */
  fileNames: z.array(z.string()),
  receivedAt: z.string().optional(),
  /** When its bytes were last read and found right. */
  checkedAt: z.string().optional(),
  /** yyyy-MM-dd: when it was last served. */
  lastUsedOn: z.string().optional(),
  /** The newest revisions of what has it, those that a group is to install first. */
  updates: z.array(
    z.object({
      updateId: z.string(),
      title: z.string(),
      /** Some group is to install it. */
      isNeeded: z.boolean(),
      deadline: z.string().optional(),
    }),
  ),
  /** There are more than these. */
  hasMoreUpdates: z.boolean(),
  finding: ContentFindingView.optional(),
  signature: ContentSignatureView.optional(),
  /** Bytes that are kept in quarantine; left out where there are none. */
  quarantinedBytes: z.int().optional(),
});
export type ContentFileDetails = z.infer<typeof ContentFileDetails>;

/** Files, and bytes of them. */
const Amount = z.object({ files: z.int(), bytes: z.int() });

/** `GET /api/content`. */
export const ContentOverview = z.object({
  store: z.enum(['approved', 'all', 'none']),
  fetch: z.enum(['at-approval', 'on-request']),
  /** In the order in which they are tried. */
  sources: z.array(z.string()),
  disk: z.object({
    folder: z.string(),
    freeBytes: z.int(),
    /** That content leaves free for the database. */
    reservedBytes: z.int(),
    /** Left out: no limit. */
    quotaBytes: z.int().optional(),
  }),
  present: Amount,
  wanted: Amount,
  quarantined: Amount,
  /** Of what approvals need: all of it, and what of it is here. */
  needed: Amount.extend({ presentFiles: z.int(), presentBytes: z.int() }),
  /** Bytes that came of files that are not whole. */
  receivedBytes: z.int(),
  /** Files that are not tried before some time, as a rule because they failed. */
  laterFiles: z.int(),
  /** When the last file came; left out where none did. */
  lastReceivedAt: z.string().optional(),
  /** Why the most files are not here. */
  commonestError: z
    .object({
      text: z.string(),
      files: z.int(),
      /** Whose reasons were read: those that are tried soonest. */
      ofFiles: z.int(),
    })
    .optional(),
  /** What is fetched next, in this order. */
  next: z.array(ContentFileSummary),
});
export type ContentOverview = z.infer<typeof ContentOverview>;

/** `GET /api/content/arriving`: files of which bytes are here, those that are coming just now first. */
export const ArrivingContent = z.object({ items: z.array(ContentFileSummary) });
export type ArrivingContent = z.infer<typeof ArrivingContent>;

/** `GET /api/content/signatures`. */
export const SignatureSums = z.object({
  policy: z.enum(['record', 'require']),
  /** Without any, nothing is trusted. */
  hasRoots: z.boolean(),
  acceptsSha1: z.boolean(),
  /** Files that are here and were not judged yet. */
  unjudged: z.int(),
  verdicts: z.array(z.object({ verdict: SignatureVerdict, files: z.int(), refused: z.int() })),
  /** Those with the most files first. */
  signers: z.array(
    z.object({
      signer: z.string(),
      issuer: z.string().optional(),
      files: z.int(),
      trusted: z.int(),
      refused: z.int(),
    }),
  ),
  /** There are more than these. */
  hasMoreSigners: z.boolean(),
});
export type SignatureSums = z.infer<typeof SignatureSums>;

/** `POST /api/content/attempts`: has files tried now; left out: all that wait, other than what was refused. */
export const AttemptRequest = z.strictObject({ sha1s: z.array(Sha1).min(1).max(500).optional() });
export type AttemptRequest = z.infer<typeof AttemptRequest>;
