/**
 * Delta synchronizations a second: the whole conversation of ten requests, through real sockets, against a real server
 * process on a catalogue as large as a real one; beside it a bare node:http server that answers with the same bytes.
 */
import type { Benchmark } from '../result.ts';
import { ServedCatalogue } from '../served-catalogue.ts';
import { median, percentile, rounded } from '../statistics.ts';
import { groupName, keptCatalogue } from './catalogue.ts';
import type { CatalogueSize } from './catalogue.ts';
import { Floor } from './floor.ts';
import { runLoad } from './load.ts';
import { runMeasuredLoad } from './measured-load.ts';
import type { MeasuredLoad } from './measured-load.ts';
import { FULL_SIZE, QUICK_SIZE } from './sizes.ts';
import { recordComputer } from './virtual-computer.ts';
import type { VirtualComputer } from './virtual-computer.ts';

const BAR = 0.4;
/** Fifty times WSUS's published figure. */
const SYNCS_PER_SECOND = 300;
const RESIDENT_BYTES = 500_000_000;

interface Extent {
  readonly size: CatalogueSize;
  readonly computers: number;
  readonly rounds: number;
  /** Of each round, for each server. */
  readonly seconds: number;
}

const FULL: Extent = { size: FULL_SIZE, computers: 50, rounds: 5, seconds: 6 };
const QUICK: Extent = { size: QUICK_SIZE, computers: 10, rounds: 3, seconds: 2 };
/** Agents are many, each with a connection of its own. */
const CONNECTIONS = 64;

export const benchScan: Benchmark = async ({ quick, say }) => {
  const extent = quick ? QUICK : FULL;
  const catalogue = new ServedCatalogue(keptCatalogue(extent.size, say));
  const closers: (() => void | Promise<void>)[] = [() => catalogue.remove()];
  try {
    await catalogue.start();
    const floor = await Floor.start();
    closers.push(() => floor.stop());
    return await measure(extent, catalogue, floor, say, quick);
  } finally {
    for (const close of closers.toReversed()) await close();
  }
};

async function measure(
  { size, computers, rounds, seconds }: Extent,
  catalogue: ServedCatalogue,
  floor: Floor,
  say: (line: string) => void,
  quick: boolean,
): ReturnType<Benchmark> {
  const { url, port } = catalogue;
  const recorded: VirtualComputer[] = [];
  for (let index = 0; index < computers; index += 1) {
    recorded.push(await recordComputer(url, index, groupName(index % size.groups)));
  }
  const conversations = recorded.map(({ delta }) => delta);
  await floor.learn(port, conversations);
  say(
    `${computers} computers know ${median(recorded.map(({ known }) => known))} revisions each after their first scan.`,
  );

  const load = { conversations, connections: CONNECTIONS, seconds };
  await runLoad({ ...load, port, seconds: 1 });
  await runLoad({ ...load, port: floor.port, seconds: 1 });
  const ours: MeasuredLoad[] = [];
  const floors: MeasuredLoad[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await runMeasuredLoad({ ...load, port }, catalogue.processIds));
    floors.push(await runMeasuredLoad({ ...load, port: floor.port }, [floor.processId]));
    say(
      `round ${round + 1}: ${ours.at(-1)?.syncsPerSecond.toFixed(0)} syncs a second, floor ${floors.at(-1)?.syncsPerSecond.toFixed(0)}`,
    );
  }
  const syncs = median(ours.map(({ syncsPerSecond }) => syncsPerSecond));
  const floorSyncs = median(floors.map(({ syncsPerSecond }) => syncsPerSecond));
  const latencies = ours.flatMap(({ scanLatencies }) => scanLatencies);
  const ratio = rounded(syncs / floorSyncs);
  const resident = catalogue.residentBytes;
  return {
    bench: 'scan',
    quick,
    ratio,
    bar: BAR,
    ok: ratio >= BAR && syncs >= SYNCS_PER_SECOND && resident <= RESIDENT_BYTES,
    figures: {
      syncsPerSecond: rounded(syncs),
      floorSyncsPerSecond: rounded(floorSyncs),
      requestsPerSecond: rounded(syncs * 10),
      serverMicrosecondsPerRequest: medianOf(ours, 'serverMicroseconds'),
      generatorMicrosecondsPerRequest: medianOf(ours, 'generatorMicroseconds'),
      floorMicrosecondsPerRequest: medianOf(floors, 'serverMicroseconds'),
      generatorMicrosecondsPerRequestOfFloor: medianOf(floors, 'generatorMicroseconds'),
      syncUpdatesP50Milliseconds: rounded(percentile(latencies, 0.5)),
      syncUpdatesP99Milliseconds: rounded(percentile(latencies, 0.99)),
      firstScanRequests: median(recorded.map(({ firstScan }) => firstScan.requests)),
      firstScanMilliseconds: rounded(median(recorded.map(({ firstScan }) => firstScan.milliseconds))),
      workerResidentMegabytes: rounded(resident / 1_000_000),
      catalogueRevisions: size.revisions,
      approvals: size.commonApprovals + size.groups * size.approvalsPerGroup,
      groups: size.groups,
      computers,
      revisionsKnownToEach: median(recorded.map(({ known }) => known)),
      deltaRequestBytes: median(
        conversations.map((requests) => requests.reduce((sum, { bytes }) => sum + bytes.length, 0)),
      ),
      connections: CONNECTIONS,
    },
  };
}

/** Of processor time. */
const medianOf = (
  loads: readonly MeasuredLoad[],
  figure: 'serverMicroseconds' | 'generatorMicroseconds',
): number => rounded(median(loads.map((load) => load[figure])));
