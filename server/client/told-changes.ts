/** Up to which change a computer was told how things are deployed, by each of the ways it asks. */
import type { ScanAnswer } from '../../catalog/scan/scan.ts';
import type { Ticket } from './ticket.ts';

/** Where a ticket keeps it: of software scans, of driver scans, of the printer catalogue. */
export type ToldBy = 'softwareChange' | 'driverChange' | 'printerChange';

/** In other groups everything may be deployed differently: what was told in the former ones counts for nothing. */
export function toldIn(ticket: Ticket, groupIds: readonly string[]): Ticket {
  if (isIn(ticket, groupIds)) return ticket;
  const { softwareChange: _software, driverChange: _driver, printerChange: _printer, ...rest } = ticket;
  return { ...rest, groupIds };
}

export const raised = (told: Ticket, by: ToldBy, { knownChange }: ScanAnswer): Ticket =>
  knownChange === undefined || told[by] === knownChange ? told : { ...told, [by]: knownChange };

/**
 * Whether the computer's cookie still says all there is to say. It also says up to which generation its computer may
 * have been told anything, were it in a scan that is not finished.
 */
export const isStillTrue = (ticket: Ticket, next: Ticket, generation: number): boolean =>
  ticket.generation === generation &&
  ticket.softwareChange === next.softwareChange &&
  ticket.driverChange === next.driverChange &&
  ticket.printerChange === next.printerChange &&
  isIn(ticket, next.groupIds);

const isIn = ({ groupIds }: Ticket, others: readonly string[]): boolean =>
  groupIds === others || groupIds.join() === others.join();
