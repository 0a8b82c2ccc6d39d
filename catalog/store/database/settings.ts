/** Small named values that must survive a restart: identity, keys, schedule. Each is JSON, read through a schema. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';

const Row = z.object({ value: z.string() }).optional();

/** The value, or undefined where it was never set. Throws where what is stored does not fit the schema. */
export function readSetting<T>(db: Database, name: string, schema: z.ZodType<T>): T | undefined {
  const row = Row.parse(db.prepare('SELECT value FROM setting WHERE name = ?').get(name));
  return row === undefined ? undefined : schema.parse(JSON.parse(row.value));
}

export function writeSetting(db: Database, name: string, value: unknown): void {
  db.prepare(
    'INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  ).run(name, JSON.stringify(value));
}
