/** SyncUpdates ([MS-WUSP] 3.1.5.7): what is new for a computer. Everything else together is called less often. */
import type { ScanAnswer } from '../../catalog/scan/scan.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';
import { SyncUpdates } from '../../protocol/wusp/client.ts';
import { implement, type ImplementedOperation } from '../soap/implementation.ts';
import type { ClientParts } from './parts.ts';
import { gatesOf } from './protocol-version.ts';
import { checkParameters, readScan } from './scan-request.ts';
import { writeSyncResponse } from './sync-response.ts';
import type { Ticket } from './ticket.ts';

export const syncUpdates = (parts: ClientParts): ImplementedOperation =>
  implement(SyncUpdates, ({ cookie, parameters }, call) => {
    const { ticket, target } = parts.tickets.admit(cookie);
    checkParameters(parameters);
    if (!target.isRegistered) throw new SoapFault('RegistrationRequired');
    parts.contacts.note({
      computerId: ticket.computerId,
      ipAddress: call.remoteAddress,
      at: parts.now(),
    });

    const scan = readScan(parameters);
    const told = toldIn(ticket, target.groupIds);
    const knownChange = scan.drivers === undefined ? told.softwareChange : told.driverChange;
    const answer = parts.snapshots.current().scan({
      ...scan,
      groupIds: target.groupIds,
      ...(knownChange === undefined ? {} : { knownChange }),
      pageSize: parts.config.client.pageSize,
    });
    const next = scan.categoryIds === undefined ? raised(told, answer, scan.drivers !== undefined) : told;

    return writeSyncResponse({
      answer,
      // An agent's cookie runs out when it would have: scanning does not prolong it.
      newCookie: cookie !== undefined && isSame(ticket, next) ? cookie : parts.tickets.issue(next),
      gates: gatesOf(ticket.protocolVersion),
      twoGroups: parameters.NeedTwoGroupOutOfScopeUpdates ?? false,
      soapVersion: call.soapVersion,
    });
  });

/** In other groups everything may be deployed differently: what was told in the former ones counts for nothing. */
function toldIn(ticket: Ticket, groupIds: readonly string[]): Ticket {
  if (ticket.groupIds.join() === groupIds.join()) return ticket;
  const { softwareChange: _software, driverChange: _driver, ...rest } = ticket;
  return { ...rest, groupIds };
}

/** A scan by categories tells of changes in these only, and must not raise what the computer is known to know. */
function raised(told: Ticket, { knownChange }: ScanAnswer, isDriverPass: boolean): Ticket {
  if (knownChange === undefined) return told;
  return isDriverPass ? { ...told, driverChange: knownChange } : { ...told, softwareChange: knownChange };
}

const isSame = (a: Ticket, b: Ticket): boolean =>
  a.softwareChange === b.softwareChange &&
  a.driverChange === b.driverChange &&
  a.groupIds.join() === b.groupIds.join();
