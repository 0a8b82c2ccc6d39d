/** RefreshCache ([MS-WUSP] 3.1.5.8): an agent that comes from another server learns our RevisionIDs for what it has. */
import { SoapFault } from '../../protocol/soap/fault.ts';
import { RefreshCache } from '../../protocol/wusp/client.ts';
import { implement, type ImplementedOperation } from '../soap/implementation.ts';
import { wireDeployment } from './deployment.ts';
import type { ClientParts } from './parts.ts';
import { gatesOf } from './protocol-version.ts';

export const refreshCache = (parts: ClientParts): ImplementedOperation =>
  implement(RefreshCache, ({ cookie, globalIDs }) => {
    const { ticket, target } = parts.tickets.admit(cookie);
    if (globalIDs === undefined) throw new SoapFault('InvalidParameters', 'globalIDs');
    const snapshot = parts.snapshots.current();
    const gates = gatesOf(ticket.protocolVersion);
    return {
      RefreshCacheResult: globalIDs.flatMap((identity) => {
        const offered = snapshot.deploymentOfIdentity(
          target.groupIds,
          identity.UpdateID,
          identity.RevisionNumber,
        );
        // What is only part of a bundle is left out, as WSUS of Windows Server 2025 was seen to do: the agent drops it
        // and is sent it anew with its bundle.
        if (offered === undefined || offered.deployment.action === 'Bundle') return [];
        return {
          RevisionID: offered.revisionId,
          GlobalID: identity,
          IsLeaf: offered.isLeaf,
          Deployment: wireDeployment(offered, gates),
        };
      }),
    };
  });
