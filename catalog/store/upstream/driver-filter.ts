/** What the list of drivers is asked for, and what its anchor stands for ([MS-WSUSSS] 3.1.4.7.3.4, `Delta`). */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';

/** Each list without repetition, lower case. */
export interface DriverFilterIds {
  readonly category: readonly string[];
  /** Computer hardware ids, guids. */
  readonly computer: readonly string[];
  /** Devices' hardware ids. */
  readonly device: readonly string[];
}

/** What was asked for when the present anchor was given. */
export function readDriverFilter(db: Database): DriverFilterIds {
  const rows = z
    .array(z.object({ kind: z.enum(['category', 'computer', 'device']), id: z.string() }))
    .parse(db.prepare('SELECT kind, id FROM driver_filter').all());
  const ofKind = (kind: string): string[] => rows.filter((row) => row.kind === kind).map(({ id }) => id);
  return { category: ofKind('category'), computer: ofKind('computer'), device: ofKind('device') };
}

/** Within the transaction that stores the list with its anchor. */
export function writeDriverFilter(db: Database, ids: DriverFilterIds): void {
  db.prepare('DELETE FROM driver_filter').run();
  const insert = db.prepare('INSERT INTO driver_filter VALUES (?, ?)');
  for (const kind of ['category', 'computer', 'device'] as const)
    for (const id of ids[kind]) insert.run(kind, id);
}
