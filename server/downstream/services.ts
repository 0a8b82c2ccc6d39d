/** The services that a downstream server meets here: this relay as somebody's upstream server. */
import { dssAuthService } from '../../protocol/wsusss/dss-auth.ts';
import { serverSyncService } from '../../protocol/wsusss/server-sync.ts';
import type { ImplementedService } from '../soap/implementation.ts';
import { getAuthConfig, getAuthorizationCookie, getCookie } from './authorization.ts';
import { getConfigData } from './config-data.ts';
import type { DownstreamContext } from './context.ts';
import { downloadFiles } from './download-files.ts';
import { getRevisionIdList } from './revision-id-list.ts';
import { getUpdateData } from './update-data.ts';

export type { DownstreamContext } from './context.ts';

export function createDownstreamServices(context: DownstreamContext): ImplementedService[] {
  return [
    { service: dssAuthService, operations: [getAuthorizationCookie(context)] },
    {
      service: serverSyncService,
      operations: [
        getAuthConfig(),
        getCookie(context),
        getConfigData(context),
        getRevisionIdList(context),
        getUpdateData(context),
        downloadFiles(context),
      ],
    },
  ];
}
