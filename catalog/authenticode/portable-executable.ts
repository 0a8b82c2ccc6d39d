/** Programs, libraries and drivers: EXE, DLL, SYS ([PE-COFF]; "Windows Authenticode Portable Executable Signature Format"). */
import { AuthenticodeError } from '../../protocol/authenticode/error.ts';
import { containerOfRanges, damaged, readSignatureBytes } from './container.ts';
import type { Container } from './container.ts';
import type { ByteRange, FileBytes } from './file-bytes.ts';

const DOS_HEADER = 64;
/** `e_lfanew`: where the PE header is. */
const NEW_HEADER_AT = 60;
const PE = 0x0000_4550;
/** `PE\0\0` and the COFF file header. */
const FILE_HEADER = 24;
const SECTION_HEADER = 40;
const DATA_DIRECTORY = 8;
/** Place of the certificate table among the data directories. */
const CERTIFICATE_TABLE = 4;

interface Format {
  /** From the optional header's beginning: its data directories, of which the four bytes before are the number. */
  readonly directoriesAt: number;
}

/** By the magic of the optional header: PE32 and PE32+. */
const FORMATS: ReadonlyMap<number, Format> = new Map([
  [0x10b, { directoriesAt: 96 }],
  [0x20b, { directoriesAt: 112 }],
]);

/** From the optional header's beginning, in both formats. */
const SIZE_OF_HEADERS_AT = 60;
const CHECKSUM: ByteRange = { start: 64, end: 68 };

/** Why the file is no program that can be signed, though it begins with MZ. */
export interface OtherProgram {
  readonly reason: string;
}

/**
 * Everything but the checksum, the certificate table and its place in the header is signed.
 *
 * @throws AuthenticodeError CONTAINER_DAMAGED, SIGNATURE_MISPLACED, SIGNATURE_DAMAGED
 */
export async function readPortableExecutable(bytes: FileBytes): Promise<Container | OtherProgram> {
  const newHeaderAt =
    bytes.size < DOS_HEADER ? bytes.size : (await bytes.read(NEW_HEADER_AT, 4)).readUInt32LE();
  if (newHeaderAt + 4 > bytes.size || (await bytes.read(newHeaderAt, 4)).readUInt32LE() !== PE)
    return { reason: 'it is a program for MS-DOS or 16-bit Windows' };
  const fileHeader = await bytes.read(newHeaderAt, FILE_HEADER);
  const optionalAt = newHeaderAt + FILE_HEADER;
  const optional = await bytes.read(optionalAt, fileHeader.readUInt16LE(20));
  if (optional.length < CHECKSUM.end) throw damaged('the optional header of the program is too short.');
  const format = FORMATS.get(optional.readUInt16LE(0));
  if (format === undefined) return { reason: 'it is a program in ROM format' };
  const headersEnd = optionalAt + optional.length;
  const sectionsEnd = headersEnd + SECTION_HEADER * fileHeader.readUInt16LE(6);
  const checksum = { start: optionalAt + CHECKSUM.start, end: optionalAt + CHECKSUM.end };

  const entryAt = format.directoriesAt + CERTIFICATE_TABLE * DATA_DIRECTORY;
  const table = certificateTable(optional, format, entryAt);
  if (table === undefined) return containerOfRanges('pe', [], []);
  if (table.end !== bytes.size)
    throw misplaced(
      table.end > bytes.size
        ? `the certificate table is said to end at byte ${table.end} of ${bytes.size}`
        : `${bytes.size - table.end} bytes follow the certificate table, which nobody signed`,
    );
  const headers = Math.max(sectionsEnd, optional.readUInt32LE(SIZE_OF_HEADERS_AT));
  if (table.start < headers) throw misplaced('the certificate table is in the headers of the program');
  await checkSections(bytes, { start: headersEnd, end: sectionsEnd }, table);
  const entry = { start: optionalAt + entryAt, end: optionalAt + entryAt + DATA_DIRECTORY };
  return containerOfRanges('pe', await readTable(bytes, table), [
    { start: 0, end: checksum.start },
    { start: checksum.end, end: entry.start },
    { start: entry.end, end: table.start },
  ]);
}

/** Undefined where the program has none. */
function certificateTable(
  optional: Buffer,
  { directoriesAt }: Format,
  entryAt: number,
): ByteRange | undefined {
  if (optional.length < directoriesAt) throw damaged('the optional header of the program is too short.');
  if (optional.readUInt32LE(directoriesAt - 4) <= CERTIFICATE_TABLE) return undefined;
  if (optional.length < entryAt + DATA_DIRECTORY)
    throw damaged('the program says that it has more data directories than its header has room for.');
  const start = optional.readUInt32LE(entryAt);
  const size = optional.readUInt32LE(entryAt + 4);
  if (start === 0 && size === 0) return undefined;
  if (start === 0 || size === 0)
    throw damaged('the certificate table has a place without a size or the reverse.');
  return { start, end: start + size };
}

/** What a section holds would be loaded without being signed if the certificate table lay over it. */
async function checkSections(bytes: FileBytes, headers: ByteRange, table: ByteRange): Promise<void> {
  const sections = await bytes.read(headers.start, headers.end - headers.start);
  for (let at = 0; at < sections.length; at += SECTION_HEADER) {
    const size = sections.readUInt32LE(at + 16);
    const start = sections.readUInt32LE(at + 20);
    if (size > 0 && start > 0 && start + size > table.start)
      throw misplaced('the certificate table lies over a section of the program');
  }
}

const CERTIFICATE_HEADER = 8;
const PKCS_SIGNED_DATA = 2;
const REVISIONS: ReadonlySet<number> = new Set([0x0100, 0x0200]);
/** The first has the digest of the file; Windows looks at one, so more than a few are no signatures. */
const MOST_CERTIFICATES = 16;

/** The PKCS #7 signatures among the entries (WIN_CERTIFICATE), each of which is padded to eight bytes. */
async function readTable(bytes: FileBytes, table: ByteRange): Promise<Buffer[]> {
  const whole = await readSignatureBytes(bytes, table);
  const signatures: Buffer[] = [];
  let count = 0;
  for (let at = 0; at < whole.length;) {
    count += 1;
    if (at + CERTIFICATE_HEADER > whole.length || count > MOST_CERTIFICATES)
      throw damaged('the certificate table is no list of certificates.');
    const length = whole.readUInt32LE(at);
    const next = at + Math.ceil(length / 8) * 8;
    // The last need not be padded.
    if (length <= CERTIFICATE_HEADER || at + length > whole.length)
      throw damaged('an entry of the certificate table is longer than the table or empty.');
    if (whole.subarray(at + length, next).some((byte) => byte !== 0))
      throw misplaced('there is something between the entries of the certificate table');
    if (!REVISIONS.has(whole.readUInt16LE(at + 4)))
      throw damaged('an entry of the certificate table is of a revision that is not known.');
    if (whole.readUInt16LE(at + 6) === PKCS_SIGNED_DATA)
      signatures.push(whole.subarray(at + CERTIFICATE_HEADER, at + length));
    at = next;
  }
  return signatures;
}

const misplaced = (what: string): AuthenticodeError =>
  new AuthenticodeError('SIGNATURE_MISPLACED', `${what}.`);
