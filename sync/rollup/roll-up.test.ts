import { randomUUID } from 'node:crypto';
import type { Database } from '../../catalog/store/database/database.ts';
import { accountGuid } from '../../catalog/store/access/account-guid.ts';
import { ComputerStore } from '../../catalog/store/computers/computers.ts';
import { deleteComputer } from '../../catalog/store/computers/computer-details.ts';
import { importRevisions } from '../../catalog/store/revisions/revisions.ts';
import { rollupResetGuid } from '../../catalog/store/rollup/reset-guid.ts';
import { ClientServices } from '../../scripts/testing/client-services.ts';
import { emptyDatabase } from '../../scripts/testing/empty-database.ts';
import { TestReplica } from '../../scripts/testing/replica.ts';
import { openRelay } from '../../scripts/testing/test-relay.ts';
import { COMPUTER_INFO, TestAgent } from '../../scripts/testing/test-agent.ts';
import { guidOf, writeDocument } from '../../scripts/testing/update-documents.ts';
import { startTestUpstream } from '../../scripts/testing/upstream-server.ts';
import type { TestUpstream } from '../../scripts/testing/upstream-server.ts';

const UPDATE = guidOf(1);
const OTHER_UPDATE = guidOf(2);
const DOCUMENTS = [1, 2].map((number) =>
  writeDocument({
    updateId: guidOf(number),
    properties: { ExplicitlyDeployable: 'true' },
    texts: [{ language: 'en', title: `Update ${number}` }],
  }),
);

let top: TestUpstream;
let middle: TestUpstream;
let bottom: Database;
let middleRelay: TestReplica;
let bottomRelay: TestReplica;

beforeEach(async () => {
  top = await startTestUpstream(DOCUMENTS);
  middle = await startTestUpstream(DOCUMENTS);
  bottom = emptyDatabase();
  importRevisions(
    bottom,
    DOCUMENTS.map((document) => ({ document, fileUrls: new Map() })),
    new Date(),
  );
  middleRelay = new TestReplica(top, middle.db);
  bottomRelay = new TestReplica(middle, bottom);
});
afterEach(async () => {
  await Promise.all([top.close(), middle.close()]);
});

/** A synchronization that has nothing to complain about, other than that no products were chosen, which need not be here. */
async function synchronize(relay: TestReplica): Promise<void> {
  const run = await relay.synchronize('autonomous');
  expect(run).toMatchObject({ state: 'succeeded', failedCheck: 'selection' });
  expect(run.failureMessage).toMatch(/^No product and no classification is chosen.* synchronize again\.$/);
}

/** From the bottom to the top. */
async function rollUpAll(): Promise<void> {
  await synchronize(bottomRelay);
  await synchronize(middleRelay);
}

async function agentAt(db: Database, clientId: string = randomUUID()): Promise<TestAgent> {
  const server = new ClientServices({ db, startTime: new Date().toISOString() });
  return await new TestAgent(server, clientId).enrol();
}

async function report(agent: TestAgent, eventId: number, updateId = UPDATE): Promise<void> {
  const at = new Date().toISOString();
  await agent.report(at, agent.event({ eventId, at, instanceId: randomUUID(), updateId }));
}

const computersOf = (db: Database): unknown =>
  db
    .prepare('SELECT computer_id, parent_id, dns_name, os_description FROM downstream_computer ORDER BY 1')
    .all();
const countComputers = (db: Database): unknown =>
  db.prepare('SELECT count(*) FROM downstream_computer').pluck().get();
const statesOf = (db: Database): unknown =>
  db.prepare('SELECT computer_id, update_id, state FROM downstream_status ORDER BY 1, 2').raw().all();
const serversOf = (db: Database): unknown =>
  db.prepare('SELECT server_id, parent_id FROM rolled_up_server ORDER BY parent_id').raw().all();

/** Many computers at once, without an agent for each. */
function addComputers(db: Database, count: number): void {
  const store = new ComputerStore(db);
  db.transaction(() => {
    for (let index = 0; index < count; index += 1) {
      const computerId = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
      const introduction = {
        computerId,
        dnsName: `pc${index}`,
        ipAddress: '10.1.2.3',
        requestedTargetGroup: '',
      };
      store.introduce(introduction, new Date());
    }
  })();
}

describe('three relays, one below the other', () => {
  it("show an agent of the lowest, and how updates stand on it, in the highest's store", async () => {
    const agent = await agentAt(bottom);
    await report(agent, 183);
    await report(agent, 182, OTHER_UPDATE);
    await rollUpAll();

    const computer = {
      computer_id: agent.clientId,
      parent_id: accountGuid(bottom),
      dns_name: COMPUTER_INFO.DnsName,
      os_description: COMPUTER_INFO.OSDescription,
    };
    const states = [
      [agent.clientId, UPDATE, 4],
      [agent.clientId, OTHER_UPDATE, 5],
    ];
    for (const { db } of [middle, top]) {
      expect(computersOf(db)).toEqual([computer]);
      expect(statesOf(db)).toEqual(states);
    }
    expect(serversOf(top.db)).toEqual([
      [accountGuid(middle.db), null],
      [accountGuid(bottom), accountGuid(middle.db)],
    ]);
  });

  it('tell what changed since, and nothing of the others', async () => {
    const agent = await agentAt(bottom);
    await agentAt(bottom);
    await rollUpAll();
    await report(agent, 183);
    await rollUpAll();
    expect(statesOf(top.db)).toEqual([[agent.clientId, UPDATE, 4]]);
    top.calls.length = 0;
    await synchronize(middleRelay);
    expect(top.calls.filter((call) => call.startsWith('Rollup') || call.includes('OutOfSync'))).toEqual([
      'RollupDownstreamServers',
      'GetOutOfSyncComputers',
    ]);
  });

  it('forget a computer that was deleted at the lowest', async () => {
    const kept = await agentAt(bottom);
    const deleted = await agentAt(bottom);
    await report(deleted, 183);
    await rollUpAll();
    expect(countComputers(top.db)).toBe(2);
    deleteComputer(bottom, deleted.clientId);
    await rollUpAll();
    for (const { db } of [middle, top]) {
      expect(computersOf(db)).toMatchObject([{ computer_id: kept.clientId }]);
      expect(statesOf(db)).toEqual([]);
    }
  });

  it('forget a server that was removed in the middle', async () => {
    await agentAt(bottom);
    await rollUpAll();
    middle.db.prepare('DELETE FROM rolled_up_server').run();
    await synchronize(middleRelay);
    expect(serversOf(top.db)).toEqual([[accountGuid(middle.db), null]]);
    expect(countComputers(top.db)).toBe(0);
  });

  it('count a computer that moved from one to another once, where it was seen last', async () => {
    const agent = await agentAt(bottom);
    await rollUpAll();
    await agentAt(middle.db, agent.clientId);
    await rollUpAll();
    expect(computersOf(top.db)).toMatchObject([
      { computer_id: agent.clientId, parent_id: accountGuid(middle.db) },
    ]);
    // A relay that knows a computer notes its contacts now and then.
    bottom.prepare('UPDATE computer SET last_contact = ?').run(new Date().toISOString());
    await rollUpAll();
    expect(computersOf(top.db)).toMatchObject([
      { computer_id: agent.clientId, parent_id: accountGuid(bottom) },
    ]);
  });

  it('still notice that another computer was deleted, while one is listed by two', async () => {
    const roaming = await agentAt(bottom);
    const deleted = await agentAt(bottom);
    await rollUpAll();
    await agentAt(middle.db, roaming.clientId);
    await rollUpAll();
    deleteComputer(bottom, deleted.clientId);
    await rollUpAll();
    expect(computersOf(top.db)).toMatchObject([
      { computer_id: roaming.clientId, parent_id: accountGuid(middle.db) },
    ]);
  });
});

/** What the configuration bounds in a request. */
const ITEM_OF: Readonly<Record<string, string>> = {
  RollupDownstreamServers: 'DownstreamServerRollupClientSummary',
  RollupComputers: 'ComputerRollupInfo',
  GetOutOfSyncComputers: 'ComputerLastRollupNumber',
  RollupComputerStatus: 'ComputerStatusRollupInfo',
};

describe('a rollup', () => {
  it('that was cut before its answer came changes nothing when it is sent again', async () => {
    const agent = await agentAt(bottom);
    await report(agent, 183);
    const cut = new Set<string>();
    middle.spoil = (operation) => {
      if (!/Rollup|OutOfSync/.test(operation) || cut.has(operation)) return undefined;
      cut.add(operation);
      return { cutAt: 0.5 };
    };
    await synchronize(bottomRelay);
    expect([...cut].sort()).toEqual([
      'GetOutOfSyncComputers',
      'GetRollupConfiguration',
      'RollupComputerStatus',
      'RollupComputers',
      'RollupDownstreamServers',
    ]);
    expect(countComputers(middle.db)).toBe(1);
    expect(statesOf(middle.db)).toEqual([[agent.clientId, UPDATE, 4]]);
    const activity = middle.db
      .prepare('SELECT update_id, successes, failures FROM downstream_activity')
      .raw();
    expect(activity.all()).toEqual([[UPDATE, 1, 0]]);
  });

  it('tells the whole state of a computer that stands otherwise above', async () => {
    const agent = await agentAt(bottom);
    await report(agent, 183);
    await synchronize(bottomRelay);
    middle.db.prepare('UPDATE downstream_computer SET rollup_number = 7').run();
    middle.db.prepare('DELETE FROM downstream_status').run();
    await synchronize(bottomRelay);
    expect(statesOf(middle.db)).toEqual([[agent.clientId, UPDATE, 4]]);
  });

  it('tells everything anew to a server that begins anew', async () => {
    const agent = await agentAt(bottom);
    await report(agent, 183);
    await synchronize(bottomRelay);
    middle.db.exec("DELETE FROM rolled_up_server; DELETE FROM setting WHERE name = 'rollup.reset-guid'");
    await synchronize(bottomRelay);
    expect(rollupResetGuid(middle.db)).toBeDefined();
    expect(computersOf(middle.db)).toMatchObject([{ dns_name: COMPUTER_INFO.DnsName }]);
    expect(statesOf(middle.db)).toEqual([[agent.clientId, UPDATE, 4]]);
  });

  it('that fails leaves the synchronization a success, with a sentence in its history', async () => {
    await agentAt(bottom);
    middle.spoil = (operation) => (operation === 'RollupComputers' ? { status: 403 } : undefined);
    const run = await bottomRelay.synchronize('autonomous');
    expect(run.state).toBe('succeeded');
    expect(run.failedCheck).toBe('rollup');
    expect(run.failureMessage).toMatch(
      /^Computers and servers below were not reported .* tries again\. .+403/,
    );
    middle.spoil = undefined;
    await synchronize(bottomRelay);
    expect(countComputers(middle.db)).toBe(1);
  });

  it('goes without complaint where the upstream server has no such service', async () => {
    middle.spoil = (operation) => (operation === 'GetRollupConfiguration' ? { status: 404 } : undefined);
    await synchronize(bottomRelay);
    expect(serversOf(middle.db)).toEqual([]);
  });

  it('waits a minute or more, at random, and tries again while the upstream server is too busy', async () => {
    const agent = await agentAt(bottom);
    await report(agent, 183);
    let busy = 3;
    middle.spoil = (operation, body) =>
      operation === 'RollupComputerStatus' && busy-- > 0
        ? { body: Buffer.from(body.toString().replace('>true<', '>false<')) }
        : undefined;
    const { synchronize: run, waits } = openRelay(middle, {}, undefined, bottom);
    expect(await run()).toMatchObject({ state: 'succeeded' });
    expect(middle.calls.filter((call) => call === 'RollupComputerStatus')).toHaveLength(4);
    expect(waits).toHaveLength(3);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(60_000);
    expect(Math.max(...waits)).toBeLessThan(120_000);
    expect(new Set(waits).size).toBe(3);
    expect(statesOf(middle.db)).toEqual([[agent.clientId, UPDATE, 4]]);
  });

  it('has no more in a request than the upstream server says that it takes, and tells all', async () => {
    const bounds = {
      RollupDownstreamServersMaxBatchSize: 3,
      RollupComputersMaxBatchSize: 4,
      GetOutOfSyncComputersMaxBatchSize: 5,
      RollupComputerStatusMaxBatchSize: 2,
    };
    const sizes: Record<string, number[]> = {};
    middle.spoil = (operation, body, request) => {
      const item = ITEM_OF[operation];
      if (item !== undefined)
        (sizes[operation] ??= []).push(
          request.toString().match(new RegExp(`<${item}[ >]`, 'g'))?.length ?? 0,
        );
      if (operation !== 'GetRollupConfiguration') return undefined;
      const bounded = Object.entries(bounds).reduce(
        (text, [name, most]) => text.replace(new RegExp(`(<${name}>)\\d+`), `$1${most}`),
        body.toString(),
      );
      return { body: Buffer.from(bounded) };
    };
    // Of seven kinds, and agents of one more, each a summary of its own; agents have something to tell of an update.
    addComputers(bottom, 11);
    bottom.exec(`UPDATE computer SET computer_info = json_object('OSBuildNumber', substr(dns_name, 3) % 7)`);
    for (let count = 0; count < 7; count += 1) await report(await agentAt(bottom), 183);
    await synchronize(bottomRelay);
    expect(countComputers(middle.db)).toBe(18);
    expect(statesOf(middle.db)).toHaveLength(7);
    // As many as fit, so that a bound that is taken for another one shows.
    expect(sizes).toEqual({
      RollupDownstreamServers: [3, 3, 2],
      RollupComputers: [4, 4, 4, 4, 2],
      GetOutOfSyncComputers: [5, 5, 5, 3],
      RollupComputerStatus: [2, 2, 2, 1],
    });
  });

  it('of five thousand computers goes in batches that the configuration bounds', async () => {
    addComputers(bottom, 5000);
    await synchronize(bottomRelay);
    expect(countComputers(middle.db)).toBe(5000);
    expect(middle.calls.filter((call) => call === 'RollupComputers').length).toBeGreaterThanOrEqual(4);
    bottom.prepare("DELETE FROM computer WHERE dns_name LIKE '%7'").run();
    await synchronize(bottomRelay);
    expect(countComputers(middle.db)).toBe(4500);
  });
});

describe('sums alone', () => {
  it('are told where the upstream server wants no details', async () => {
    const plain = await startTestUpstream([], { rollup: { detailed: false } });
    const relay = new TestReplica(plain, bottom);
    await agentAt(bottom);
    await synchronize(relay);
    expect(countComputers(plain.db)).toBe(0);
    const [summary] = plain.db.prepare<[], string>('SELECT summary FROM rolled_up_server').pluck().all();
    expect(JSON.parse(summary ?? '{}')).toMatchObject({ ComputerTargetCount: 1 });
    expect(plain.db.prepare('SELECT computers FROM downstream_client_summary').pluck().all()).toEqual([1]);
    expect(plain.calls).not.toContain('RollupComputers');
    await plain.close();
  });
});
