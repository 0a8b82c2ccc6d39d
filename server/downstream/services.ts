/** The services that a downstream server meets here: this relay as somebody's upstream server. */
import { CommitGroup } from '../../catalog/store/database/commit-group.ts';
import { dssAuthService } from '../../protocol/wsusss/dss-auth.ts';
import { serverSyncService } from '../../protocol/wsusss/server-sync.ts';
import type { ImplementedService } from '../soap/implementation.ts';
import { ping } from '../soap/ping.ts';
import { getAuthConfig, getAuthorizationCookie, getCookie } from './authorization.ts';
import { getConfigData } from './config-data.ts';
import type { DownstreamContext } from './context.ts';
import { downloadFiles } from './download-files.ts';
import { getRevisionIdList } from './revision-id-list.ts';
import { getUpdateData } from './update-data.ts';

export type { DownstreamContext } from './context.ts';

export function createDownstreamServices(context: DownstreamContext): ImplementedService[] {
  const parts = { ...context, commits: CommitGroup.of(context.db) };
  return [
    { service: dssAuthService, operations: [getAuthorizationCookie(parts), ping(dssAuthService, context)] },
    {
      service: serverSyncService,
      operations: [
        getAuthConfig(),
        getCookie(context),
        getConfigData(context),
        getRevisionIdList(context),
        getUpdateData(context),
        downloadFiles(parts),
        ping(serverSyncService, context),
      ],
    },
  ];
}
