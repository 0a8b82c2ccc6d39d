/**
 * What an archive holds, entry by entry: the part of it that is signed (docs/decisions/0020). The entries lie one behind
 * another, with nothing between them, in one stream that is cut into parts; no file is named, so no name can lead anywhere.
 */
import { z } from 'zod';
import { ArchiveError } from './error.ts';

/** Bytes of the index file; some 400,000 entries. */
export const LARGEST_INDEX = 64 * 1024 * 1024;

/** Bytes of an entry that is read at once. */
export const LARGEST_METADATA = 64 * 1024 * 1024;

/** Bytes of one content file. */
const LARGEST_CONTENT = 2 ** 40;

/** Files on one disk that anybody handles. */
const MOST_PARTS = 10_000;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** In the order in which they lie in the stream, and are taken in. */
export const METADATA_KINDS = ['documents', 'driver-sets', 'keys', 'decisions'] as const;
export type MetadataKind = (typeof METADATA_KINDS)[number];

export const MetadataEntry = z.strictObject({
  kind: z.enum(METADATA_KINDS),
  /** Bytes. */
  length: z.int().min(1).max(LARGEST_METADATA),
  sha256: Sha256,
});
export type MetadataEntry = z.infer<typeof MetadataEntry>;

/** A content file, by what names it on disk too. */
export const ContentEntry = z.strictObject({
  kind: z.literal('content'),
  sha1: z.string().regex(/^[0-9a-f]{40}$/),
  /** With its dot, lower case, or empty. */
  extension: z.string().regex(/^(?:\.[a-z0-9]{1,16})?$/),
  /** Bytes. */
  length: z.int().min(0).max(LARGEST_CONTENT),
  sha256: Sha256,
});
export type ContentEntry = z.infer<typeof ContentEntry>;

export const ArchiveEntry = z.discriminatedUnion('kind', [MetadataEntry, ContentEntry]);
export type ArchiveEntry = z.infer<typeof ArchiveEntry>;

/** Where the archive comes from, and what of its relay's history it holds. */
export const ArchiveOrigin = z.strictObject({
  /** When the export began, ISO 8601 UTC. */
  createdAt: z.iso.datetime(),
  /** The relay's own guid. */
  serverId: z.guid(),
  /** Counts the archives of that relay. */
  sequence: z.int().min(1),
  /** What arrived there after this place in its history of imports is here; 0 for everything. */
  after: z.int().min(0),
  /** Up to this place. */
  upTo: z.int().min(0),
  /** Bytes of each part but the last. */
  partSize: z.int().min(1),
});
export type ArchiveOrigin = z.infer<typeof ArchiveOrigin>;

export const ArchiveIndex = ArchiveOrigin.extend({
  /** Of all entries. */
  bytes: z.int().min(0),
  entries: z.array(ArchiveEntry),
});
export type ArchiveIndex = z.infer<typeof ArchiveIndex>;

export const partsOf = ({ bytes, partSize }: Pick<ArchiveIndex, 'bytes' | 'partSize'>): number =>
  Math.ceil(bytes / partSize);

/** Bytes of an entry in the index, at most. */
const LONGEST_ENTRY = 256;

/**
 * For an export that is about to write so much: what no import would take is not begun.
 *
 * @param bytes of all entries
 * @throws ArchiveError `ARCHIVE_INVALID`
 */
export function requireRoom(
  { partSize }: Pick<ArchiveIndex, 'partSize'>,
  entries: number,
  bytes: number,
): void {
  if (partsOf({ bytes, partSize }) > MOST_PARTS)
    throw new ArchiveError(
      'ARCHIVE_INVALID',
      `The archive would have more than ${MOST_PARTS} parts of ${partSize} bytes. Give a larger --part-size.`,
    );
  if (entries * LONGEST_ENTRY > LARGEST_INDEX)
    throw new ArchiveError(
      'ARCHIVE_INVALID',
      `The archive would have ${entries} entries, and its index be larger than what is read. Export less at a time, with --since.`,
    );
}

/** Place of a kind in the stream. */
const rankOf = ({ kind }: ArchiveEntry): number =>
  kind === 'content' ? METADATA_KINDS.length : METADATA_KINDS.indexOf(kind);

/**
 * @param text what was signed
 * @throws ArchiveError `ARCHIVE_INVALID`
 */
export function parseIndex(text: string): ArchiveIndex {
  const read = ArchiveIndex.safeParse(parseJson(text));
  if (read.data === undefined) {
    const [issue] = read.error.issues;
    throw invalid(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  }
  const index = read.data;
  if (index.entries.reduce((sum, { length }) => sum + length, 0) !== index.bytes)
    throw invalid('its entries are not as long as it says');
  if (partsOf(index) > MOST_PARTS) throw invalid(`it has more than ${MOST_PARTS} parts`);
  if (index.after > index.upTo) throw invalid('it ends before it begins');
  refuseOrder(index.entries);
  return index;
}

/** Nothing twice, and content after what says what content is right. */
function refuseOrder(entries: readonly ArchiveEntry[]): void {
  let before: ArchiveEntry | undefined;
  for (const entry of entries) {
    if (before !== undefined) {
      if (rankOf(entry) < rankOf(before)) throw invalid('its entries are out of order');
      if (entry.kind === 'decisions' && before.kind === 'decisions') throw invalid('it has decisions twice');
      if (entry.kind === 'content' && before.kind === 'content' && entry.sha1 <= before.sha1)
        throw invalid(`its content files are out of order at ${entry.sha1}`);
    }
    before = entry;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('it is no JSON');
  }
}

const invalid = (what: string): ArchiveError =>
  new ArchiveError(
    'ARCHIVE_INVALID',
    `The index of the archive is signed, and not what an archive may hold: ${what}. Nothing of it was taken in; export again, with a Sluice of the same version.`,
  );
