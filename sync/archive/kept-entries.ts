/** What an export that was ended has left on the disk, as far as it is to be kept. */
import { createHash } from 'node:crypto';
import { ArchiveError } from '../../protocol/archive/error.ts';
import { PartReader } from './archive-parts.ts';
import { isEntry } from './export-journal.ts';
import type { EntryLine, Journalled, JournalLine } from './export-journal.ts';

/** Those of what was noted that are on the disk as they were written; what is small is written anew. */
export async function keptLines(indexPath: string, { plan, lines }: Journalled): Promise<JournalLine[]> {
  const reader = new PartReader(indexPath, plan.origin.partSize);
  const kept: JournalLine[] = [];
  try {
    let position = 0;
    for (const line of lines) {
      if (isEntry(line)) {
        if (!(await isOnDisk(reader, position, line))) break;
        position += line.entry.length;
      }
      kept.push(line);
    }
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
  } finally {
    await reader.close();
  }
  // Behind the last entry every file is looked at again, those that were left out too.
  for (let last = kept.at(-1); last !== undefined && !isLarge(last); last = kept.at(-1)) kept.pop();
  return kept;
}

async function isOnDisk(reader: PartReader, position: number, { entry }: EntryLine): Promise<boolean> {
  const hash = createHash('sha256');
  for await (const piece of reader.read(position, entry.length)) hash.update(piece);
  return hash.digest('hex') === entry.sha256;
}

const isLarge = (line: JournalLine): boolean =>
  isEntry(line) && (line.entry.kind === 'content' || line.entry.kind === 'documents');
