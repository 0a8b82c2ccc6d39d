/** GetUpdateData ([MS-WSUSSS] 3.1.4.6): the documents themselves, as they came. */
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { SoapFault } from '../../protocol/soap/fault.ts';
import type { Read, Write } from '../../protocol/soap/table.ts';
import { GetUpdateData } from '../../protocol/wsusss/server-sync.ts';
import type { ServerSyncUpdateData } from '../../protocol/wsusss/server-sync.ts';
import type { UpdateIdentity as WireIdentity } from '../../protocol/wusp/update-identity.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { fileKeysOf } from '../../catalog/store/content/decryption-keys.ts';
import { fileUrlsOf } from '../../catalog/store/downstream/downstream.ts';
import { missingIdentities, storedDocument } from '../../catalog/store/revisions/revisions.ts';
import { CallerLeft } from '../soap/caller-left.ts';
import { implement } from '../soap/implementation.ts';
import type { DownstreamContext } from './context.ts';
import { MAXIMUM_ANSWER_BYTES, MAXIMUM_UPDATES } from './limits.ts';
import { PackedDocuments } from './packed-documents.ts';
import type { PackedDocument } from './packed-documents.ts';
import { openSession } from './session.ts';
import { Turns } from './turns.ts';

/** Requests whose documents are packed at once. It is one thread that packs: more would only hold more. */
const PACKING_AT_ONCE = 2;

type Identity = Read<typeof WireIdentity>;

/**
 * Answers the documents in the order asked, each once, as many as fit into an answer and one at least; the downstream
 * server asks again for what is left. A document is read when it is its turn to be packed, and not before.
 */
export const getUpdateData = ({ db, cookies }: DownstreamContext) => {
  const packed = new PackedDocuments();
  const turns = new Turns(PACKING_AT_ONCE);
  return implement(GetUpdateData, async ({ cookie, updateIds }, { remoteAddress, hasLeft }) => {
    openSession(cookies, cookie);
    if (updateIds === undefined || updateIds.length > MAXIMUM_UPDATES)
      throw new SoapFault('InvalidParameters', 'updateIds');
    const asked = eachOnce(updateIds);
    checkPresence(db, asked);
    const documents = await turns.take(
      remoteAddress,
      async () => await packFitting(db, asked, packed, hasLeft),
    );
    const fitting = asked.slice(0, documents.length);
    const described = fitting.map((identity) => filesOf(db, identity));
    return {
      GetUpdateDataResult: {
        updates: fitting.map((identity, index) => ({
          Id: identity,
          ...documents[index]?.blob,
          ...digestsOf(described[index] ?? []),
        })),
        fileUrls: [...new Map(described.flat().map((file) => [file.sha1, file])).values()].map(
          ({ sha1, muUrl, decryptionKey }) => ({
            FileDigest: Buffer.from(sha1, 'hex'),
            ...(muUrl === undefined ? {} : { MUUrl: muUrl }),
            // The schema has room for it beside the URL; those that go by the prose ask GetUpdateDecryptionData.
            ...(decryptionKey === undefined ? {} : { DecryptionKey: decryptionKey }),
          }),
        ),
      },
    };
  });
};

const eachOnce = (identities: readonly Identity[]): Identity[] => [
  ...new Map(
    identities.map((identity) => [`${identity.UpdateID}:${identity.RevisionNumber}`, identity]),
  ).values(),
];

interface DescribedFile {
  readonly sha1: string;
  readonly muUrl?: string;
  readonly decryptionKey?: Buffer;
}

function filesOf(db: Database, identity: Identity): DescribedFile[] {
  const revision = { updateId: identity.UpdateID, revisionNumber: identity.RevisionNumber };
  const keys = new Map(fileKeysOf(db, revision).map(({ sha1, decryptionKey }) => [sha1, decryptionKey]));
  return fileUrlsOf(db, revision).map((file) => {
    const decryptionKey = keys.get(file.sha1);
    return decryptionKey === undefined ? file : { ...file, decryptionKey };
  });
}

/** "If the update revision does not have any associated content file, this field MUST be absent." */
const digestsOf = (
  files: readonly DescribedFile[],
): Pick<Write<typeof ServerSyncUpdateData>, 'FileDigestList'> =>
  files.length === 0 ? {} : { FileDigestList: files.map(({ sha1 }) => Buffer.from(sha1, 'hex')) };

/** One after the other, so that others are answered in between. @throws CallerLeft */
async function packFitting(
  db: Database,
  identities: readonly Identity[],
  packed: PackedDocuments,
  hasLeft: () => boolean = () => false,
): Promise<PackedDocument[]> {
  const documents: PackedDocument[] = [];
  let left = MAXIMUM_ANSWER_BYTES;
  for (const identity of identities) {
    await yieldToOthers();
    if (hasLeft()) throw new CallerLeft();
    const stored = storedDocument(db, identity.UpdateID, identity.RevisionNumber);
    if (stored === undefined) throw notHere();
    const document = await packed.pack(stored);
    left -= document.bytes;
    if (left < 0 && documents.length > 0) break;
    documents.push(document);
  }
  return documents;
}

/** One revision that is not here fails the whole call, as on Windows servers. */
function checkPresence(db: Database, identities: readonly Identity[]): void {
  const wanted = identities.map(({ UpdateID, RevisionNumber }) => ({
    updateId: UpdateID,
    revisionNumber: RevisionNumber,
  }));
  if (missingIdentities(db, wanted).length > 0) throw notHere();
}

const notHere = (): SoapFault => new SoapFault('InternalServerError', 'updateIds');
