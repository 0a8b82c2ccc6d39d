/** What undoes what an agent knows of its server, each time on real sockets: it recovers by itself, within one scan. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { z } from 'zod';
import { deleteComputer } from '../../catalog/store/computers/computer-details.ts';
import { openDatabase, type Database } from '../../catalog/store/database/database.ts';
import { approve } from '../../catalog/store/decisions/deployments.ts';
import { assignGroups, createGroup } from '../../catalog/store/groups/target-groups.ts';
import { importRevisions } from '../../catalog/store/revisions/revisions.ts';
import { createLogger } from '../../config/logging.ts';
import { Config } from '../../config/schema.ts';
import { SimulatedAgent } from '../../scripts/agent/agent.ts';
import { SimulatedMachine } from '../../scripts/agent/machine.ts';
import { freePort } from '../../scripts/demo/ports.ts';
import { regDword } from '../../scripts/fixtures/applicability-rules.ts';
import { generateUpdate } from '../../scripts/fixtures/catalogue-builder.ts';
import { ALL_COMPUTERS } from '../../scripts/testing/client-services.ts';
import { LAB_MACHINE } from '../../scripts/testing/lab-machine.ts';
import { guidOf } from '../../scripts/testing/update-documents.ts';
import { startServer, type RunningServer } from '../server.ts';

const DAY = 24 * 3600_000;
const log = createLogger({ level: 'error', terminal: false });

type Settings = z.input<typeof Config>;

let folder: string;
let file: string;
let port: number;
let clock: Date;
/** What the configuration says beside where things are. */
let settings: Settings;
let server: RunningServer | undefined;
const agents: SimulatedAgent[] = [];

const start = async (): Promise<void> => {
  const here = [{ address: '127.0.0.1', port, protocol: 'http' } as const];
  const listeners = { client: here, content: here, downstream: [], console: [], ...settings.listeners };
  const config = Config.parse({ ...settings, dataDirectory: folder, listeners });
  server = await startServer(config, { log, synchronizes: false, now: () => clock });
};

const stop = async (): Promise<void> => {
  await server?.close();
  server = undefined;
};

/** Stops the server, has something done to what it left, and starts it: it answers from that at once. */
async function restart<T>(meanwhile: () => T): Promise<T> {
  await stop();
  const result = meanwhile();
  await start();
  return result;
}

/** Through a connection of its own, as another process would. */
function changed<T>(change: (db: Database) => T): T {
  const db = openDatabase(file);
  try {
    return change(db);
  } finally {
    db.close();
  }
}

/** Imports updates and approves them. @returns their RevisionIDs */
const approveNew = (numbers: readonly number[], groupId = ALL_COMPUTERS): number[] =>
  changed((db) => {
    const updates = numbers.map((number) =>
      generateUpdate({
        updateId: guidOf(number),
        revisionNumber: 100,
        updateType: 'Software',
        creationDate: '2026-11-10T18:00:00.000Z',
        explicitlyDeployable: true,
        texts: [{ language: 'en', title: `Update ${number}` }],
        isInstalled: regDword('SOFTWARE\\Sample', `Update${number}`, 'EqualTo', 1),
      }),
    );
    importRevisions(
      db,
      updates.map(({ document }) => ({ document, fileUrls: new Map() })),
      clock,
    );
    const approval = { updateIds: numbers.map(guidOf), groupIds: [groupId], action: 'Install' } as const;
    approve(db, { ...approval, acceptEulaIds: [] }, { adminName: 'tester', now: clock, storesContent: true });
    const revisionId = db
      .prepare<[string], number>('SELECT revision_id FROM revision WHERE update_id = ?')
      .pluck();
    return numbers.map((number) => revisionId.get(guidOf(number))!);
  });

const bring = (numbers: readonly number[], groupId?: string): Promise<number[]> =>
  restart(() => approveNew(numbers, groupId));

function newAgent(number = 1): SimulatedAgent {
  const agent = new SimulatedAgent({
    serverUrl: `http://127.0.0.1:${port}`,
    machine: new SimulatedMachine({
      ...LAB_MACHINE,
      computerId: guidOf(0xc0000 + number),
      dnsName: `lab-${number}.example`,
    }),
    now: () => clock,
  });
  agents.push(agent);
  return agent;
}

/** The numbers of the updates that the agent finds deployed to it in one scan. */
async function deployedTo(agent: SimulatedAgent): Promise<number[]> {
  const { deployed } = await agent.scan();
  return deployed.map((updateId) => Number.parseInt(updateId.slice(0, 8), 16)).sort((a, b) => a - b);
}

const recoveredBy = ({ recovered }: SimulatedAgent): Record<string, number> => Object.fromEntries(recovered);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-recovery-'));
  file = join(folder, 'sluice.db');
  port = await freePort(0);
  clock = new Date('2026-11-10T18:00:00Z');
  settings = {};
  await start();
  await bring([1, 2, 3]);
});

afterEach(async () => {
  for (const agent of agents.splice(0)) agent.close();
  await stop();
  rmSync(folder, { recursive: true });
});

describe('An agent', () => {
  it('needs no recovery from a mere restart', async () => {
    const agent = newAgent();
    expect(await deployedTo(agent)).toEqual([1, 2, 3]);
    await bring([4]);
    expect(await deployedTo(agent)).toEqual([1, 2, 3, 4]);
    expect(recoveredBy(agent)).toEqual({});
  });

  it.each([
    ['fewer changes since than were lost', [4, 5, 6, 7], [8]],
    ['more changes since than were lost', [4, 5], [6, 7, 8, 9]],
  ])(
    'begins anew when an older database was put back, %s, and RevisionIDs mean other revisions now',
    async (_how, lost, since) => {
      const copy = join(folder, 'copy.db');
      const agent = newAgent();
      await deployedTo(agent);
      await restart(() => copyFileSync(file, copy));
      const lostIds = await bring(lost);
      expect(await deployedTo(agent)).toEqual([1, 2, 3, ...lost]);
      await restart(() => copyFileSync(copy, file));
      const idsSince = await bring(since);
      expect(idsSince[0]).toBe(lostIds[0]);
      expect(await deployedTo(agent)).toEqual([1, 2, 3, ...since]);
      expect(recoveredBy(agent)).toEqual({ ServerChanged: 1 });
      expect(await deployedTo(newAgent(2))).toEqual([1, 2, 3, ...since]);
    },
  );

  it('begins anew when the copy that was put back is of the very run that told it more', async () => {
    const copy = join(folder, 'copy.db');
    changed((db) => db.prepare('VACUUM INTO ?').run(copy));
    const agent = newAgent();
    const lostIds = approveNew([4]);
    // The server notices by itself, a moment later.
    while (!(await deployedTo(agent)).includes(4));
    await restart(() => copyFileSync(copy, file));
    expect(await bring([5])).toEqual(lostIds);
    await bring([6, 7, 8]);
    expect(await deployedTo(agent)).toEqual([1, 2, 3, 5, 6, 7, 8]);
    // Nobody had heard of it when the copy was made, so it registers again as well.
    expect(recoveredBy(agent)).toMatchObject({ ServerChanged: 1 });
  });

  it('begins anew with another server at the same address', async () => {
    const agent = newAgent();
    await deployedTo(agent);
    await restart(() => {
      for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
    });
    await bring([2, 8]);
    expect(await deployedTo(agent)).toEqual([2, 8]);
    expect(recoveredBy(agent)).toEqual({ ServerChanged: 1, RegistrationRequired: 1 });
  });

  it('gets a new cookie when the keys were changed since', async () => {
    const agent = newAgent();
    await deployedTo(agent);
    for (let weeks = 0; weeks < 2; weeks += 1) {
      clock = new Date(clock.getTime() + 8 * DAY);
      await deployedTo(newAgent(2 + weeks));
    }
    await bring([4]);
    expect(await deployedTo(agent)).toEqual([1, 2, 3, 4]);
    expect(recoveredBy(agent)).toEqual({ InvalidCookie: 1 });
  });

  it('gets a new cookie when its own has run out', async () => {
    const agent = newAgent();
    await deployedTo(agent);
    clock = new Date(clock.getTime() + DAY);
    expect(await deployedTo(agent)).toEqual([1, 2, 3]);
    expect(recoveredBy(agent)).toEqual({ CookieExpired: 1 });
  });

  it('is offered what its new group has, and no more what its old one had', async () => {
    const [pilot, servers] = changed((db) =>
      ['Pilot', 'Servers'].map((name) => createGroup(db, name, ALL_COMPUTERS).groupId),
    );
    await bring([4], pilot);
    await bring([5], servers);
    const agent = newAgent();
    const move = (groupId: string): number =>
      changed((db) => assignGroups(db, [agent.machine.profile.computerId], [groupId]));
    expect(await deployedTo(agent)).toEqual([1, 2, 3]);
    move(pilot!);
    expect(await deployedTo(agent)).toEqual([1, 2, 3, 4]);
    move(servers!);
    expect(await deployedTo(agent)).toEqual([1, 2, 3, 5]);
    expect(recoveredBy(agent)).toEqual({});
  });

  it('learns the configuration anew when it was changed', async () => {
    const agent = newAgent();
    await deployedTo(agent);
    settings = { client: { targeting: 'client' } };
    await restart(() => undefined);
    expect(await deployedTo(agent)).toEqual([1, 2, 3]);
    expect(recoveredBy(agent)).toEqual({ ConfigChanged: 1 });
  });

  it('introduces itself again when it was deleted', async () => {
    const agent = newAgent();
    await deployedTo(agent);
    const { computerId } = agent.machine.profile;
    changed((db) => deleteComputer(db, computerId));
    await bring([4]);
    expect(await deployedTo(agent)).toEqual([1, 2, 3, 4]);
    expect(recoveredBy(agent)).toEqual({ CookieExpired: 1, RegistrationRequired: 1 });
    const known = changed((db) => db.prepare('SELECT computer_id, is_registered FROM computer').all());
    expect(known).toEqual([{ computer_id: computerId, is_registered: 1 }]);
  });

  it('asks where files are when they moved, once, however long it was away', async () => {
    const agent = newAgent();
    await deployedTo(agent);
    const content = [{ address: '127.0.0.1', port: await freePort(0), protocol: 'http' } as const];
    settings = { listeners: { content } };
    await restart(() => undefined);
    clock = new Date(clock.getTime() + DAY);
    for (let scans = 0; scans < 2; scans += 1) expect(await deployedTo(agent)).toEqual([1, 2, 3]);
    expect(recoveredBy(agent)).toEqual({ CookieExpired: 1, FileLocationChanged: 1 });
    expect(await deployedTo(newAgent(2))).toEqual([1, 2, 3]);
    expect(recoveredBy(agents[1]!)).toEqual({});
  });
});
