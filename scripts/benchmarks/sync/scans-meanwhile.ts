/**
 * Computers scan a relay all the time; without a synchronization, and while it takes over another catalogue beside its
 * own. Each round is on a copy of the relay's database as it was before.
 */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { clock } from '../approve/decider.ts';
import { SteadyScans } from '../approve/steady-scans.ts';
import type { TimedScan } from '../approve/steady-scans.ts';
import { groupName } from '../scan/catalogue.ts';
import type { PreparedRequest } from '../scan/prepared-request.ts';
import { recordComputer } from '../scan/virtual-computer.ts';
import { ServedCatalogue } from '../served-catalogue.ts';
import { percentile } from '../statistics.ts';
import { synchronize } from './synchronization.ts';
import type { BenchUpstream } from './upstream.ts';

const LOAD = { connections: 8, scansPerSecond: 60 };
const COMPUTERS = 8;
/** Milliseconds of scans before those that count. */
const WARMING = 2_000;

/** Scans, and what the server did in that time. */
export interface Period {
  readonly scans: readonly TimedScan[];
  /** Milliseconds that it lasted. */
  readonly milliseconds: number;
  /** Milliseconds that the server's main thread waited for a processor. */
  readonly serverWaited: number;
  /** Milliseconds that those who scan waited for a processor: they stand for other machines, that do not. */
  readonly generatorWaited: number;
  /** Milliseconds of processor time of the server. */
  readonly serverUsed: number;
}

export interface Round {
  readonly before: Period;
  readonly during: Period;
}

export interface ScanRounds {
  /** The folder of the relay's catalogue, which stays as it is. */
  readonly kept: string;
  /** Has made its answers. */
  readonly upstream: BenchUpstream;
  /** Milliseconds of scans without a synchronization, in each round. */
  readonly quiet: number;
  readonly rounds: number;
  /** To be told of the relay's database, before it synchronizes. */
  readonly prepare: (databaseFile: string) => void;
}

export async function scansMeanwhile({
  kept,
  upstream,
  quiet,
  rounds,
  prepare,
}: ScanRounds): Promise<Round[]> {
  const done: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const served = new ServedCatalogue(kept);
    try {
      await served.start();
      prepare(served.databaseFile);
      done.push(await oneRound(served, upstream, quiet));
    } finally {
      await served.remove();
    }
  }
  return done;
}

async function oneRound(served: ServedCatalogue, upstream: BenchUpstream, quiet: number): Promise<Round> {
  const processorWait = (): number => served.processorWait + ownProcessorWait();
  const steady = await SteadyScans.start(served.port, await requestsTo(served), { ...LOAD, processorWait });
  try {
    await wait(WARMING);
    const quietly = begin(served, steady);
    await wait(quiet);
    const before = quietly();
    let whileSynchronizing = begin(served, steady);
    await synchronize(upstream.configOf(dirname(served.databaseFile)), () => {
      whileSynchronizing = begin(served, steady);
    });
    return { before, during: whileSynchronizing() };
  } finally {
    await steady.stop();
  }
}

async function requestsTo(served: ServedCatalogue): Promise<PreparedRequest[]> {
  const requests: PreparedRequest[] = [];
  for (let index = 0; index < COMPUTERS; index += 1) {
    const { delta } = await recordComputer(served.url, index, groupName(index));
    requests.push(...delta.filter(({ operation }) => operation === 'SyncUpdates').slice(0, 3));
  }
  return requests;
}

/** @returns what ends the period */
function begin(served: ServedCatalogue, steady: SteadyScans): () => Period {
  steady.done.length = 0;
  const begun = clock();
  const waited = served.processorWait;
  const ownWaited = ownProcessorWait();
  const used = served.processorSeconds;
  return () => ({
    scans: steady.done.splice(0),
    milliseconds: clock() - begun,
    serverWaited: served.processorWait - waited,
    generatorWaited: ownProcessorWait() - ownWaited,
    serverUsed: (served.processorSeconds - used) * 1000,
  });
}

/** Milliseconds that the main thread of this process waited for a processor (Linux). */
function ownProcessorWait(): number {
  const [, nanoseconds] = readFileSync('/proc/self/schedstat', 'utf8').split(' ');
  return Number(nanoseconds) / 1e6;
}

const lasted = ({ sent, answered }: TimedScan): number => answered - sent;

const times = (periods: readonly Period[]): number[] => periods.flatMap(({ scans }) => scans.map(lasted));

/** Milliseconds from request to answer. */
export const p50 = (periods: readonly Period[]): number => percentile(times(periods), 0.5);
export const p99 = (periods: readonly Period[]): number => percentile(times(periods), 0.99);
export const slowest = (periods: readonly Period[]): number => Math.max(...times(periods));

/** What no wait for a processor, of the server or of who scans, is part of. */
export const p99WithoutWaiting = (periods: readonly Period[]): number =>
  percentile(
    periods.flatMap(({ scans }) => scans.map((scan) => lasted(scan) - scan.waited)),
    0.99,
  );
