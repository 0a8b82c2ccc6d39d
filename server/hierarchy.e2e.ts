/**
 * Three levels of relays, each a process of its own, over pinned TLS: what is decided at the top reaches an agent at the
 * bottom, and what becomes of it reaches the top.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Page } from 'playwright-core';
import { contentPath } from '../catalog/content-path.ts';
import { api } from '../protocol/console/api.ts';
import type { UpdateSummary } from '../protocol/console/updates.ts';
import { SimulatedAgent } from '../scripts/agent/agent.ts';
import type { ScanOutcome } from '../scripts/agent/agent.ts';
import { SimulatedMachine } from '../scripts/agent/machine.ts';
import type { MachineProfile } from '../scripts/agent/machine.ts';
import { createGroups } from '../scripts/demo/approvals.ts';
import { ConsoleClient } from '../scripts/demo/console-client.ts';
import { contentPresent } from '../scripts/demo/content.ts';
import { FLEET } from '../scripts/demo/fleet.ts';
import type { SluiceInstance } from '../scripts/demo/instance.ts';
import { ANY_PORTS, startRelay, startUpstream, upstreamOf } from '../scripts/demo/scene.ts';
import { until } from '../scripts/demo/step.ts';
import { runSynchronization } from '../scripts/demo/synchronization.ts';
import { demoCatalogue } from '../scripts/fixtures/demo-catalogue.ts';
import { hasChromium, launchChromium, skipReason } from '../scripts/testing/chromium.ts';

import.meta.jest.setTimeout(900_000);

const PASSWORD = 'a password for this test';
const GROUP = 'Finance';
const RANGE = 512 * 1024;
/** ERROR_INSTALL_FAILURE as an HRESULT, signed. */
const FATAL_INSTALL_ERROR = 0x80070643 - 2 ** 32;

const folder = mkdtempSync(join(tmpdir(), 'sluice-levels-'));
const catalogue = demoCatalogue(7);

/** Its installers of .NET Framework updates fail. */
const profile: MachineProfile = FLEET.find(({ profile: { dnsName } }) =>
  dnsName.startsWith('fin-12'),
)!.profile;

class Level {
  readonly instance: SluiceInstance;
  readonly console: ConsoleClient;

  private constructor(instance: SluiceInstance) {
    this.instance = instance;
    this.console = new ConsoleClient(instance.url('console', 'https'), instance.authority);
  }

  static async open(instance: SluiceInstance): Promise<Level> {
    const level = new Level(instance);
    await level.console.signIn('admin', instance.firstPassword, PASSWORD);
    return level;
  }

  /** One synchronization that has nothing to complain about. */
  async synchronize(): Promise<void> {
    const { state, failureMessage } = await runSynchronization(this.console);
    expect({ state, failureMessage }).toEqual({ state: 'succeeded' });
  }

  async update(title: RegExp): Promise<UpdateSummary> {
    const { items } = await this.console.call(api.updates, {
      query: { limit: '500', superseded: 'hide', expired: 'hide' },
    });
    return items.find((one) => title.test(one.title))!;
  }

  /** Where the content of this digest lies, once it is here. */
  contentFile(sha1: string, extension: string): string {
    return join(this.instance.dataDirectory, 'content', contentPath(sha1, extension));
  }

  async close(): Promise<void> {
    this.console.close();
    await this.instance.stop();
  }
}

let top: Level;
let middle: Level;
let bottom: Level;
let agent: SimulatedAgent;
let groupId: string;
let cumulative: UpdateSummary;
let failing: UpdateSummary;

/** What was decided comes to the bottom, level by level, with its content. */
async function bringDown(): Promise<void> {
  for (const level of [middle, bottom]) {
    await level.synchronize();
    await contentPresent(level.console);
  }
}

/** What was reported goes to the top, level by level. */
async function bringUp(): Promise<void> {
  await bottom.synchronize();
  await middle.synchronize();
}

/** Scans until these are what the bottom offers: what a synchronization brought is in the next snapshot, a moment later. */
async function offered(...updates: readonly UpdateSummary[]): Promise<ScanOutcome> {
  const expected = updates.map(({ updateId }) => updateId).sort();
  return await until(
    'scan',
    `the offer of ${updates.map(({ title }) => title).join(', ')}`,
    180,
    async () => {
      const outcome = await agent.scan();
      return isDeepStrictEqual([...outcome.deployed].sort(), expected) ? outcome : undefined;
    },
  );
}

const approveAtTop = (update: UpdateSummary) =>
  top.console.call(api.approve, {
    body: { updateIds: [update.updateId], groupIds: [groupId], action: 'Install', acceptEulaIds: [] },
  });

const seenFromTop = (update: UpdateSummary) =>
  top.console.call(api.updateBelow, { path: { updateId: update.updateId } });

const urlOf = ({ instance }: Level): string => instance.url('console', 'https');

/** Signs in on the way. */
async function openPage(page: Page, level: Level, path: string): Promise<void> {
  await page.goto(`${urlOf(level)}${path}`);
  await page.getByLabel('User name').fill('admin');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

beforeAll(async () => {
  top = await Level.open(await startUpstream(folder, catalogue));
  const replicaBelow = async (name: string, { instance }: Level): Promise<Level> =>
    Level.open(
      await startRelay(folder, upstreamOf(instance), ANY_PORTS, {
        name,
        config: { client: { targeting: 'client' } },
        upstream: { mode: 'replica' },
      }),
    );
  middle = await replicaBelow('middle', top);
  bottom = await replicaBelow('bottom', middle);
  agent = new SimulatedAgent({
    serverUrl: bottom.instance.url('client', 'https'),
    machine: new SimulatedMachine(profile),
    ca: bottom.instance.authority,
    targetGroupName: GROUP,
    rangeBytes: RANGE,
  });
  groupId = (await createGroups(top.console)).get(GROUP)!;
  cumulative = await top.update(/^2026-11 Cumulative Update for Windows 10 .*x64/);
  failing = await top.update(/\.NET Framework.*Windows 10 .*x64/);
});

afterAll(async () => {
  agent?.close();
  for (const level of [bottom, middle, top]) await level?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('an approval at the top', () => {
  it('reaches an agent at the bottom, in a group that nobody made there', async () => {
    const groupsBefore = await bottom.console.call(api.groups);
    expect(groupsBefore.map(({ name }) => name)).not.toContain(GROUP);
    await approveAtTop(cumulative);
    await bringDown();

    expect((await offered(cumulative)).needed).toEqual([cumulative.updateId]);
    const { groups } = await bottom.console.call(api.computer, { path: { computerId: profile.computerId } });
    expect(groups).toEqual([{ groupId, name: GROUP }]);
  });

  it('has its content come down level by level, each byte of it the one that the top has', async () => {
    const { files } = await bottom.console.call(api.update, { path: { updateId: cumulative.updateId } });
    expect(files.length).toBeGreaterThan(0);
    for (const { sha1, sha256, fileName } of files) {
      for (const level of [top, middle, bottom]) {
        const content = readFileSync(level.contentFile(sha1, extname(fileName)));
        expect(createHash('sha1').update(content).digest('hex')).toBe(sha1);
        expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
      }
    }
    expect(await contentPresent(middle.console)).toMatchObject({ presentFiles: files.length });
  });

  it('is installed from there, by ranges that the agent checks', async () => {
    const [outcome, ...others] = await agent.installNeeded();
    expect(outcome).toMatchObject({ updateId: cumulative.updateId, result: 'Installed' });
    expect(others).toEqual([]);
    expect(outcome!.ranges).toBeGreaterThan(outcome!.files);
    expect((await agent.scan()).installed).toEqual([cumulative.updateId]);
  });
});

describe("the agent's status", () => {
  it('reaches the top, under the server that the computer reports to', async () => {
    expect((await seenFromTop(cumulative)).total).toBe(0);
    await bringUp();

    const { servers } = await top.console.call(api.downstreamServers);
    expect(servers).toMatchObject([
      { isReplica: true, computers: 0, health: 'well' },
      { isReplica: true, computers: 1, health: 'well', parentId: servers[0]!.serverId },
    ]);
    const serverId = servers[1]!.serverId;
    const { items } = await top.console.call(api.downstreamComputers, { path: { serverId } });
    expect(items).toMatchObject([
      { computerId: profile.computerId, dnsName: profile.dnsName, status: { Installed: 1, Failed: 0 } },
    ]);
    expect(await seenFromTop(cumulative)).toMatchObject({
      total: 1,
      status: { Installed: 1 },
      items: [{ computerId: profile.computerId, serverId, state: 'Installed' }],
    });
  });

  (hasChromium ? it : it.skip)(
    `is on the pages of the top in a browser, and those of the bottom say that it is a replica${skipReason}`,
    async () => {
      const browser = await launchChromium();
      try {
        const context = await browser.newContext({ ignoreHTTPSErrors: true });
        const page = await context.newPage();
        await openPage(page, top, '/downstream');
        const tree = page.getByRole('list', { name: 'Servers below it' }).getByRole('article');
        await tree.getByRole('button', { name: 'Show computers' }).click();
        await tree.getByText(profile.dnsName).waitFor();
        await page.goto(`${urlOf(top)}/updates?open=${cumulative.updateId}&tab=status`);
        await page.getByText('1 computer · 1 installed').waitFor();
        await context.clearCookies();
        await openPage(page, bottom, '/groups');
        await page
          .getByText(`Replica of ${new URL(middle.instance.url('downstream', 'https')).host}.`)
          .waitFor();
      } finally {
        await browser.close();
      }
    },
  );

  it('tells of a failure too, whose error code the server knows to which the computer reports', async () => {
    await approveAtTop(failing);
    await bringDown();
    expect((await offered(cumulative, failing)).needed).toEqual([failing.updateId]);
    expect(await agent.installNeeded()).toMatchObject([
      { updateId: failing.updateId, result: 'InstallFailed', problem: '0x80070643' },
    ]);
    await bringUp();

    expect(await seenFromTop(failing)).toMatchObject({
      status: { Failed: 1 },
      items: [{ computerId: profile.computerId, state: 'Failed' }],
    });
    expect((await seenFromTop(cumulative)).status.Installed).toBe(1);
    const atBottom = await bottom.console.call(api.updateComputers, { path: { updateId: failing.updateId } });
    expect(atBottom.items).toMatchObject([{ state: 'Failed', errorCode: FATAL_INSTALL_ERROR }]);
  });
});

it('a decline at the top withdraws the update at the bottom', async () => {
  await top.console.call(api.decline, { body: { updateIds: [cumulative.updateId] } });
  await bringDown();
  const { approval } = await bottom.console.call(api.update, { path: { updateId: cumulative.updateId } });
  expect(approval).toBe('Declined');
  await offered(failing);
});
