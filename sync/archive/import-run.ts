/** An import in the history of synchronizations: begun, counted and ended as one of them. */
import { join } from 'node:path';
import type { Database } from '../../catalog/store/database/database.ts';
import { takeLock } from '../../catalog/store/database/directory-lock.ts';
import type { DirectoryLock } from '../../catalog/store/database/directory-lock.ts';
import { failInterruptedImports, finishRun, startRun } from '../../catalog/store/upstream/synchronization.ts';
import type { RunFailure } from '../../catalog/store/upstream/synchronization.ts';
import { ArchiveError } from '../../protocol/archive/error.ts';
import type { RefusedDocument } from '../conversation/document-import.ts';
import { toRunFailure } from '../failure.ts';
import type { LeftContent } from './content-taking.ts';

/** Refused documents whose reasons the history keeps. */
const MOST_REASONS = 50;

export interface ImportRunOptions {
  readonly db: Database;
  readonly dataDirectory: string;
  readonly now: () => Date;
  readonly about: { readonly archive: string; readonly createdAt?: string };
}

export interface ImportOutcome {
  readonly refused: readonly RefusedDocument[];
  readonly left: readonly LeftContent[];
}

/** Held by the one import that is on. */
const lockImports = (dataDirectory: string): DirectoryLock | undefined =>
  takeLock(join(dataDirectory, 'import.lock'));

/** Ends imports in the history whose process ended before they did; one that is on stays. */
export function endInterruptedImports(db: Database, dataDirectory: string, now: Date): void {
  const lock = lockImports(dataDirectory);
  if (lock === undefined) return;
  try {
    failInterruptedImports(db, now);
  } finally {
    lock.release();
  }
}

/**
 * @param work is told the run's id
 * @throws ArchiveError `ARCHIVE_BUSY` where another import is on; what `work` throws
 */
export async function asImportRun<T extends ImportOutcome>(
  { db, dataDirectory, now, about }: ImportRunOptions,
  work: (runId: number) => Promise<T>,
): Promise<T> {
  const lock = lockImports(dataDirectory);
  if (lock === undefined)
    throw new ArchiveError('ARCHIVE_BUSY', 'Another import is on. Run the command again when it has ended.');
  try {
    failInterruptedImports(db, now());
    const runId = startRun(db, 'manual', now(), { notes: [{ kind: 'imported', ...about }] });
    try {
      const outcome = await work(runId);
      finishRun(db, runId, 'succeeded', now(), whatIsAmiss(outcome));
      return outcome;
    } catch (error) {
      finishRun(db, runId, 'failed', now(), failureOf(error));
      throw error;
    }
  } finally {
    lock.release();
  }
}

function failureOf(error: unknown): RunFailure {
  if (error instanceof ArchiveError) return { check: 'archive', message: error.message };
  return { ...toRunFailure(error), mayPass: false };
}

function whatIsAmiss({ refused, left }: ImportOutcome): RunFailure | undefined {
  const [document] = refused;
  const [file] = left;
  const sentences = [
    ...(document === undefined
      ? []
      : [
          `${countOf(refused.length, 'update document was', 'update documents were')} not accepted. ${document.updateId} revision ${document.revisionNumber}: ${document.reason}`,
        ]),
    ...(file === undefined
      ? []
      : [
          `${countOf(left.length, 'content file was', 'content files were')} not taken over. ${file.file}: ${file.reason}.`,
        ]),
  ];
  if (sentences.length === 0) return undefined;
  return {
    check: document === undefined ? 'content' : 'document',
    message: sentences.join(' '),
    ...(document === undefined
      ? {}
      : { detail: { refused: refused.slice(0, MOST_REASONS).map((one) => ({ ...one })) } }),
  };
}

const countOf = (count: number, one: string, many: string): string =>
  count === 1 ? `One ${one}` : `${count} ${many}`;
