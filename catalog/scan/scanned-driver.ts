/** What a driver's metadata says, in the form in which drivers are compared. */
import { z } from 'zod';

export interface ScannedDriver {
  /** Lower case. */
  readonly hardwareId: string;
  readonly driverVerDate: string;
  readonly driverVerVersion: bigint;
  readonly driverClass: string;
  readonly provider: string;
  readonly manufacturer: string;
  /** By operating system, in lower case: `amd64.10.0`. */
  readonly featureScores: ReadonlyMap<string, number>;
  readonly distributionComputerHardwareIds: readonly string[];
  readonly targetComputerHardwareIds: readonly string[];
}

const StoredDriver = z.object({
  hardwareId: z.string(),
  driverVerDate: z.string(),
  driverVerVersion: z.string(),
  driverClass: z.string().default(''),
  provider: z.string().default(''),
  manufacturer: z.string().default(''),
  featureScores: z.array(z.object({ operatingSystem: z.string(), featureScore: z.number() })),
  distributionComputerHardwareIds: z.array(z.string()),
  targetComputerHardwareIds: z.array(z.string()),
});

/** Four parts of 16 bits: `10.0.1.2` ([MS-WUSP] 3.1.5.7). Missing parts count as 0. */
export function packDriverVersion(version: string): bigint {
  const parts = version.split('.').map((part) => (/^\d{1,5}$/.test(part) ? BigInt(part) : 0n));
  return [0, 1, 2, 3].reduce((packed, index) => (packed << 16n) | ((parts[index] ?? 0n) & 0xffffn), 0n);
}

/** @param json `DriverMetadata` as the import keeps it */
export function readDriver(json: string): ScannedDriver {
  const { featureScores, driverVerVersion, hardwareId, ...rest } = StoredDriver.parse(JSON.parse(json));
  return {
    ...rest,
    hardwareId: hardwareId.toLowerCase(),
    driverVerVersion: packDriverVersion(driverVerVersion),
    featureScores: new Map(
      featureScores.map(({ operatingSystem, featureScore }) => [operatingSystem.toLowerCase(), featureScore]),
    ),
  };
}
