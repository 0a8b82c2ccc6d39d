/** Versions of up to four parts, as drivers, files and registry strings have them. */

export type Version = readonly number[];

export const readVersion = (text: string): Version => text.split('.').map(Number);

/** Negative, zero or positive; missing parts count as 0. */
export function compareVersions(one: Version, other: Version): number {
  for (let part = 0; part < Math.max(one.length, other.length); part += 1) {
    const difference = (one[part] ?? 0) - (other[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `InstalledDriver/DriverVerVersion`: four parts of 16 bits in one number ([MS-WUSP] 2.2.2.2.4). */
export const packVersion = (version: Version): bigint =>
  [0, 1, 2, 3].reduce((packed, part) => (packed << 16n) | BigInt(version[part] ?? 0), 0n);
