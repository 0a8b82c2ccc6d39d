/**
 * Brings one revision list up to date: the rest of a list that was interrupted first, then what is new since its anchor.
 * Whatever instant it stops at, the store says what is still to be done ([MS-WSUSSS] 3.2.4.2).
 */
import { createHash } from 'node:crypto';
import type { Database } from '../../catalog/store/database/database.ts';
import {
  dropPending,
  pendingAnchor,
  readAnchor,
  readPending,
  resetAnchors,
  storePending,
} from '../../catalog/store/upstream/revision-list.ts';
import type { RevisionList } from '../../catalog/store/upstream/revision-list.ts';
import { missingIdentities } from '../../catalog/store/revisions/revisions.ts';
import type { SelectedFilter } from '../../catalog/store/upstream/synchronization.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';
import { CALLS_IN_FLIGHT } from '../upstream-client.ts';
import type { DocumentFetch } from './document-fetch.ts';
import { importBatch } from './document-import.ts';
import type { RefusedDocument } from './document-import.ts';
import { forEachParallel } from './parallel.ts';
import type { ListedRevisions, Upstream } from './upstream.ts';

/** Documents in one batch, where the server allows more: a transaction should not hold others up for long. */
const LARGEST_BATCH = 100;

/** How often a server may say that it changed before it is believed to be out of order. */
const MOST_SERVER_CHANGES = 2;

export interface ListContext {
  readonly db: Database;
  readonly upstream: Upstream;
  readonly documents: DocumentFetch;
  readonly runId: number;
  /** Which upstream server the anchors are of. */
  readonly upstreamUrl: string;
  /** The server's MaxNumberOfUpdatesPerRequest. */
  readonly mostPerRequest: number;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  /** @param total 0 while the list is being asked for */
  readonly report: (list: RevisionList, done: number, total: number) => void;
  readonly refused: (documents: readonly RefusedDocument[]) => void;
}

/** @param filter which updates; the list of categories has none */
export async function synchronizeList(
  context: ListContext,
  list: RevisionList,
  filter?: SelectedFilter,
): Promise<void> {
  const { db, report, upstreamUrl } = context;
  const filterHash = hashOf(upstreamUrl, filter);
  const interrupted = pendingAnchor(db, list);
  if (interrupted?.filterHash === filterHash) await fetchPending(context, list);
  else dropPending(db, list);
  report(list, 0, 0);
  const { anchor, identities } = await ask(context, list, filterHash, filter);
  storePending(db, list, { anchor, filterHash }, missingIdentities(db, identities));
  await fetchPending(context, list);
}

/** Asks what is new; from the beginning where the server no longer knows the anchor. */
async function ask(
  { db, upstream }: ListContext,
  list: RevisionList,
  filterHash: string,
  filter: SelectedFilter | undefined,
): Promise<ListedRevisions> {
  for (let changes = 0; ; changes += 1) {
    const known = readAnchor(db, list);
    const anchor = known?.filterHash === filterHash ? known.anchor : undefined;
    try {
      return await upstream.revisionIdList({
        GetConfig: list === 'categories',
        Get63LanguageOnly: false,
        ...(anchor === undefined ? {} : { Anchor: anchor }),
        ...(filter === undefined ? {} : filterLists(filter, anchor !== undefined)),
      });
    } catch (error) {
      if (changes >= MOST_SERVER_CHANGES || !isAnchorRefused(error, anchor)) throw error;
      resetAnchors(db);
    }
  }
}

function filterLists({ products, classifications }: SelectedFilter, delta: boolean) {
  const items = (ids: readonly string[]) => ids.map((id) => ({ Id: id, Delta: delta }));
  return { Categories: items(products), Classifications: items(classifications) };
}

/** Windows servers call an anchor that they do not understand the invalid parameter `filter`. */
function isAnchorRefused(error: unknown, anchor: string | undefined): boolean {
  if (!(error instanceof SoapFault)) return false;
  return (
    error.errorCode === 'ServerChanged' || (error.errorCode === 'InvalidParameters' && anchor !== undefined)
  );
}

/** Batch after batch until nothing of the list pends; what the documents need beside themselves joins the list. */
async function fetchPending(context: ListContext, list: RevisionList): Promise<void> {
  const { db, documents, mostPerRequest, now, refused, report, runId, signal } = context;
  const size = Math.max(1, Math.min(mostPerRequest, LARGEST_BATCH));
  let done = 0;
  for (let pending = readPending(db, list); pending.length > 0; pending = readPending(db, list)) {
    const batches = Array.from({ length: Math.ceil(pending.length / size) }, (_, index) =>
      pending.slice(index * size, (index + 1) * size),
    );
    let total = done + pending.length;
    report(list, done, total);
    await forEachParallel(batches, CALLS_IN_FLIGHT, signal, async (identities, either) => {
      const batch = await documents.fetch(identities, either);
      either.throwIfAborted();
      const imported = importBatch(db, list, runId, batch, now());
      refused(imported.refused);
      done += identities.length;
      total += imported.membersAdded;
      report(list, done, total);
    });
  }
}

/** An anchor means something only to the server that gave it, and for the filter that it was given under. */
function hashOf(upstreamUrl: string, filter: SelectedFilter | undefined): string {
  const { products = [], classifications = [] } = filter ?? {};
  return createHash('sha256')
    .update(JSON.stringify([upstreamUrl, products.toSorted(), classifications.toSorted()]))
    .digest('hex');
}
