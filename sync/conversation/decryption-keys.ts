/**
 * The keys of encrypted files ([MS-WSUSSS] 3.2.4.2, GetUpdateDecryptionData): asked for once a revision that says it has
 * some is here, and kept. They are secrets: no message here names one.
 */
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { UpdateIdentity } from '../../catalog/metadata/model.ts';
import { revisionsLackingKeys, storeFileKeys } from '../../catalog/store/content/decryption-keys.ts';
import type { FileKey } from '../../catalog/store/content/decryption-keys.ts';
import { readTraitsAgain } from '../../catalog/store/revisions/revision-traits.ts';
import type { Read } from '../../protocol/soap/table.ts';
import { GetUpdateDecryptionData } from '../../protocol/wsusss/decryption.ts';
import type { ServerSyncUpdateFileDecryption } from '../../protocol/wsusss/decryption.ts';
import { serverSyncService } from '../../protocol/wsusss/server-sync.ts';
import { batchesOf } from './batches.ts';
import type { ConversationContext, ConversationStep } from './context.ts';
import { inHalves } from './refused-together.ts';

/** Bytes of a key; those that are known have some dozens. */
const LONGEST_KEY = 4096;

/** Revisions in one request, where the server allows more. */
const LARGEST_BATCH = 100;

export const synchronizeDecryptionKeys: ConversationStep = async (context) => {
  const { config, db, refused, signal } = context;
  while (readTraitsAgain(db)) {
    await yieldToOthers();
    signal.throwIfAborted();
  }
  // A server of before the operation says 0, or nothing that the message has room for.
  const most = Math.min(config.MaxUpdatesPerRequestInGetUpdateDecryptionData, LARGEST_BATCH);
  if (most < 1) return;
  for (const batch of batchesOf(revisionsLackingKeys(db), most)) {
    await inHalves(
      batch,
      async (identities) => {
        const lacking = await askFor(context, identities);
        signal.throwIfAborted();
        refused(lacking.map((identity) => withReason(identity, 'gave no key')));
      },
      (identity, fault) =>
        refused([withReason(identity, `answered with the fault ${fault.errorCode} when asked for the keys`)]),
    );
  }
};

const withReason = (identity: UpdateIdentity, what: string) => ({
  ...identity,
  reason: `Its files are encrypted, and the upstream server ${what}.`,
});

/** @returns those of which no key came; they are asked for again by the next synchronization */
async function askFor(
  { authorization, client, db, signal }: ConversationContext,
  identities: readonly UpdateIdentity[],
): Promise<UpdateIdentity[]> {
  const updateIds = identities.map(({ updateId, revisionNumber }) => ({
    UpdateID: updateId,
    RevisionNumber: revisionNumber,
  }));
  const { GetUpdateDecryptionDataResult: result } = await authorization.use((cookie) =>
    client.call(serverSyncService, GetUpdateDecryptionData, { cookie, updateIds }, { signal }),
  );
  const told = new Map((result?.UpdateFileDecryptionData ?? []).map((update) => [nameOf(update), update]));
  const answered = identities.map((identity) => ({
    identity,
    keys: keysOf(told.get(`${identity.updateId}/${identity.revisionNumber}`)),
  }));
  storeFileKeys(
    db,
    answered.filter(({ keys }) => keys.length > 0),
  );
  return answered.filter(({ keys }) => keys.length === 0).map(({ identity }) => identity);
}

type FileDecryption = Read<typeof ServerSyncUpdateFileDecryption>;

const nameOf = ({ UpdateId: id }: FileDecryption): string =>
  id === undefined ? '' : `${id.UpdateID}/${id.RevisionNumber}`;

const keysOf = (update: FileDecryption | undefined): FileKey[] =>
  (update?.FileDecryptionData ?? []).flatMap(({ FileDigest: digest, DecryptionKey: key }) =>
    digest === undefined || key === undefined || key.length === 0 || key.length > LONGEST_KEY
      ? []
      : [{ sha1: digest.toString('hex'), decryptionKey: key }],
  );
