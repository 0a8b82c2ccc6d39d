/**
 * Fetches what updates need first and the filter dropped. A prerequisite is named without its revision, which only a list
 * without a filter tells: GetRelatedRevisionsForUpdates "is not used in the protocol" ([MS-WSUSSS] 3.1.4.9).
 */
import type { UpdateIdentity } from '../../catalog/metadata/model.ts';
import {
  forgetUnlisted,
  missingPrerequisites,
  noteUnlisted,
} from '../../catalog/store/upstream/missing-prerequisites.ts';
import {
  dropPending,
  pendingAnchor,
  readAnchor,
  storePending,
} from '../../catalog/store/upstream/revision-list.ts';
import type { ConversationContext, ConversationStep } from './context.ts';
import { fetchPending } from './list-synchronization.ts';

/** Prerequisites in one synchronization; the next one goes on. */
const MOST_PREREQUISITES = 2000;

/** How far prerequisites of prerequisites are followed in one synchronization. */
const MOST_STEPS = 20;

export const synchronizePrerequisites: ConversationStep = async (context) => {
  const { db, now, signal, upstreamUrl } = context;
  if (pendingAnchor(db, 'prerequisites')?.filterHash === upstreamUrl)
    await fetchPending(context, 'prerequisites');
  else dropPending(db, 'prerequisites');

  // What another server did not list says nothing of this one.
  if (readAnchor(db, 'prerequisites')?.filterHash !== upstreamUrl) forgetUnlisted(db);
  let missing = missingPrerequisites(db, now());
  if (missing.length === 0) return;
  const { anchor, latest } = await listEverything(context);
  let left = MOST_PREREQUISITES;
  for (let step = 0; step < MOST_STEPS && missing.length > 0 && left > 0; step += 1) {
    signal.throwIfAborted();
    const found = missing.flatMap((updateId) => latest.get(updateId) ?? []).slice(0, left);
    const unlisted = missing.filter((updateId) => !latest.has(updateId));
    left -= found.length;
    db.transaction(() => {
      noteUnlisted(db, unlisted, now());
      storePending(db, 'prerequisites', { anchor, filterHash: upstreamUrl }, found);
    })();
    await fetchPending(context, 'prerequisites');
    missing = missingPrerequisites(db, now());
  }
};

/** The highest revision of every update that the server has; in one answer, as the protocol has it. */
async function listEverything({
  upstream,
}: ConversationContext): Promise<{ anchor: string; latest: ReadonlyMap<string, UpdateIdentity> }> {
  const { anchor, identities } = await upstream.revisionIdList({
    GetConfig: false,
    Get63LanguageOnly: false,
  });
  const latest = new Map<string, UpdateIdentity>();
  for (const identity of identities) {
    const known = latest.get(identity.updateId);
    if (known === undefined || known.revisionNumber < identity.revisionNumber)
      latest.set(identity.updateId, identity);
  }
  return { anchor, latest };
}
