import type { Browser, Page } from 'playwright-core';
import { createGroup } from '../../catalog/store/groups/target-groups.ts';
import { ALL_COMPUTERS } from '../../catalog/store/groups/group-tree.ts';
import { RuleBody } from '../../protocol/console/rules.ts';
import { changeRule, listRules, readRule } from '../../catalog/store/rules/rules.ts';
import { ConsoleHarness } from '../../scripts/fixtures/console-harness.ts';
import { hasChromium, launchChromium, skipReason } from '../../scripts/testing/chromium.ts';
import { runToEnd } from '../../scripts/testing/rule-world.ts';

import.meta.jest.setTimeout(180_000);

(hasChromium ? describe : describe.skip)(`automatic approvals, in a browser${skipReason}`, () => {
  let harness: ConsoleHarness;
  let browser: Browser;
  let page: Page;

  const open = async (): Promise<void> => {
    const pagesFolder = process.env['TEST_CONSOLE_PAGES'];
    harness = await ConsoleHarness.start({ context: pagesFolder === undefined ? {} : { pagesFolder } });
    const context = await browser.newContext({ viewport: { width: 1440, height: 1000 } });
    const [name = '', value = ''] = (harness.signedInClient('ada').cookie ?? '').split('=');
    await context.addCookies([{ name, value, url: harness.url }]);
    page = await context.newPage();
  };
  /** For whoever wants to look at it. */
  const picture = async (name: string): Promise<void> => {
    const folder = process.env['TEST_PICTURES'];
    if (folder === undefined) return;
    await page.waitForTimeout(3000);
    await page.screenshot({ path: `${folder}/${name}.png` });
  };
  const overflow = async (): Promise<number> =>
    await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  /** As the worker does what the console asked it for. */
  const work = (): number => runToEnd(harness.db, { now: harness.clock.now, storesContent: true });

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterEach(() => harness.close());
  afterAll(() => browser?.close());

  it('are made from what WSUS ships, tried, run, and named by the update that they approved', async () => {
    await open();
    await page.goto(`${harness.url}/rules`);
    await page.getByRole('heading', { name: 'No rules yet' }).waitFor();
    await picture('rules-empty-light');
    await page.getByRole('button', { name: /^Begin with “Security/ }).click();
    const dryRun = page.getByRole('region', { name: 'What it would do now' });
    await dryRun.getByText(/^Approves \d+ updates of/).waitFor();
    expect(listRules(harness.db)).toEqual([]);
    // Critical ones alone are fewer.
    const before = await dryRun.getByText(/^Approves \d+ updates of/).textContent();
    await page.getByRole('checkbox', { name: 'Critical', exact: true }).check();
    await dryRun.getByText(before ?? '', { exact: true }).waitFor({ state: 'detached' });
    await dryRun.getByText(/^Approves \d+ update/).waitFor();
    await picture('rules-new-light');
    await dryRun.scrollIntoViewIfNeeded();
    await dryRun
      .getByText('Held back')
      .or(dryRun.getByText(/to fetch/))
      .last()
      .scrollIntoViewIfNeeded();
    await picture('rules-dry-run-light');
    await page.getByRole('button', { name: 'Save, switched off' }).click();
    await page.getByText('Rule saved', { exact: true }).waitFor();
    const [rule] = listRules(harness.db);
    expect(rule).toMatchObject({
      name: 'Security and critical updates',
      enabled: false,
      createdBy: 'ada',
      conditions: { severities: ['Critical'] },
    });
    await page.getByRole('button', { name: 'Run now' }).click();
    await page.getByText('The rule runs', { exact: true }).waitFor();
    const approved = work();
    expect(approved).toBeGreaterThan(0);
    await page
      .getByText(new RegExp(`${approved} updates? approved`))
      .first()
      .waitFor();
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByText(/asked for by ada · version 1/).waitFor();
    await picture('rules-history-light');

    const updateId = harness.db
      .prepare<[], string>('SELECT update_id FROM deployment ORDER BY update_id LIMIT 1')
      .pluck()
      .get();
    await page.goto(`${harness.url}/updates?open=${updateId}`);
    const why = page.getByRole('region', { name: 'Why it was approved' });
    await why.getByText(/All Computers: Install/).waitFor();
    await picture('rules-why-light');
    await why.getByRole('link', { name: 'by rule Security and critical updates, version 1' }).click();
    await page.waitForURL(/\/rules\?open=\d+&tab=history/);
    await page.goto(`${harness.url}/updates?open=${updateId}&tab=status`);
    await page.getByText(/set by the rule Security and critical updates, version 1/).waitFor();
  });

  it('are edited with everything they can say, ordered, switched and deleted, and tell who changed them meanwhile', async () => {
    await open();
    createGroup(harness.db, 'Pilot', ALL_COMPUTERS);
    await page.goto(`${harness.url}/rules?open=new`);
    await page.getByRole('textbox', { name: 'Name' }).fill('Pilot first');
    await page.getByRole('textbox', { name: 'Title contains' }).fill('Cumulative*\n.NET');
    await page.getByRole('textbox', { name: 'Title does not contain' }).fill('Preview');
    await page.getByRole('spinbutton', { name: 'Age, in days' }).fill('');
    await page.getByRole('checkbox', { name: 'Pilot' }).check();
    await page.getByRole('checkbox', { name: 'Set a deadline' }).check();
    await page.getByRole('spinbutton', { name: 'Days after approval' }).fill('3');
    await page.getByRole('button', { name: 'Save and switch on' }).click();
    await page.getByText('Write a whole number from 0 to 365.').waitFor();
    await page.getByRole('spinbutton', { name: 'Age, in days' }).fill('2');
    await page.getByRole('button', { name: 'Save and switch on' }).click();
    await page.getByText('Rule saved', { exact: true }).waitFor();
    const [{ ruleId } = { ruleId: 0 }] = listRules(harness.db);
    expect(readRule(harness.db, ruleId)).toMatchObject({
      enabled: true,
      definition: {
        conditions: { titleIncludes: ['Cumulative*', '.NET'], titleExcludes: ['Preview'], ageDays: 2 },
        deadline: { days: 3, time: '03:00' },
      },
    });

    await page.getByRole('button', { name: 'Run now' }).waitFor();
    // Somebody else saves it while it is edited here.
    await page.getByRole('textbox', { name: 'Name' }).fill('Mine');
    const { definition } = readRule(harness.db, ruleId);
    changeRule(harness.db, ruleId, RuleBody.parse({ ...definition, name: 'Theirs', enabled: true }), {
      userName: 'grace',
      now: harness.clock.now,
    });
    await page.getByText(/grace saved it last/).waitFor();
    expect(await page.getByRole('button', { name: 'Save rule' }).isDisabled()).toBe(true);
    await picture('rules-conflict-light');
    await page.getByRole('button', { name: 'Keep mine, to save it instead' }).click();
    await page.getByRole('button', { name: 'Save rule' }).click();
    await page.getByRole('heading', { name: 'Mine', level: 2 }).waitFor();
    await page.getByRole('button', { name: 'Switch off' }).click();
    await page.getByText(/^The rule is off/).waitFor();

    await page.goto(`${harness.url}/rules?open=new`);
    await page.getByRole('textbox', { name: 'Name' }).fill('Drivers');
    await page.getByRole('radio', { name: 'Drivers only' }).check();
    await page.getByRole('checkbox', { name: 'Pilot' }).check();
    await page.getByRole('button', { name: 'Save, switched off' }).click();
    await page.getByRole('button', { name: 'Move Drivers up' }).click();
    await page.getByRole('button', { name: 'Move Drivers up' }).and(page.locator(':disabled')).waitFor();
    expect(listRules(harness.db).map(({ name }) => name)).toEqual(['Drivers', 'Mine']);

    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width: 1440, height: 1000 });
      await picture(`rules-list-${colorScheme}`);
      await page.setViewportSize({ width: 360, height: 800 });
      expect(await overflow()).toBeLessThanOrEqual(0);
      await picture(`rules-panel-${colorScheme}-360`);
    }
    await page.getByRole('button', { name: 'Delete…' }).click();
    await page.getByRole('textbox', { name: 'Type Drivers to confirm' }).fill('Drivers');
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('Deleted Drivers').first().waitFor();
    expect(listRules(harness.db).map(({ name }) => name)).toEqual(['Mine']);
    await picture('rules-list-dark-360');
  });
});
