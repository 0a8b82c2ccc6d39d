/** GetUpdateData ([MS-WSUSSS] 3.1.4.6): the documents themselves, as they came. */
import { SoapFault } from '../../protocol/soap/fault.ts';
import type { Read, Write } from '../../protocol/soap/table.ts';
import { GetUpdateData } from '../../protocol/wsusss/server-sync.ts';
import type { ServerSyncUpdateData } from '../../protocol/wsusss/server-sync.ts';
import type { UpdateIdentity as WireIdentity } from '../../protocol/wusp/update-identity.ts';
import { writeCabinet } from '../../protocol/cabinet/write-cabinet.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { fileKeysOf } from '../../catalog/store/content/decryption-keys.ts';
import { fileUrlsOf } from '../../catalog/store/downstream/downstream.ts';
import { readDocumentByIdentity } from '../../catalog/store/revisions/revisions.ts';
import { implement } from '../soap/implementation.ts';
import type { DownstreamContext } from './context.ts';
import { MAXIMUM_ANSWER_BYTES, MAXIMUM_UPDATES } from './limits.ts';
import { openSession } from './session.ts';

/** Bytes in UTF-16 above which Windows servers compress a document ([MS-WSUSSS] 3.1.4.6, note 36). */
const LONGEST_PLAIN = 5120;

type Blob = { readonly XmlUpdateBlob: string } | { readonly XmlUpdateBlobCompressed: Buffer };

/**
 * Answers the documents in the order asked, as many as fit into an answer and one at least; the downstream server asks
 * again for what is left.
 */
export const getUpdateData = ({ db, cookies }: DownstreamContext) =>
  implement(GetUpdateData, async ({ cookie, updateIds }) => {
    openSession(cookies, cookie);
    if (updateIds === undefined || updateIds.length > MAXIMUM_UPDATES)
      throw new SoapFault('InvalidParameters', 'updateIds');
    const documents = updateIds.map((identity) => documentOf(db, identity.UpdateID, identity.RevisionNumber));
    const blobs = await packFitting(documents);
    const fitting = updateIds.slice(0, blobs.length);
    const described = fitting.map((identity) => filesOf(db, identity));
    return {
      GetUpdateDataResult: {
        updates: fitting.map((identity, index) => ({
          Id: identity,
          ...blobs[index],
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

interface DescribedFile {
  readonly sha1: string;
  readonly muUrl?: string;
  readonly decryptionKey?: Buffer;
}

function filesOf(db: Database, identity: Read<typeof WireIdentity>): DescribedFile[] {
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

/** "This field MUST be absent if XmlUpdateBlobCompressed is present", and the other way round. */
async function pack(document: string): Promise<Blob> {
  const wide = Buffer.from(document, 'utf16le');
  return wide.length > LONGEST_PLAIN
    ? { XmlUpdateBlobCompressed: await writeCabinet(wide) }
    : { XmlUpdateBlob: document };
}

/** One after the other, so that others are answered in between. */
async function packFitting(documents: readonly string[]): Promise<Blob[]> {
  const blobs: Blob[] = [];
  let left = MAXIMUM_ANSWER_BYTES;
  for (const document of documents) {
    const blob = await pack(document);
    left -= bytesOf(blob);
    if (left < 0 && blobs.length > 0) break;
    blobs.push(blob);
  }
  return blobs;
}

/** Of the element's content; what is escaped grows by five letters at most, and a plain document is short. */
const bytesOf = (blob: Blob): number =>
  'XmlUpdateBlob' in blob
    ? Buffer.byteLength(blob.XmlUpdateBlob) + 5 * (blob.XmlUpdateBlob.match(/[<>&"']/g)?.length ?? 0)
    : Math.ceil(blob.XmlUpdateBlobCompressed.length / 3) * 4;

/** One revision that is not here fails the whole call, as on Windows servers. */
function documentOf(db: Database, updateId: string, revisionNumber: number): string {
  const document = readDocumentByIdentity(db, updateId, revisionNumber);
  if (document === undefined) throw new SoapFault('InternalServerError', 'updateIds');
  return document;
}
