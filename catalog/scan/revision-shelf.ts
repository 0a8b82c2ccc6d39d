/**
 * Revisions in the form the engine works on. What is here never changes once a revision is imported (whether it is a
 * leaf and the categories it is in may), so that what one snapshot read serves the next.
 */
import { z } from 'zod';
import { escapeText } from '../../protocol/xml/escape-text.ts';
import type { UpdateIdentity, UpdateType } from '../metadata/model.ts';
import type { ScanRows } from '../store/scan-rows.ts';

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

export interface ScannedRevision {
  readonly revisionId: number;
  readonly updateId: string;
  readonly revisionNumber: number;
  readonly updateType: UpdateType;
  readonly arrivedAt: string;
  /** The Core fragment, escaped for element content, UTF-8. */
  readonly core: Buffer;
  readonly clauses: readonly (readonly string[])[];
  readonly bundled: readonly UpdateIdentity[];
  readonly drivers: readonly ScannedDriver[];
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

function readDriver(json: string): ScannedDriver {
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

export class RevisionShelf {
  readonly #rows: ScanRows;
  #shelf = new Map<number, ScannedRevision>();

  constructor(rows: ScanRows) {
    this.#rows = rows;
  }

  take(revisionId: number): ScannedRevision | undefined {
    const known = this.#shelf.get(revisionId);
    if (known !== undefined) return known;
    const row = this.#rows.revision(revisionId);
    if (row === undefined) return undefined;
    const { core, ...identity } = row;
    const revision: ScannedRevision = {
      ...identity,
      core: Buffer.from(escapeText(core)),
      clauses: this.#rows.clausesOf(revisionId),
      bundled: this.#rows.bundledBy(revisionId),
      drivers: row.updateType === 'Driver' ? this.#rows.driverMetadataOf(revisionId).map(readDriver) : [],
    };
    this.#shelf.set(revisionId, revision);
    return revision;
  }

  /** Forgets what no snapshot needs any more. */
  keepOnly(revisions: readonly ScannedRevision[]): void {
    this.#shelf = new Map(revisions.map((revision) => [revision.revisionId, revision]));
  }
}
