/**
 * From an approval's commit to the end of the first scan that sees it, and what scans notice of the rebuild in between.
 * Another process commits (the server is not told, and has to notice); real sockets, a real server process, scans of
 * computers in all groups running all the time, at many times the rate of WSUS's published capacity.
 */
import { openDatabase } from '../../../catalog/store/database/database.ts';
import { ALL_COMPUTERS } from '../../../catalog/store/groups/group-tree.ts';
import { listGroups } from '../../../catalog/store/groups/target-groups.ts';
import { KeepAliveConnection } from '../keep-alive-connection.ts';
import type { Benchmark } from '../result.ts';
import { groupName, keptCatalogue } from '../scan/catalogue.ts';
import type { CatalogueSize } from '../scan/catalogue.ts';
import type { PreparedRequest } from '../scan/prepared-request.ts';
import { FULL_SIZE, QUICK_SIZE } from '../scan/sizes.ts';
import { recordComputer } from '../scan/virtual-computer.ts';
import { ServedCatalogue } from '../served-catalogue.ts';
import { median, percentile, rounded } from '../statistics.ts';
import { clock, Decider } from './decider.ts';
import type { DecideMessage } from './decider.ts';
import { fittingUpdates } from './fitting-updates.ts';
import { SteadyScans } from './steady-scans.ts';
import type { TimedScan } from './steady-scans.ts';

/** Milliseconds from the commit to the first scan that sees it, at the 99th percentile. */
const SEEN_BAR = 100;
/** Milliseconds that the rebuild may delay any scan. */
const DELAY_BAR = 50;
const LOAD = { connections: 8, scansPerSecond: 60 };
/** Milliseconds. */
const QUIET = 3_000;
const LONGEST_WAIT = 10_000;
/** Decisions before the measured ones. */
const WARMING = 4;
/** Of four approvals one is for All Computers, which touches the plan of every group. */
const EVERY_GROUP_EACH = 4;

interface Extent {
  readonly size: CatalogueSize;
  readonly computers: number;
  /** Each is made and taken away again. */
  readonly approvals: number;
}
const FULL: Extent = { size: FULL_SIZE, computers: 50, approvals: 122 };
const QUICK: Extent = { size: QUICK_SIZE, computers: 8, approvals: 32 };

export const benchApprove: Benchmark = ({ quick, say }) => {
  const extent = quick ? QUICK : FULL;
  return benchApproveOn(keptCatalogue(extent.size, say), extent, quick, say);
};

async function benchApproveOn(
  kept: string,
  { size, computers, approvals }: Extent,
  quick: boolean,
  say: (line: string) => void,
): ReturnType<Benchmark> {
  const catalogue = new ServedCatalogue(kept);
  const closers: (() => void | Promise<void>)[] = [() => catalogue.remove()];
  try {
    await catalogue.start();
    const scans: PreparedRequest[] = [];
    for (let index = 0; index < computers; index += 1) {
      const { delta } = await recordComputer(catalogue.url, index, groupName(index % size.groups));
      scans.push(...delta.filter(({ operation }) => operation === 'SyncUpdates').slice(0, 3));
    }
    say(`${computers} computers have scanned; their scans go on.`);
    // The last of a computer's software scans names all that it holds.
    const probe = await Probe.open(catalogue.port, scans[2]);
    closers.push(() => probe.close());
    const decisions = decisionsOn(catalogue.databaseFile, probe.knownIds, approvals);
    const decider = await Decider.start(catalogue.databaseFile);
    closers.push(() => decider.stop());
    const processorWait = (): number => catalogue.processorWait;
    const steady = await SteadyScans.start(catalogue.port, scans, { ...LOAD, processorWait });
    closers.push(() => steady.stop());

    // The first decision of a process that just began takes long, and keeps others from writing meanwhile.
    for (const decision of decisions.slice(0, WARMING)) {
      await decider.decide(decision);
      await probe.until(decision.updateId, decision.action === 'Install');
    }
    await probe.untilClock(clock() + QUIET);
    const quiet = steady.done.splice(0);
    const seen: Seen[] = [];
    const windows: Window[] = [];
    for (const decision of decisions.slice(WARMING)) {
      const committed = await decider.decide(decision);
      const waitedBefore = processorWait();
      const sees = await probe.until(decision.updateId, decision.action === 'Install');
      seen.push({
        milliseconds: sees - committed,
        waited: processorWait() - waitedBefore,
        isForAll: decision.groupId === ALL_COMPUTERS,
      });
      windows.push({ from: committed, to: sees });
    }
    const during = steady.done.flatMap((scan) => {
      const window = windows.find((one) => overlaps(scan, one));
      // What a scan waited for before the commit (a lock, mostly) no rebuild has done to it.
      return window === undefined ? [] : [{ ...scan, sent: Math.max(scan.sent, window.from) }];
    });
    return report({ size, quick, quiet, during, seen, computers, residentBytes: catalogue.residentBytes });
  } finally {
    for (const close of closers.toReversed()) await close();
  }
}

/** New approvals, each followed by its removal, so that the probing computer stays as it is. */
function decisionsOn(databaseFile: string, knownIds: readonly number[], count: number): DecideMessage[] {
  const db = openDatabase(databaseFile);
  try {
    const group = listGroups(db).find(({ name }) => name === groupName(0));
    if (group === undefined) throw new Error(`The catalogue has no group ${groupName(0)}.`);
    const updateIds = fittingUpdates(db, knownIds, count);
    if (updateIds.length < count) throw new Error(`Only ${updateIds.length} updates fit the computer.`);
    return updateIds.flatMap((updateId, index) => {
      const groupId = index % EVERY_GROUP_EACH === 0 ? ALL_COMPUTERS : group.groupId;
      return [
        { updateId, groupId, action: 'Install' as const },
        { updateId, groupId, action: 'Remove' as const },
      ];
    });
  } finally {
    db.close();
  }
}

/** One computer that scans without a pause and looks at what it is answered. */
class Probe {
  readonly #connection: KeepAliveConnection;
  readonly #scan: PreparedRequest;

  private constructor(connection: KeepAliveConnection, scan: PreparedRequest) {
    this.#connection = connection;
    this.#scan = scan;
  }

  static async open(port: number, scan: PreparedRequest | undefined): Promise<Probe> {
    if (scan === undefined) throw new Error('There is no scan to probe with.');
    return new Probe(await KeepAliveConnection.open(port), scan.uncompressed());
  }

  /** RevisionIDs that its request names. */
  get knownIds(): number[] {
    return [...this.#scan.bytes.toString('utf8').matchAll(/<int>(\d+)<\/int>/g)].map(([, id]) => Number(id));
  }

  async untilClock(end: number): Promise<void> {
    while (clock() < end) await this.#connection.send(this.#scan.fresh());
  }

  /** @returns when the answer was whole that first named the update, or no more named it */
  async until(updateId: string, isNamed: boolean): Promise<number> {
    for (const end = clock() + LONGEST_WAIT; clock() < end;) {
      const { body } = await this.#connection.send(this.#scan.fresh());
      if (body.includes(updateId) === isNamed) return clock();
    }
    throw new Error(`No scan came to ${isNamed ? 'name' : 'leave out'} ${updateId}.`);
  }

  close(): void {
    this.#connection.close();
  }
}

const overlaps = (scan: TimedScan, window: Window): boolean =>
  scan.sent <= window.to && scan.answered >= window.from;

/** On `clock`. */
interface Window {
  readonly from: number;
  readonly to: number;
}

/** From a commit to the first scan that sees it. */
interface Seen {
  readonly milliseconds: number;
  /** Milliseconds of it that the server waited for a processor. */
  readonly waited: number;
  readonly isForAll: boolean;
}

function report({
  size,
  quick,
  quiet,
  during,
  seen,
  computers,
  residentBytes,
}: {
  readonly size: CatalogueSize;
  readonly quick: boolean;
  readonly quiet: readonly TimedScan[];
  readonly during: readonly TimedScan[];
  readonly seen: readonly Seen[];
  readonly computers: number;
  readonly residentBytes: number;
}): Awaited<ReturnType<Benchmark>> {
  const before = quiet.map(({ sent, answered }) => answered - sent);
  const meanwhile = during.map(({ sent, answered }) => answered - sent);
  const all = seen.map(({ milliseconds }) => milliseconds);
  const ofAll = (isForAll: boolean): number[] =>
    seen.filter((one) => one.isForAll === isForAll).map(({ milliseconds }) => milliseconds);
  const undisturbed = seen.map(({ milliseconds, waited }) => milliseconds - waited);
  const seenP99 = percentile(all, 0.99);
  const worstDelay = Math.max(...meanwhile) - median(before);
  const worstUndisturbed = Math.max(...during.map((scan) => scan.answered - scan.sent - scan.waited));
  const ratio = rounded(Math.max(seenP99 / SEEN_BAR, worstDelay / DELAY_BAR));
  return {
    bench: 'approve',
    quick,
    ratio,
    bar: 1,
    ok: ratio <= 1,
    figures: {
      seenP50Milliseconds: rounded(percentile(all, 0.5)),
      seenP99Milliseconds: rounded(seenP99),
      seenMaximumMilliseconds: rounded(Math.max(...all)),
      seenForOneGroupP99Milliseconds: rounded(percentile(ofAll(false), 0.99)),
      seenForAllComputersP99Milliseconds: rounded(percentile(ofAll(true), 0.99)),
      seenP99WithoutWaitingForProcessorMilliseconds: rounded(percentile(undisturbed, 0.99)),
      seenMaximumWithoutWaitingForProcessorMilliseconds: rounded(Math.max(...undisturbed)),
      worstDelayMilliseconds: rounded(worstDelay),
      worstDelayWithoutWaitingForProcessorMilliseconds: rounded(worstUndisturbed - median(before)),
      scanBeforeP50Milliseconds: rounded(median(before)),
      scanBeforeP99Milliseconds: rounded(percentile(before, 0.99)),
      scanBeforeMaximumMilliseconds: rounded(Math.max(...before)),
      scanDuringP50Milliseconds: rounded(median(meanwhile)),
      scanDuringP99Milliseconds: rounded(percentile(meanwhile, 0.99)),
      scanDuringMaximumMilliseconds: rounded(Math.max(...meanwhile)),
      scansBefore: before.length,
      scansDuring: meanwhile.length,
      decisions: seen.length,
      catalogueRevisions: size.revisions,
      approvals: size.commonApprovals + size.groups * size.approvalsPerGroup,
      groups: size.groups,
      computers,
      scansPerSecond: LOAD.scansPerSecond,
      workerResidentMegabytes: rounded(residentBytes / 1_000_000),
    },
  };
}
