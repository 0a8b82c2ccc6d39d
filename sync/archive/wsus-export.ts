/**
 * What `wsusutil export` writes as a cabinet, as far as Microsoft's own tool for such files shows it (WsusExport.cs of
 * microsoft/update-server-server-sync): `metadata.txt` has a line for each revision,
 * `UpdateID,RevisionNumber,length,document`, the two numbers in eight hex digits, the length in UTF-16 units. `package.xml`
 * beside it says where files are, and is not read. Nothing in it is signed.
 */
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Database } from '../../catalog/store/database/database.ts';
import { moveAllApprovals } from '../../catalog/store/decisions/followed-revisions.ts';
import { followSelection } from '../../catalog/store/content/files.ts';
import { USUAL_SELECTION } from '../../catalog/store/content/selection.ts';
import type { ContentSelection } from '../../catalog/store/content/selection.ts';
import { missingIdentities } from '../../catalog/store/revisions/revisions.ts';
import { ArchiveError } from '../../protocol/archive/error.ts';
import { readNamedFile } from '../../protocol/cabinet/cabinet.ts';
import { CabinetError } from '../../protocol/cabinet/error.ts';
import { isGuid } from '../../protocol/guid.ts';
import type { RefusedDocument } from '../conversation/document-import.ts';
import { DocumentPreparation } from '../conversation/document-preparation.ts';
import { importArrivals } from './arrivals-import.ts';
import type { ArrivedFromDisk } from './arrivals-import.ts';
import { asImportRun } from './import-run.ts';
import type { ImportOutcome } from './import-run.ts';

/** Bytes of the cabinet, and of what it unpacks to: both are in memory at once. */
const LARGEST_CABINET = 512 * 1024 * 1024;
const LARGEST_METADATA = 1024 * 1024 * 1024;

/** Documents in one transaction. */
const LARGEST_BATCH = 100;

const METADATA = 'metadata.txt';

export type ImportedFormat = 'archive' | 'wsus-cabinet' | 'gzip';

/** By how the file begins. @throws what the file system says */
export async function formatOf(path: string): Promise<ImportedFormat> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    const start = buffer.subarray(0, bytesRead);
    if (start.equals(Buffer.from('MSCF'))) return 'wsus-cabinet';
    return start.readUInt16BE(0) === 0x1f8b ? 'gzip' : 'archive';
  } catch (error) {
    if (error instanceof RangeError) return 'archive';
    throw error;
  } finally {
    await handle.close();
  }
}

/** What of a WSUS cannot be read, said to whoever brought it. */
export const refuseGzip = (path: string): ArchiveError =>
  new ArchiveError(
    'ARCHIVE_VERSION',
    `${path} is compressed with gzip, as the .xml.gz of newer WSUS is. What is inside is published nowhere, so it is not guessed at. Have wsusutil write export.cab instead, as long as that has less than 2 GB, or synchronize from the WSUS server and use \`sluice export\`.`,
  );

export interface WsusImportOptions {
  readonly db: Database;
  readonly dataDirectory: string;
  readonly path: string;
  /** Hex; by which whoever brings the file says that it is the one that was exported. */
  readonly sha256: string;
  readonly now: () => Date;
  readonly storesContent: boolean;
  /** Whether those of all updates are; default: of approved ones. */
  readonly storesAll?: boolean;
  /** Which of them; left out: as usual. */
  readonly selection?: ContentSelection;
}

export interface WsusImportResult extends ImportOutcome {
  readonly runId: number;
  readonly revisions: number;
}

/** @throws ArchiveError before anything was changed */
export async function importWsusExport(options: WsusImportOptions): Promise<WsusImportResult> {
  const {
    db,
    dataDirectory,
    path,
    now,
    selection = USUAL_SELECTION,
    storesAll = false,
    storesContent,
  } = options;
  const metadata = await readMetadata(options);
  // Read to its end first: a file that was cut is not taken in by half.
  for (const _ of documentsIn(metadata));
  const about = { archive: basename(path) };
  return await asImportRun({ db, dataDirectory, now, about }, async (runId) => {
    await using preparation = new DocumentPreparation();
    const refused: RefusedDocument[] = [];
    let revisions = 0;
    for (const batch of batchesIn(documentsIn(metadata))) {
      const missing = new Set(missingIdentities(db, batch));
      const arrivals = batch.filter((one) => missing.has(one));
      const result = await importArrivals(db, arrivals, preparation, {
        runId,
        now: now(),
        isReplica: false,
        storesContent,
        selection,
      });
      revisions += result.imported;
      refused.push(...result.refused);
    }
    moveAllApprovals(db, { runId, now: now(), storesContent, selection });
    if (storesContent) followSelection(db, { isAll: storesAll, selection, now: now() });
    return { runId, revisions, refused, left: [] };
  });
}

async function readMetadata({ path, sha256 }: WsusImportOptions): Promise<Buffer> {
  const cabinet = await readBounded(path);
  const found = createHash('sha256').update(cabinet).digest('hex');
  if (found !== sha256.toLowerCase())
    throw new ArchiveError(
      'ARCHIVE_ALTERED',
      `${path} has the SHA-256 ${found}, not ${sha256.toLowerCase()}. Copy it again, and take the SHA-256 on the server that wrote it (Get-FileHash).`,
    );
  try {
    return readNamedFile(cabinet, METADATA, LARGEST_METADATA);
  } catch (error) {
    if (!(error instanceof CabinetError)) throw error;
    throw new ArchiveError(
      'ARCHIVE_UNREADABLE',
      `${path} cannot be read as an export of WSUS: ${error.message}`,
    );
  }
}

async function readBounded(path: string): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    if (size > LARGEST_CABINET)
      throw new ArchiveError(
        'ARCHIVE_UNREADABLE',
        `${path} has ${size} bytes, and ${LARGEST_CABINET} are read. Synchronize from the WSUS server instead, and use \`sluice export\`.`,
      );
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Guid, comma, eight digits, comma, eight digits, comma. */
const HEAD = 55;
const HEAD_FORM = /^([0-9a-f-]{36}),([0-9a-f]{8}),([0-9a-f]{8}),$/i;

/**
 * The revisions of `metadata.txt`.
 *
 * @param metadata UTF-8
 * @throws ArchiveError where it is otherwise
 */
export function* documentsIn(metadata: Buffer): Generator<ArrivedFromDisk> {
  let at = metadata.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
  for (let line = 1; at < metadata.length; line += 1) {
    const [, updateId = '', revision = '', length = ''] =
      HEAD_FORM.exec(metadata.toString('latin1', at, at + HEAD)) ?? [];
    if (!isGuid(updateId)) throw notAsKnown(line, 'it does not begin with an identifier and two numbers');
    const begin = at + HEAD;
    const end = endOf(metadata, begin, Number.parseInt(length, 16));
    if (end === undefined) throw notAsKnown(line, 'its document is cut short');
    yield {
      updateId: updateId.toLowerCase(),
      revisionNumber: Number.parseInt(revision, 16),
      document: decode(metadata.subarray(begin, end), line),
    };
    const afterReturn = metadata[end] === CARRIAGE_RETURN ? end + 1 : end;
    if (afterReturn < metadata.length && metadata[afterReturn] !== LINE_FEED)
      throw notAsKnown(line, 'its document is longer than it says');
    at = afterReturn + 1;
  }
}

/** Behind so many UTF-16 units of UTF-8; undefined where there are fewer. */
function endOf(bytes: Buffer, begin: number, units: number): number | undefined {
  let at = begin;
  for (let left = units; left > 0;) {
    const lead = bytes[at];
    if (lead === undefined) return undefined;
    const width = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    at += width;
    left -= width === 4 ? 2 : 1;
  }
  return at <= bytes.length ? at : undefined;
}

function decode(bytes: Buffer, line: number): string {
  if (!isUtf8(bytes)) throw notAsKnown(line, 'it is not UTF-8');
  return bytes.toString('utf8');
}

function* batchesIn(documents: Iterable<ArrivedFromDisk>): Generator<ArrivedFromDisk[]> {
  let batch: ArrivedFromDisk[] = [];
  for (const document of documents) {
    batch.push(document);
    if (batch.length < LARGEST_BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

const notAsKnown = (line: number, what: string): ArchiveError =>
  new ArchiveError(
    'ARCHIVE_INVALID',
    `Line ${line} of ${METADATA} in the export of WSUS is not as such lines are known to be: ${what}. Nothing was taken in. Synchronize from the WSUS server instead, and use \`sluice export\`.`,
  );
