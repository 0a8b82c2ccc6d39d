/** RegisterComputer ([MS-WUSP] 3.1.5.5): a computer says what it is, for administrators to see. */
import type { Inventory } from '../../catalog/store/computers/computers.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';
import type { Read } from '../../protocol/soap/table.ts';
import { RegisterComputer, type ComputerInfo } from '../../protocol/wusp/client.ts';
import { durably } from '../soap/durably.ts';
import { implement, type ImplementedOperation } from '../soap/implementation.ts';
import { noteContact, type ClientParts } from './parts.ts';

/** Characters of any one text in ComputerInfo. */
const TEXT_LENGTH = 1024;

export const registerComputer = (parts: ClientParts): ImplementedOperation =>
  implement(RegisterComputer, async ({ cookie, computerInfo }, call) => {
    const { ticket } = parts.tickets.admit(cookie);
    if (!parts.configuration.answer.IsRegistrationRequired) throw new SoapFault('RegistrationNotRequired');
    if (computerInfo === undefined || hasLongText(computerInfo))
      throw new SoapFault('InvalidParameters', 'computerInfo');
    const { computerId } = ticket;
    const inventory = inventoryOf(computerInfo);
    // Agents register again with every synchronization, nearly always as before: that needs no commit.
    if (parts.computers.isRegisteredAs(computerId, inventory)) noteContact(parts, computerId, call);
    else await durably(parts, () => parts.computers.register(computerId, inventory, parts.now()));
    return {};
  });

const hasLongText = (info: Read<typeof ComputerInfo>): boolean =>
  Object.values(info).some((value) => typeof value === 'string' && value.length > TEXT_LENGTH);

const inventoryOf = (info: Read<typeof ComputerInfo>): Inventory => ({
  dnsName: info.DnsName ?? '',
  osDescription: info.OSDescription ?? '',
  osVersion: [info.OSMajorVersion, info.OSMinorVersion, info.OSBuildNumber].join('.'),
  manufacturer: info.ComputerManufacturer ?? '',
  model: info.ComputerModel ?? '',
  processorArchitecture: info.ProcessorArchitecture ?? '',
  clientVersion: [
    info.ClientVersionMajorNumber,
    info.ClientVersionMinorNumber,
    info.ClientVersionBuildNumber,
    info.ClientVersionQfeNumber,
  ].join('.'),
  computerInfo: info,
});
