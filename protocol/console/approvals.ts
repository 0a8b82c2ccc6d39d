/** Deciding: approve, set a deadline, remove an approval, decline. Each has a preview that changes nothing. */
import { z } from 'zod';
import { DeploymentAction } from './updates.ts';

const UpdateIds = z.array(z.guid()).min(1).max(1000);

/**
 * `POST /api/approvals` and, to see what it would mean, `POST /api/approvals/preview`. One action for each pair of the
 * updates and groups named. `NotApproved` stops what the group would inherit; `Remove` takes the group's own decision
 * away, so that it inherits again.
 */
export const ApprovalRequest = z.strictObject({
  updateIds: UpdateIds,
  groupIds: z.array(z.guid()).min(1).max(1000),
  action: z.union([DeploymentAction, z.literal('Remove')]),
  /** ISO 8601 with offset; only for Install and Uninstall. */
  deadline: z.iso.datetime({ offset: true }).optional(),
  /** Licence terms of these updates, accepted for the clients by who approves. */
  acceptEulaIds: z.array(z.string().max(100)).max(1000).default([]),
});
export type ApprovalRequest = z.infer<typeof ApprovalRequest>;

/** `POST /api/declines` and `POST /api/declines/preview`: for every group, approvals removed. */
export const DeclineRequest = z.strictObject({ updateIds: UpdateIds });
export type DeclineRequest = z.infer<typeof DeclineRequest>;

/** What to know before a decision is made: of an update that is left out, the code of its refusal. */
export const DecisionWarning = z.object({
  /** `SUPERSEDED`, `DECLINED_NOW`, `DEADLINE_PASSED`, `NO_CHANGE`, or that of a refusal: `UPDATE_EXPIRED`. */
  code: z.string(),
  text: z.string(),
});
export type DecisionWarning = z.infer<typeof DecisionWarning>;

/** What a decision would mean, as things are now. */
export const DecisionPreview = z.object({
  /** Those named, in the order named. */
  updates: z.array(
    z.object({
      updateId: z.string(),
      title: z.string(),
      /** Computers of the groups that reported the update as needed. */
      needing: z.int(),
      isSuperseded: z.boolean(),
      isExpired: z.boolean(),
      /** The approval states it has now, group by group, that would change. */
      changes: z.array(
        z.object({ groupId: z.string(), groupName: z.string(), before: z.string(), after: z.string() }),
      ),
    }),
  ),
  /** Distinct computers of the groups, subgroups that inherit included. */
  computers: z.int(),
  /** Bytes of files not yet here that would be fetched. */
  downloadBytes: z.int(),
  downloadFiles: z.int(),
  eulas: z.array(z.object({ eulaId: z.string(), updateTitle: z.string(), text: z.string() })),
  /** Updates that the named ones replace and that are approved now. */
  supersedes: z.array(z.object({ updateId: z.string(), title: z.string() })),
  warnings: z.array(DecisionWarning),
});
export type DecisionPreview = z.infer<typeof DecisionPreview>;

/** What was done; `undo` posted to `/api/approvals/undo` restores what was before. */
export const DecisionResult = z.object({ changed: z.int(), undoToken: z.string() });
export type DecisionResult = z.infer<typeof DecisionResult>;

export const UndoRequest = z.strictObject({ undoToken: z.string().max(200) });
