/**
 * Processor time of a delta scan where the catalogue grows and the approvals stay: the very same computers, groups and
 * approvals on catalogues of 1,000, 10,000 and 100,000 revisions, each in a server process of its own.
 */
import type { Benchmark } from '../result.ts';
import { groupName, keptCatalogue } from '../scan/catalogue.ts';
import type { CatalogueSize } from '../scan/catalogue.ts';
import { runLoad } from '../scan/load.ts';
import type { PreparedRequest } from '../scan/prepared-request.ts';
import { recordComputer } from '../scan/virtual-computer.ts';
import { ServedCatalogue } from '../served-catalogue.ts';
import { median, rounded } from '../statistics.ts';

/** The dearest size may take so many times what the cheapest takes. */
const BAR = 1.5;
const COMPUTERS = 10;
const CONNECTIONS = 8;
const APPROVED = {
  seed: 20_261_102,
  revisions: 1_000,
  groups: 10,
  commonApprovals: 100,
  approvalsPerGroup: 20,
  products: 8,
};
const FULL = { sizes: [1_000, 10_000, 100_000], rounds: 7, seconds: 3 };
const QUICK = { sizes: [1_000, 10_000], rounds: 5, seconds: 1 };

interface Measured {
  readonly revisions: number;
  readonly catalogue: ServedCatalogue;
  readonly scans: readonly (readonly PreparedRequest[])[];
  readonly microseconds: number[];
}

export const benchScanGrowth: Benchmark = async ({ quick, say }) => {
  const { sizes, rounds, seconds } = quick ? QUICK : FULL;
  const servers: Measured[] = [];
  try {
    for (const revisions of sizes) {
      const catalogue = new ServedCatalogue(keptCatalogue(sizeOf(revisions), say));
      const measured = { revisions, catalogue, scans: [] as PreparedRequest[][], microseconds: [] };
      servers.push(measured);
      await catalogue.start();
      for (let index = 0; index < COMPUTERS; index += 1) {
        const { delta } = await recordComputer(catalogue.url, index, groupName(index % APPROVED.groups));
        measured.scans.push(delta.filter(({ operation }) => operation === 'SyncUpdates'));
      }
    }
    for (const server of servers) await microsecondsOfAScan(server, seconds);
    for (let round = 0; round < rounds; round += 1) {
      for (const server of servers) server.microseconds.push(await microsecondsOfAScan(server, seconds));
      const line = servers.map(
        ({ revisions, microseconds }) => `${revisions}: ${microseconds.at(-1)?.toFixed(0)}`,
      );
      say(`round ${round + 1}: microseconds of processor time a scan at ${line.join(', ')}`);
    }
  } finally {
    for (const { catalogue } of servers) await catalogue.remove();
  }
  const medians = servers.map(({ microseconds }) => median(microseconds));
  const ratio = rounded(Math.max(...medians) / Math.min(...medians));
  return {
    bench: 'scan-growth',
    quick,
    ratio,
    bar: BAR,
    ok: ratio <= BAR,
    figures: {
      ...Object.fromEntries(
        servers.map(({ revisions }, index) => [
          `microsecondsAScanAt${revisions}Revisions`,
          rounded(medians[index] ?? Number.NaN),
        ]),
      ),
      approvals: APPROVED.commonApprovals + APPROVED.groups * APPROVED.approvalsPerGroup,
      groups: APPROVED.groups,
      computers: COMPUTERS,
      rounds,
    },
  };
};

/** The first 1,000 are the same ones everywhere, and what is approved is among them. */
const sizeOf = (revisions: number): CatalogueSize => ({
  ...APPROVED,
  neverApproved: revisions - APPROVED.revisions,
});

/** The server's processor time, of all its threads, for each SyncUpdates of a load that keeps it busy. */
async function microsecondsOfAScan({ catalogue, scans }: Measured, seconds: number): Promise<number> {
  const before = catalogue.processorSeconds;
  const { requests } = await runLoad({
    port: catalogue.port,
    conversations: scans,
    connections: CONNECTIONS,
    seconds,
  });
  return ((catalogue.processorSeconds - before) / requests) * 1e6;
}
