/**
 * Content over plain HTTP beside nginx, which serves the same file in the same run; what a thousand downloads at once
 * hold in memory, and what it costs to verify a file while it comes.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { SluiceInstance } from '../../demo/instance.ts';
import { residentBytes } from '../../demo/child-processes.ts';
import { LOOPBACK } from '../../demo/ports.ts';
import { SeededRandom } from '../../fixtures/seeded-random.ts';
import { Nginx } from '../../testing/nginx.ts';
import type { Benchmark } from '../result.ts';
import { median, rounded } from '../statistics.ts';

import { SlowReaders } from './slow-readers.ts';
import { storeContent } from './stored-content.ts';
import type { StoredContent } from './stored-content.ts';
import { runTransfers } from './transfers.ts';
import type { TransferLoad, TransferResult } from './transfers.ts';
import { verificationCost } from './verification.ts';

const BAR = 0.7;
/** Resident memory with so many downloads, of that with ten. */
const MEMORY_BAR = 1.2;
const VERIFICATION_BAR = 1.3;

interface Extent {
  readonly megabytes: number;
  readonly rounds: number;
  /** Of each round, for each server. */
  readonly seconds: number;
  readonly manyReaders: number;
}

const FULL: Extent = { megabytes: 512, rounds: 5, seconds: 5, manyReaders: 1000 };
const QUICK: Extent = { megabytes: 64, rounds: 3, seconds: 1.5, manyReaders: 200 };
const FEW_READERS = 10;
/** Looks at the memory while downloads are under way, and milliseconds between. */
const SAMPLES = 20;
const SAMPLE_PAUSE = 250;
const WHOLE_CONNECTIONS = 4;
const RANGE_CONNECTIONS = 64;
const RANGE_BYTES = 65_536;

export const benchContent: Benchmark = async ({ quick, say }) => {
  const extent = quick ? QUICK : FULL;
  const content = storeContent(extent.megabytes);
  const closers: (() => void | Promise<void>)[] = [content.remove];
  try {
    const nginx = await Nginx.start(
      content.folder,
      `location /Content/ { alias ${content.dataDirectory}/content/; }`,
    );
    closers.push(() => nginx.stop());
    const server = await startServer(content);
    closers.push(() => server.stop());
    const port = Number(new URL(server.url('content', 'http')).port);

    const whole = await sideBySide(port, nginx.port, extent, (of) => ({
      port: of,
      url: content.url,
      connections: WHOLE_CONNECTIONS,
      seconds: extent.seconds,
    }));
    const ratio = whole.ours.megabytesPerSecond / whole.peers.megabytesPerSecond;
    say(
      `whole file: ${whole.ours.megabytesPerSecond.toFixed(0)} MB/s, nginx ${whole.peers.megabytesPerSecond.toFixed(0)}`,
    );
    const ranges = await sideBySide(port, nginx.port, extent, (of) => ({
      port: of,
      url: content.url,
      connections: RANGE_CONNECTIONS,
      seconds: extent.seconds,
      nextRange: rangesOf(content),
    }));
    say(
      `ranges of ${RANGE_BYTES} bytes: ${ranges.ours.requestsPerSecond.toFixed(0)}/s, nginx ${ranges.peers.requestsPerSecond.toFixed(0)}`,
    );
    const few = await residentWith(FEW_READERS, server, port, content);
    const many = await residentWith(extent.manyReaders, server, port, content);
    say(
      `resident with ${FEW_READERS} downloads ${few.toFixed(0)} MB, with ${extent.manyReaders} ${many.toFixed(0)} MB`,
    );
    const verification = await verificationCost(content, extent.rounds);
    return {
      bench: 'content',
      quick,
      ratio: rounded(ratio),
      bar: BAR,
      ok: ratio >= BAR && many / few <= MEMORY_BAR && verification.ratio <= VERIFICATION_BAR,
      figures: {
        megabytesPerSecond: rounded(whole.ours.megabytesPerSecond),
        nginxMegabytesPerSecond: rounded(whole.peers.megabytesPerSecond),
        rangesPerSecond: rounded(ranges.ours.requestsPerSecond),
        nginxRangesPerSecond: rounded(ranges.peers.requestsPerSecond),
        rangesRatio: rounded(ranges.ours.requestsPerSecond / ranges.peers.requestsPerSecond),
        rangeBytes: RANGE_BYTES,
        memoryRatio: rounded(many / few),
        residentMegabytesFewDownloads: rounded(few),
        residentMegabytesManyDownloads: rounded(many),
        manyDownloads: extent.manyReaders,
        verificationOfBareSha256: rounded(verification.ratio),
        bareSha256MegabytesPerSecond: rounded(verification.bareMegabytesPerSecond),
        fileMegabytes: rounded(content.bytes / 1e6),
      },
    };
  } finally {
    for (const close of closers.toReversed()) await close();
  }
};

function startServer({ folder, dataDirectory }: StoredContent): Promise<SluiceInstance> {
  const update = [{ address: LOOPBACK, port: 0, protocol: 'http' as const }];
  return SluiceInstance.start({
    name: 'server under load',
    dataDirectory,
    configFile: `${folder}/bench.yaml`,
    config: {
      listeners: { client: [], content: update, downstream: [], console: [] },
      limits: { requestsPerSecond: 0, connectionsPerAddress: 0 },
      log: { level: 'warn' },
    },
  });
}

/** Rounds by turns, after one of each that is not counted: the file is in the system's cache then. */
async function sideBySide(
  ourPort: number,
  peerPort: number,
  { rounds }: Extent,
  loadFor: (port: number) => TransferLoad,
): Promise<{ readonly ours: TransferResult; readonly peers: TransferResult }> {
  const ours: TransferResult[] = [];
  const peers: TransferResult[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const [our, peer] = [await runTransfers(loadFor(ourPort)), await runTransfers(loadFor(peerPort))];
    if (round === 0) continue;
    ours.push(our);
    peers.push(peer);
  }
  return { ours: medianOf(ours), peers: medianOf(peers) };
}

const medianOf = (results: readonly TransferResult[]): TransferResult => ({
  megabytesPerSecond: median(results.map(({ megabytesPerSecond }) => megabytesPerSecond)),
  requestsPerSecond: median(results.map(({ requestsPerSecond }) => requestsPerSecond)),
});

function rangesOf({ bytes }: StoredContent): () => readonly [number, number] {
  const random = new SeededRandom('ranges');
  return () => {
    const first = random.int(0, bytes - RANGE_BYTES);
    return [first, first + RANGE_BYTES - 1];
  };
}

/** Megabytes of the server while so many downloads are under way, and read a little at a time. */
async function residentWith(
  readers: number,
  server: SluiceInstance,
  port: number,
  content: StoredContent,
): Promise<number> {
  const downloads = await SlowReaders.start(port, content.url, readers);
  try {
    const samples: number[] = [];
    for (let sample = 0; sample < SAMPLES; sample += 1) {
      await delay(SAMPLE_PAUSE);
      samples.push((residentBytes(server.processId) ?? Number.NaN) / 1e6);
    }
    if (downloads.open !== readers) throw new Error(`Of ${readers} downloads ${downloads.open} are open.`);
    return median(samples);
  } finally {
    downloads.stop();
  }
}
