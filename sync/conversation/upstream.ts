/** The upstream server as the synchronization sees it: what it can be asked, and what comes back ([MS-WSUSSS] 3.2.4.2). */
import type { UpdateIdentity } from '../../catalog/metadata/model.ts';
import { StreamedList } from '../../protocol/soap/streamed-list.ts';
import type { Read, Write } from '../../protocol/soap/table.ts';
import {
  GetConfigData,
  GetRevisionIdList,
  GetUpdateData,
  serverSyncService,
} from '../../protocol/wsusss/server-sync.ts';
import { ArrayOfUpdateIdentity } from '../../protocol/wusp/update-identity.ts';
import type { UpdateIdentity as WireUpdateIdentity } from '../../protocol/wusp/update-identity.ts';
import type { ServerSyncConfigData, ServerSyncFilter } from '../../protocol/wsusss/server-sync.ts';
import type { Authorization } from './authorization.ts';
import { IdentityList } from './identity-list.ts';
import type { SoapClient } from './soap-client.ts';
import { toldAnchor } from './told-anchor.ts';
import { readUpdateDocuments } from './update-document.ts';
import type { DeliveredDocument } from './update-document.ts';
import { UpstreamError } from './upstream-error.ts';

export type ConfigData = Read<typeof ServerSyncConfigData>;
export type RevisionFilter = Write<typeof ServerSyncFilter>;

type ListedIdentity = Read<typeof WireUpdateIdentity>;

export interface ListedRevisions {
  readonly anchor: string;
  readonly identities: IdentityList;
}

export interface UpdateData {
  readonly documents: readonly DeliveredDocument[];
  /** Where Microsoft's CDN has the files, by SHA-1 in lower-case hex. */
  readonly fileUrls: ReadonlyMap<string, string>;
}

export class Upstream {
  readonly #client: SoapClient;
  readonly #authorization: Authorization;

  constructor(client: SoapClient, authorization: Authorization) {
    this.#client = client;
    this.#authorization = authorization;
  }

  async configData(): Promise<ConfigData> {
    const { GetConfigDataResult: result } = await this.#authorization.use((cookie) =>
      this.#client.call(serverSyncService, GetConfigData, { cookie }),
    );
    if (result === undefined) {
      throw new UpstreamError('response', 'The upstream server answered GetConfigData with nothing.');
    }
    return result;
  }

  async revisionIdList(filter: RevisionFilter): Promise<ListedRevisions> {
    let identities = new IdentityList();
    const onItem = ({ UpdateID: updateId, RevisionNumber: revisionNumber }: ListedIdentity): void =>
      identities.add({ updateId, revisionNumber });
    const begin = () => {
      identities = new IdentityList();
      return new StreamedList({
        service: serverSyncService,
        operation: GetRevisionIdList,
        path: ['GetRevisionIdListResult', 'NewRevisions'],
        list: ArrayOfUpdateIdentity,
        onItem,
      });
    };
    const { GetRevisionIdListResult: result } = await this.#authorization.use((cookie) =>
      this.#client.call(serverSyncService, GetRevisionIdList, { cookie, filter }, { isList: true, begin }),
    );
    for (const item of result?.NewRevisions ?? []) onItem(item);
    return { anchor: toldAnchor('GetRevisionIdList', result?.Anchor), identities };
  }

  /**
   * @param identities no more than the server's MaxNumberOfUpdatesPerRequest
   * @param signal gives up this call alone
   */
  async updateData(identities: readonly UpdateIdentity[], signal: AbortSignal): Promise<UpdateData> {
    const updateIds = identities.map(({ updateId, revisionNumber }) => ({
      UpdateID: updateId,
      RevisionNumber: revisionNumber,
    }));
    const { GetUpdateDataResult: result } = await this.#authorization.use((cookie) =>
      this.#client.call(serverSyncService, GetUpdateData, { cookie, updateIds }, { signal }),
    );
    const fileUrls = new Map<string, string>();
    for (const { FileDigest: digest, MUUrl: url } of result?.fileUrls ?? []) {
      if (digest !== undefined && url !== undefined && isWebAddress(url))
        fileUrls.set(digest.toString('hex'), url);
    }
    return { documents: readUpdateDocuments(result?.updates ?? [], identities), fileUrls };
  }
}

/** Anything else cannot be fetched, and must not be followed; a name and password are nobody's to give us. */
function isWebAddress(text: string): boolean {
  const url = /^https?:\/\//i.test(text) ? URL.parse(text) : null;
  return url !== null && url.username === '' && url.password === '';
}
