/** The three services that agents speak to ([MS-WUSP] 2.2.2), with all they are answered. */
import { clientService } from '../../protocol/wusp/client.ts';
import { reportingService } from '../../protocol/wusp/reporting.ts';
import { simpleAuthService } from '../../protocol/wusp/simple-auth.ts';
import type { ImplementedService } from '../soap/implementation.ts';
import { ping } from '../soap/ping.ts';
import type { ClientContext } from './context.ts';
import { getAuthorizationCookie } from './get-authorization-cookie.ts';
import { getConfig, getConfig2 } from './get-config.ts';
import { getCookie } from './get-cookie.ts';
import { getExtendedUpdateInfo, getExtendedUpdateInfo2 } from './get-extended-update-info.ts';
import { getFileLocations } from './get-file-locations.ts';
import { getTimestamps } from './get-timestamps.ts';
import { assembleParts } from './parts.ts';
import { refreshCache } from './refresh-cache.ts';
import { registerComputer } from './register-computer.ts';
import { reportEventBatch, reportEventBatch2 } from './report-event-batch.ts';
import { getRequiredInventoryType, reportInventory } from './report-inventory.ts';
import { startCategoryScan } from './start-category-scan.ts';
import { syncPrinterCatalog } from './sync-printer-catalog.ts';
import { syncUpdates } from './sync-updates.ts';

export function createClientServices(context: ClientContext): ImplementedService[] {
  const parts = assembleParts(context);
  return [
    {
      service: clientService,
      operations: [
        getConfig(parts.configuration),
        getConfig2(parts.configuration),
        getCookie(parts),
        registerComputer(parts),
        startCategoryScan(parts),
        syncUpdates(parts),
        syncPrinterCatalog(parts),
        refreshCache(parts),
        getExtendedUpdateInfo(parts),
        getExtendedUpdateInfo2(parts),
        getFileLocations(parts),
        getTimestamps(),
      ],
    },
    { service: simpleAuthService, operations: [getAuthorizationCookie(parts)] },
    {
      service: reportingService,
      operations: [
        reportEventBatch(parts),
        reportEventBatch2(parts),
        getRequiredInventoryType(parts),
        reportInventory(parts),
        ping(reportingService, parts),
      ],
    },
  ];
}
