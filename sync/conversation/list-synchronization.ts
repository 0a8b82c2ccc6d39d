/**
 * Brings one revision list up to date: the rest of a list that was interrupted first, then what is new since its anchor.
 * Whatever instant it stops at, the store says what is still to be done ([MS-WSUSSS] 3.2.4.2).
 */
import { createHash } from 'node:crypto';
import {
  anchorUnder,
  countPending,
  dropArrived,
  dropPending,
  pendingAnchor,
  readPending,
  storePending,
} from '../../catalog/store/upstream/revision-list.ts';
import type { UpdateIdentity } from '../../catalog/metadata/model.ts';
import type { RevisionList } from '../../catalog/store/upstream/revision-list.ts';
import { eachMissing } from '../../catalog/store/revisions/revisions.ts';
import type { SelectedFilter } from '../../catalog/store/upstream/synchronization.ts';
import { CALLS_IN_FLIGHT } from '../upstream-client.ts';
import { batchesOf } from './batches.ts';
import type { ConversationContext, ConversationStep, SyncPhase } from './context.ts';
import { importBatch, prepareBatch } from './document-import.ts';
import { IdentityList } from './identity-list.ts';
import { languageIds } from './languages.ts';
import { forEachParallel } from './parallel.ts';
import { askSince } from './refused-anchor.ts';
import { scopedFilter } from './scoped-filter.ts';
import { UpstreamError } from './upstream-error.ts';
import type { ListedRevisions } from './upstream.ts';

/** Documents in one batch, where the server allows more: a transaction should not hold others up for long. */
const LARGEST_BATCH = 100;

/** Identities of pending documents that are in memory at a time. */
const MOST_IN_SIGHT = 5_000;

/** Categories and detectoids: they come first, since they decide which updates are asked for. */
export const synchronizeCategories: ConversationStep = (context) => synchronizeList(context, 'categories');

/**
 * The updates of the chosen products and classifications, none where either has none chosen
 * ([MS-WSUSSS] 3.1.4.5: a revision belongs to one of each). A replica chooses nothing: it takes all that its upstream
 * server has (3.2.4.2 names no filter), whichever schedule asks.
 *
 * The faster schedule has a list of its own, since an anchor that it moved would hide from the main list what it left
 * out. What either brought is here for the other, and not asked for again.
 */
export const synchronizeUpdates: ConversationStep = async (context) => {
  if (context.isReplica) {
    await synchronizeList(context, 'updates');
    return;
  }
  const filter = scopedFilter(context);
  if (filter.products.length === 0 || filter.classifications.length === 0) return;
  const languages = languageIds(context.languages, context.config.LanguageUpdateList ?? []);
  await synchronizeList(context, context.scope === 'fast' ? 'fast-updates' : 'updates', {
    ...filter,
    languages,
  });
};

/** What the list of updates is filtered by. */
interface UpdateFilter extends SelectedFilter {
  /** Empty: every language. */
  readonly languages: readonly number[];
}

/** @param filter which updates; the list of categories has none */
async function synchronizeList(
  context: ConversationContext,
  list: RevisionList,
  filter?: UpdateFilter,
): Promise<void> {
  const { db, report, upstreamUrl } = context;
  const filterHash = hashOf(upstreamUrl, filter);
  const interrupted = pendingAnchor(db, list);
  if (interrupted?.filterHash === filterHash) {
    dropArrived(db, list);
    await fetchPending(context, list);
  } else dropPending(db, list);
  report(phaseOf(list, 0), 0, 0);
  await storeNewList(context, list, filterHash, filter);
  await fetchPending(context, list);
}

/** Apart from the fetching, so that nothing of a list of hundreds of thousands stays in memory meanwhile. */
async function storeNewList(
  context: ConversationContext,
  list: RevisionList,
  filterHash: string,
  filter: UpdateFilter | undefined,
): Promise<void> {
  const { db } = context;
  const { anchor, identities } = await ask(context, list, filterHash, filter);
  const missing = new IdentityList();
  for (const identity of eachMissing(db, identities)) missing.add(identity);
  storePending(db, list, { anchor, filterHash }, missing);
}

async function ask(
  { db, upstream }: ConversationContext,
  list: RevisionList,
  filterHash: string,
  filter: UpdateFilter | undefined,
): Promise<ListedRevisions> {
  return await askSince(
    anchorUnder(db, list, filterHash),
    async (anchor) =>
      await upstream.revisionIdList({
        GetConfig: list === 'categories',
        Get63LanguageOnly: false,
        ...(anchor === undefined ? {} : { Anchor: anchor }),
        ...(filter === undefined ? {} : filterLists(filter, anchor !== undefined)),
      }),
  );
}

function filterLists({ products, classifications, languages }: UpdateFilter, delta: boolean) {
  const items = <T>(ids: readonly T[]) => ids.map((id) => ({ Id: id, Delta: delta }));
  return {
    Categories: items(products),
    Classifications: items(classifications),
    ...(languages.length === 0 ? {} : { Languages: items(languages) }),
  };
}

/** Members that the documents of one list may add, and how far members of members are followed; bundles have one level. */
const MOST_MEMBERS = 100_000;
const MOST_LEVELS = 20;

/** Batch after batch until nothing of the list pends; what the documents need beside themselves joins the list. */
export async function fetchPending(context: ConversationContext, list: RevisionList): Promise<void> {
  const {
    config,
    db,
    documents,
    isReplica,
    now,
    preparation,
    refused,
    report,
    runId,
    signal,
    storesContent,
    selection,
  } = context;
  const size = Math.max(1, Math.min(config.MaxNumberOfUpdatesPerRequest, LARGEST_BATCH));
  let done = 0;
  let level = 0;
  let levelEnd = 0;
  let members = 0;
  const next = (): UpdateIdentity[] => readPending(db, list, MOST_IN_SIGHT);
  for (let pending = next(); pending.length > 0; pending = next()) {
    const batches = batchesOf(pending, size);
    let total = done + countPending(db, list);
    if (done >= levelEnd) {
      if (level > MOST_LEVELS) throw endlessBundles(`more than ${MOST_LEVELS} levels deep`);
      level += 1;
      levelEnd = total;
    }
    report(phaseOf(list, total), done, total);
    await forEachParallel(batches, CALLS_IN_FLIGHT, signal, async (identities, either) => {
      using batch = await prepareBatch(await documents.fetch(identities, either), preparation);
      either.throwIfAborted();
      const imported = importBatch(db, list, batch, {
        runId,
        now: now(),
        isReplica,
        storesContent,
        selection,
      });
      refused(imported.refused);
      done += identities.length;
      total += imported.membersAdded;
      members += imported.membersAdded;
      if (members > MOST_MEMBERS) throw endlessBundles(`of more than ${MOST_MEMBERS} members`);
      report(phaseOf(list, total), done, total);
    });
  }
}

/** What came before is kept, and the next synchronization goes on from there, within the same bounds. */
const endlessBundles = (what: string): UpstreamError =>
  new UpstreamError(
    'response',
    `The upstream server has bundles of bundles ${what}, which no catalogue has. It may be damaged, or mean harm; ask its administrator.`,
  );

/** An anchor means something only to the server that gave it, and for the filter that it was given under. */
function hashOf(upstreamUrl: string, filter: UpdateFilter | undefined): string {
  const { products = [], classifications = [], languages = [] } = filter ?? {};
  return createHash('sha256')
    .update(
      JSON.stringify([
        upstreamUrl,
        products.toSorted(),
        classifications.toSorted(),
        ...(languages.length === 0 ? [] : [languages.toSorted((a, b) => a - b)]),
      ]),
    )
    .digest('hex');
}

function phaseOf(list: RevisionList, total: number): SyncPhase {
  if (list === 'categories') return total === 0 ? 'categories' : 'category-data';
  return total === 0 ? 'updates' : 'update-data';
}
