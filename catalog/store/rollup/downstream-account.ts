/** Downstream servers by what they were authorized as. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';

/** Guids of the servers that were last authorized from an address. */
export function downstreamServerAt(db: Database, ipAddress: string): string[] {
  return z
    .array(z.string())
    .parse(
      db.prepare('SELECT account_guid FROM downstream_server WHERE ip_address = ?').pluck().all(ipAddress),
    );
}

/** The name that a server was authorized by; empty where it never was. */
export function accountNameOf(db: Database, accountGuid: string): string {
  const name = db
    .prepare('SELECT account_name FROM downstream_server WHERE account_guid = ?')
    .pluck()
    .get(accountGuid);
  return z.string().optional().parse(name) ?? '';
}
