/** Asks the upstream server to fetch content that it does not have yet ([MS-WSUSSS] 3.1.4.11, 3.2.4.4). */
import type { Database } from '../../catalog/store/database/database.ts';
import type { Upstream } from '../../config/schema.ts';
import { DownloadFiles, serverSyncService } from '../../protocol/wsusss/server-sync.ts';
import { Authorization, readAccount } from '../conversation/authorization.ts';
import { openUpstream } from '../upstream-client.ts';

/**
 * @param sha1 lower-case hex
 * @throws TrustError, ConnectionError, SoapFault, UpstreamError
 */
export async function requestContent(
  db: Database,
  upstream: Upstream,
  sha1: string,
  signal: AbortSignal,
  now: () => Date,
): Promise<void> {
  await using connection = openUpstream({ upstream, signal, now });
  const { client } = connection;
  await new Authorization(client, await readAccount(db, upstream), now).use((cookie) =>
    client.call(serverSyncService, DownloadFiles, { cookie, fileDigestList: [Buffer.from(sha1, 'hex')] }),
  );
}
