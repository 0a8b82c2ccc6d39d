/** What becomes of decisions when synchronization brings newer revisions. */
import { z } from 'zod';

/** `GET` and `PUT /api/synchronization/revision-rules`. */
export const RevisionRules = z.strictObject({
  /** Approvals of an older revision go on to the newer one (WSUS: AutoRefreshUpdateApprovals). */
  moveApprovals: z.boolean(),
  /** An update whose newer revision is expired is declined, where approvals move (AutoRefreshUpdateApprovalsDeclineExpired). */
  declineExpired: z.boolean(),
});
export type RevisionRules = z.infer<typeof RevisionRules>;

/** Why approvals stand on an older revision. */
export const WaitingReason = z.enum([
  /** The newest revision is expired: it cannot be installed. */
  'Expired',
  /** It has licence terms that nobody accepted. */
  'LicenceTerms',
  /** Something that it bundles has not arrived. */
  'PartsMissing',
  /** It is approved for removal, and the newest revision cannot be removed. */
  'NotRemovable',
  /** The newest revision is a mere part of a bundle. */
  'NotDeployable',
  /** Nothing but that approvals are not moved by themselves. */
  'NotMoved',
  /** Nothing: the next synchronization moves them. */
  'NextSynchronization',
]);
export type WaitingReason = z.infer<typeof WaitingReason>;
