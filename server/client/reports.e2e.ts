import { randomUUID } from 'node:crypto';
import { statusByGroup, statusOfUpdates } from '../../catalog/store/reports/status-counts.ts';
import { countWithFailures, statusOfFleet } from '../../catalog/store/reports/fleet-status.ts';
import { ALL_COMPUTERS } from '../../catalog/store/groups/group-tree.ts';
import { KeepAliveConnection } from '../../scripts/benchmarks/keep-alive-connection.ts';
import {
  ReportingFleet,
  computerIdOf,
  groupIdOf,
  storeFleet,
  updateIdOf,
  type EventToReport,
} from '../../scripts/testing/reporting-fleet.ts';

const AT = '2026-11-10T08:00:00Z';

/** Runs the jobs over so many connections; each is sent until an answer comes. */
async function sendAll(
  fleet: ReportingFleet,
  connections: number,
  jobs: Iterator<Buffer, undefined>,
  answered: (index: number) => void = () => undefined,
): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    const connection = await fleet.connect();
    for (let job = jobs.next(); job.done !== true; job = jobs.next()) {
      const index = next;
      next += 1;
      const { status, body } = await connection.send(job.value);
      if (status !== 200) throw new Error(`Status ${status}: ${body.toString('utf8', 0, 400)}`);
      answered(index);
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: connections }, work));
}

const keptEvents = (fleet: ReportingFleet): Set<string> =>
  new Set(fleet.db.prepare<[], string>('SELECT event_instance_id FROM reporting_event').pluck().all());

describe('reports over the network', () => {
  let fleet: ReportingFleet;
  afterEach(() => fleet.close(), 60_000);

  it('of twenty thousand computers at once are all kept, and every sum is exact', async () => {
    const computers = 20_000;
    fleet = await ReportingFleet.start((db) => storeFleet(db, { computers, updates: 8 }));
    // One update a computer fails, one is installed, one is needed; the others do not apply.
    const events = (index: number): EventToReport[] => [
      { eventInstanceId: randomUUID(), eventId: 147, at: AT },
      {
        eventInstanceId: randomUUID(),
        eventId: 182,
        at: AT,
        updateId: updateIdOf(index % 2),
        win32HResult: -index,
      },
      {
        eventInstanceId: randomUUID(),
        eventId: 156,
        at: '2026-11-10T08:00:01Z',
        miscData: [`g=${updateIdOf(index % 2)}`, `V=${updateIdOf(2)}`, `U=${updateIdOf(3 + (index % 4))}`],
      },
    ];
    function* jobs(): Generator<Buffer, undefined> {
      for (let index = 0; index < computers; index += 1)
        yield fleet.request(computerIdOf(index), events(index));
      return undefined;
    }
    await sendAll(fleet, 300, jobs());
    const count = (sql: string): unknown => fleet.db.prepare(sql).pluck().get();
    expect(count('SELECT count(*) FROM reporting_event')).toBe(3 * computers);
    expect(
      count('SELECT count(*) FROM computer_standing WHERE last_report IS NOT NULL AND last_scan IS NOT NULL'),
    ).toBe(computers);
    expect(
      count(
        `SELECT count(*) FROM computer_update_status WHERE state = 'Failed'
         AND error_code = -CAST(substr(computer_id, 25) AS INTEGER)`,
      ),
    ).toBe(computers);
    expect(countWithFailures(fleet.db)).toBe(computers);
    expect(statusOfFleet(fleet.db)).toEqual({
      Failed: computers,
      Installed: computers,
      NotInstalled: computers,
      NotApplicable: 5 * computers,
      Downloaded: 0,
      InstalledPendingReboot: 0,
      Unknown: 0,
    });
    expect(statusOfUpdates(fleet.db, [updateIdOf(0)]).get(updateIdOf(0))).toMatchObject({
      Failed: computers / 2,
      NotApplicable: computers / 2,
      Unknown: 0,
    });
    const needed = statusByGroup(fleet.db, updateIdOf(3));
    expect(needed.get(groupIdOf(0))).toMatchObject({
      computers: computers / 4,
      status: { NotInstalled: computers / 4 },
    });
    expect(needed.get(groupIdOf(1))).toMatchObject({
      computers: computers / 4,
      status: { NotApplicable: computers / 4 },
    });
    expect(needed.get(ALL_COMPUTERS)).toMatchObject({ computers, status: { NotInstalled: computers / 4 } });
  }, 180_000);

  it('that were acknowledged are there after the server was killed, and the others can be sent again', async () => {
    fleet = await ReportingFleet.start((db) => storeFleet(db, { computers: 50, updates: 3 }));
    const batches = Array.from({ length: 3000 }, (_, index) => {
      const ids = [randomUUID(), randomUUID()];
      const events = ids.map((eventInstanceId) => ({
        eventInstanceId,
        eventId: 183,
        at: AT,
        updateId: updateIdOf(index % 3),
      }));
      return { ids, request: fleet.request(computerIdOf(index % 50), events) };
    });
    const acknowledged: string[] = [];
    const serverId = fleet.processId;
    function* jobs(): Generator<Buffer, undefined> {
      for (const { request } of batches) yield request;
      return undefined;
    }
    const sending = sendAll(fleet, 20, jobs(), (index) => {
      acknowledged.push(...(batches[index]?.ids ?? []));
      if (acknowledged.length === 800) process.kill(serverId, 'SIGKILL');
    });
    await expect(sending).rejects.toThrow();
    // The other connections fail a moment later.
    await new Promise((resolve) => {
      setTimeout(resolve, 300);
    });
    const kept = keptEvents(fleet);
    expect(acknowledged.length).toBeGreaterThanOrEqual(800);
    expect(acknowledged.length).toBeLessThan(6000);
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
    await fleet.startServer();
    function* again(): Generator<Buffer, undefined> {
      for (const [index, { ids }] of batches.entries())
        yield fleet.request(
          computerIdOf(index % 50),
          ids.map((eventInstanceId) => ({
            eventInstanceId,
            eventId: 183,
            at: AT,
            updateId: updateIdOf(index % 3),
          })),
        );
      return undefined;
    }
    await sendAll(fleet, 20, again());
    expect(keptEvents(fleet)).toEqual(new Set(batches.flatMap(({ ids }) => ids)));
    expect(statusOfFleet(fleet.db)).toMatchObject({ Installed: 150, Unknown: 0 });
  }, 180_000);

  it('whose answer is never read are kept once, though they are sent again, at the same time and in other batches', async () => {
    fleet = await ReportingFleet.start((db) => storeFleet(db, { computers: 2, updates: 4 }));
    const events = Array.from({ length: 6 }, (_, index) => ({
      eventInstanceId: randomUUID(),
      eventId: [162, 183, 182, 161, 147, 184][index] ?? 147,
      at: `2026-11-10T08:0${index}:00Z`,
      updateId: updateIdOf(index % 4),
      win32HResult: -index,
    }));
    const part = (from: number, to: number): Buffer => fleet.request(computerIdOf(0), events.slice(from, to));
    for (const request of [part(0, 3), part(2, 5)]) {
      const cut: KeepAliveConnection = await fleet.connect();
      const unanswered = cut.send(request);
      unanswered.catch(() => undefined);
      setImmediate(() => cut.close());
      await new Promise((resolve) => {
        setTimeout(resolve, 30);
      });
    }
    const parts = [part(0, 3), part(0, 3), part(1, 4), part(0, 6), part(3, 6), part(0, 6)];
    await sendAll(fleet, parts.length, parts.values() as Iterator<Buffer, undefined>);
    expect(keptEvents(fleet)).toEqual(new Set(events.map(({ eventInstanceId }) => eventInstanceId)));
    const rows = fleet.db
      .prepare(
        `SELECT state, iif(state = 'Failed', error_code, NULL) AS code FROM computer_update_status ORDER BY update_id`,
      )
      .all();
    expect(rows).toEqual([
      { state: 'Downloaded', code: null },
      { state: 'InstalledPendingReboot', code: null },
      { state: 'Failed', code: -2 },
      { state: 'Failed', code: -3 },
    ]);
    expect(statusOfFleet(fleet.db)).toMatchObject({
      Failed: 2,
      Downloaded: 1,
      InstalledPendingReboot: 1,
      Unknown: 4,
    });
  }, 60_000);
});
