/** GetUpdateData ([MS-WSUSSS] 3.1.4.6): the documents themselves, as they came. */
import { SoapFault } from '../../protocol/soap/fault.ts';
import { GetUpdateData } from '../../protocol/wsusss/server-sync.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { fileUrlsOf } from '../../catalog/store/downstream/downstream.ts';
import type { RevisionFileUrl } from '../../catalog/store/downstream/downstream.ts';
import { readDocumentByIdentity } from '../../catalog/store/revisions/revisions.ts';
import { implement } from '../soap/implementation.ts';
import { MAXIMUM_UPDATES } from './config-data.ts';
import type { DownstreamContext } from './context.ts';
import { openSession } from './session.ts';

export const getUpdateData = ({ db, cookies }: DownstreamContext) =>
  implement(GetUpdateData, ({ cookie, updateIds }) => {
    openSession(cookies, cookie);
    if (updateIds === undefined || updateIds.length > MAXIMUM_UPDATES)
      throw new SoapFault('InvalidParameters', 'updateIds');
    const urls = new Map<string, RevisionFileUrl>();
    const updates = updateIds.map((identity) => {
      const files = fileUrlsOf(db, {
        updateId: identity.UpdateID,
        revisionNumber: identity.RevisionNumber,
      });
      for (const file of files) urls.set(file.sha1, file);
      return {
        Id: identity,
        XmlUpdateBlob: documentOf(db, identity.UpdateID, identity.RevisionNumber),
        // "If the update revision does not have any associated content file, this field MUST be absent."
        ...(files.length === 0 ? {} : { FileDigestList: files.map(({ sha1 }) => Buffer.from(sha1, 'hex')) }),
      };
    });
    return {
      GetUpdateDataResult: {
        updates,
        fileUrls: [...urls.values()].map(({ sha1, muUrl }) => ({
          FileDigest: Buffer.from(sha1, 'hex'),
          ...(muUrl === undefined ? {} : { MUUrl: muUrl }),
        })),
      },
    };
  });

/** One revision that is not here fails the whole call, as on Windows servers. */
function documentOf(db: Database, updateId: string, revisionNumber: number): string {
  const document = readDocumentByIdentity(db, updateId, revisionNumber);
  if (document === undefined) throw new SoapFault('InternalServerError', 'updateIds');
  return document;
}
