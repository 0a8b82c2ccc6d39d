/** What an archive is to hold, settled when it is begun: however often it is gone on with, it is one archive. */
import type { KeyObject } from 'node:crypto';
import { lastExport, nextExportSequence } from '../../catalog/store/archive/archive-record.ts';
import { importsBefore } from '../../catalog/store/archive/exported-rows.ts';
import { serverIdentity } from '../../catalog/store/access/server-identity.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { lastSequence } from '../../catalog/store/revisions/import-sequence.ts';
import { ArchiveError } from '../../protocol/archive/error.ts';
import type { ExportPlan } from './export-journal.ts';

/** Milliseconds before the last archive began; content whose download ended meanwhile is in both. */
const OVERLAP = 3_600_000;

export interface ExportOptions {
  readonly db: Database;
  /** `<data>/content`. */
  readonly contentFolder: string;
  /** Of the index; the parts lie beside it. */
  readonly indexPath: string;
  /** Ed25519, private. */
  readonly key: KeyObject;
  readonly now: () => Date;
  /** What arrived since; `last`: since the last archive that was finished. Left out: everything. */
  readonly since?: Date | 'last';
  readonly withContent: boolean;
  readonly withDecisions: boolean;
  /** Bytes. */
  readonly partSize: number;
  /** Told after every piece of content that was written, and after every file. */
  readonly onProgress?: (progress: ExportProgress) => void;
}

export interface ExportProgress {
  readonly files: number;
  readonly ofFiles: number;
  readonly bytes: number;
  readonly ofBytes: number;
}

/** @throws ArchiveError where there is nothing to continue */
export function planOf({ db, now, since, withContent, withDecisions, partSize }: ExportOptions): ExportPlan {
  const before = since === 'last' ? lastExport(db) : undefined;
  if (since === 'last' && before === undefined)
    throw new ArchiveError(
      'ARCHIVE_GAP',
      'No archive was finished here yet, so there is nothing to continue. Make a whole one first, without --since.',
    );
  const from = since instanceof Date ? since : before && new Date(Date.parse(before.createdAt) - OVERLAP);
  const createdAt = now().toISOString();
  const upTo = lastSequence(db);
  const after = since instanceof Date ? importsBefore(db, since) : (before?.upTo ?? 0);
  return {
    origin: {
      createdAt,
      serverId: serverIdentity(db),
      sequence: nextExportSequence(db),
      after: Math.min(after, upTo),
      upTo,
      partSize,
    },
    ...(from === undefined ? {} : { contentSince: from.toISOString() }),
    withContent,
    withDecisions,
  };
}

/** @throws ArchiveError where what was begun is not what is asked for */
export function requireSame(
  plan: ExportPlan,
  { db, indexPath, since, withContent, withDecisions, partSize }: ExportOptions,
) {
  const isSame =
    plan.origin.serverId === serverIdentity(db) &&
    plan.origin.partSize === partSize &&
    plan.withContent === withContent &&
    plan.withDecisions === withDecisions &&
    (plan.contentSince === undefined) === (since === undefined);
  if (isSame) return;
  throw new ArchiveError(
    'ARCHIVE_EXISTS',
    `${indexPath} was begun by another relay or with other options. Give the same options to go on with it, or remove its files to begin anew.`,
  );
}
