/** Cabinets with room for a signature ([MS-CAB] 2.1), and the bytes of them that a signature is over. */

const HEADER = 36;
const RESERVE = 24;
const HAS_RESERVE = 0x4;

/** The cabinet of one folder, as `writeCabinet` makes it, with the reserved area that names the place of a signature. */
export function withReserve(cabinet: Buffer): Buffer {
  const reserve = Buffer.alloc(RESERVE);
  reserve.writeUInt16LE(20, 0);
  reserve.writeUInt32LE(0x0010_0000, 4);
  reserve.writeUInt32LE(cabinet.length + RESERVE, 8);
  const made = Buffer.concat([cabinet.subarray(0, HEADER), reserve, cabinet.subarray(HEADER)]);
  made.writeUInt32LE(made.length, 8);
  made.writeUInt32LE(cabinet.readUInt32LE(16) + RESERVE, 16);
  made.writeUInt16LE(cabinet.readUInt16LE(30) | HAS_RESERVE, 30);
  made.writeUInt32LE(cabinet.readUInt32LE(HEADER) + RESERVE, HEADER + RESERVE);
  return made;
}

/** What a signature on a cabinet with a reserved area, which has none yet, is over. */
export function signedBytesOfCabinet(cabinet: Buffer): Buffer {
  return Buffer.concat([cabinet.subarray(0, 4), cabinet.subarray(8, 34), cabinet.subarray(56)]);
}

/** The cabinet with its signature behind it. */
export function withSignature(cabinet: Buffer, signature: Buffer): Buffer {
  const signed = Buffer.concat([cabinet, signature]);
  signed.writeUInt32LE(cabinet.length, 44);
  signed.writeUInt32LE(signature.length, 48);
  return signed;
}
