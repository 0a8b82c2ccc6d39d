import type { Browser, Page } from 'playwright-core';
import { ConsoleHarness, type ConsoleClient } from '../../scripts/fixtures/console-harness.ts';
import { hasChromium, launchChromium, skipReason } from '../../scripts/testing/chromium.ts';

import.meta.jest.setTimeout(120_000);

(hasChromium ? describe : describe.skip)(`the page of users, in a browser${skipReason}`, () => {
  let harness: ConsoleHarness;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const pagesFolder = process.env['TEST_CONSOLE_PAGES'];
    harness = await ConsoleHarness.start(pagesFolder === undefined ? {} : { context: { pagesFolder } });
    browser = await launchChromium();
    page = await pageOf(harness.signedInClient('root'));
  });
  afterAll(async () => {
    await browser?.close();
    await harness?.close();
  });

  async function pageOf(client: ConsoleClient, width = 1280): Promise<Page> {
    const context = await browser.newContext({ viewport: { width, height: 850 } });
    const [name = '', value = ''] = (client.cookie ?? '').split('=');
    await context.addCookies([{ name, value, url: harness.url }]);
    return await context.newPage();
  }
  const row = (name: string) => page.getByRole('listitem').filter({ hasText: name });

  it('makes an approver for some groups, and shows the one-time password once', async () => {
    await page.goto(`${harness.url}/users`);
    await page.getByRole('button', { name: 'New user' }).click();
    await page.getByLabel('User name').fill('anna');
    await page.getByRole('radio', { name: 'Approver' }).check();
    await page.getByRole('checkbox', { name: 'Decides only for these groups' }).check();
    expect(await page.getByRole('button', { name: 'Create user' }).isDisabled()).toBe(true);
    await page.getByRole('checkbox', { name: 'Unassigned Computers' }).check();
    await page.getByRole('button', { name: 'Create user' }).click();
    await page.getByRole('heading', { name: 'One-time password of anna' }).waitFor();
    expect((await page.locator('code').textContent())?.length).toBeGreaterThan(11);
    await page.getByRole('button', { name: 'Close' }).click();
    await row('anna').getByText('only for Unassigned Computers', { exact: false }).waitFor();
  });

  it('changes a role, disables and deletes, and says why the last administrator stays', async () => {
    await row('anna').getByRole('button', { name: 'Change…' }).click();
    await page.getByRole('radio', { name: 'Operator' }).check();
    await page.getByRole('button', { name: 'Save' }).click();
    await row('anna').getByText('Operator').waitFor();
    await row('anna').getByRole('button', { name: 'Disable' }).click();
    await row('anna').getByText('disabled', { exact: false }).waitFor();
    await row('root').getByRole('button', { name: 'Disable' }).click();
    await page.getByText('Nobody else administers this relay', { exact: false }).waitFor();
    await row('anna').getByRole('button', { name: 'Delete…' }).click();
    await page.getByLabel('Type', { exact: false }).fill('anna');
    await page.getByRole('button', { name: 'Delete user' }).click();
    await row('anna').waitFor({ state: 'detached' });
  });

  it('is not in the rail of who may not administer, and says so where it is opened all the same', async () => {
    const viewer = await pageOf(harness.signedInClient('viewer', 'viewer'));
    await viewer.goto(`${harness.url}/users`);
    await viewer.getByText('viewer is viewer', { exact: false }).waitFor();
    const rail = viewer.getByRole('navigation', { name: 'Pages' });
    await rail.getByRole('link', { name: 'Updates' }).waitFor();
    expect(await rail.getByRole('link', { name: 'Users' }).count()).toBe(0);
    expect(await rail.getByRole('link', { name: 'Audit' }).count()).toBe(0);
  });

  it('fits a narrow window', async () => {
    const narrow = await pageOf(harness.signedInClient('another'), 360);
    await narrow.goto(`${harness.url}/users`);
    await narrow.getByText('root').waitFor();
    const overflow = await narrow.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    expect(overflow).toBeLessThanOrEqual(0);
  });
});
