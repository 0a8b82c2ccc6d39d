/** ReportInventory and GetRequiredInventoryType ([MS-WUSP] WSDL 6.3): what is in a computer, kept to be read again. */
import {
  InventoryStore,
  packInventory,
  type PackedInventory,
} from '../../catalog/store/computers/reported-inventory.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';
import type { Read } from '../../protocol/soap/table.ts';
import {
  GetRequiredInventoryType,
  ReportInventory,
  type ReportingInventory,
} from '../../protocol/wusp/reporting.ts';
import { durably } from '../soap/durably.ts';
import { implement, type ImplementedOperation } from '../soap/implementation.ts';
import { REQUIRED_INVENTORY } from './configuration.ts';
import { InventoryError, inventoryDocument } from './inventory-document.ts';
import type { ClientParts } from './parts.ts';

/** None, whatever the rules: GetConfig's `IsInventoryRequired` says so to every client, as it must. */
export const getRequiredInventoryType = ({ tickets }: ClientParts): ImplementedOperation =>
  implement(GetRequiredInventoryType, ({ cookie }) => {
    tickets.admit(cookie);
    return { GetRequiredInventoryTypeResult: REQUIRED_INVENTORY };
  });

/** Nobody is asked for one, but one that comes is kept: the result tells whether it is on disk. */
export const reportInventory = (parts: ClientParts): ImplementedOperation => {
  const inventories = new InventoryStore(parts.db);
  return implement(ReportInventory, async ({ cookie, inventory }) => {
    const { computerId } = parts.tickets.admit(cookie).ticket;
    if (inventory === undefined) throw new SoapFault('InvalidParameters', 'inventory');
    const document = await packed(inventory);
    const isKept = await durably(parts, () => inventories.keep(computerId, document, parts.now()));
    return { ReportInventoryResult: isKept };
  });
};

/**
 * As it is kept. Little may unpack to much: what was unpacked is gone once this returns, and not held while others have
 * the database.
 */
async function packed(inventory: Read<typeof ReportingInventory>): Promise<PackedInventory> {
  try {
    return packInventory(await inventoryDocument(inventory));
  } catch (error) {
    if (error instanceof InventoryError)
      throw new SoapFault('InvalidParameters', 'inventory', { cause: error });
    throw error;
  }
}
