import SqliteDatabase from 'better-sqlite3';
import { clientService, SyncUpdates } from '../../protocol/wusp/client.ts';
import { reportingService, ReportEventBatch, ReportEventBatch2 } from '../../protocol/wusp/reporting.ts';
import { readResponse, writeRequest } from '../../protocol/soap/codec.ts';
import { ClientServices, faultOf, storeRevision } from '../../scripts/testing/client-services.ts';
import { TestAgent } from '../../scripts/testing/test-agent.ts';

const PC = '5c7f4f80-3896-4d10-8a38-469286a0febc';
const NOW = '2026-11-10T18:00:00Z';
const guid = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
const UPDATE = guid(900);

async function enrolled(clientId = PC, server = new ClientServices()): Promise<TestAgent> {
  if (server.db.prepare('SELECT 1 FROM revision').get() === undefined)
    storeRevision(server.db, { revisionId: 1, updateId: UPDATE });
  return await new TestAgent(server, clientId).enrol();
}

const stateOf = ({ server }: TestAgent, computerId = PC): unknown =>
  server.db.prepare('SELECT state FROM computer_update_status WHERE computer_id = ?').pluck().get(computerId);

const timesOf = ({ server }: TestAgent): unknown =>
  server.db.prepare('SELECT time_at_target FROM reporting_event ORDER BY time_at_target').pluck().all();

describe('a report', () => {
  it('is on disk when it is acknowledged', async () => {
    const agent = await enrolled();
    const observer = new SqliteDatabase(agent.server.db.name, { readonly: true });
    const events = observer.prepare('SELECT count(*) FROM reporting_event').pluck();
    const acknowledged = agent.report(
      NOW,
      agent.event({ eventId: 183, at: NOW, instanceId: guid(1), updateId: UPDATE }),
    );
    expect(events.get()).toBe(0);
    expect(await acknowledged).toBe(true);
    expect(events.get()).toBe(1);
  });

  it('becomes the state of the update on that computer', async () => {
    const agent = await enrolled();
    const said = (eventId: number, minute: number, index: number) =>
      agent.event({ eventId, at: `2026-11-10T17:0${minute}:00Z`, instanceId: guid(index), updateId: UPDATE });
    await agent.report(NOW, said(162, 1, 1));
    expect(stateOf(agent)).toBe('Downloaded');
    await agent.report(NOW, said(183, 3, 2), said(181, 2, 3));
    expect(stateOf(agent)).toBe('Installed');
    await agent.report(NOW, said(162, 1, 1));
    expect(stateOf(agent)).toBe('Installed');
  });

  it('of a list names updates by the tags of MiscData', async () => {
    const agent = await enrolled();
    const list = agent.event({
      eventId: 156,
      at: NOW,
      instanceId: guid(1),
      miscData: [`U=${UPDATE.toUpperCase()}`, 'Q=1'],
    });
    await agent.report(NOW, list);
    expect(stateOf(agent)).toBe('NotInstalled');
  });

  it('of another computer than the one whose cookie it comes with is refused, all of it', async () => {
    const agent = await enrolled();
    const other = guid(5);
    await enrolled(other, agent.server);
    const own = agent.event({ eventId: 183, at: NOW, instanceId: guid(1), updateId: UPDATE });
    const others = agent.event({ eventId: 182, at: NOW, instanceId: guid(2), updateId: UPDATE, sid: other });
    expect(await faultOf(agent.report(NOW, own, others))).toBe('InvalidParameters eventBatch');
    expect([stateOf(agent), stateOf(agent, other), timesOf(agent)]).toEqual([undefined, undefined, []]);
  });

  it('names its computer in either case of letters', async () => {
    const agent = await enrolled();
    const event = agent.event({
      eventId: 183,
      at: NOW,
      instanceId: guid(1),
      updateId: UPDATE,
      sid: PC.toUpperCase(),
    });
    expect(await agent.report(NOW, event)).toBe(true);
  });

  it('from a clock that is ahead is set back, so that it does not outlast what comes later', async () => {
    const agent = await enrolled();
    const wrong = agent.event({
      eventId: 182,
      at: '2099-01-01T11:50:00',
      instanceId: guid(1),
      updateId: UPDATE,
    });
    await agent.report('2099-01-01T12:00:00', wrong);
    expect(timesOf(agent)).toEqual(['2026-11-10T17:50:00.000Z']);
    const right = agent.event({
      eventId: 183,
      at: '2026-11-10T17:59:00',
      instanceId: guid(2),
      updateId: UPDATE,
    });
    await agent.report(NOW, right);
    expect(stateOf(agent)).toBe('Installed');
  });

  it('gives its times in UTC, without a zone, with one, and with more digits than we keep', async () => {
    const agent = await enrolled();
    const times = ['2026-11-10T17:00:00.734', '2026-11-10T18:01:00+01:00', '2026-11-10T17:02:00.1234567Z'];
    await agent.report(
      NOW,
      ...times.map((at, index) => agent.event({ eventId: 147, at, instanceId: guid(index + 1) })),
    );
    expect(timesOf(agent)).toEqual([
      '2026-11-10T17:00:00.734Z',
      '2026-11-10T17:01:00.000Z',
      '2026-11-10T17:02:00.123Z',
    ]);
  });

  it('is to be sent again where another process keeps the database', async () => {
    const agent = await enrolled();
    agent.server.db.pragma('busy_timeout = 0');
    const other = new SqliteDatabase(agent.server.db.name);
    const event = agent.event({ eventId: 183, at: NOW, instanceId: guid(1), updateId: UPDATE });
    other.exec('BEGIN IMMEDIATE');
    expect(await faultOf(agent.report(NOW, event))).toBe('ServerBusy');
    other.exec('ROLLBACK');
    expect(await agent.report(NOW, event)).toBe(true);
    expect(stateOf(agent)).toBe('Installed');
  });

  it('without events, or with too many, too long or unnamed ones, is refused', async () => {
    const agent = await enrolled();
    const event = (instanceId: string, miscData: string[] = []) =>
      agent.event({ eventId: 147, at: NOW, instanceId, miscData });
    const none = agent.server.call(reportingService, ReportEventBatch, {
      cookie: agent.cookie,
      clientTime: NOW,
    });
    const many = agent.report(NOW, ...Array.from({ length: 1001 }, (_, index) => event(guid(index + 1))));
    const long = agent.report(NOW, event(guid(1), [`U=${'x'.repeat(500_000)}`]));
    const unnamed = agent.report(NOW, event('00000000-0000-0000-0000-000000000000'));
    for (const call of [none, many, long, unnamed])
      expect(await faultOf(call)).toBe('InvalidParameters eventBatch');
    expect(timesOf(agent)).toEqual([]);
  });
});

describe('reports of many computers at once', () => {
  it('are all kept, none acknowledged before it is, while scans are answered in between', async () => {
    const server = new ClientServices();
    const first = await enrolled(guid(1000), server);
    const others = Array.from({ length: 99 }, (_, index) => enrolled(guid(1001 + index), server));
    const agents = [first, ...(await Promise.all(others))];
    const observer = new SqliteDatabase(server.db.name, { readonly: true });
    const isKept = observer.prepare('SELECT 1 FROM reporting_event WHERE event_instance_id = ?').pluck();
    const reported = agents.map(async (agent, index) => {
      const instanceId = guid(5000 + index);
      const eventBatch = [agent.event({ eventId: 183, at: NOW, instanceId, updateId: UPDATE })];
      const request = { cookie: agent.cookie, clientTime: NOW, eventBatch };
      const answer = await server.answer(
        reportingService,
        writeRequest(reportingService, ReportEventBatch, request),
      );
      const { ReportEventBatchResult } = readResponse(reportingService, ReportEventBatch, answer);
      return ReportEventBatchResult && isKept.get(instanceId) === 1;
    });
    const scanned = agents.slice(0, 5).map((agent) =>
      server.call(clientService, SyncUpdates, {
        cookie: agent.cookie,
        parameters: { ExpressQuery: false, SkipSoftwareSync: false },
      }),
    );
    expect((await Promise.all(reported)).every(Boolean)).toBe(true);
    await Promise.all(scanned);
    const installed = server.db
      .prepare("SELECT count(*) FROM computer_update_status WHERE state = 'Installed'")
      .pluck();
    expect(installed.get()).toBe(100);
  });
});

describe('a report of a computer that names itself in the place of a cookie', () => {
  const report = (agent: TestAgent, computerId: string | undefined, sid = PC) =>
    agent.server.call(reportingService, ReportEventBatch2, {
      computerId,
      clientTime: NOW,
      eventBatch: [agent.event({ eventId: 183, at: NOW, instanceId: guid(1), updateId: UPDATE, sid })],
    });

  it('counts as any other', async () => {
    const agent = await enrolled();
    expect(await report(agent, PC.toUpperCase())).toEqual({ ReportEventBatch2Result: true });
    expect(stateOf(agent)).toBe('Installed');
  });

  it('is refused where nobody knows the computer, and makes it no more known', async () => {
    const agent = await enrolled();
    for (const unknown of [undefined, '', guid(7)])
      expect(await faultOf(report(agent, unknown, guid(7)))).toBe('InvalidParameters computerId');
    expect(agent.server.db.prepare('SELECT computer_id FROM computer').pluck().all()).toEqual([PC]);
    expect(timesOf(agent)).toEqual([]);
  });

  it('speaks of no other computer', async () => {
    const agent = await enrolled();
    expect(await faultOf(report(agent, PC, guid(7)))).toBe('InvalidParameters eventBatch');
    expect(timesOf(agent)).toEqual([]);
  });
});
