/** What computers reported of the software and hardware in them: the last document of each, as it came. */
import type { Database, Statement } from 'better-sqlite3';
import { z } from 'zod';
import { restoreText, storeText, type StoredText } from '../database/deflated-text.ts';

export interface ReportedInventory {
  /** XML; what is in it is between the computer and whoever reads it. */
  readonly document: string;
  /** ISO 8601 UTC. */
  readonly receivedAt: string;
}

/** A document as it is kept. Made before the write: that may have to wait, and is to be short. */
export type PackedInventory = StoredText;

export const packInventory = (document: string): PackedInventory => storeText(document);

const Row = z.object({ received_at: z.string(), document: z.union([z.string(), z.instanceof(Buffer)]) });

export class InventoryStore {
  readonly #keep: Statement<[{ computerId: string; receivedAt: string; document: StoredText }]>;

  constructor(db: Database) {
    this.#keep = db.prepare(
      `INSERT INTO computer_inventory (computer_id, received_at, document)
       SELECT computer_id, @receivedAt, @document FROM computer WHERE computer_id = @computerId
       ON CONFLICT (computer_id) DO UPDATE SET received_at = excluded.received_at, document = excluded.document`,
    );
  }

  /** @returns false where there is no such computer (any more) */
  keep(computerId: string, document: PackedInventory, receivedAt: Date): boolean {
    const { changes } = this.#keep.run({
      computerId,
      receivedAt: receivedAt.toISOString(),
      document,
    });
    return changes > 0;
  }
}

/** @returns undefined where the computer reported none */
export function reportedInventory(db: Database, computerId: string): ReportedInventory | undefined {
  const row = db
    .prepare('SELECT received_at, document FROM computer_inventory WHERE computer_id = ?')
    .get(computerId);
  if (row === undefined) return undefined;
  const { received_at: receivedAt, document } = Row.parse(row);
  return { receivedAt, document: restoreText(document) };
}
