/**
 * Events a second made durable: through the store's own path (folded, in shared commits), beside bare better-sqlite3 that
 * writes the same rows, of events and of states, into the same tables in transactions of the same size; and, told besides, over the network.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Statement } from 'better-sqlite3';
import { CommitGroup } from '../../../catalog/store/database/commit-group.ts';
import { openDatabase, type Database } from '../../../catalog/store/database/database.ts';
import {
  INSERT_EVENT,
  ReportStore,
  eventRow,
  type EventRow,
} from '../../../catalog/store/reports/reports.ts';
import { ReportingFleet, computerIdOf, storeFleet, type FleetSize } from '../../testing/reporting-fleet.ts';
import type { Benchmark } from '../result.ts';
import { median, rounded } from '../statistics.ts';
import { ReportingComputer, type Batch } from './mix.ts';

const BAR = 0.5;
/** Computers that report at once, each waiting for its acknowledgement. */
const AT_ONCE = 1000;
const CONNECTIONS = 64;
/** Batches that ours, then the floor, keeps at a time. */
const TURN = 2000;
const RECEIVED = new Date('2027-01-01T00:00:00Z');

interface Extent extends FleetSize {
  readonly rounds: number;
  readonly batches: number;
  /** Batches over the network. */
  readonly requests: number;
}
const FULL: Extent = { computers: 5000, updates: 2000, rounds: 7, batches: 14_000, requests: 6000 };
const QUICK: Extent = { computers: 1000, updates: 400, rounds: 5, batches: 4000, requests: 1500 };

interface Round {
  readonly events: number;
  readonly ours: number;
  readonly floor: number;
}

export const benchReport: Benchmark = async ({ quick, say }) => {
  const extent = quick ? QUICK : FULL;
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const [db, bare] = ['ours.db', 'bare.db'].map((name) => openDatabase(join(folder, name)));
  try {
    if (db === undefined || bare === undefined) throw new Error('A database of the benchmark is missing.');
    const rounds = await measure(db, bare, extent, say);
    const [ours, floor] = [
      median(rounds.map((round) => round.ours)),
      median(rounds.map((round) => round.floor)),
    ];
    const ratio = rounded(median(rounds.map((round) => round.ours / round.floor)));
    const network = await overNetwork(extent);
    return {
      bench: 'report',
      quick,
      ratio,
      bar: BAR,
      ok: ratio >= BAR,
      figures: {
        eventsPerSecond: Math.round(ours),
        bareEventsPerSecond: Math.round(floor),
        eventsPerSecondOverHttp: Math.round(network),
        eventsPerBatch: rounded(
          rounds.reduce((sum, { events }) => sum + events, 0) / rounds.length / extent.batches,
        ),
        computers: extent.computers,
        approvedUpdates: extent.updates,
        batchesARound: extent.batches,
      },
    };
  } finally {
    db?.close();
    bare?.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

async function measure(
  db: Database,
  bare: Database,
  { computers, updates, rounds, batches }: Extent,
  say: (line: string) => void,
): Promise<Round[]> {
  storeFleet(db, { computers, updates });
  storeFleet(bare, { computers, updates });
  const fleet = reportingFleet(computers, updates);
  const path = new ReportPath(db);
  const tables = new BareTables(bare);
  const first = fleet.map((computer) => computer.first());
  await path.keepAll(first);
  bare.prepare('ATTACH ? AS ours').run(db.name);
  bare.exec('INSERT INTO computer_update_status SELECT * FROM ours.computer_update_status');
  bare.exec('DETACH ours');
  const measured: Round[] = [];
  // The first warms up, and is not counted.
  for (let round = 0; round <= rounds; round += 1) {
    let [events, ours, floor, commits] = [0, 0, 0, 0];
    // In turns, so that what else the machine does falls on both.
    for (let from = 0; from < batches; from += TURN) {
      const sent = Array.from({ length: TURN }, (_, index) =>
        fleet[(from + index) % computers]?.next(),
      ).filter((batch) => batch !== undefined);
      events += sent.reduce((sum, batch) => sum + batch.events.length, 0);
      const started = performance.now();
      const sizes = await path.keepAll(sent);
      ours += (performance.now() - started) / 1000;
      floor += tables.insert(sent, sizes);
      commits += sizes.length;
    }
    if (round === 0) continue;
    measured.push({ events, ours: events / ours, floor: events / floor });
    say(
      `round ${round}: ${(events / ours).toFixed(0)} events a second, bare ${(events / floor).toFixed(0)}, ${rounded(batches / commits)} batches a commit`,
    );
  }
  return measured;
}

/** In no order that the database could profit from. */
const reportingFleet = (computers: number, updates: number): ReportingComputer[] =>
  Array.from({ length: computers }, (_, index) => new ReportingComputer((index * 7919) % computers, updates));

/** The way that reports take behind the web service. */
class ReportPath {
  readonly #reports: ReportStore;
  readonly #commits: CommitGroup;

  constructor(db: Database) {
    this.#reports = new ReportStore(db);
    this.#commits = new CommitGroup(db);
  }

  /** @returns how many batches each commit held, in order */
  async keepAll(batches: readonly Batch[]): Promise<number[]> {
    const sizes: number[] = [];
    let isCommitting = false;
    let next = 0;
    const work = async (): Promise<void> => {
      for (let batch = batches[next++]; batch !== undefined; batch = batches[next++]) {
        const { computer, events } = batch;
        await this.#commits.add(() => {
          // What one commit holds is run without a turn of the event loop in between.
          if (!isCommitting) {
            isCommitting = true;
            sizes.push(0);
            queueMicrotask(() => {
              isCommitting = false;
            });
          }
          sizes[sizes.length - 1] = (sizes.at(-1) ?? 0) + 1;
          this.#reports.keep(computerIdOf(computer), events, RECEIVED);
        });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return sizes;
  }
}

/** Keeps rows, and no more than rows: the triggers that keep sums are taken away. */
class BareTables {
  readonly #db: Database;
  readonly #insertEvent: Statement<EventRow>;
  readonly #writeStatus: Statement<[string, string, string, string]>;

  constructor(db: Database) {
    this.#db = db;
    for (const trigger of ['status_added', 'status_changed', 'status_removed'])
      db.exec(`DROP TRIGGER ${trigger}`);
    this.#insertEvent = db.prepare(INSERT_EVENT);
    this.#writeStatus = db.prepare(
      `INSERT OR REPLACE INTO computer_update_status (computer_id, update_id, revision_number, state, changed_at)
       VALUES (?, ?, 200, ?, ?)`,
    );
  }

  /** @returns seconds; the rows are made beforehand */
  insert(batches: readonly Batch[], sizes: readonly number[]): number {
    let from = 0;
    const commits = sizes.map((size) => {
      const taken = batches.slice(from, (from += size));
      return {
        events: taken.flatMap(({ computer, events }) =>
          events.map((event) => eventRow(computerIdOf(computer), event, RECEIVED.toISOString())),
        ),
        states: taken.flatMap(({ computer, changed }) =>
          changed.map(
            ({ updateId, state }) =>
              [computerIdOf(computer), updateId, state, RECEIVED.toISOString()] as const,
          ),
        ),
      };
    });
    const insertAll = this.#db.transaction(({ events, states }: (typeof commits)[number]) => {
      for (const row of events) this.#insertEvent.run(...row);
      for (const row of states) this.#writeStatus.run(...row);
    });
    const started = performance.now();
    for (const commit of commits) insertAll.immediate(commit);
    return (performance.now() - started) / 1000;
  }
}

/** @returns events a second that a server process acknowledged */
async function overNetwork({ computers, updates, requests }: Extent): Promise<number> {
  const reporting = reportingFleet(computers, updates);
  const server = await ReportingFleet.start((db) => {
    storeFleet(db, { computers, updates });
    const reports = new ReportStore(db);
    db.transaction(() => {
      for (const computer of reporting) {
        const first = computer.first();
        reports.keep(computerIdOf(first.computer), first.events, RECEIVED);
      }
    })();
  });
  try {
    const batches = Array.from({ length: requests }, (_, index) => reporting[index % computers]?.next());
    const prepared = batches.flatMap((batch) =>
      batch === undefined
        ? []
        : [
            server.request(
              computerIdOf(batch.computer),
              batch.events.map((event) => ({ ...event, at: event.timeAtTarget })),
            ),
          ],
    );
    const events = batches.reduce((sum, batch) => sum + (batch?.events.length ?? 0), 0);
    const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => server.connect()));
    let next = 0;
    const started = performance.now();
    await Promise.all(
      connections.map(async (connection) => {
        for (let request = prepared[next++]; request !== undefined; request = prepared[next++]) {
          const { status, body } = await connection.send(request);
          if (status !== 200)
            throw new Error(`Answered with status ${status}: ${body.toString('utf8', 0, 400)}`);
        }
      }),
    );
    const seconds = (performance.now() - started) / 1000;
    for (const connection of connections) connection.close();
    return events / seconds;
  } finally {
    await server.close();
  }
}
