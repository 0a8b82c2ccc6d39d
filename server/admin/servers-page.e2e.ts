import type { Browser, Page } from 'playwright-core';
import { recordDownstreamServer } from '../../catalog/store/downstream/downstream.ts';
import { api } from '../../protocol/console/api.ts';
import { ConsoleHarness } from '../../scripts/fixtures/console-harness.ts';
import { hasChromium, launchChromium, skipReason } from '../../scripts/testing/chromium.ts';
import { DownstreamTree } from '../../scripts/testing/downstream-tree.ts';
import { guidOf } from '../../scripts/testing/update-documents.ts';

import.meta.jest.setTimeout(120_000);

const LONG_NAME = 'a-branch-office-relay-of-a-long-name.hall-17.plant-munich.emea.corp.example';
const UPSTREAM = { url: 'https://top.example:8531', pins: [`sha256/${'A'.repeat(43)}=`] };
const COMPUTERS = 130;

(hasChromium ? describe : describe.skip)(`a replica with servers below it, in a browser${skipReason}`, () => {
  let harness: ConsoleHarness;
  let browser: Browser;
  let page: Page;
  let updateId: string;

  beforeAll(async () => {
    const pagesFolder = process.env['TEST_CONSOLE_PAGES'];
    harness = await ConsoleHarness.start({
      config: { upstream: { ...UPSTREAM, mode: 'replica' } },
      context: pagesFolder === undefined ? {} : { pagesFolder },
    });
    const client = harness.signedInClient();
    const tree = new DownstreamTree(harness);
    tree.keep(
      tree.server(2, { parentId: guidOf(1), fullDomainName: LONG_NAME, isReplica: true }),
      tree.server(3, { parentId: guidOf(2), lastSync: tree.daysAgo(5) }),
      tree.server(4, { parentId: guidOf(2), lastRollup: tree.daysAgo(9) }),
      tree.server(1),
    );
    const account = { accountGuid: guidOf(9), accountName: 'newcomer.example', ipAddress: '10.0.0.5' };
    recordDownstreamServer(harness.db, account, harness.clock.now);
    updateId = (await client.call(api.updates, { query: { limit: 1 } })).items[0]?.updateId ?? '';
    for (const [index, computerId] of tree.addComputers(COMPUTERS, 2).entries())
      tree.report(computerId, { [updateId]: index === 0 ? 5 : 4 });

    browser = await launchChromium();
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const [name = '', value = ''] = (client.cookie ?? '').split('=');
    await context.addCookies([{ name, value, url: harness.url }]);
    page = await context.newPage();
  });

  afterAll(async () => {
    await browser?.close();
    await harness?.close();
  });

  const server = (name: string) => page.getByRole('article', { name });
  const go = (path: string) => page.goto(`${harness.url}${path}`);

  it('shows each server below the one that it synchronizes from, and how it is', async () => {
    await go('/downstream');
    await server('server1.example').waitFor();
    const below = page.getByRole('list', { name: 'Servers below it' });
    expect(await below.first().getByRole('article').count()).toBe(3);
    expect(await below.nth(1).getByRole('article').count()).toBe(2);
    for (const [name, health] of [
      ['server1.example', 'Well.'],
      ['server3.example', 'Behind.'],
      ['server4.example', 'Silent.'],
      ['newcomer.example', 'Not reported.'],
    ] as const)
      await server(name).getByText(health).waitFor();
    await page.getByText(`${COMPUTERS + 3 * 7} computers`).waitFor();
  });

  it('lists the computers of one of them in pages, at an address of their own', async () => {
    await server(LONG_NAME).getByRole('button', { name: 'Show computers' }).click();
    const table = page.getByRole('table', { name: `Computers of ${LONG_NAME}` });
    await table.getByText('pc0000').waitFor();
    expect(new URL(page.url()).searchParams.get('server')).toBe(guidOf(2));
    await page.getByRole('button', { name: `Show more of ${COMPUTERS} computers` }).click();
    await table.getByText('pc0129').waitFor();
    await server(LONG_NAME).getByRole('button', { name: 'Hide computers' }).click();
    await table.waitFor({ state: 'hidden' });
  });

  it('shows of an update how it stands on them', async () => {
    await go(`/updates?open=${updateId}&tab=status`);
    await page.getByText(`${COMPUTERS} computers · 1 failed, ${COMPUTERS - 1} installed`).waitFor();
    const rows = page.getByRole('list', { name: 'Computers of downstream servers' }).getByRole('listitem');
    expect(await rows.first().innerText()).toMatch(/^pc0000\s+Failed\s+a-branch-office/);
  });

  it('says on each page what is decided on its upstream server, and offers no such decision', async () => {
    const note = page.getByText('Replica of top.example:8531.');
    await note.first().waitFor();
    await page.getByText('Decided on top.example:8531.').waitFor();
    expect(await page.getByRole('button', { name: 'Approve…' }).isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: 'Decline…' }).isDisabled()).toBe(true);
    await go('/groups');
    await note.waitFor();
    expect(await page.getByRole('button', { name: /^New group/ }).isDisabled()).toBe(true);
    await go('/synchronization?tab=categories');
    await note.waitFor();
    await page.getByText('A replica takes over every update that top.example:8531 has.').waitFor();
  });

  it('takes a server out whose name was typed, with those below it', async () => {
    await go('/downstream');
    await server('server4.example').getByRole('button', { name: 'Remove…' }).click();
    const dialog = page.getByRole('alertdialog');
    const remove = dialog.getByRole('button', { name: 'Remove', exact: true });
    expect(await remove.isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill('server4.example');
    await remove.click();
    // While it is open the page behind it is hidden from who reads it by roles, as it is here.
    await dialog.waitFor({ state: 'hidden' });
    await server('server1.example').waitFor();
    expect(await page.getByRole('article').getByRole('heading').allInnerTexts()).toEqual([
      'newcomer.example',
      'server1.example',
      LONG_NAME,
      'server3.example',
    ]);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it.each(['/downstream?server=', '/updates', '/groups', '/synchronization'])(
      `fits a narrow screen without scrolling sideways, ${colorScheme}: %s`,
      async (path) => {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width: 400, height: 800 });
        await go(path.endsWith('=') ? `${path}${guidOf(2)}` : path);
        await page.getByText(path.endsWith('=') ? 'pc0000' : 'Replica of top.example:8531.').waitFor();
        const overflows = await page
          // The line of tabs is one that is scrolled.
          .locator('main, main > :not(:has(> [role=tablist]))')
          .evaluateAll((elements) => elements.map((element) => element.scrollWidth - element.clientWidth));
        expect(Math.max(...overflows)).toBeLessThanOrEqual(0);
      },
    );
  }
});
