/** The file allocation table of a compound file ([MS-CFB] 2.3), of which only a little is in memory at once. */
import { damaged } from './container.ts';
import type { ByteRange, FileBytes } from './file-bytes.ts';

const LAST_SECTOR = 0xffff_fffa;
const END_OF_CHAIN = 0xffff_fffe;

/** Parts of the table that are kept, and table sectors that are read at once where they are neighbours. */
const MOST_PARTS = 16;
const MOST_AT_ONCE = 64;
/** Table sectors beyond those that all the sectors of the file need. */
const SPARE_TABLE_SECTORS = 128;

export interface TablePlace {
  readonly sectorShift: number;
  readonly fatSectors: number;
  readonly firstDifatSector: number;
  /** From the header; what is left over is no sector. */
  readonly firstFatSectors: readonly number[];
}

interface Part {
  /** Number of its first entry. */
  readonly first: number;
  readonly entries: Buffer;
}

export class SectorTable {
  /** Bytes. */
  readonly sectorSize: number;
  readonly #bytes: FileBytes;
  readonly #shift: number;
  readonly #places: Uint32Array;
  #parts: Part[] = [];
  /** Sectors that may still be visited: each belongs to one chain at most, so that no circle goes on. */
  #budget: number;

  private constructor(bytes: FileBytes, shift: number, places: Uint32Array, budget: number) {
    this.#bytes = bytes;
    this.#shift = shift;
    this.sectorSize = 1 << shift;
    this.#places = places;
    this.#budget = budget;
  }

  /** @throws AuthenticodeError CONTAINER_DAMAGED */
  static async read(bytes: FileBytes, place: TablePlace): Promise<SectorTable> {
    const sectorSize = 1 << place.sectorShift;
    // The header has the place of one sector; the last sector may be cut short.
    const sectors = Math.max(0, Math.ceil(bytes.size / sectorSize) - 1);
    const perSector = sectorSize / 4;
    if (place.fatSectors > Math.ceil(sectors / perSector) + SPARE_TABLE_SECTORS)
      throw damaged(`the table of the compound file is said to have ${place.fatSectors} sectors.`);
    const places = new Uint32Array(place.fatSectors);
    const table = new SectorTable(bytes, place.sectorShift, places, sectors);
    places.set(place.firstFatSectors.slice(0, place.fatSectors));
    let next = place.firstDifatSector;
    for (let at = place.firstFatSectors.length; at < place.fatSectors; at += perSector - 1) {
      const sector = await table.#sector(next);
      for (let index = 0; index < perSector - 1 && at + index < place.fatSectors; index += 1)
        places[at + index] = sector.readUInt32LE(index * 4);
      next = sector.readUInt32LE(sectorSize - 4);
    }
    return table;
  }

  positionOf(sector: number): number {
    return (sector + 1) * this.sectorSize;
  }

  /**
   * A chain from its beginning to its end.
   *
   * @param most sectors, more than which are an error
   * @throws AuthenticodeError CONTAINER_DAMAGED
   */
  async chain(start: number, most: number): Promise<number[]> {
    const sectors: number[] = [];
    for (let sector = start; sector !== END_OF_CHAIN; sector = await this.#following(sector)) {
      if (sectors.length >= most)
        throw damaged(`a chain of the compound file has more than ${most} sectors.`);
      sectors.push(this.#visit(sector));
    }
    return sectors;
  }

  /** The first sectors of a chain; it must have as many. */
  async sectorsOf(start: number, count: number): Promise<number[]> {
    const sectors: number[] = [];
    for (let sector = start; sectors.length < count;) {
      sectors.push(this.#visit(sector));
      if (sectors.length < count) sector = this.#known(sector) ?? (await this.#following(sector));
    }
    return sectors;
  }

  async bytesOf(sectors: readonly number[]): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (const sector of sectors) parts.push(await this.#sector(sector));
    return Buffer.concat(parts);
  }

  /** Where the bytes of a stream are, in their order; neighbours are one range. */
  async *ranges(start: number, size: number): AsyncGenerator<ByteRange, void, undefined> {
    let range: ByteRange | undefined;
    for (let sector = start, done = 0; done < size;) {
      this.#visit(sector);
      const position = this.positionOf(sector);
      const end = position + Math.min(this.sectorSize, size - done);
      if (range?.end === position) range = { start: range.start, end };
      else {
        if (range !== undefined) yield range;
        range = { start: position, end };
      }
      done += this.sectorSize;
      if (done < size) sector = this.#known(sector) ?? (await this.#following(sector));
    }
    if (range !== undefined) yield range;
  }

  #visit(sector: number): number {
    this.#budget -= 1;
    if (sector > LAST_SECTOR) throw damaged('a chain of the compound file ends too early.');
    if (this.#budget < 0)
      throw damaged('the chains of the compound file have more sectors than the file: a circle.');
    return sector;
  }

  /** What follows a sector, where that part of the table is here. */
  #known(sector: number): number | undefined {
    for (const { first, entries } of this.#parts) {
      const at = (sector - first) * 4;
      if (at >= 0 && at < entries.length) return entries.readUInt32LE(at);
    }
    return undefined;
  }

  async #following(sector: number): Promise<number> {
    const known = this.#known(sector);
    if (known !== undefined) return known;
    const perSector = this.sectorSize / 4;
    const from = Math.floor(sector / perSector);
    const place = this.#places[from];
    if (place === undefined) throw damaged(`the compound file has no sector ${sector} in its table.`);
    let count = 1;
    while (count < MOST_AT_ONCE && this.#places[from + count] === place + count) count += 1;
    const entries = await this.#bytes.read(this.positionOf(place), count << this.#shift);
    this.#parts = [{ first: from * perSector, entries }, ...this.#parts.slice(0, MOST_PARTS - 1)];
    return entries.readUInt32LE((sector - from * perSector) * 4);
  }

  async #sector(sector: number): Promise<Buffer> {
    return await this.#bytes.read(this.positionOf(sector), this.sectorSize);
  }
}
