/** Compound files, as Windows Installer packages are ([MS-CFB]): the header, sector chains and the directory. */
import { damaged } from './container.ts';
import type { ByteRange, FileBytes } from './file-bytes.ts';
import { SectorTable } from './sector-table.ts';
import { readDirectory } from './storage-tree.ts';
import type { Storage, Stream } from './storage-tree.ts';

const HEADER = 512;
const HEADER_FAT_SECTORS = 109;
const MINI_SHIFT = 6;
/** Streams smaller than this are in the mini stream. */
const MINI_CUTOFF = 4096;
/** Major versions and their sector shifts ([MS-CFB] 2.2). */
const SECTOR_SHIFTS: ReadonlyMap<number, number> = new Map([
  [3, 9],
  [4, 12],
]);

/** Bytes; packages have a few thousand streams. */
const LONGEST_DIRECTORY = 8 * 1024 * 1024;
const LONGEST_MINI_STREAM = 256 * 1024 * 1024;

interface Header {
  readonly sectorShift: number;
  readonly fatSectors: number;
  readonly firstDirectorySector: number;
  readonly firstMiniFatSector: number;
  readonly miniFatSectors: number;
  readonly firstDifatSector: number;
  readonly firstFatSectors: readonly number[];
}

export class CompoundFile {
  readonly root: Storage;
  readonly #table: SectorTable;
  readonly #miniTable: readonly number[] | Uint32Array;
  /** Sectors of the mini stream. */
  readonly #miniStream: readonly number[];
  /** Mini sectors that may still be visited: each belongs to one stream at most. */
  #miniBudget: number;

  private constructor(
    root: Storage,
    table: SectorTable,
    miniTable: Uint32Array,
    miniStream: readonly number[],
  ) {
    this.root = root;
    this.#table = table;
    this.#miniTable = miniTable;
    this.#miniStream = miniStream;
    this.#miniBudget = miniTable.length;
  }

  /** @throws AuthenticodeError CONTAINER_DAMAGED */
  static async open(bytes: FileBytes): Promise<CompoundFile> {
    const header = readHeader(await bytes.read(0, HEADER));
    const table = await SectorTable.read(bytes, header);
    const sectors = await table.chain(header.firstDirectorySector, LONGEST_DIRECTORY >> header.sectorShift);
    const { root, miniStream } = readDirectory(
      await table.bytesOf(sectors),
      header.sectorShift === 9,
      bytes.size,
    );
    if (miniStream.size > LONGEST_MINI_STREAM)
      throw damaged(`the mini stream is said to have ${miniStream.size} bytes.`);
    const miniSectors = miniStream.size >> MINI_SHIFT;
    const needed = Math.min(header.miniFatSectors, Math.ceil((miniSectors * 4) / table.sectorSize));
    const miniTable = await table.bytesOf(await table.sectorsOf(header.firstMiniFatSector, needed));
    const entries = new Uint32Array(Math.min(miniSectors, miniTable.length >> 2));
    for (let index = 0; index < entries.length; index += 1)
      entries[index] = miniTable.readUInt32LE(index * 4);
    const places = await table.sectorsOf(miniStream.start, Math.ceil(miniStream.size / table.sectorSize));
    return new CompoundFile(root, table, entries, places);
  }

  /**
   * Where in the file a stream's bytes are, in their order; neighbours are one range.
   *
   * @throws AuthenticodeError CONTAINER_DAMAGED
   */
  async *rangesOf(stream: Stream): AsyncGenerator<ByteRange, void, undefined> {
    if (stream.size < MINI_CUTOFF) yield* this.#miniRanges(stream);
    else yield* this.#table.ranges(stream.start, stream.size);
  }

  *#miniRanges({ start, size }: Stream): Generator<ByteRange, void, undefined> {
    const { sectorSize } = this.#table;
    const miniSize = 1 << MINI_SHIFT;
    let range: ByteRange | undefined;
    let sector = start;
    for (let done = 0; done < size; done += miniSize) {
      const following = this.#miniTable[sector];
      this.#miniBudget -= 1;
      if (following === undefined || this.#miniBudget < 0)
        throw damaged('the chain of a small stream leads nowhere or in a circle.');
      const offset = sector * miniSize;
      const holder = this.#miniStream[Math.floor(offset / sectorSize)];
      if (holder === undefined) throw damaged('a small stream is outside the mini stream.');
      const position = this.#table.positionOf(holder) + (offset % sectorSize);
      const end = position + Math.min(miniSize, size - done);
      if (range?.end === position) range = { start: range.start, end };
      else {
        if (range !== undefined) yield range;
        range = { start: position, end };
      }
      sector = following;
    }
    if (range !== undefined) yield range;
  }
}

/** [MS-CFB] 2.2. */
function readHeader(header: Buffer): Header {
  const sectorShift = SECTOR_SHIFTS.get(header.readUInt16LE(26));
  if (sectorShift === undefined || header.readUInt16LE(30) !== sectorShift)
    throw damaged('the compound file is of a version that is not known.');
  if (
    header.readUInt16LE(28) !== 0xfffe ||
    header.readUInt16LE(32) !== MINI_SHIFT ||
    header.readUInt32LE(56) !== MINI_CUTOFF
  )
    throw damaged('the header of the compound file has other constants than the format.');
  return {
    sectorShift,
    fatSectors: header.readUInt32LE(44),
    firstDirectorySector: header.readUInt32LE(48),
    firstMiniFatSector: header.readUInt32LE(60),
    miniFatSectors: header.readUInt32LE(64),
    firstDifatSector: header.readUInt32LE(68),
    firstFatSectors: Array.from({ length: HEADER_FAT_SECTORS }, (_, index) =>
      header.readUInt32LE(76 + index * 4),
    ),
  };
}
