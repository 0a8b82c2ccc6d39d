/**
 * Synchronizations from an upstream server on loopback through TLS, parsed, checked and committed, beside bare
 * better-sqlite3 that writes the same rows in the same transactions; the worker's memory as the catalogue grows; what
 * scans notice; and what an unchanged upstream server costs.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openDatabase } from '../../../catalog/store/database/database.ts';
import { setSelectedCategories } from '../../../catalog/store/upstream/synchronization.ts';
import { SteadyScans } from '../approve/steady-scans.ts';
import type { TimedScan } from '../approve/steady-scans.ts';
import type { Benchmark } from '../result.ts';
import { groupName, keptCatalogue } from '../scan/catalogue.ts';
import type { CatalogueSize } from '../scan/catalogue.ts';
import type { PreparedRequest } from '../scan/prepared-request.ts';
import { QUICK_SIZE } from '../scan/sizes.ts';
import { recordComputer } from '../scan/virtual-computer.ts';
import { ServedCatalogue } from '../served-catalogue.ts';
import { percentile, rounded } from '../statistics.ts';
import { writeSameRows } from './bare-writes.ts';
import type { Written } from './bare-writes.ts';
import { synchronize } from './synchronization.ts';
import type { Synchronized } from './synchronization.ts';
import { BenchUpstream } from './upstream.ts';

/** Of the revisions a second that bare better-sqlite3 writes. */
const BAR = 0.35;
/** The worker's memory with the large catalogue, in terms of that with the small one. */
const MEMORY_BAR = 1.2;
/** p99 of scans during a synchronization, in terms of that without. */
const SCAN_BAR = 1.5;
/** Requests that a synchronization makes of an upstream server that did not change. */
const REQUESTS_BAR = 8;

const LOAD = { connections: 8, scansPerSecond: 60 };
const COMPUTERS = 8;
const SEED = 20_261_124;

interface Extent {
  readonly small: number;
  readonly large: number;
  /** Milliseconds of scans without a synchronization. */
  readonly quiet: number;
}
const FULL: Extent = { small: 5_000, large: 50_000, quiet: 20_000 };
const QUICK: Extent = { small: 1_000, large: 4_000, quiet: 5_000 };

const sizeOf = (revisions: number): CatalogueSize => ({
  seed: SEED,
  revisions,
  groups: 0,
  commonApprovals: 0,
  approvalsPerGroup: 0,
  products: 0,
});

export const benchSync: Benchmark = async ({ quick, say }) => {
  const extent = quick ? QUICK : FULL;
  const small = await synchronizeEmpty(keptCatalogue(sizeOf(extent.small), say), say);
  const large = await synchronizeEmpty(keptCatalogue(sizeOf(extent.large), say), say);
  const scans = await scansMeanwhile(keptCatalogue(sizeOf(extent.small), say), extent.quiet, say);

  const perSecond = (large.bare.revisions * 1000) / large.first.milliseconds;
  const barePerSecond = (large.bare.revisions * 1000) / large.bare.milliseconds;
  const ratio = rounded(perSecond / barePerSecond);
  const memory = large.first.peakResidentBytes / small.first.peakResidentBytes;
  const scanRatio = p99(scans.during) / p99(scans.before);
  return {
    bench: 'sync',
    quick,
    ratio,
    bar: BAR,
    ok:
      ratio >= BAR &&
      memory <= MEMORY_BAR &&
      scanRatio <= SCAN_BAR &&
      large.unchangedRequests <= REQUESTS_BAR,
    figures: {
      revisionsPerSecond: rounded(perSecond),
      bareRevisionsPerSecond: rounded(barePerSecond),
      processorRatio: rounded(large.bare.processorMilliseconds / large.first.processorMilliseconds),
      processorMicrosecondsARevision: rounded(
        (large.first.processorMilliseconds * 1000) / large.bare.revisions,
      ),
      bareProcessorMicrosecondsARevision: rounded(
        (large.bare.processorMilliseconds * 1000) / large.bare.revisions,
      ),
      revisions: large.bare.revisions,
      rows: large.bare.rows,
      transactions: large.bare.transactions,
      requests: large.requests,
      unchangedRequests: large.unchangedRequests,
      unchangedRequestsBar: REQUESTS_BAR,
      peakResidentMegabytes: rounded(large.first.peakResidentBytes / 1e6),
      peakResidentMegabytesSmall: rounded(small.first.peakResidentBytes / 1e6),
      smallRevisions: small.bare.revisions,
      memoryRatio: rounded(memory),
      memoryRatioBar: MEMORY_BAR,
      scanP99BeforeMilliseconds: rounded(p99(scans.before)),
      scanP99DuringMilliseconds: rounded(p99(scans.during)),
      scanP99Ratio: rounded(scanRatio),
      scanP99RatioWithoutWaitingForProcessor: rounded(undisturbed(scans)),
      scanP99RatioBar: SCAN_BAR,
      scansBefore: scans.before.length,
      scansDuring: scans.during.length,
    },
  };
};

const lasted = ({ sent, answered }: TimedScan): number => answered - sent;
const ran = (scan: TimedScan): number => lasted(scan) - scan.waited;

const p99 = (timed: readonly TimedScan[]): number => percentile(timed.map(lasted), 0.99);
const undisturbed = ({ before, during }: Scans): number =>
  percentile(during.map(ran), 0.99) / percentile(before.map(ran), 0.99);

interface Measured {
  readonly first: Synchronized;
  readonly requests: number;
  readonly unchangedRequests: number;
  readonly bare: Written;
}

/** Everything into an empty relay, then once more without anything new; then the same rows without us. */
async function synchronizeEmpty(kept: string, say: (line: string) => void): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-sync-'));
  const upstream = await BenchUpstream.start(kept);
  try {
    await haveAnswersMade(upstream, kept);
    const databaseFile = join(folder, 'sluice.db');
    chooseAllOf(kept, databaseFile);
    const config = upstream.configOf(folder);
    const first = await synchronize(config);
    const requests = await upstream.requests();
    await synchronize(config);
    const unchangedRequests = await upstream.requests();
    const bare = writeSameRows(databaseFile);
    say(
      `${bare.revisions} revisions: ${(first.milliseconds / 1000).toFixed(1)} s, bare ${(bare.milliseconds / 1000).toFixed(1)} s.`,
    );
    return { first, requests, unchangedRequests, bare };
  } finally {
    await upstream.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** By a synchronization that counts for nothing. */
async function haveAnswersMade(upstream: BenchUpstream, kept: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-warm-'));
  try {
    chooseAllOf(kept, join(folder, 'sluice.db'));
    await synchronize(upstream.configOf(folder));
    await upstream.requests();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every product and classification, before any of them is here. */
function chooseAllOf(kept: string, databaseFile: string): void {
  const upstreamDb = openDatabase(join(kept, 'sluice.db'));
  const categories = upstreamDb
    .prepare<[], string>("SELECT DISTINCT update_id FROM revision WHERE update_type = 'Category'")
    .pluck()
    .all();
  upstreamDb.close();
  const db = openDatabase(databaseFile);
  setSelectedCategories(db, categories);
  db.close();
}

interface Scans {
  readonly before: readonly TimedScan[];
  readonly during: readonly TimedScan[];
}

/** Computers scan a relay all the time; meanwhile it synchronizes another catalogue beside its own. */
async function scansMeanwhile(kept: string, quiet: number, say: (line: string) => void): Promise<Scans> {
  const served = new ServedCatalogue(keptCatalogue(QUICK_SIZE, say));
  const upstream = await BenchUpstream.start(kept);
  try {
    await served.start();
    const requests: PreparedRequest[] = [];
    for (let index = 0; index < COMPUTERS; index += 1) {
      const { delta } = await recordComputer(served.url, index, groupName(index));
      requests.push(...delta.filter(({ operation }) => operation === 'SyncUpdates').slice(0, 3));
    }
    await haveAnswersMade(upstream, kept);
    upstream.stepAside();
    chooseAllOf(kept, served.databaseFile);
    const processorWait = (): number => served.processorWait;
    const steady = await SteadyScans.start(served.port, requests, { ...LOAD, processorWait });
    try {
      await wait(quiet);
      const before = steady.done.splice(0);
      await synchronize(upstream.configOf(join(served.databaseFile, '..')));
      return { before, during: steady.done.splice(0) };
    } finally {
      await steady.stop();
    }
  } finally {
    await upstream.stop();
    await served.remove();
  }
}
