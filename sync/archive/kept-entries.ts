/** What an export that was ended has left on the disk, as far as it is to be kept. */
import { createHash } from 'node:crypto';
import { ArchiveError } from '../../protocol/archive/error.ts';
import { PartReader } from './archive-parts.ts';
import type { ExportPlan, JournalLine } from './export-journal.ts';

/** Those of what was noted that are on the disk as they were written; what is small is written anew. */
export async function keptLines(
  indexPath: string,
  { origin }: ExportPlan,
  lines: readonly JournalLine[],
): Promise<JournalLine[]> {
  const reader = new PartReader(indexPath, origin.partSize);
  const whole: JournalLine[] = [];
  try {
    let position = 0;
    for (const line of lines) {
      const { length, sha256 } = line.entry;
      const hash = createHash('sha256');
      for await (const piece of reader.read(position, length)) hash.update(piece);
      if (hash.digest('hex') !== sha256) break;
      whole.push(line);
      position += length;
    }
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
  } finally {
    await reader.close();
  }
  while (isSmall(whole.at(-1))) whole.pop();
  return whole;
}

const isSmall = (line: JournalLine | undefined): boolean =>
  line !== undefined && line.entry.kind !== 'content' && line.entry.kind !== 'documents';
