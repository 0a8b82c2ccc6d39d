/** Approvals that stand on older revisions though they need not: they were not to be moved, or terms were not accepted. */
import { moveAllApprovals } from '../../catalog/store/decisions/followed-revisions.ts';
import type { ConversationStep } from './context.ts';

export const moveOlderApprovals: ConversationStep = async ({
  db,
  isReplica,
  now,
  runId,
  signal,
  storesContent,
  selection,
}) => {
  // What a replica's upstream server approved stands where it stands there.
  if (isReplica) return;
  signal.throwIfAborted();
  moveAllApprovals(db, { runId, now: now(), storesContent, selection });
};
