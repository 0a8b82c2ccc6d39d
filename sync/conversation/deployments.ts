/**
 * Deployments synchronization ([MS-WSUSSS] 3.2.4.3), for a replica alone: what the upstream server has decided since it
 * was last asked is carried out here.
 */
import { missingIdentities } from '../../catalog/store/revisions/revisions.ts';
import { deploymentsOfMissingRevisions } from '../../catalog/store/upstream/replica-deployments.ts';
import { applyUpstreamDecisions, readDecisionAnchor } from '../../catalog/store/upstream/replica.ts';
import { readAnchor, storePending } from '../../catalog/store/upstream/revision-list.ts';
import { addRunNote } from '../../catalog/store/upstream/synchronization.ts';
import type { UpstreamDecisions } from '../../catalog/store/upstream/upstream-decisions.ts';
import { GetDeployments } from '../../protocol/wsusss/deployments.ts';
import { serverSyncService } from '../../protocol/wsusss/server-sync.ts';
import type { ConversationContext, ConversationStep } from './context.ts';
import { fetchPending } from './list-synchronization.ts';
import { askSince } from './refused-anchor.ts';
import { readDecisions } from './told-decisions.ts';

export const synchronizeDeployments: ConversationStep = async (context) => {
  const { db, isReplica, now, report, runId, signal, upstreamUrl } = context;
  if (!isReplica) return;
  report('deployments', 0, 0);
  const told = await askSince(
    readDecisionAnchor(db, upstreamUrl),
    async (anchor) => await ask(context, anchor),
  );
  await fetchWhatIsDeployed(context, told);
  signal.throwIfAborted();
  const adminName = new URL(upstreamUrl).host;
  const changes = applyUpstreamDecisions(db, told, { upstreamUrl, adminName, now: now() });
  if (Object.values(changes).some((count) => count > 0))
    addRunNote(db, runId, { kind: 'decisions', ...changes });
};

async function ask(
  { authorization, client, db, signal }: ConversationContext,
  deploymentAnchor: string | undefined,
): Promise<UpstreamDecisions> {
  const syncAnchor = readAnchor(db, 'updates')?.anchor;
  const { GetDeploymentsResult: result } = await authorization.use((cookie) =>
    client.call(
      serverSyncService,
      GetDeployments,
      { cookie, deploymentAnchor, syncAnchor },
      { isList: true, signal },
    ),
  );
  return readDecisions(result, deploymentAnchor === undefined);
}

/**
 * The list of updates names the highest revision of each; an administrator who has not approved that one yet still has
 * an older one approved.
 */
async function fetchWhatIsDeployed(context: ConversationContext, told: UpstreamDecisions): Promise<void> {
  const { db } = context;
  const anchor = readAnchor(db, 'updates');
  const deployed = [...told.deployments, ...deploymentsOfMissingRevisions(db)];
  const missing = missingIdentities(db, deployed);
  if (anchor === undefined || missing.length === 0) return;
  storePending(db, 'updates', anchor, missing);
  await fetchPending(context, 'updates');
}
