/** What an archive is to hold, settled when it is begun: however often it is gone on with, it is one archive. */
import type { KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import {
  lastExport,
  lastExportWithContent,
  nextExportSequence,
} from '../../catalog/store/archive/archive-record.ts';
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
  /** Of the relay: its content, and how far exports have come. */
  readonly dataDirectory: string;
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

const sinceAsAsked = (since: ExportOptions['since']): string =>
  since instanceof Date ? since.toISOString() : (since ?? 'all');

/** @throws ArchiveError where there is nothing to continue */
export function planOf(options: ExportOptions): ExportPlan {
  const { db, indexPath, now, since, withContent, withDecisions, partSize } = options;
  const before = since === 'last' ? lastExport(db) : undefined;
  if (since === 'last' && before === undefined)
    throw new ArchiveError(
      'ARCHIVE_GAP',
      'No archive was finished here yet, so there is nothing to continue. Make a whole one first, without --since.',
    );
  const createdAt = now().toISOString();
  const upTo = lastSequence(db);
  const after = since instanceof Date ? importsBefore(db, since) : (before?.upTo ?? 0);
  return {
    indexPath: resolve(indexPath),
    since: sinceAsAsked(since),
    origin: {
      createdAt,
      serverId: serverIdentity(db),
      sequence: nextExportSequence(db),
      after: Math.min(after, upTo),
      upTo,
      partSize,
    },
    ...contentOf(options, after),
    withContent,
    withDecisions,
  };
}

/** Of content it goes on from the last archive that had any: those between may have been without. */
function contentOf(
  { db, since }: ExportOptions,
  after: number,
): Pick<ExportPlan, 'contentAfter' | 'contentSince'> {
  if (since instanceof Date) return { contentAfter: after, contentSince: since.toISOString() };
  const before = since === 'last' ? lastExportWithContent(db) : undefined;
  if (before === undefined) return { contentAfter: 0 };
  const from = new Date(Date.parse(before.createdAt) - OVERLAP);
  return { contentAfter: before.upTo, contentSince: from.toISOString() };
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
    plan.since === sinceAsAsked(since);
  if (isSame) return;
  throw new ArchiveError(
    'ARCHIVE_EXISTS',
    `${indexPath} was begun with other options. Give the same options to go on with it, or name another file.`,
  );
}
