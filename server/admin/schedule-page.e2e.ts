import type { Browser, Page } from 'playwright-core';
import { setSelectedCategories } from '../../catalog/store/upstream/synchronization.ts';
import { readSchedule } from '../../catalog/store/upstream/schedule-record.ts';
import { api } from '../../protocol/console/api.ts';
import { ConsoleHarness, type ConsoleClient } from '../../scripts/fixtures/console-harness.ts';
import { CLASSIFICATION } from '../../scripts/fixtures/well-known.ts';
import { hasChromium, launchChromium, skipReason } from '../../scripts/testing/chromium.ts';

import.meta.jest.setTimeout(120_000);

(hasChromium ? describe : describe.skip)(`the schedule, edited in a browser${skipReason}`, () => {
  let harness: ConsoleHarness;
  let browser: Browser;
  let page: Page;
  /** A second session, of somebody else. */
  let other: ConsoleClient;

  beforeAll(async () => {
    const pagesFolder = process.env['TEST_CONSOLE_PAGES'];
    harness = await ConsoleHarness.start({
      context: pagesFolder === undefined ? {} : { pagesFolder },
    });
    const client = harness.signedInClient();
    other = harness.signedInClient('somebody-else');
    const { products, classifications } = await client.call(api.categories);
    setSelectedCategories(
      harness.db,
      [...products, ...classifications].map(({ updateId }) => updateId),
    );
    browser = await launchChromium();
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const [name = '', value = ''] = (client.cookie ?? '').split('=');
    await context.addCookies([{ name, value, url: harness.url }]);
    page = await context.newPage();
    await page.goto(`${harness.url}/synchronization?tab=schedule`);
  });

  afterAll(async () => {
    await browser?.close();
    await harness?.close();
  });

  it('says at the field what is amiss, by itself and as the server finds it, and saves nothing meanwhile', async () => {
    const main = page.getByRole('region', { name: 'Main schedule' });
    const save = page.getByRole('button', { name: 'Save schedule' });
    await main.getByRole('radio', { name: 'Every day' }).click();
    await main.getByLabel('Times per day').fill('25');
    await main.getByText('Write a whole number from 1 to 24.').waitFor();
    expect(await save.isDisabled()).toBe(true);
    await main.getByRole('radio', { name: 'By cron expression' }).click();
    await main.getByRole('textbox', { name: 'Cron expression' }).fill('0 3 30 2 *');
    await main.getByText(/never comes due|impossible/).waitFor();
    expect(await save.isDisabled()).toBe(true);
    await main.getByRole('textbox', { name: 'Cron expression' }).fill('0 3 * * *');
  });

  it('keeps a plan of both schedules with windows and retries, and lists its next ten runs', async () => {
    const fast = page.getByRole('region', { name: 'Faster schedule' });
    await fast.getByRole('radio', { name: 'By cron expression' }).click();
    await fast.getByText('Choose at least one classification').waitFor();
    await fast.getByRole('checkbox', { name: 'Definition Updates' }).click();
    await page.getByRole('button', { name: 'Add a pause window' }).click();
    await page.getByRole('group', { name: 'Pause window 1' }).getByLabel('To').fill('09:30');
    await page.getByLabel('Further attempts').fill('5');
    await page.getByText('Faster schedule', { exact: true }).nth(2).waitFor();
    expect(
      await page
        .getByRole('region', { name: /^Next runs/ })
        .getByRole('listitem')
        .count(),
    ).toBe(10);
    await page.getByRole('button', { name: 'Save schedule' }).click();
    await page.getByText('Schedule saved', { exact: true }).waitFor();
    expect(readSchedule(harness.db).plan).toMatchObject({
      main: { mode: 'cron', expression: '0 3 * * *' },
      fast: { timing: { mode: 'cron' }, classifications: [CLASSIFICATION['Definition Updates']] },
      pauseWindows: [{ from: '08:00', to: '09:30' }],
      retry: { attempts: 5 },
    });
    expect(harness.sent).toEqual([{ type: 'schedule-changed' }]);
  });

  const expression = () =>
    page.getByRole('region', { name: 'Main schedule' }).getByRole('textbox', { name: 'Cron expression' });
  const conflict = () => page.getByRole('alert').filter({ hasText: 'Somebody else changed the schedule' });
  const saveAsAnother = async (change: object): Promise<void> => {
    const { plan } = readSchedule(harness.db);
    await other.call(api.setSchedule, { body: { ...plan, ...change }, headers: { 'if-match': '*' } });
  };

  it('saves nothing over what somebody else saved meanwhile, and shows what that is', async () => {
    await expression().fill('0 4 * * *');
    await saveAsAnother({ retry: { attempts: 7, firstDelayMinutes: 5 } });
    await page.getByRole('button', { name: 'Save schedule' }).click();
    await conflict().getByText('After a failure').waitFor();
    expect(await conflict().getByRole('listitem').allInnerTexts()).toEqual([
      'After a failure: 7 further attempts, the first after 5 min (was 5 further attempts, the first after 5 min)',
    ]);
    expect(readSchedule(harness.db).plan).toMatchObject({
      main: { expression: '0 3 * * *' },
      retry: { attempts: 7 },
    });
    expect(await expression().inputValue()).toBe('0 4 * * *');
  });

  it('lets who edits keep his own, which replaces the other once he saves it', async () => {
    await conflict().getByRole('button', { name: 'Keep mine' }).click();
    await conflict().waitFor({ state: 'hidden' });
    const saved = page.waitForResponse((response) => response.request().method() === 'PUT');
    await page.getByRole('button', { name: 'Save schedule' }).click();
    expect((await saved).status()).toBe(200);
    expect(readSchedule(harness.db).plan).toMatchObject({
      main: { expression: '0 4 * * *' },
      retry: { attempts: 5 },
    });
  });

  it('or discard it for what the other saved', async () => {
    await expression().fill('0 5 * * *');
    await saveAsAnother({ main: { mode: 'cron', expression: '0 6 * * *' } });
    await conflict().getByRole('button', { name: 'Discard mine' }).click();
    await conflict().waitFor({ state: 'hidden' });
    expect(await expression().inputValue()).toBe('0 6 * * *');
    expect(await page.getByRole('button', { name: 'Save schedule' }).isDisabled()).toBe(true);
  });

  it('shows at once what another saves where nobody began to edit', async () => {
    await saveAsAnother({ main: { mode: 'cron', expression: '0 7 * * *' } });
    await expression().and(page.locator('input[value="0 7 * * *"]')).waitFor();
    expect(await conflict().count()).toBe(0);
  });

  it.each(['light', 'dark'] as const)(
    'fits a narrow screen without scrolling sideways, %s',
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width: 400, height: 800 });
      const panel = page.getByRole('tabpanel');
      const overflow = await panel.evaluate((element) => element.scrollWidth - element.clientWidth);
      expect(overflow).toBeLessThanOrEqual(0);
    },
  );
});
