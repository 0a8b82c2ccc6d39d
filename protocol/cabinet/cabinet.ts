/**
 * Reads cabinets of one folder, as `XmlUpdateBlobCompressed` carries them ([MS-WSUSSS] 3.1.4.6): stored, MSZIP or LZX.
 * Source of the container: [MSDN-CAB], "Microsoft Cabinet Format".
 */
import { constants, inflateRawSync } from 'node:zlib';
import { checksum } from './checksum.ts';
import { CabinetError } from './error.ts';
import { decompressLzx } from './lzx.ts';

const HEADER = 36;
const FOLDER = 8;
const FILE = 16;
const BLOCK = 8;
const MOST_BLOCK = 32_768;
/** Blocks are full but for the last of what was added at once; emptier ones would only cost time. */
const FULLNESS = 8;
const SPANS_CABINETS = 0x3;
const HAS_RESERVE = 0x4;
const STORED = 0;
const MSZIP = 1;
const LZX = 3;

interface Block {
  readonly data: Buffer;
  readonly size: number;
}

/**
 * The content of the first file in a cabinet.
 *
 * @param cabinet the whole cabinet
 * @param mostBytes the bound on what may come out, however little came in
 * @throws CabinetError where the cabinet is damaged, spans volumes, or holds more than `mostBytes`
 */
export const readFirstFile = (cabinet: Uint8Array, mostBytes: number): Buffer =>
  readingWhole(cabinet, (bytes) => readFile(bytes, readHead(bytes), mostBytes));

/**
 * The content of the file of that name, in any case of letters.
 *
 * @throws CabinetError as `readFirstFile`, and where there is no such file in the first folder
 */
export const readNamedFile = (cabinet: Uint8Array, name: string, mostBytes: number): Buffer =>
  readingWhole(cabinet, (bytes) => readFile(bytes, readHead(bytes, name), mostBytes));

/**
 * Bytes of the first file in a cabinet, as its head says: no more and no less comes out of it.
 *
 * @throws CabinetError where there is no such head
 */
export const sizeOfFirstFile = (cabinet: Uint8Array): number =>
  readingWhole(cabinet, (bytes) => readHead(bytes).size);

function readingWhole<T>(cabinet: Uint8Array, read: (cabinet: Buffer) => T): T {
  try {
    return read(Buffer.from(cabinet.buffer, cabinet.byteOffset, cabinet.byteLength));
  } catch (error) {
    // Reading past the end of a Buffer says so by RangeError; what zlib refuses carries a Z_ code.
    if (error instanceof CabinetError) throw error;
    throw new CabinetError(error instanceof RangeError ? 'it ends too early.' : String(error));
  }
}

interface Head {
  readonly folderAt: number;
  readonly blockReserve: number;
  /** Of the file, in its folder. */
  readonly offset: number;
  readonly size: number;
}

/** @param name of the file that is meant; left out: the first */
function readHead(cabinet: Buffer, name?: string): Head {
  if (cabinet.length < HEADER || cabinet.toString('latin1', 0, 4) !== 'MSCF')
    throw new CabinetError('it does not begin with MSCF.');
  const flags = cabinet.readUInt16LE(30);
  if ((flags & SPANS_CABINETS) !== 0) throw new CabinetError('it is one of several volumes.');
  if (cabinet.readUInt16LE(26) < 1 || cabinet.readUInt16LE(28) < 1)
    throw new CabinetError('it holds no file.');
  const reserve = (flags & HAS_RESERVE) !== 0;
  const folderAt = HEADER + (reserve ? 4 + cabinet.readUInt16LE(36) : 0);
  const blockReserve = reserve ? cabinet.readUInt8(39) : 0;

  const fileAt = fileEntryAt(cabinet, name);
  const size = cabinet.readUInt32LE(fileAt);
  const offset = cabinet.readUInt32LE(fileAt + 4);
  if (cabinet.readUInt16LE(fileAt + 8) !== 0 || fileAt + FILE > cabinet.length)
    throw new CabinetError('the file is not in its first folder.');
  return { folderAt, blockReserve, offset, size };
}

function fileEntryAt(cabinet: Buffer, name: string | undefined): number {
  let at = cabinet.readUInt32LE(16);
  if (name === undefined) return at;
  for (let left = cabinet.readUInt16LE(28); left > 0; left -= 1) {
    const end = cabinet.indexOf(0, at + FILE);
    if (end < 0) break;
    if (cabinet.toString('latin1', at + FILE, end).toLowerCase() === name.toLowerCase()) return at;
    at = end + 1;
  }
  throw new CabinetError(`it holds no file ${name}.`);
}

function readFile(
  cabinet: Buffer,
  { folderAt, blockReserve, offset, size }: Head,
  mostBytes: number,
): Buffer {
  if (offset + size > mostBytes)
    throw new CabinetError(`it holds ${offset + size} bytes; ${mostBytes} are allowed.`);

  const blocks = readBlocks(cabinet, folderAt, blockReserve, offset + size);
  if (blocks.length > FULLNESS * (1 + Math.ceil((offset + size) / MOST_BLOCK)))
    throw new CabinetError(`it holds ${offset + size} bytes in ${blocks.length} data blocks.`);
  const folder = decompress(cabinet.readUInt16LE(folderAt + 6), blocks, mostBytes);
  if (folder.length < offset + size || folderAt + FOLDER > cabinet.length)
    throw new CabinetError('it ends too early.');
  return folder.subarray(offset, offset + size);
}

/** The blocks that hold the folder's first `needed` bytes, or all. */
function readBlocks(cabinet: Buffer, folderAt: number, blockReserve: number, needed: number): Block[] {
  const blocks: Block[] = [];
  let at = cabinet.readUInt32LE(folderAt);
  const count = cabinet.readUInt16LE(folderAt + 4);
  for (let index = 0, total = 0; index < count && total < needed; index += 1) {
    const length = cabinet.readUInt16LE(at + 4);
    const size = cabinet.readUInt16LE(at + 6);
    const begin = at + BLOCK + blockReserve;
    if (size > MOST_BLOCK || begin + length > cabinet.length)
      throw new CabinetError('a data block is cut short or too large.');
    const data = cabinet.subarray(begin, begin + length);
    const sum = cabinet.readUInt32LE(at);
    if (sum !== 0 && sum !== checksum(cabinet.subarray(at + 4, begin), checksum(data, 0)))
      throw new CabinetError('the checksum of a data block differs.');
    blocks.push({ data, size });
    at = begin + length;
    total += size;
  }
  return blocks;
}

function decompress(typeCompress: number, blocks: readonly Block[], mostBytes: number): Buffer {
  const method = typeCompress & 0x000f;
  const size = blocks.reduce((sum, block) => sum + block.size, 0);
  if (size > mostBytes + MOST_BLOCK)
    throw new CabinetError(`it holds more than the ${mostBytes} bytes allowed.`);
  if (method === STORED) return Buffer.concat(blocks.map(({ data }) => data));
  if (method === MSZIP) return inflateBlocks(blocks);
  if (method === LZX)
    return decompressLzx(Buffer.concat(blocks.map(({ data }) => data)), size, (typeCompress >> 8) & 0x1f);
  throw new CabinetError(`its compression method ${method} is not known (stored, MSZIP and LZX are).`);
}

/** MSZIP: each block is `CK` and deflated data that may refer to the 32 KiB before it. */
function inflateBlocks(blocks: readonly Block[]): Buffer {
  const parts: Buffer[] = [];
  let previous: Buffer | undefined;
  for (const { data, size } of blocks) {
    if (data.toString('latin1', 0, 2) !== 'CK')
      throw new CabinetError('an MSZIP block does not begin with CK.');
    const part = inflateRawSync(data.subarray(2), {
      maxOutputLength: Math.max(size, 1),
      finishFlush: constants.Z_FINISH,
      ...(previous === undefined ? {} : { dictionary: previous }),
    });
    if (part.length !== size) throw new CabinetError('an MSZIP block is not of the size it says.');
    parts.push(part);
    previous = part;
  }
  return Buffer.concat(parts);
}
