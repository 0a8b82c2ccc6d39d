/** Signatures of cabinets ([MS-CAB] 2.1; the header's reserved area names the place of the signature). */
import { AuthenticodeError } from '../../protocol/authenticode/error.ts';
import { containerOfRanges, damaged, readSignatureBytes } from './container.ts';
import type { Container } from './container.ts';
import type { FileBytes } from './file-bytes.ts';

const HEADER = 36;
const HAS_RESERVE = 0x4;
/** `cbCFHeader`, and no bytes for folders and blocks. */
const SIGNATURE_RESERVE = 20;
const SIGNED_HEADER = HEADER + 4 + SIGNATURE_RESERVE;
/** What the reserved area begins with: its own kind and size. */
const MARK = 0x0010_0000;

/** Why the cabinet's signature cannot be read. */
export interface OtherCabinet {
  readonly reason: string;
}

/**
 * Everything up to the signature is signed but `reserved1`, `iCabinet`, and the reserved area without its last four bytes.
 *
 * @throws AuthenticodeError CONTAINER_DAMAGED, SIGNATURE_MISPLACED, SIGNATURE_DAMAGED
 */
export async function readCabinet(bytes: FileBytes): Promise<Container | OtherCabinet> {
  const header = await bytes.read(0, HEADER);
  if ((header.readUInt16LE(30) & HAS_RESERVE) === 0) return containerOfRanges('cab', [], []);
  const sizes = (await bytes.read(HEADER, 4)).readUInt32LE();
  if ((sizes & 0xffff) < SIGNATURE_RESERVE) return containerOfRanges('cab', [], []);
  const reserve = await bytes.read(HEADER + 4, SIGNATURE_RESERVE);
  if (reserve.readUInt32LE(0) !== MARK) return containerOfRanges('cab', [], []);
  if (sizes !== SIGNATURE_RESERVE)
    return { reason: 'its reserved area is of another size than signatures of cabinets have' };
  if (header.readUInt32LE(4) !== 0) throw damaged('a reserved field of the cabinet is in use.');
  const start = reserve.readUInt32LE(4);
  const length = reserve.readUInt32LE(8);
  if (start === 0 && length === 0) return containerOfRanges('cab', [], []);
  if (start < SIGNED_HEADER || length === 0)
    throw new AuthenticodeError('SIGNATURE_MISPLACED', 'the signature is in the header of the cabinet.');
  if (start + length !== bytes.size)
    throw new AuthenticodeError(
      'SIGNATURE_MISPLACED',
      `the signature is said to end at byte ${start + length} of ${bytes.size}; what is behind it nobody signed.`,
    );
  const signature = await readSignatureBytes(bytes, { start, end: start + length });
  return containerOfRanges(
    'cab',
    [signature],
    [
      { start: 0, end: 4 },
      { start: 8, end: 34 },
      { start: SIGNED_HEADER - 4, end: start },
    ],
  );
}
