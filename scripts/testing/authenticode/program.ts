/** Small programs ([PE-COFF]) for tests, and the bytes of them that a signature is over. */

const NEW_HEADER_AT = 64;
const OPTIONAL_AT = NEW_HEADER_AT + 24;
const HEADERS = 512;

export interface ProgramOptions {
  readonly format?: 'PE32' | 'PE32+';
  /** Of the only section; 512 bytes each. */
  readonly code?: Buffer;
  /** Behind the section, as installers carry what they install. A multiple of eight bytes, as signers make it. */
  readonly overlay?: Buffer;
}

/** Where in a program the parts are that nobody signs. */
export function unsignedParts(format: 'PE32' | 'PE32+'): { checksumAt: number; entryAt: number } {
  return { checksumAt: OPTIONAL_AT + 64, entryAt: OPTIONAL_AT + (format === 'PE32' ? 96 : 112) + 4 * 8 };
}

/** A program without a signature that would do nothing. */
export function makeProgram(options: ProgramOptions = {}): Buffer {
  const { format = 'PE32+', code = Buffer.alloc(512, 0xc3), overlay = Buffer.alloc(0) } = options;
  const isWide = format === 'PE32+';
  const headers = Buffer.alloc(HEADERS);
  headers.write('MZ', 0, 'latin1');
  headers.writeUInt32LE(NEW_HEADER_AT, 60);
  headers.write('PE\0\0', NEW_HEADER_AT, 'latin1');
  headers.writeUInt16LE(isWide ? 0x8664 : 0x14c, NEW_HEADER_AT + 4);
  headers.writeUInt16LE(1, NEW_HEADER_AT + 6);
  const optionalSize = (isWide ? 112 : 96) + 16 * 8;
  headers.writeUInt16LE(optionalSize, NEW_HEADER_AT + 20);
  headers.writeUInt16LE(0x22, NEW_HEADER_AT + 22);
  headers.writeUInt16LE(isWide ? 0x20b : 0x10b, OPTIONAL_AT);
  headers.writeUInt32LE(code.length, OPTIONAL_AT + 4);
  headers.writeUInt32LE(0x1000, OPTIONAL_AT + 16);
  headers.writeUInt32LE(0x1000, OPTIONAL_AT + 32);
  headers.writeUInt32LE(512, OPTIONAL_AT + 36);
  headers.writeUInt32LE(0x2000, OPTIONAL_AT + 56);
  headers.writeUInt32LE(HEADERS, OPTIONAL_AT + 60);
  headers.writeUInt32LE(16, OPTIONAL_AT + (isWide ? 108 : 92));
  const sectionAt = OPTIONAL_AT + optionalSize;
  headers.write('.text', sectionAt, 'latin1');
  headers.writeUInt32LE(code.length, sectionAt + 8);
  headers.writeUInt32LE(0x1000, sectionAt + 12);
  headers.writeUInt32LE(code.length, sectionAt + 16);
  headers.writeUInt32LE(HEADERS, sectionAt + 20);
  headers.writeUInt32LE(0x6000_0020, sectionAt + 36);
  return Buffer.concat([headers, code, overlay]);
}

/** What a signature on the program, which has none yet, is over. */
export function signedBytesOfProgram(program: Buffer, format: 'PE32' | 'PE32+' = 'PE32+'): Buffer {
  const { checksumAt, entryAt } = unsignedParts(format);
  return Buffer.concat([
    program.subarray(0, checksumAt),
    program.subarray(checksumAt + 4, entryAt),
    program.subarray(entryAt + 8),
  ]);
}

/** The program with its signatures behind it, each an entry of the certificate table. */
export function withCertificateTable(
  program: Buffer,
  signatures: readonly Buffer[],
  format: 'PE32' | 'PE32+' = 'PE32+',
): Buffer {
  const table = Buffer.concat(signatures.map(certificateEntry));
  const signed = Buffer.concat([program, table]);
  const { entryAt } = unsignedParts(format);
  signed.writeUInt32LE(program.length, entryAt);
  signed.writeUInt32LE(table.length, entryAt + 4);
  return signed;
}

/** WIN_CERTIFICATE, padded to eight bytes. */
function certificateEntry(signature: Buffer): Buffer {
  const entry = Buffer.alloc(Math.ceil((8 + signature.length) / 8) * 8);
  entry.writeUInt32LE(entry.length, 0);
  entry.writeUInt16LE(0x0200, 4);
  entry.writeUInt16LE(2, 6);
  signature.copy(entry, 8);
  return entry;
}
