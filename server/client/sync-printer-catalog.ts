/** SyncPrinterCatalog ([MS-WUSP] 3.1.5.12): the printer drivers among which a computer's "add printer" lets people choose. */
import type { OfferedRevision } from '../../catalog/scan/scan.ts';
import { EscapedText } from '../../protocol/soap/escaped-text.ts';
import type { Write } from '../../protocol/soap/table.ts';
import { SyncPrinterCatalog, type UpdateInfo } from '../../protocol/wusp/client.ts';
import { implement, type ImplementedOperation } from '../soap/implementation.ts';
import { wireDeployment } from './deployment.ts';
import { noteContact, type ClientParts } from './parts.ts';
import { gatesOf, type Gates } from './protocol-version.ts';
import { driverPage } from './scan-request.ts';
import { isStillTrue, raised, toldIn } from './told-changes.ts';

export const syncPrinterCatalog = (parts: ClientParts): ImplementedOperation =>
  implement(SyncPrinterCatalog, ({ cookie, installedNonLeafUpdateIDs, printerUpdateIDs }, call) => {
    const { ticket, target } = parts.tickets.admit(cookie);
    parts.tickets.requireReady({ ticket, target });
    noteContact(parts, ticket.computerId, call);

    const told = toldIn(ticket, target.groupIds);
    const snapshot = parts.snapshots.current();
    const answer = snapshot.scanPrinters({
      groupIds: target.groupIds,
      installedNonLeafRevisionIds: installedNonLeafUpdateIDs ?? [],
      cachedRevisionIds: printerUpdateIDs ?? [],
      ...(told.printerChange === undefined ? {} : { knownChange: told.printerChange }),
      ...driverPage,
    });
    const next = raised(told, 'printerChange', answer);
    const isKept = cookie !== undefined && isStillTrue(ticket, next, snapshot.generation);
    const gates = gatesOf(ticket.protocolVersion);
    const withCore = (offered: OfferedRevision): Write<typeof UpdateInfo> => ({
      ...updateInfo(offered, gates),
      Xml: new EscapedText(offered.core),
    });
    return {
      SyncPrinterCatalogResult: {
        NewUpdates: unlessEmpty(answer.newUpdates.map(withCore)),
        OutOfScopeRevisionIDs: unlessEmpty(answer.outOfScopeRevisionIds),
        ChangedUpdates: unlessEmpty(answer.changedUpdates.map((offered) => updateInfo(offered, gates))),
        Truncated: answer.truncated,
        NewCookie: isKept ? cookie : parts.tickets.issue(next),
      },
    };
  });

const updateInfo = (offered: OfferedRevision, gates: Gates): Write<typeof UpdateInfo> => ({
  ID: offered.revisionId,
  Deployment: wireDeployment(offered, gates),
  IsLeaf: offered.isLeaf,
});

const unlessEmpty = <T>(items: readonly T[]): readonly T[] | undefined =>
  items.length === 0 ? undefined : items;
