import type { Browser, Page } from 'playwright-core';
import { LastScanStore } from '../../catalog/store/computers/last-scans.ts';
import { ALL_COMPUTERS } from '../../catalog/store/groups/group-tree.ts';
import { api } from '../../protocol/console/api.ts';
import { ConsoleHarness, type ConsoleClient } from '../../scripts/fixtures/console-harness.ts';
import { hasChromium, launchChromium, skipReason } from '../../scripts/testing/chromium.ts';

import.meta.jest.setTimeout(120_000);

const PC = '5c7f4f80-3896-4d10-8a38-469286a0febc';

(hasChromium ? describe : describe.skip)(`the page that says why, in a browser${skipReason}`, () => {
  let harness: ConsoleHarness;
  let client: ConsoleClient;
  let browser: Browser;
  let page: Page;
  let updateId: string;
  let required: readonly number[];

  beforeAll(async () => {
    const pagesFolder = process.env['TEST_CONSOLE_PAGES'];
    harness = await ConsoleHarness.start(pagesFolder === undefined ? {} : { context: { pagesFolder } });
    client = harness.signedInClient();
    const { items } = await client.call(api.updates, { query: { search: 'Cumulative Update Windows 11' } });
    updateId = items[0]?.updateId ?? '';
    harness.db
      .prepare(
        `INSERT INTO computer (computer_id, dns_name, is_registered, first_contact, last_contact)
         VALUES (?, 'a-computer-with-a-rather-long-name.branch.corp.example', 1, ?, ?)`,
      )
      .run(PC, harness.clock.now.toISOString(), '2999-01-01T00:00:00.000Z');
    required = harness.db
      .prepare<[string], number>(
        `SELECT needed.revision_id FROM revision JOIN prerequisite USING (revision_id)
           JOIN revision AS needed ON needed.update_id = prerequisite.update_id AND needed.is_latest = 1
         WHERE revision.update_id = ? AND revision.is_latest = 1`,
      )
      .pluck()
      .all(updateId);
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

  const say = (installed: readonly number[]): void =>
    new LastScanStore(harness.db).write({ computerId: PC, installed, at: harness.clock.now });
  const open = (): Promise<unknown> => page.goto(`${harness.url}/why?computer=${PC}&update=${updateId}`);
  const verdict = (name: RegExp) => page.getByRole('heading', { name });

  it('says that nothing is approved, and by which groups', async () => {
    await open();
    await verdict(/not approved for this computer/).waitFor();
    await page.getByText('Unassigned Computers: nobody decided', { exact: false }).waitFor();
  });

  it('is found from the computer, and names the prerequisite that is missed', async () => {
    say([]);
    await client.call(api.approve, {
      body: { updateIds: [updateId], groupIds: [ALL_COMPUTERS], action: 'Install' },
    });
    await page.goto(`${harness.url}/computers?open=${PC}&tab=updates`);
    await page.getByRole('link', { name: 'Why?' }).click();
    await verdict(/does not fit this computer/).waitFor();
    await page.getByText('inherited from All Computers', { exact: false }).waitFor();
    expect(await page.getByText('Missed').count()).toBeGreaterThan(0);
    await page.getByText('the computer looked, and does not have it', { exact: false }).first().waitFor();
  });

  it('says that it is offered once everything is met', async () => {
    say(required);
    await open();
    await page.getByText('The scan engine offers it to this computer').waitFor();
    expect(await page.getByText('Missed').count()).toBe(0);
  });

  it('says what to do where nothing was asked, and what failed where there is no such computer', async () => {
    await page.goto(`${harness.url}/why`);
    await page.getByText('Which computer, and which update?').waitFor();
    await page.goto(`${harness.url}/why?computer=nobody&update=${updateId}`);
    await page.getByText('There is no computer nobody', { exact: false }).waitFor();
  });

  it('fits a narrow window', async () => {
    say([]);
    await page.setViewportSize({ width: 360, height: 800 });
    await open();
    await verdict(/does not fit this computer/).waitFor();
    const overflow = await page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    expect(overflow).toBeLessThanOrEqual(0);
  });
});
