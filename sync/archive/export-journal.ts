/**
 * How far an export has come: a line for what it is to be, then one for each entry that is whole on disk. It lies beside
 * the archive until that has its index, so that an export that was ended, however it was, goes on from there.
 */
import { readFileSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { ArchiveEntry, ArchiveOrigin } from '../../protocol/archive/archive-index.ts';
import { codeOf } from '../../config/error-facts.ts';

/** What is exported; the same for all of an archive, in however many goes it is made. */
export const ExportPlan = z.strictObject({
  origin: ArchiveOrigin,
  /** Content that came from then on; left out: all. ISO 8601 UTC. */
  contentSince: z.string().optional(),
  withContent: z.boolean(),
  withDecisions: z.boolean(),
});
export type ExportPlan = z.infer<typeof ExportPlan>;

export const JournalLine = z.strictObject({
  entry: ArchiveEntry,
  /** Of documents: the last revision that is in it. */
  revisionId: z.int().optional(),
});
export type JournalLine = z.infer<typeof JournalLine>;

export const journalPath = (indexPath: string): string => `${indexPath}.unfinished`;

export class ExportJournal {
  readonly #handle: FileHandle;
  readonly #path: string;

  private constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  /** Undefined where there is none, or not a whole first line. */
  static read(indexPath: string): { plan: ExportPlan; lines: JournalLine[] } | undefined {
    const text = readIfThere(journalPath(indexPath));
    const [first = '', ...rest] = text?.split('\n').slice(0, -1) ?? [];
    const plan = ExportPlan.safeParse(parse(first));
    if (plan.data === undefined) return undefined;
    const lines: JournalLine[] = [];
    for (const line of rest) {
      const read = JournalLine.safeParse(parse(line));
      if (read.data === undefined) break;
      lines.push(read.data);
    }
    return { plan: plan.data, lines };
  }

  /** Writes it anew with what is known to be right. */
  static async begin(
    indexPath: string,
    plan: ExportPlan,
    lines: readonly JournalLine[],
  ): Promise<ExportJournal> {
    const path = journalPath(indexPath);
    const text = [plan, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
    // Cut and gone on with rather than written anew: lines that hold are never away.
    const handle = await open(path, 'a+', 0o600);
    const journal = new ExportJournal(path, handle);
    if (readIfThere(path) !== text) {
      if (readIfThere(path)?.startsWith(text) === true) await handle.truncate(Buffer.byteLength(text));
      else {
        await handle.truncate(0);
        await handle.appendFile(text);
      }
    }
    await handle.sync();
    return journal;
  }

  async add(line: JournalLine): Promise<void> {
    await this.#handle.appendFile(`${JSON.stringify(line)}\n`);
    await this.#handle.sync();
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async remove(): Promise<void> {
    await this.close();
    await rm(this.#path, { force: true });
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
