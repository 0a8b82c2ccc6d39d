/** The whole: an upstream server, a relay, a man in the middle, a browser and two agents, each for itself and for real. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { api } from '../protocol/console/api.ts';
import type { UpdateSummary } from '../protocol/console/updates.ts';
import { SimulatedAgent } from '../scripts/agent/agent.ts';
import { SimulatedMachine } from '../scripts/agent/machine.ts';
import { createGroups } from '../scripts/demo/approvals.ts';
import { ConsoleClient } from '../scripts/demo/console-client.ts';
import { contentPresent } from '../scripts/demo/content.ts';
import { FLEET } from '../scripts/demo/fleet.ts';
import type { SluiceInstance } from '../scripts/demo/instance.ts';
import { ANY_PORTS, startRelay, startUpstream, upstreamOf } from '../scripts/demo/scene.ts';
import { runSynchronization, synchronizeEverything } from '../scripts/demo/synchronization.ts';
import { demoCatalogue } from '../scripts/fixtures/demo-catalogue.ts';
import { hasChromium, launchChromium, skipReason } from '../scripts/testing/chromium.ts';
import { ManInTheMiddle } from '../scripts/testing/man-in-the-middle.ts';

import.meta.jest.setTimeout(120_000);

const PASSWORD = 'a password for this test';
const TITLE = /^2026-11 Cumulative Update for Windows 11 Version 24H2 for x64-based Systems/;
const RANGE = 512 * 1024;

const folder = mkdtempSync(join(tmpdir(), 'sluice-e2e-'));
const catalogue = demoCatalogue(5);
const deployable = catalogue.documents.filter((one) => one.explicitlyDeployable);
/** Updates that can be approved; one of them has two revisions. */
const UPDATES = new Set(deployable.map(({ updateId }) => updateId)).size;
let upstream: SluiceInstance;
let relay: SluiceInstance;
let console: ConsoleClient;
let cumulative: UpdateSummary;

/** Stops what runs and starts the relay on the same data, with what may have become another upstream. */
async function restartRelay(towards: Parameters<typeof startRelay>[1]): Promise<void> {
  console?.close();
  await relay?.stop();
  relay = await startRelay(folder, towards, ANY_PORTS);
  console = new ConsoleClient(relay.url('console', 'https'), relay.authority);
}

const profileOf = (dnsName: string) =>
  FLEET.find(({ profile }) => profile.dnsName.startsWith(dnsName))!.profile;

const agentOf = (dnsName: string, protocol: 'http' | 'https'): SimulatedAgent =>
  new SimulatedAgent({
    serverUrl: relay.url('client', protocol),
    machine: new SimulatedMachine(profileOf(dnsName)),
    ca: relay.authority,
    rangeBytes: RANGE,
  });

const updatesHere = async (): Promise<number> =>
  (await console.call(api.updates, { query: { limit: '1', superseded: 'show', expired: 'show' } })).total;

beforeAll(async () => {
  upstream = await startUpstream(folder, catalogue);
  await restartRelay(upstreamOf(upstream));
});

afterAll(async () => {
  console?.close();
  await relay?.stop();
  await upstream?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('a relay below an upstream server', () => {
  it('synchronizes the whole catalogue over pinned TLS', async () => {
    await console.signIn('admin', relay.firstPassword, PASSWORD);
    const { revisions, updates } = await synchronizeEverything(console);
    expect(revisions).toBe(new Set(catalogue.documents.map(({ updateId }) => updateId)).size);
    expect(updates).toBe(UPDATES);
  });

  it('refuses a man in the middle whose certificate is valid but from another authority, and names it', async () => {
    const middle = await ManInTheMiddle.start(new URL(upstream.url('downstream', 'https')));
    const anchor = join(folder, 'inspection-authority.pem');
    writeFileSync(anchor, middle.authority);
    const genuine = upstreamOf(upstream);
    try {
      await restartRelay({ ...genuine, url: middle.url, trustAnchors: [...genuine.trustAnchors, anchor] });
      await console.signIn('admin', PASSWORD, PASSWORD);
      const run = await runSynchronization(console);
      expect(run).toMatchObject({ state: 'failed', failedCheck: 'pin', newCount: 0, revisedCount: 0 });
      expect(run.failureMessage).toContain('Example Inspection Authority');
      expect(run.chain?.map(({ issuer }) => issuer).join()).toContain('Example Inspection Authority');
      expect(middle.connections).toBeGreaterThan(0);
      expect(middle.received).toBe(0);
    } finally {
      await middle.close();
    }
  });

  it('goes on serving the catalogue that it had before', async () => {
    expect(await updatesHere()).toBe(UPDATES);
    await restartRelay(upstreamOf(upstream));
    await console.signIn('admin', PASSWORD, PASSWORD);
    expect(await runSynchronization(console)).toMatchObject({
      state: 'succeeded',
      newCount: 0,
      revisedCount: 0,
    });
    expect(await updatesHere()).toBe(UPDATES);
  });
});

describe('an approval', () => {
  let pilot: SimulatedAgent;
  let other: SimulatedAgent;

  beforeAll(async () => {
    pilot = agentOf('pilot-01', 'https');
    other = agentOf('eng-21', 'http');
    const { items } = await console.call(api.updates, {
      query: { search: '2026-11 Cumulative', limit: '100' },
    });
    cumulative = items.find(({ title }) => TITLE.test(title))!;
  });

  afterAll(() => {
    pilot?.close();
    other?.close();
  });

  it('is needed before a computer sees anything at all', async () => {
    expect(await pilot.scan()).toMatchObject({ deployed: [], known: 0 });
    expect(await other.scan()).toMatchObject({ deployed: [], known: 0 });
    const groups = await createGroups(console);
    for (const [computer, group] of [
      ['pilot-01', 'Pilot'],
      ['eng-21', 'Engineering'],
    ] as const) {
      await console.call(api.assignGroups, {
        body: { computerIds: [profileOf(computer).computerId], groupIds: [groups.get(group)!] },
      });
    }
    expect((await pilot.scan()).deployed).toEqual([]);
  });

  (hasChromium ? describe : describe.skip)(`clicked in a browser${skipReason}`, () => {
    let browser: Browser;
    let page: Page;

    beforeAll(async () => {
      browser = await launchChromium();
      // The console's certificate is the private authority's, which no browser knows.
      const context = await browser.newContext({
        ignoreHTTPSErrors: true,
        viewport: { width: 1400, height: 900 },
      });
      page = await context.newPage();
      await page.goto(
        `${relay.url('console', 'https')}/updates?search=${encodeURIComponent(cumulative.title)}`,
      );
      await page.getByLabel('User name').fill('admin');
      await page.getByLabel('Password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign in' }).click();
    });

    afterAll(async () => {
      await browser?.close();
    });

    it('reaches the computers of its group and no others', async () => {
      await page.getByRole('checkbox', { name: `Select ${cumulative.title}` }).click();
      await page.getByRole('button', { name: /^Approve 1 update/ }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('checkbox', { name: 'Pilot', exact: true }).click();
      await dialog.getByRole('button', { name: 'Approve', exact: true }).click();
      await dialog.waitFor({ state: 'hidden' });

      expect((await pilot.scan()).deployed).toEqual([cumulative.updateId]);
      expect((await other.scan()).deployed).toEqual([]);
    });

    it('brings content in ranges that the computer checks by size and both digests, and installs', async () => {
      await contentPresent(console);
      const outcomes = await pilot.installNeeded();
      const file = catalogue.documents
        .filter(
          ({ title }) =>
            title.startsWith('HIDDEN: Cumulative') && title.includes(cumulative.kbArticleIds[0]!),
        )
        .flatMap(({ files }) => files)[0]!;
      expect(outcomes).toMatchObject([{ updateId: cumulative.updateId, result: 'Installed', files: 2 }]);
      expect(outcomes[0]!.bytes).toBeGreaterThan(file.size);
      expect(outcomes[0]!.ranges).toBeGreaterThanOrEqual(Math.ceil(file.size / RANGE));
      expect((await pilot.scan()).installed).toEqual([cumulative.updateId]);
    });

    it('shows on the page what the computer reported', async () => {
      await page.goto(`${relay.url('console', 'https')}/updates?open=${cumulative.updateId}&tab=status`);
      const row = page.getByRole('listitem').filter({ hasText: 'pilot-01.corp.example' });
      await row.getByText('Installed', { exact: true }).waitFor();
      expect(await row.count()).toBe(1);
    });
  });
});
