/** SyncUpdates ([MS-WUSP] 3.1.5.7): what is new for a computer. Everything else together is called less often. */
import { SyncUpdates } from '../../protocol/wusp/client.ts';
import { implement, type ImplementedOperation } from '../soap/implementation.ts';
import { noteContact, type ClientParts } from './parts.ts';
import { gatesOf } from './protocol-version.ts';
import { checkParameters, driverPage, readScan, softwarePage } from './scan-request.ts';
import { writeSyncResponse } from './sync-response.ts';
import { isStillTrue, raised, toldIn } from './told-changes.ts';

export const syncUpdates = (parts: ClientParts): ImplementedOperation =>
  implement(SyncUpdates, ({ cookie, parameters }, call) => {
    const { ticket, target } = parts.tickets.admit(cookie);
    checkParameters(parameters);
    parts.tickets.requireReady({ ticket, target });
    noteContact(parts, ticket.computerId, call);

    const scan = readScan(parameters);
    if (scan.drivers !== undefined) parts.hardware.note(scan.drivers);
    const told = toldIn(ticket, target.groupIds);
    const toldBy = scan.drivers === undefined ? 'softwareChange' : 'driverChange';
    const knownChange = told[toldBy];
    const snapshot = parts.snapshots.current();
    const answer = snapshot.scan({
      ...scan,
      groupIds: target.groupIds,
      ...(knownChange === undefined ? {} : { knownChange }),
      ...(scan.drivers === undefined ? softwarePage(parts.config.client.pageSize) : driverPage),
    });
    parts.lastScans.note(ticket.computerId, scan, answer);
    // A scan by categories tells of changes in these only, and must not raise what the computer is known to know.
    const next = scan.categoryIds === undefined ? raised(told, toldBy, answer) : told;
    const isKept = cookie !== undefined && isStillTrue(ticket, next, snapshot.generation);

    return writeSyncResponse({
      answer,
      // An agent's cookie runs out when it would have: scanning does not prolong it.
      newCookie: isKept ? cookie : parts.tickets.issue(next),
      gates: gatesOf(ticket.protocolVersion),
      twoGroups: parameters.NeedTwoGroupOutOfScopeUpdates ?? false,
      soapVersion: call.soapVersion,
    });
  });
