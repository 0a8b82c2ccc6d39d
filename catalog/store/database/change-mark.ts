/** Whether anything was written since, by this connection or another: cheap enough to be asked every second. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';

/** A text that differs from the one before where something was committed in between. */
export function changeMark(db: Database): string {
  const byOthers = z.int().parse(db.pragma('data_version', { simple: true }));
  const byUs = z.int().parse(db.prepare('SELECT total_changes()').pluck().get());
  return `${byOthers}/${byUs}`;
}
