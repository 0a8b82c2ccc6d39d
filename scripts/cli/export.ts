/** `sluice export`: a signed archive of what a relay without a connection needs. */
import { createPublicKey } from 'node:crypto';
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { takeLock } from '../../catalog/store/database/directory-lock.ts';
import { loadConfig } from '../../config/load.ts';
import { ArchiveError } from '../../protocol/archive/error.ts';
import { fingerprintOf } from '../../protocol/archive/signed-index.ts';
import { loadArchiveKey } from '../../server/pki/archive-key.ts';
import { exportArchive } from '../../sync/archive/archive-export.ts';
import { ExportJournal } from '../../sync/archive/export-journal.ts';
import { EXIT } from './exit-status.ts';
import type { ExitStatus } from './exit-status.ts';
import { inMegabytes, progressLines } from './progress-lines.ts';
import { recordedRun } from './recorded-command.ts';
import { openRelayData } from './relay-data.ts';
import { dateOf } from './date-argument.ts';
import { forTerminal, jsonForTerminal } from './terminal.ts';

export interface ExportCommandOptions {
  readonly config?: string;
  readonly since?: Date | 'last';
  readonly content: boolean;
  readonly metadataOnly?: boolean;
  /** Bytes. */
  readonly partSize: number;
  readonly json?: boolean;
}

const INDEX_EXTENSION = '.sluice';

/** Below the 4 GiB that a file may have on FAT32. */
export const DEFAULT_PART_SIZE = 4_000_000_000;
const LEAST_PART_SIZE = 1_000_000;

/** @throws InvalidArgumentError */
export function partSizeOf(text: string): number {
  const size = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (size < LEAST_PART_SIZE) throw new InvalidArgumentError(`Bytes, ${LEAST_PART_SIZE} or more.`);
  return size;
}

/** @throws InvalidArgumentError */
export function sinceOf(text: string): Date | 'last' {
  if (text === 'last') return text;
  return dateOf(text, 'A date as 2026-11-30 or 2026-11-30T18:00:00Z, or "last".');
}

/**
 * @param target a folder, in which the archive is given a name; or the name of its index
 * @param print one line at a time
 * @returns failed where content was left out that is not what it should be
 * @throws ConfigError, NoRelayData, MigrationError, ArchiveError, CertificateError
 */
export async function exportCommand(
  target: string,
  options: ExportCommandOptions,
  print: (line: string) => void,
): Promise<ExitStatus> {
  const { since, content, metadataOnly = false, partSize, json = false } = options;
  const { dataDirectory } = loadConfig({ file: options.config, env: process.env });
  const db = openRelayData(dataDirectory);
  const lock = takeLock(join(dataDirectory, 'export.lock'));
  try {
    if (lock === undefined)
      throw new ArchiveError(
        'ARCHIVE_BUSY',
        'Another export is on. Run the command again when it has ended.',
      );
    const key = await loadArchiveKey(join(dataDirectory, 'pki'));
    const signer = fingerprintOf(createPublicKey(key));
    const now = new Date();
    const index = indexPathOf(resolve(target), dataDirectory, now);
    const withContent = content && !metadataOnly;
    const result = await recordedRun(db, {
      action: 'archive.export',
      subjects: [{ kind: 'archive', id: index }],
      asked: {
        signer,
        since: since === undefined || since === 'last' ? since : since.toISOString(),
        withContent,
        withDecisions: !metadataOnly,
      },
      run: () =>
        exportArchive({
          db,
          dataDirectory,
          indexPath: index,
          key,
          now: () => now,
          ...(since === undefined ? {} : { since }),
          withContent,
          withDecisions: !metadataOnly,
          partSize,
          ...(json ? {} : { onProgress: progressLines(print) }),
        }),
      outcomeOf: ({ left, ...sums }) => ({ ...sums, left: left.length }),
    });
    const ok = result.left.length === 0;
    if (json) print(jsonForTerminal({ index, signer, ok, ...result }));
    else {
      if (!ok) print('Content that was left out:');
      for (const { file, reason } of result.left) print(forTerminal(`  ${file}: ${reason}`));
      print(
        `Archive ${result.sequence}: ${forTerminal(index)} and its parts beside it (${inMegabytes(result.bytes)}, ${result.files} content files)`,
      );
      if (result.kept > 0) print(`Gone on with: ${result.kept} entries were written before and are right`);
      print(`Signed by: ${signer}`);
    }
    return ok ? EXIT.ok : EXIT.failed;
  } finally {
    lock?.release();
    db.close();
  }
}

/** In a folder: the archive that this relay began there and did not finish, or a new one. */
function indexPathOf(target: string, dataDirectory: string, now: Date): string {
  if (statSync(target, { throwIfNoEntry: false })?.isDirectory() !== true)
    return target.endsWith(INDEX_EXTENSION) ? target : `${target}${INDEX_EXTENSION}`;
  const time = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return (
    ExportJournal.unfinishedIn(dataDirectory, target) ?? join(target, `export-${time}Z${INDEX_EXTENSION}`)
  );
}
