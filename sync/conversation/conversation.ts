/** One whole conversation with the upstream server, from the greeting to the last update document. */
import { writeSetting } from '../../catalog/store/database/settings.ts';
import { resetAnchors } from '../../catalog/store/upstream/revision-list.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';
import type { ConversationContext, ConversationStep } from './context.ts';
import { synchronizeDecryptionKeys } from './decryption-keys.ts';
import { synchronizeDeployments } from './deployments.ts';
import { DocumentPreparation } from './document-preparation.ts';
import { DocumentFetch } from './document-fetch.ts';
import type { RefusedDocument } from './document-import.ts';
import { synchronizeDrivers } from './drivers.ts';
import { synchronizeCategories, synchronizeUpdates } from './list-synchronization.ts';
import { moveOlderApprovals } from './older-approvals.ts';
import { synchronizePrerequisites } from './prerequisites.ts';
import { UPSTREAM_CONTENT_SETTING } from './upstream-content.ts';
import type { UpstreamContent } from './upstream-content.ts';
import { Upstream } from './upstream.ts';

/** Each reads what those before it stored. */
const STEPS: readonly ConversationStep[] = [
  synchronizeCategories,
  synchronizeUpdates,
  synchronizeDrivers,
  synchronizeDeployments,
  synchronizePrerequisites,
  moveOlderApprovals,
  synchronizeDecryptionKeys,
];

/** How often a server may say that it changed before it is believed to be out of order. */
const MOST_CHANGES = 2;

export type ConversationOptions = Pick<
  ConversationContext,
  | 'db'
  | 'client'
  | 'authorization'
  | 'runId'
  | 'upstreamUrl'
  | 'isReplica'
  | 'storesContent'
  | 'selection'
  | 'scope'
  | 'languages'
  | 'signal'
  | 'now'
  | 'report'
>;

/** Documents that were set aside, each with its reason. */
export type ConversationResult = readonly RefusedDocument[];

/**
 * Has the whole conversation, and begins it anew where the server says that it is another one, or is set up otherwise,
 * than it was: what is here already is not asked for again.
 *
 * @param steps what is brought up to date, in this order; default: everything
 * @throws SoapFault, UpstreamError, ConnectionError, TrustError, the signal's reason when aborted
 */
export async function converse(
  options: ConversationOptions,
  steps: readonly ConversationStep[] = STEPS,
): Promise<ConversationResult> {
  for (let changes = 0; ; changes += 1) {
    try {
      return await converseOnce(options, steps);
    } catch (error) {
      if (changes >= MOST_CHANGES || !(error instanceof SoapFault)) throw error;
      // "MUST reset the ConfigAnchor, SyncAnchor, and DeploymentAnchor" ([MS-WSUSSS] 2.2.9.3).
      if (error.errorCode === 'ServerChanged') resetAnchors(options.db);
      else if (error.errorCode !== 'ConfigChanged') throw error;
      options.authorization.renew();
    }
  }
}

async function converseOnce(
  options: ConversationOptions,
  steps: readonly ConversationStep[],
): Promise<ConversationResult> {
  const { authorization, client, db, report } = options;
  report('connect', 0, 0);
  const upstream = new Upstream(client, authorization);
  const config = await upstream.configData();
  const content: UpstreamContent = { catalogOnly: config.CatalogOnlySync };
  writeSetting(db, UPSTREAM_CONTENT_SETTING, content);

  await using preparation = new DocumentPreparation();
  const refused: RefusedDocument[] = [];
  const context: ConversationContext = {
    ...options,
    upstream,
    config,
    documents: new DocumentFetch(upstream),
    preparation,
    refused: (documents) => void refused.push(...documents),
  };
  for (const step of steps) await step(context);
  report('finish', 0, 0);
  return refused;
}
