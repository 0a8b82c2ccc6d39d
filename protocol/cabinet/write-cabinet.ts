/**
 * Writes cabinets of one file as `XmlUpdateBlobCompressed` carries them: compressed by LZX with a window of two megabytes
 * ([MS-WSUSSS] 3.1.4.6.3.3). Source of the container: [MSDN-CAB], "Microsoft Cabinet Format".
 */
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { checksum } from './checksum.ts';
import { LzxEncoder, WINDOW_ORDER } from './lzx-encoder.ts';
import { FRAME } from './lzx-format.ts';

const HEADER = 36;
const FOLDER = 8;
const FILE = 16;
const BLOCK_HEADER = 8;
const LZX = 3;
/** What Windows servers call the file. */
const NAME = Buffer.from('blob\0', 'latin1');
/** 1980-01-01, the first day of the format: the same content makes the same cabinet. */
const DATE = (1 << 5) | 1;
const ARCHIVE = 0x20;
/** Data blocks that a folder may have. */
const MOST_BLOCKS = 65_535;

/**
 * A frame is a few milliseconds of work, before each of which others are served.
 *
 * @param content one byte at least
 * @throws RangeError where a cabinet has no room for it
 */
export async function writeCabinet(content: Buffer): Promise<Buffer> {
  const encoder = new LzxEncoder(content);
  const blocks: Buffer[] = [];
  for (let start = 0; start < content.length; start += FRAME) {
    await yieldToOthers();
    blocks.push(block(encoder.frame(start), Math.min(FRAME, content.length - start)));
  }
  if (blocks.length > MOST_BLOCKS)
    throw new RangeError(`${content.length} bytes are more than a cabinet holds.`);
  return Buffer.concat([head(content.length, blocks), ...blocks]);
}

function head(size: number, blocks: readonly Buffer[]): Buffer {
  const dataAt = HEADER + FOLDER + FILE + NAME.length;
  const bytes = Buffer.alloc(dataAt);
  bytes.write('MSCF', 0, 'latin1');
  bytes.writeUInt32LE(
    blocks.reduce((sum, { length }) => sum + length, dataAt),
    8,
  );
  bytes.writeUInt32LE(HEADER + FOLDER, 16);
  // Version 1.3; one folder, one file.
  bytes.writeUInt8(3, 24);
  bytes.writeUInt8(1, 25);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(1, 28);
  bytes.writeUInt32LE(dataAt, HEADER);
  bytes.writeUInt16LE(blocks.length, HEADER + 4);
  bytes.writeUInt16LE(LZX | (WINDOW_ORDER << 8), HEADER + 6);
  bytes.writeUInt32LE(size, HEADER + FOLDER);
  bytes.writeUInt16LE(DATE, HEADER + FOLDER + 10);
  bytes.writeUInt16LE(ARCHIVE, HEADER + FOLDER + 14);
  NAME.copy(bytes, HEADER + FOLDER + FILE);
  return bytes;
}

function block(data: Buffer, size: number): Buffer {
  const bytes = Buffer.alloc(BLOCK_HEADER);
  bytes.writeUInt16LE(data.length, 4);
  bytes.writeUInt16LE(size, 6);
  bytes.writeUInt32LE(checksum(bytes.subarray(4), checksum(data, 0)), 0);
  return Buffer.concat([bytes, data]);
}
