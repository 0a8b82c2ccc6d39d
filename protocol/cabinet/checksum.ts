/** The container's checksum: 32-bit little-endian words under exclusive or, the last one from what bytes are left. */
export function checksum(bytes: Buffer, seed: number): number {
  let sum = seed;
  const whole = bytes.length & ~3;
  for (let at = 0; at < whole; at += 4) sum ^= bytes.readUInt32LE(at);
  let rest = 0;
  for (let at = whole; at < bytes.length; at += 1) rest = (rest << 8) | (bytes[at] ?? 0);
  return (sum ^ rest) >>> 0;
}
