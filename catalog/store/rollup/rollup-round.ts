/** Rounds of rollup: what a complete one does not mention is no longer below the server that reports. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';

/** A server that reports to this one directly begins to. */
export function beginRound(db: Database, serverId: string): void {
  db.prepare(
    `INSERT INTO rollup_round (server_id, round)
     VALUES (?, (SELECT ifnull(max(round), 0) + 1 FROM rollup_round))
     ON CONFLICT (server_id) DO UPDATE SET round = excluded.round`,
  ).run(serverId);
}

/** 0 where it never said that it begins. */
export function roundOf(db: Database, serverId: string): number {
  const round = db.prepare('SELECT round FROM rollup_round WHERE server_id = ?').pluck().get(serverId);
  return z.int().optional().parse(round) ?? 0;
}
