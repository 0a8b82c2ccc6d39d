/** Updates as the console lists and shows them. */
import { z } from 'zod';
import { PageQuery, pageOf } from './paging.ts';
import { WaitingReason } from './revision-rules.ts';
import { RuleTrace } from './rules.ts';
import { StatusCounts, UpdateState } from './status.ts';

export const CategoryRef = z.object({ updateId: z.string(), title: z.string() });
export type CategoryRef = z.infer<typeof CategoryRef>;

/** `Mixed`: approved for some groups, differently or not for others. */
export const ApprovalState = z.enum(['NotApproved', 'Install', 'Uninstall', 'Mixed', 'Declined']);
export type ApprovalState = z.infer<typeof ApprovalState>;

/** `GET /api/updates`. Filters are ANDed; a repeated key is ORed within itself. */
export const UpdatesQuery = PageQuery.extend({
  /** Words in title, KB or CVE. */
  search: z.string().max(200).optional(),
  classification: z.array(z.string()).optional(),
  product: z.array(z.string()).optional(),
  approval: z.array(ApprovalState).optional(),
  /** Updates that at least one computer has in this state. */
  status: z.array(UpdateState).optional(),
  severity: z.array(z.string()).optional(),
  kb: z.string().max(20).optional(),
  superseded: z.enum(['show', 'hide']).default('show'),
  expired: z.enum(['show', 'hide']).default('show'),
  sort: z
    .enum(['arrived', '-arrived', 'released', '-released', 'title', '-title', 'severity', '-severity'])
    .default('-arrived'),
});
export type UpdatesQuery = z.infer<typeof UpdatesQuery>;

export const UpdateSummary = z.object({
  updateId: z.string(),
  revisionNumber: z.int(),
  revisionId: z.int(),
  title: z.string(),
  updateType: z.enum(['Software', 'Driver']),
  classification: CategoryRef.optional(),
  products: z.array(CategoryRef),
  kbArticleIds: z.array(z.string()),
  msrcSeverity: z.string().optional(),
  /** ISO 8601. */
  creationDate: z.string(),
  arrivedAt: z.string(),
  isExpired: z.boolean(),
  /** Another update here replaces it. */
  isSuperseded: z.boolean(),
  /** It is approved in an older revision: this one waits (WSUS: HasStaleUpdateApprovals). */
  hasOlderApprovals: z.boolean(),
  approval: ApprovalState,
  status: StatusCounts,
});
export type UpdateSummary = z.infer<typeof UpdateSummary>;

export const UpdatesPage = pageOf(UpdateSummary);
export type UpdatesPage = z.infer<typeof UpdatesPage>;

/** `GET /api/updates/filters`: what can be filtered by, with how many updates each. */
export const UpdateFilters = z.object({
  classifications: z.array(CategoryRef.extend({ count: z.int() })),
  products: z.array(CategoryRef.extend({ count: z.int() })),
  severities: z.array(z.object({ severity: z.string(), count: z.int() })),
});
export type UpdateFilters = z.infer<typeof UpdateFilters>;

export const RelatedUpdate = z.object({
  updateId: z.string(),
  /** Absent where no revision of it is here. */
  title: z.string().optional(),
  revisionNumber: z.int().optional(),
  updateType: z.enum(['Software', 'Driver', 'Category', 'Detectoid']).optional(),
});
export type RelatedUpdate = z.infer<typeof RelatedUpdate>;

export const UpdateFileView = z.object({
  sha1: z.string(),
  sha256: z.string().optional(),
  fileName: z.string(),
  /** Bytes. */
  size: z.int(),
  patchingType: z.string().optional(),
  contentState: z.enum(['absent', 'wanted', 'present', 'quarantined']),
  contentError: z.string().optional(),
  /** Not tried before; left out where it may be tried at any time. */
  retryAt: z.string().optional(),
  /** Its signature was refused: it is not tried again by itself before the policy is another one. */
  isRefused: z.boolean(),
});
export type UpdateFileView = z.infer<typeof UpdateFileView>;

export const DeploymentAction = z.enum([
  'Install',
  'OptionalInstall',
  'Uninstall',
  'PreDeploymentCheck',
  'Block',
  'NotApproved',
]);
export type DeploymentAction = z.infer<typeof DeploymentAction>;

/** What one group gets of an update, and why. */
export const GroupApproval = z.object({
  groupId: z.string(),
  groupName: z.string(),
  parentId: z.string().optional(),
  /** Set on this very group; absent: nothing is. */
  own: z
    .object({
      action: DeploymentAction,
      deadline: z.string().optional(),
      adminName: z.string(),
      changedAt: z.string(),
      /** Present where a rule decided it: which, as it was then. */
      rule: z.object({ ruleId: z.int(), name: z.string(), version: z.int() }).optional(),
    })
    .optional(),
  /** After inheritance. */
  effective: DeploymentAction,
  effectiveDeadline: z.string().optional(),
  inheritedFromGroupId: z.string().optional(),
  /** In the group or below it. */
  computers: z.int(),
  status: StatusCounts,
});
export type GroupApproval = z.infer<typeof GroupApproval>;

/** `GET /api/updates/:updateId`: the latest revision. */
export const UpdateDetails = UpdateSummary.extend({
  description: z.string(),
  languages: z.array(z.string()),
  moreInfoUrls: z.array(z.string()),
  supportUrl: z.string().optional(),
  securityBulletinIds: z.array(z.string()),
  cveIds: z.array(z.string()),
  rebootBehavior: z.string().optional(),
  impact: z.string().optional(),
  canUninstall: z.boolean(),
  eula: z.object({ eulaId: z.string(), accepted: z.boolean(), text: z.string().optional() }).optional(),
  declined: z.object({ adminName: z.string(), declinedAt: z.string() }).optional(),
  /** Each clause is met by any one of its updates. */
  prerequisites: z.array(z.object({ isCategory: z.boolean(), anyOf: z.array(RelatedUpdate) })),
  bundledUpdates: z.array(RelatedUpdate),
  bundledIn: z.array(RelatedUpdate),
  supersedes: z.array(RelatedUpdate),
  supersededBy: z.array(RelatedUpdate),
  revisions: z.array(
    z.object({
      revisionNumber: z.int(),
      arrivedAt: z.string(),
      isLatest: z.boolean(),
      isExpired: z.boolean(),
      /** Groups that have an approval of their own of this revision. */
      approvedFor: z.int(),
    }),
  ),
  /** Present where it is approved in an older revision: why not in the newest. */
  waiting: z.object({ reason: WaitingReason, groups: z.int() }).optional(),
  /** What synchronizations did to decisions when newer revisions came, the latest first. */
  followed: z.array(
    z.object({
      outcome: z.enum(['moved', 'declined']),
      fromRevisionNumber: z.int(),
      toRevisionNumber: z.int(),
      /** Decisions of groups that moved, or ended. */
      decisions: z.int(),
      at: z.string(),
    }),
  ),
  /** What rules decided about it, by group: what stands first, then the latest. */
  ruleTraces: z.array(RuleTrace),
  /** Of the update and of what it bundles. */
  files: z.array(UpdateFileView),
  groups: z.array(GroupApproval),
});
export type UpdateDetails = z.infer<typeof UpdateDetails>;

/** `GET /api/updates/:updateId/computers?state=`. */
export const UpdateComputer = z.object({
  computerId: z.string(),
  dnsName: z.string(),
  groups: z.array(z.string()),
  state: UpdateState,
  /** Signed HRESULT of the last failure. */
  errorCode: z.int().optional(),
  changedAt: z.string().optional(),
});
export const UpdateComputersPage = pageOf(UpdateComputer);
export type UpdateComputersPage = z.infer<typeof UpdateComputersPage>;

/** `GET /api/updates/:updateId/downstream-computers`: computers of downstream servers that told of it, by name. */
export const UpdateBelowPage = pageOf(
  z.object({
    computerId: z.string(),
    dnsName: z.string(),
    serverId: z.string(),
    serverName: z.string(),
    /** Why one failed is known where the computer reports: no downstream server tells it. */
    state: UpdateState,
    changedAt: z.string(),
  }),
).extend({
  /** Of all of them. */
  status: StatusCounts,
});
export type UpdateBelowPage = z.infer<typeof UpdateBelowPage>;
