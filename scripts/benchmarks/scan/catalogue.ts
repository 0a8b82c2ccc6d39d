/**
 * The catalogue that the scan benchmark runs on: synthetic, imported as synchronizations import, with groups and
 * approvals. It is kept for the next run, under a name that changes with everything that makes it.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Database } from '../../../catalog/store/database/database.ts';
import { openDatabase } from '../../../catalog/store/database/database.ts';
import { approve } from '../../../catalog/store/decisions/deployments.ts';
import { ALL_COMPUTERS } from '../../../catalog/store/groups/group-tree.ts';
import { importRevisions } from '../../../catalog/store/revisions/revisions.ts';
import { createGroup } from '../../../catalog/store/groups/target-groups.ts';
import type { GeneratedUpdate } from '../../fixtures/catalogue-builder.ts';
import { SeededRandom } from '../../fixtures/seeded-random.ts';
import { syntheticCatalogue } from '../../fixtures/synthetic-catalogue.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const CACHE = join(ROOT, '.runtime', 'benchmarks');
/** What decides how a catalogue comes out. */
const MAKERS = [
  'catalog/metadata',
  'catalog/store/database',
  'catalog/store/database/migrations',
  'catalog/store/decisions',
  'catalog/store/groups',
  'catalog/store/revisions',
  'scripts/fixtures',
  'scripts/benchmarks/scan/catalogue.ts',
];
const BATCH = 1_000;
const IMPORTED_ON = new Date('2026-11-01T03:00:00.000Z');
const APPROVED_ON = new Date('2026-11-12T08:00:00.000Z');

export interface CatalogueSize {
  readonly seed: number;
  readonly revisions: number;
  /** Revisions of another such catalogue besides, which nobody approves. Default: none. */
  readonly neverApproved?: number;
  readonly groups: number;
  /** Approved for every computer. */
  readonly commonApprovals: number;
  /** Approved for each group besides. */
  readonly approvalsPerGroup: number;
  /** Approvals are for updates of so many products; nobody runs all of them. */
  readonly products: number;
}

export const groupName = (index: number): string => `Ring ${String(index + 1).padStart(2, '0')}`;

/** The folder that holds the catalogue's `sluice.db`, made where it is not there. */
export function keptCatalogue(size: CatalogueSize, say: (line: string) => void): string {
  const { revisions, neverApproved = 0 } = size;
  const family = `${size.neverApproved === undefined ? 'scan' : 'growth'}-${revisions + neverApproved}-`;
  const folder = join(CACHE, `${family}${keyOf(size)}`);
  if (existsSync(folder)) return folder;
  removeOutdated(family);
  const start = performance.now();
  say(`Building a catalogue of ${revisions + neverApproved} revisions (kept for the next run) …`);
  const unfinished = `${folder}.${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  const db = openDatabase(join(unfinished, 'sluice.db'));
  try {
    build(db, size);
  } finally {
    db.close();
  }
  renameSync(unfinished, folder);
  say(`Built in ${((performance.now() - start) / 1000).toFixed(1)} s.`);
  return folder;
}

/** Those that no run will ask for any more, and what a run that was stopped left half built. */
function removeOutdated(family: string): void {
  if (!existsSync(CACHE)) return;
  for (const name of readdirSync(CACHE).filter((one) => one.startsWith(family))) {
    rmSync(join(CACHE, name), { recursive: true, force: true });
  }
}

function build(db: Database, size: CatalogueSize): void {
  // What is lost in a power cut here is made again.
  db.pragma('synchronous = OFF');
  const deployable = new Map<string, GeneratedUpdate>();
  importBatches(db, syntheticCatalogue(size.seed, size.revisions), (update) => {
    if (update.explicitlyDeployable) deployable.set(update.updateId, update);
  });
  approveSome(db, size, [...deployable.values()]);
  const { neverApproved = 0 } = size;
  if (neverApproved > 0) importBatches(db, syntheticCatalogue(size.seed + 2, neverApproved), () => {});
  db.pragma('wal_checkpoint(TRUNCATE)');
}

function importBatches(
  db: Database,
  updates: Iterable<GeneratedUpdate>,
  onImported: (update: GeneratedUpdate) => void,
): void {
  let batch: GeneratedUpdate[] = [];
  const flush = (): void => {
    importRevisions(
      db,
      batch.map(({ document }) => ({ document, fileUrls: new Map<string, string>() })),
      IMPORTED_ON,
    );
    batch = [];
  };
  for (const update of updates) {
    batch.push(update);
    onImported(update);
    if (batch.length === BATCH) flush();
  }
  flush();
}

function approveSome(db: Database, size: CatalogueSize, updates: readonly GeneratedUpdate[]): void {
  const random = new SeededRandom(size.seed + 1);
  const offered = updates.filter(({ document }) => isOfFirstProducts(document, size.products));
  const pick = (count: number): string[] => {
    const chosen = new Set<string>();
    while (chosen.size < Math.min(count, offered.length)) chosen.add(random.pick(offered).updateId);
    return [...chosen];
  };
  const decide = (groupId: string, updateIds: readonly string[]): void => {
    approve(
      db,
      { updateIds, groupIds: [groupId], action: 'Install', acceptEulaIds: [] },
      {
        adminName: 'bench',
        now: APPROVED_ON,
        storesContent: false,
      },
    );
  };
  decide(ALL_COMPUTERS, pick(size.commonApprovals));
  for (let index = 0; index < size.groups; index += 1) {
    const { groupId } = createGroup(db, groupName(index), ALL_COMPUTERS);
    decide(groupId, pick(size.approvalsPerGroup));
  }
}

/** Titles name the product by number. */
const isOfFirstProducts = (document: string, products: number): boolean => {
  const product = /for Product (\d+) for/.exec(document)?.[1];
  return product !== undefined && Number(product) <= products;
};

function keyOf(size: CatalogueSize): string {
  const hash = createHash('sha256').update(JSON.stringify(size));
  for (const maker of MAKERS) {
    const path = join(ROOT, maker);
    const files = maker.endsWith('.ts')
      ? [path]
      : readdirSync(path)
          .filter((name) => /(?<!\.test)\.(ts|sql)$/.test(name))
          .sort()
          .map((name) => join(path, name));
    for (const file of files) hash.update(file.slice(ROOT.length)).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 16);
}
