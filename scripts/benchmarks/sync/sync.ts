/**
 * Synchronizations from an upstream server on loopback through TLS, parsed, checked and committed, beside bare
 * better-sqlite3 that writes the same rows in the same transactions; the worker's memory as the catalogue grows; what
 * scans notice; and what an unchanged upstream server costs.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../../catalog/store/database/database.ts';
import { setSelectedCategories } from '../../../catalog/store/upstream/synchronization.ts';
import type { Benchmark } from '../result.ts';
import { keptCatalogue } from '../scan/catalogue.ts';
import type { CatalogueSize } from '../scan/catalogue.ts';
import { QUICK_SIZE } from '../scan/sizes.ts';
import { rounded } from '../statistics.ts';
import { writeSameRows } from './bare-writes.ts';
import type { Written } from './bare-writes.ts';
import { p50, p99, p99WithoutWaiting, scansMeanwhile, slowest } from './scans-meanwhile.ts';
import type { Period, Round } from './scans-meanwhile.ts';
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

const SEED = 20_261_124;

interface Extent {
  readonly small: number;
  readonly large: number;
  /** Revisions that are synchronized while scans are timed. */
  readonly synchronizedMeanwhile: number;
  /** How often that is done, to have scans enough for a p99. */
  readonly rounds: number;
  /** Milliseconds of scans without a synchronization, in each round. */
  readonly quiet: number;
}
const FULL: Extent = { small: 5_000, large: 50_000, synchronizedMeanwhile: 5_000, rounds: 5, quiet: 10_000 };
const QUICK: Extent = { small: 1_000, large: 4_000, synchronizedMeanwhile: 4_000, rounds: 3, quiet: 7_000 };

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
  const rounds = await scanRounds(extent, say);

  const perSecond = (large.bare.revisions * 1000) / large.first.milliseconds;
  const barePerSecond = (large.bare.revisions * 1000) / large.bare.milliseconds;
  const ratio = rounded(perSecond / barePerSecond);
  const memory = large.first.peakResidentBytes / small.first.peakResidentBytes;
  const scans = figuresOf(rounds);
  return {
    bench: 'sync',
    quick,
    ratio,
    bar: BAR,
    ok:
      ratio >= BAR &&
      memory <= MEMORY_BAR &&
      scans.scanP99Ratio <= SCAN_BAR &&
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
      ...scans,
    },
  };
};

function figuresOf(rounds: readonly Round[]) {
  const ofRounds = rounds.map(({ before, during }) => rounded(p99([during]) / p99([before])));
  const before = rounds.map((round) => round.before);
  const during = rounds.map((round) => round.during);
  const shareOf = (periods: readonly Period[], milliseconds: (period: Period) => number): number =>
    rounded(sum(periods.map(milliseconds)) / sum(periods.map((period) => period.milliseconds)));
  return {
    scanP99BeforeMilliseconds: rounded(p99(before)),
    scanP99DuringMilliseconds: rounded(p99(during)),
    scanP99Ratio: rounded(p99(during) / p99(before)),
    scanP99RatioOfBestRound: Math.min(...ofRounds),
    scanP99RatioOfWorstRound: Math.max(...ofRounds),
    scanP99RatioWithoutWaitingForProcessor: rounded(p99WithoutWaiting(during) / p99WithoutWaiting(before)),
    scanP99RatioBar: SCAN_BAR,
    scanP50BeforeMilliseconds: rounded(p50(before)),
    scanP50DuringMilliseconds: rounded(p50(during)),
    scanSlowestBeforeMilliseconds: rounded(slowest(before)),
    scanSlowestDuringMilliseconds: rounded(slowest(during)),
    scansBefore: sum(before.map(({ scans }) => scans.length)),
    scansDuring: sum(during.map(({ scans }) => scans.length)),
    serverBusyBefore: shareOf(before, ({ serverUsed }) => serverUsed),
    serverBusyDuring: shareOf(during, ({ serverUsed }) => serverUsed),
    serverWaitedForProcessorBefore: shareOf(before, ({ serverWaited }) => serverWaited),
    serverWaitedForProcessorDuring: shareOf(during, ({ serverWaited }) => serverWaited),
    scanningWaitedForProcessorBefore: shareOf(before, ({ generatorWaited }) => generatorWaited),
    scanningWaitedForProcessorDuring: shareOf(during, ({ generatorWaited }) => generatorWaited),
    synchronizedMeanwhileSeconds: rounded(sum(during.map(({ milliseconds }) => milliseconds)) / 1000),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

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

/** On copies of one relay, from one upstream server. */
async function scanRounds(extent: Extent, say: (line: string) => void): Promise<Round[]> {
  const catalogue = keptCatalogue(sizeOf(extent.synchronizedMeanwhile), say);
  const upstream = await BenchUpstream.start(catalogue);
  try {
    await haveAnswersMade(upstream, catalogue);
    upstream.stepAside();
    const { quiet, rounds } = extent;
    const prepare = (databaseFile: string): void => chooseAllOf(catalogue, databaseFile);
    return await scansMeanwhile({ kept: keptCatalogue(QUICK_SIZE, say), upstream, quiet, rounds, prepare });
  } finally {
    await upstream.stop();
  }
}
