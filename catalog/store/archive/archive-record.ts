/** What is remembered of archives: those that were made here, whose are believed, and how far each relay's were taken in. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { readSetting, writeSetting } from '../database/settings.ts';

const EXPORT_SEQUENCE = 'export.sequence';
const LAST_EXPORT = 'export.last';
const LAST_WITH_CONTENT = 'export.last-with-content';
const SIGNERS = 'import.signers';

/** Counts an archive that is begun. */
export function nextExportSequence(db: Database): number {
  return db
    .transaction(() => {
      const next = (readSetting(db, EXPORT_SEQUENCE, z.int()) ?? 0) + 1;
      writeSetting(db, EXPORT_SEQUENCE, next);
      return next;
    })
    .immediate();
}

const LastExport = z.object({
  sequence: z.int(),
  /** How far in the history of imports. */
  upTo: z.int(),
  /** When it began, ISO 8601 UTC. */
  createdAt: z.string(),
});
export type LastExport = z.infer<typeof LastExport>;

/** The last archive that was finished; undefined where there was none. */
export const lastExport = (db: Database): LastExport | undefined => readSetting(db, LAST_EXPORT, LastExport);

/** The last one that content belongs to: from there content goes on. */
export const lastExportWithContent = (db: Database): LastExport | undefined =>
  readSetting(db, LAST_WITH_CONTENT, LastExport);

export function noteExport(db: Database, made: LastExport, withContent: boolean): void {
  db.transaction(() => {
    writeSetting(db, LAST_EXPORT, made);
    if (withContent) writeSetting(db, LAST_WITH_CONTENT, made);
  }).immediate();
}

/** Fingerprints of keys whose archives are believed. */
export const trustedSigners = (db: Database): string[] => readSetting(db, SIGNERS, z.array(z.string())) ?? [];

export function trustSigner(db: Database, fingerprint: string): void {
  db.transaction(() => {
    writeSetting(db, SIGNERS, [...new Set([...trustedSigners(db), fingerprint])]);
  }).immediate();
}

const TakenIn = z.object({
  sequence: z.int(),
  upTo: z.int(),
  createdAt: z.string(),
  /** SHA-256 of its index. */
  digest: z.string(),
});
export type TakenIn = z.infer<typeof TakenIn>;

const takenInFrom = (serverId: string): string => `import.from:${serverId.toLowerCase()}`;

/** The newest archive of that relay that was taken in whole. */
export const lastTakenIn = (db: Database, serverId: string): TakenIn | undefined =>
  readSetting(db, takenInFrom(serverId), TakenIn);

export const noteTakenIn = (db: Database, serverId: string, taken: TakenIn): void =>
  writeSetting(db, takenInFrom(serverId), taken);
