/**
 * How far an export has come: a line for what it is to be, then one for each entry that is whole on the disk, and one for
 * each file that was left out. It is kept with the relay's own data and never on the disk: what an export goes on with, and
 * signs, is what this relay itself wrote, whoever else can write to the disk.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { ArchiveEntry, ArchiveOrigin } from '../../protocol/archive/archive-index.ts';
import { codeOf } from '../../config/error-facts.ts';

/** What is exported; the same for all of an archive, in however many goes it is made. */
export const ExportPlan = z.strictObject({
  /** Of the index, absolute. */
  indexPath: z.string(),
  origin: ArchiveOrigin,
  /** As it was asked for: `all`, `last`, or an instant in ISO 8601 UTC. */
  since: z.string(),
  /** Content of what came after this place in the history of imports; 0: all. */
  contentAfter: z.int().min(0),
  /** And content that came from then on; left out: all. ISO 8601 UTC. */
  contentSince: z.string().optional(),
  withContent: z.boolean(),
  withDecisions: z.boolean(),
});
export type ExportPlan = z.infer<typeof ExportPlan>;

const EntryLine = z.strictObject({
  entry: ArchiveEntry,
  /** Of documents: the last revision that is in it. */
  revisionId: z.int().optional(),
});
export type EntryLine = z.infer<typeof EntryLine>;

const LeftFile = z.strictObject({ file: z.string(), reason: z.string() });
/** Content that is not what the metadata says, and was left out. */
export type LeftFile = z.infer<typeof LeftFile>;

const JournalLine = z.union([EntryLine, z.strictObject({ left: LeftFile })]);
export type JournalLine = z.infer<typeof JournalLine>;

export const isEntry = (line: JournalLine): line is EntryLine => 'entry' in line;

/** Milliseconds after which an export that was not gone on with is forgotten. */
const FORGOTTEN_AFTER = 90 * 24 * 3_600_000;

const EXTENSION = '.journal';

const folderOf = (dataDirectory: string): string => join(dataDirectory, 'exports');

function pathOf(dataDirectory: string, indexPath: string): string {
  const name = createHash('sha256').update(resolve(indexPath)).digest('hex').slice(0, 32);
  return join(folderOf(dataDirectory), `${name}${EXTENSION}`);
}

export interface Journalled {
  readonly plan: ExportPlan;
  readonly lines: readonly JournalLine[];
}

export class ExportJournal {
  readonly #handle: FileHandle;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Undefined where there is none, or not a whole first line. */
  static read(dataDirectory: string, indexPath: string): Journalled | undefined {
    return readJournal(pathOf(dataDirectory, indexPath));
  }

  /** The index of an export into that folder that was begun and not finished; undefined where there is none. */
  static unfinishedIn(dataDirectory: string, folder: string): string | undefined {
    const paths = namesIn(folderOf(dataDirectory)).flatMap(
      (name) => readJournal(join(folderOf(dataDirectory), name))?.plan.indexPath ?? [],
    );
    return paths.filter((path) => dirname(path) === resolve(folder)).sort()[0];
  }

  /** Writes it anew with what is known to be right, and forgets exports that nobody went on with for long. */
  static async begin(
    dataDirectory: string,
    plan: ExportPlan,
    lines: readonly JournalLine[],
    now: Date,
  ): Promise<ExportJournal> {
    mkdirSync(folderOf(dataDirectory), { recursive: true, mode: 0o700 });
    await forgetOld(folderOf(dataDirectory), now);
    const path = pathOf(dataDirectory, plan.indexPath);
    const text = [plan, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
    // Cut and gone on with rather than written anew: lines that hold are never away.
    const handle = await open(path, 'a+', 0o600);
    const journal = new ExportJournal(handle);
    const present = readIfThere(path);
    if (present !== text) {
      if (present?.startsWith(text) === true) await handle.truncate(Buffer.byteLength(text));
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

  static async remove(dataDirectory: string, indexPath: string): Promise<void> {
    await rm(pathOf(dataDirectory, indexPath), { force: true });
  }
}

function readJournal(path: string): Journalled | undefined {
  const [first = '', ...rest] = readIfThere(path)?.split('\n').slice(0, -1) ?? [];
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

async function forgetOld(folder: string, now: Date): Promise<void> {
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
    if (changed < now.getTime() - FORGOTTEN_AFTER) await rm(path, { force: true });
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(EXTENSION));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
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
