/** The services that a downstream server meets here: this relay as somebody's upstream server. */
import { CommitGroup } from '../../catalog/store/database/commit-group.ts';
import { dssAuthService } from '../../protocol/wsusss/dss-auth.ts';
import { rollupService } from '../../protocol/wsusss/rollup.ts';
import { serverSyncService } from '../../protocol/wsusss/server-sync.ts';
import type { ImplementedService } from '../soap/implementation.ts';
import { ping } from '../soap/ping.ts';
import { Admission } from './admission.ts';
import { getAuthConfig, getAuthorizationCookie, getCookie } from './authorization.ts';
import { getConfigData } from './config-data.ts';
import type { DownstreamContext } from './context.ts';
import { getUpdateDecryptionData } from './decryption-data.ts';
import { downloadFiles } from './download-files.ts';
import { getDriverIdList, getDriverSetData } from './drivers.ts';
import { getDeployments } from './get-deployments.ts';
import { getRelatedRevisionsForUpdates } from './related-revisions.ts';
import { getRevisionIdList } from './revision-id-list.ts';
import { getOutOfSyncComputers, rollupComputers, rollupComputerStatus } from './rollup-computers.ts';
import { getRollupConfiguration, rollupDownstreamServers } from './rollup-servers.ts';
import { getUpdateData } from './update-data.ts';

export type { DownstreamContext } from './context.ts';

export function createDownstreamServices(context: DownstreamContext): ImplementedService[] {
  const admission = new Admission(context);
  const parts = { ...context, admission, commits: CommitGroup.of(context.db) };
  return [
    { service: dssAuthService, operations: [getAuthorizationCookie(parts), ping(dssAuthService, context)] },
    {
      service: rollupService,
      operations: [
        ...[
          getRollupConfiguration(parts),
          rollupDownstreamServers(parts),
          rollupComputers(parts),
          getOutOfSyncComputers(parts),
          rollupComputerStatus(parts),
        ].map((own) => admission.guard(own, { isReserved: true })),
        ping(rollupService, context),
      ],
    },
    {
      service: serverSyncService,
      operations: [
        getAuthConfig(),
        getCookie(parts),
        ...[
          getConfigData(context),
          getRevisionIdList(context),
          getUpdateData(context),
          getDriverIdList(context),
          getDriverSetData(context),
          getUpdateDecryptionData(context),
          getRelatedRevisionsForUpdates(context),
          getDeployments(parts),
          downloadFiles(parts),
        ].map((own) => admission.guard(own)),
        ping(serverSyncService, context),
      ],
    },
  ];
}
