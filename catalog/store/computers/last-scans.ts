/** Which non-leaf revisions computers said they have when their last scan ended: what prerequisites are met by. */
import type { Database, Statement } from 'better-sqlite3';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';

export interface LastScan {
  readonly computerId: string;
  /** `InstalledNonLeafUpdateIDs` ([MS-WUSP] 2.2.2.2.4), in any order. */
  readonly installed: readonly number[];
  readonly at: Date;
}

/** RevisionIDs that are kept of one computer: many times what an agent has. */
const MOST_INSTALLED = 100_000;

const BYTES_OF_ID = 4;

const Row = z.object({ said_at: z.string(), installed: z.instanceof(Buffer) });

/** Writes them; within the caller's transaction. */
export class LastScanStore {
  readonly #write: Statement<[Record<'computerId' | 'at', string> & { readonly installed: Buffer }]>;

  constructor(db: Database) {
    // One that was deleted meanwhile stays so; one that says what it said is not written again.
    this.#write = db.prepare(
      `INSERT INTO computer_scan (computer_id, said_at, installed)
       SELECT computer_id, @at, @installed FROM computer WHERE computer_id = @computerId
       ON CONFLICT (computer_id) DO UPDATE SET said_at = excluded.said_at, installed = excluded.installed
         WHERE installed <> excluded.installed`,
    );
  }

  write({ computerId, installed, at }: LastScan): void {
    this.#write.run({ computerId, at: at.toISOString(), installed: pack(installed) });
  }
}

/** @returns undefined where it has not scanned to the end since this is kept */
export function lastScanOf(
  db: Database,
  computerId: string,
): { readonly saidAt: string; readonly installed: readonly number[] } | undefined {
  const value = db
    .prepare('SELECT said_at, installed FROM computer_scan WHERE computer_id = ?')
    .get(computerId);
  if (value === undefined) return undefined;
  const row = Row.parse(value);
  return { saidAt: row.said_at, installed: unpack(row.installed) };
}

function pack(revisionIds: readonly number[]): Buffer {
  const ids = Int32Array.from(new Set(revisionIds)).sort().subarray(0, MOST_INSTALLED);
  const bytes = Buffer.alloc(ids.length * BYTES_OF_ID);
  for (const [index, id] of ids.entries()) bytes.writeInt32LE(id, index * BYTES_OF_ID);
  return deflateRawSync(bytes);
}

function unpack(packed: Buffer): number[] {
  const bytes = inflateRawSync(packed, { maxOutputLength: MOST_INSTALLED * BYTES_OF_ID });
  return Array.from({ length: bytes.length / BYTES_OF_ID }, (_, index) =>
    bytes.readInt32LE(index * BYTES_OF_ID),
  );
}
