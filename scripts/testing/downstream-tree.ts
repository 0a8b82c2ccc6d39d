/** Downstream servers and their computers, kept as they report themselves, in the store of a console. */
import { ReceivedComputers } from '../../catalog/store/rollup/received-computers.ts';
import { ReceivedServers } from '../../catalog/store/rollup/received-servers.ts';
import type { ReportedServer } from '../../catalog/store/rollup/received-servers.ts';
import { ReceivedStatus } from '../../catalog/store/rollup/received-status.ts';
import type { ConsoleHarness } from '../fixtures/console-harness.ts';
import { guidOf } from './update-documents.ts';

const DAY = 86_400_000;
/** The server that reports all others: it is directly below. */
const CALLER = guidOf(1);

export class DownstreamTree {
  readonly #harness: ConsoleHarness;

  constructor(harness: ConsoleHarness) {
    this.#harness = harness;
  }

  /** On the console's clock. */
  daysAgo(days: number): string {
    return new Date(this.#harness.clock.now.getTime() - days * DAY).toISOString();
  }

  /** Of the id guidOf(number); it says that it is well. */
  server(number: number, changes: Partial<ReportedServer> = {}): ReportedServer {
    return {
      serverId: guidOf(number),
      parentId: undefined,
      fullDomainName: `server${number}.example`,
      version: '0.1.0',
      isReplica: false,
      lastSync: this.daysAgo(0),
      lastRollup: this.daysAgo(0),
      summary: {
        ComputerTargetCount: 7,
        ComputerTargetsNeedingUpdatesCount: 3,
        ComputerTargetsWithUpdateErrorsCount: 1,
      },
      clients: [],
      ...changes,
    };
  }

  /** As server 1 reports them: parents before their children, itself last. */
  keep(...servers: readonly ReportedServer[]): void {
    new ReceivedServers(this.#harness.db).keep(CALLER, 'server1', servers, this.#harness.clock.now);
  }

  /** @returns their ids; they are named pc0000 and so on */
  addComputers(count: number, parent: number, lastSync = this.daysAgo(1)): string[] {
    const ids = Array.from({ length: count }, (_, index) => guidOf(1000 + index));
    new ReceivedComputers(this.#harness.db).keep(
      CALLER,
      ids.map((computerId, index) => ({
        computerId,
        parentId: guidOf(parent),
        lastSync,
        lastSyncResult: 1,
        lastReboot: lastSync,
        lastStatus: lastSync,
        lastInventory: lastSync,
        details: {
          dnsName: `pc${String(index).padStart(4, '0')}`,
          ipAddress: '10.0.0.9',
          osDescription: 'Windows 11',
          osVersion: '10.0.26100',
          whole: {},
        },
      })),
    );
    return ids;
  }

  /** @param states SummarizationState by UpdateID; nothing else is known of the computer then */
  report(computerId: string, states: Readonly<Record<string, number>>): void {
    const at = this.daysAgo(1);
    new ReceivedStatus(this.#harness.db).keep(CALLER, [
      {
        computerId,
        rollupNumber: 1,
        effectiveDetection: at,
        isFull: true,
        updates: Object.entries(states).map(([updateId, state]) => ({ updateId, state, changedAt: at })),
      },
    ]);
  }
}
