/**
 * The XML of a ReportingInventory. [MS-WUSP] does not say how `CompressedXml` is compressed. Read is what Windows' update
 * protocols compress XML with elsewhere, a cabinet ([MS-WSUSSS] 3.1.4.6), and what .NET compresses with, gzip and zlib;
 * each is known by how it begins, and never unpacks to more than the bound.
 */
import { promisify } from 'node:util';
import { unzip } from 'node:zlib';
import { readFirstFile } from '../../protocol/cabinet/cabinet.ts';
import { DEFAULT_LIMITS } from '../../protocol/soap/codec.ts';
import type { Read } from '../../protocol/soap/table.ts';
import type { ReportingInventory } from '../../protocol/wusp/reporting.ts';
import { DOCUMENT_END, Tokenizer } from '../../protocol/xml/tokenizer.ts';

/** Bytes of one inventory, unpacked. */
export const MOST_INVENTORY_BYTES = 4 * 1024 * 1024;
/** Bytes of one that is packed, XML being packed to a tenth: what costs most time to unpack yields least. */
const MOST_PACKED_BYTES = 1024 * 1024;

const CABINET = Buffer.from('MSCF');
const GZIP = Buffer.from([0x1f, 0x8b]);
/** Deflate with a window of 32 KiB, the only one in use. */
const ZLIB = Buffer.from([0x78]);

const LIMITS = { ...DEFAULT_LIMITS, maxBytes: MOST_INVENTORY_BYTES };
const inflate = promisify(unzip);

/** An inventory that is missing, damaged, too large or no XML. */
export class InventoryError extends Error {
  readonly code = 'INVENTORY_INVALID';

  constructor(what: string, options?: ErrorOptions) {
    super(`The inventory cannot be read: ${what}`, options);
    this.name = 'InventoryError';
  }
}

/**
 * @returns the document as it came, decoded
 * @throws InventoryError
 */
export async function inventoryDocument(inventory: Read<typeof ReportingInventory>): Promise<string> {
  const { IsCompressed, RawXml, CompressedXml } = inventory;
  const text = IsCompressed ? await unpack(CompressedXml) : RawXml;
  if (text === undefined) throw new InventoryError('it holds no document.');
  requireWellFormed(text);
  return text;
}

async function unpack(packed: Buffer | undefined): Promise<string | undefined> {
  if (packed === undefined) return undefined;
  if (packed.length > MOST_PACKED_BYTES) throw new InventoryError('it is too large.');
  const begins = (mark: Buffer): boolean => packed.subarray(0, mark.length).equals(mark);
  try {
    if (begins(CABINET)) return decode(readFirstFile(packed, MOST_INVENTORY_BYTES));
    if (begins(GZIP) || begins(ZLIB))
      return decode(await inflate(packed, { maxOutputLength: MOST_INVENTORY_BYTES }));
  } catch (error) {
    throw new InventoryError('what it is packed in is damaged or too large.', { cause: error });
  }
  throw new InventoryError('it is packed as neither a cabinet nor gzip nor zlib.');
}

/** Cabinets hold UTF-16 without a mark, as update documents do: its every second byte is zero where XML begins. */
function decode(bytes: Buffer): string {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || bytes[1] === 0;
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8', { fatal: true }).decode(bytes);
}

/** The declaration names the encoding that the document had, which the decoded text has no more. */
function requireWellFormed(text: string): void {
  try {
    const tokens = new Tokenizer(Buffer.from(text.replace(/^<\?xml\s[^>]*\?>/, '')), LIMITS);
    while (tokens.next() !== DOCUMENT_END);
  } catch (error) {
    throw new InventoryError('it is no well-formed XML within bounds.', { cause: error });
  }
}
