/**
 * `GET /api/computers/:computerId/updates/:updateId/explanation`: why a computer gets an update, or does not. The steps are
 * in the order in which they are decided; the verdict is the first that stands in the way. Facts, not sentences: the console
 * has the words.
 */
import { z } from 'zod';
import { UpdateState } from './status.ts';
import { DeploymentAction, RelatedUpdate } from './updates.ts';

/** What decided it. */
export const Verdict = z.enum([
  /** The update was declined: nobody is offered it. */
  'DECLINED',
  /** Comes only as part of others, which are approved or not. */
  'ONLY_IN_BUNDLES',
  /** No group of the computer has an approval that holds for it. */
  'NOT_APPROVED',
  /** Its groups have it approved for removal. */
  'REMOVAL',
  /** The computer has not ended a scan since this is recorded. */
  'NEVER_SCANNED',
  /** A prerequisite is not met by what the computer said it has. */
  'PREREQUISITE_MISSED',
  /** Drivers go to computers with a device for them. */
  'DRIVER',
  /** The computer has not asked since the decision was made. */
  'NOT_ASKED_SINCE',
  /** Offered, and the computer has not reported on it yet. */
  'OFFERED',
  /** Offered, and files are not here yet. */
  'CONTENT_MISSING',
  /** Offered; the computer says that it is not applicable. */
  'NOT_APPLICABLE',
  /** Offered, and not installed yet: it waits for its time, or for its deadline. */
  'WAITING',
  'FAILED',
  'PENDING_RESTART',
  'INSTALLED',
]);
export type Verdict = z.infer<typeof Verdict>;

export const ExplainedAlternative = z.object({
  update: RelatedUpdate,
  isInstalled: z.boolean(),
  /** The computer is asked whether it has it, and did not say so. */
  isOffered: z.boolean(),
});
export type ExplainedAlternative = z.infer<typeof ExplainedAlternative>;

/** An OR; all clauses must be met. */
export const ExplainedClause = z.object({ isMet: z.boolean(), anyOf: z.array(ExplainedAlternative) });
export type ExplainedClause = z.infer<typeof ExplainedClause>;

export const ExplainedGroup = z.object({
  groupId: z.string(),
  name: z.string(),
  action: DeploymentAction,
  deadline: z.string().optional(),
  /** The group above it whose decision it inherits. */
  inheritedFrom: z.object({ groupId: z.string(), name: z.string() }).optional(),
  /** Nobody decided, for the group or for one above it. */
  isUndecided: z.boolean(),
  adminName: z.string().optional(),
  changedAt: z.string().optional(),
});
export type ExplainedGroup = z.infer<typeof ExplainedGroup>;

export const Explanation = z.object({
  verdict: Verdict,
  computer: z.object({ computerId: z.string(), dnsName: z.string() }),
  update: RelatedUpdate,
  declined: z.object({ adminName: z.string(), declinedAt: z.string() }).optional(),
  isExpired: z.boolean(),
  /** Those that bring it along, where it cannot be approved by itself. */
  bundledIn: z.array(RelatedUpdate),
  groups: z.array(ExplainedGroup),
  /** What its groups together come to. */
  decision: z
    .object({
      action: z.enum(['Install', 'OptionalInstall', 'Uninstall', 'PreDeploymentCheck']),
      deadline: z.string().optional(),
      changedAt: z.string(),
      revisionNumber: z.int(),
    })
    .optional(),
  scan: z.object({
    /** Since when it has said what it has; absent where it has not ended a scan since this is recorded. */
    saidAt: z.string().optional(),
    lastContact: z.string(),
    /** Whether the scan engine offers the update to it; of one that nobody decided on, whether it would. */
    isOffered: z.boolean(),
  }),
  clauses: z.array(ExplainedClause),
  /** Of alternatives that are held back: what they wait for themselves. */
  below: z.array(z.object({ updateId: z.string(), clauses: z.array(ExplainedClause) })),
  /** Approved for it as well: an agent prefers these. */
  supersededBy: z.array(RelatedUpdate.extend({ isApproved: z.boolean() })),
  /** Files that are not here yet, of those that are fetched. */
  content: z.object({ missing: z.int(), missingBytes: z.int() }).optional(),
  report: z
    .object({ state: UpdateState, errorCode: z.int().optional(), changedAt: z.string().optional() })
    .optional(),
});
export type Explanation = z.infer<typeof Explanation>;
