/** One whole conversation with the upstream server, from the greeting to the last update document. */
import type { Database } from '../../catalog/store/database/database.ts';
import type { RevisionList } from '../../catalog/store/upstream/revision-list.ts';
import { writeSetting } from '../../catalog/store/database/settings.ts';
import { selectedFilter } from '../../catalog/store/upstream/synchronization.ts';
import type { SYNC_PHASES } from '../../protocol/channel/messages.ts';
import { Authorization, readAccount } from './authorization.ts';
import { DocumentFetch } from './document-fetch.ts';
import type { RefusedDocument } from './document-import.ts';
import { synchronizeList } from './list-synchronization.ts';
import type { ListContext } from './list-synchronization.ts';
import type { SoapClient } from './soap-client.ts';
import { UPSTREAM_CONTENT_SETTING } from './upstream-content.ts';
import type { UpstreamContent } from './upstream-content.ts';
import { Upstream } from './upstream.ts';

export type SyncPhase = (typeof SYNC_PHASES)[number];

export interface ConversationOptions {
  readonly db: Database;
  readonly client: SoapClient;
  readonly runId: number;
  readonly upstreamUrl: string;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  readonly report: (phase: SyncPhase, done: number, total: number) => void;
}

/** Documents that were set aside, each with its reason. */
export type ConversationResult = readonly RefusedDocument[];

/**
 * Categories first, since they decide which updates are asked for; then the updates of the chosen products and
 * classifications, none where either has none chosen ([MS-WSUSSS] 3.1.4.5: a revision belongs to one of each).
 */
export async function converse(options: ConversationOptions): Promise<ConversationResult> {
  const { client, db, now, report, runId, signal, upstreamUrl } = options;
  report('connect', 0, 0);
  const upstream = new Upstream(client, new Authorization(client, readAccount(db), now));
  const config = await upstream.configData();
  const content: UpstreamContent = { catalogOnly: config.CatalogOnlySync };
  writeSetting(db, UPSTREAM_CONTENT_SETTING, content);

  const refused: RefusedDocument[] = [];
  const context: ListContext = {
    db,
    upstream,
    documents: new DocumentFetch(upstream),
    runId,
    upstreamUrl,
    mostPerRequest: config.MaxNumberOfUpdatesPerRequest,
    signal,
    now,
    report: (list, done, total) => report(phaseOf(list, total), done, total),
    refused: (documents) => refused.push(...documents),
  };
  await synchronizeList(context, 'categories');
  const filter = selectedFilter(db);
  if (filter.products.length > 0 && filter.classifications.length > 0) {
    await synchronizeList(context, 'updates', filter);
  }
  report('finish', 0, 0);
  return refused;
}

function phaseOf(list: RevisionList, total: number): SyncPhase {
  if (list === 'categories') return total === 0 ? 'categories' : 'category-data';
  return total === 0 ? 'updates' : 'update-data';
}
