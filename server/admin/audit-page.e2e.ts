import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { appendAudit, auditHead } from '../../catalog/store/audit/audit-log.ts';
import type { AuditEntry } from '../../catalog/store/audit/audit-log.ts';
import { ConsoleHarness } from '../../scripts/fixtures/console-harness.ts';
import { hasChromium, launchChromium, skipReason } from '../../scripts/testing/chromium.ts';
import { keepPresentHead } from '../audit/verify-log.ts';

import.meta.jest.setTimeout(120_000);

const HOUR = 3_600_000;
const LONG_NAME = '2026-05 Cumulative Update for Windows 11 Version 24H2 for x64-based Systems (KB5044284)';

/** What a few weeks leave behind. */
const CHANGES: readonly Pick<
  AuditEntry,
  'actor' | 'action' | 'subjects' | 'before' | 'after' | 'remoteAddress'
>[] = [
  {
    actor: { kind: 'user', name: 'kim.minji', accountId: 2 },
    remoteAddress: '192.0.2.7',
    action: 'update.approve',
    subjects: [
      { kind: 'update', id: 'c0ffee00-0000-4000-8000-000000000001', name: LONG_NAME },
      { kind: 'group', id: 'a0a08746-4dbe-4a37-9adf-9e7652c0b421', name: 'All Computers' },
    ],
    before: { approvals: [] },
    after: { approvals: [{ group: 'All Computers', action: 'Install', deadline: '2026-06-09T18:00:00Z' }] },
  },
  {
    actor: { kind: 'command', name: 'root' },
    action: 'upstream.pin',
    subjects: [{ kind: 'upstream', id: 'https://upstream.example' }],
    before: { pins: ['sha256/AAAA='] },
    after: { pins: ['sha256/AAAA=', 'sha256/BBBB='], file: '/etc/sluice.yaml' },
  },
  {
    actor: { kind: 'user', name: 'ada', accountId: 1 },
    remoteAddress: '2001:db8::1234:5678',
    action: 'schedule.change',
    subjects: [{ kind: 'schedule', id: 'synchronization' }],
    before: { hours: [3], zone: 'Asia/Seoul', retries: 3 },
    after: { hours: [3, 15], zone: 'Asia/Seoul', retries: 3 },
  },
  {
    actor: { kind: 'system', name: 'clean-up' },
    action: 'computer.delete',
    subjects: [{ kind: 'computer', id: 'x', name: 'PC-0042' }],
  },
  { actor: { kind: 'rule', name: 'Definitions at once' }, action: 'update.approve', subjects: [] },
  {
    actor: { kind: 'token', name: 'monitoring' },
    action: 'group.create',
    subjects: [{ kind: 'group', id: 'g1', name: 'Pilot' }],
    after: { name: 'Pilot', parent: null },
  },
];

(hasChromium ? describe : describe.skip)(`the audit log, in a browser${skipReason}`, () => {
  let harness: ConsoleHarness;
  let browser: Browser;
  let page: Page;

  const append = (entry: AuditEntry): number =>
    harness.db.transaction(() => appendAudit(harness.db, entry)).immediate();
  const appendAll = (count: number): void => {
    harness.db.transaction(() => {
      for (let index = 0; index < count; index += 1)
        append({
          ...CHANGES[index % CHANGES.length]!,
          at: new Date(harness.clock.now.getTime() - (count - index) * HOUR),
        });
    })();
  };
  /** For whoever wants to look at it. */
  const picture = async (name: string): Promise<void> => {
    const folder = process.env['TEST_PICTURES'];
    if (folder === undefined) return;
    await page.waitForTimeout(3000);
    await page.screenshot({ path: `${folder}/${name}.png` });
  };
  const go = (search: string): Promise<unknown> => page.goto(`${harness.url}/audit${search}`);
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });

  beforeAll(async () => {
    browser = await launchChromium();
  });
  beforeEach(async () => {
    const pagesFolder = process.env['TEST_CONSOLE_PAGES'];
    harness = await ConsoleHarness.start({
      catalogue: false,
      context: pagesFolder === undefined ? {} : { pagesFolder },
    });
    harness.clock.now = new Date();
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const [name = '', value = ''] = (harness.signedInClient().cookie ?? '').split('=');
    await context.addCookies([{ name, value, url: harness.url }]);
    page = await context.newPage();
  });
  afterEach(async () => await harness.close());
  afterAll(async () => await browser?.close());

  it('says what will be here while nothing is', async () => {
    await go('');
    await page.getByText('Nothing was recorded yet').waitFor();
    await page.getByText('Not verified yet').waitFor();
    await picture('empty-light-1280');
  });

  it('is verified at the press of a button, and then says when and up to where', async () => {
    appendAll(30);
    await keepPresentHead(harness.db, dirname(harness.db.name), harness.clock.now);
    await go('');
    await page
      .getByRole('row', { name: /update\.approve/ })
      .first()
      .waitFor();
    await button('Verify now').click();
    await page.getByText('As it was written', { exact: true }).waitFor();
    await page.getByText(/up to entry 30, verified/).waitFor();
    const { sequence, hash } = auditHead(harness.db);
    await button('Copy: Ends at entry 30').click();
    await button('Copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(`${sequence}:${hash}`);
    await picture('list-light-1280');
    harness.db.exec(
      "DROP TRIGGER audit_entry_kept_as_it_is; UPDATE audit_entry SET actor_name = 'nobody' WHERE sequence = 29",
    );
    await button('Verify now').click();
    await page
      .getByText(/^Verification failed: 2 findings/)
      .first()
      .waitFor();
    await page
      .getByRole('alert')
      .getByText(/Entry 29 is not what was written/)
      .waitFor();
    await go('?open=29&part=evidence');
    await page.getByText(/Its fields do not make its hash/).waitFor();
    await picture('altered-light-1280');
  });

  it('is filtered by who, what, when and words, all of it in the address', async () => {
    appendAll(600);
    await go('');
    await page.getByText('600', { exact: true }).waitFor();
    await button(/^Who/).click();
    await page.getByRole('checkbox', { name: 'kim.minji' }).click();
    await page.getByText('100 match', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('searchbox', { name: 'Search names, addresses, values' }).fill('KB5044284');
    await page.waitForURL(/search=KB5044284/);
    await page.reload();
    await page.getByText('100 match', { exact: true }).waitFor();
    await button('Remove the filter Who: kim.minji').click();
    await page.getByLabel('From').fill('2099-01-01');
    await page.getByText('No entry matches').waitFor();
    await button('Clear all filters').click();
    await page.getByText('600', { exact: true }).waitFor();
    // Down to what is read only when it comes near.
    await page.getByRole('grid').press('End');
    await page.locator('[role=row][aria-rowindex="101"]').waitFor();
  });

  it('shows an entry before and after, and from there all that happened to the same thing', async () => {
    appendAll(12);
    await go('');
    await page
      .getByRole('row', { name: /schedule\.change/ })
      .first()
      .click();
    const panel = page.getByRole('complementary', { name: 'Details' });
    await panel.getByRole('row', { name: /hours\[1\].*Added.*–.*15/s }).waitFor();
    expect(await panel.getByRole('row', { name: /zone/ }).count()).toBe(0);
    await panel.getByRole('button', { name: 'Show 3 that are unchanged' }).click();
    await panel.getByRole('row', { name: /zone.*Unchanged.*Asia\/Seoul/s }).waitFor();
    await panel.getByRole('tab', { name: 'Evidence' }).click();
    await panel.getByText('Its fields make its hash, and it hangs on the entry before.').waitFor();
    await page
      .getByRole('row', { name: /Cumulative Update/ })
      .first()
      .click();
    await panel.getByRole('tab', { name: 'Change' }).click();
    await picture('panel-light-1280');
    await panel.getByRole('button', { name: 'All Computers' }).click();
    await page.getByText('2 match', { exact: true }).waitFor();
    await page.emulateMedia({ colorScheme: 'dark' });
    await picture('panel-dark-1280');
  });

  it('leaves as a file that has what the list shows', async () => {
    appendAll(12);
    await go('?actorKind=command');
    await page.getByText('2 match', { exact: true }).waitFor();
    await button('Export').click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: /JSON lines/ }).click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/^sluice-audit-\d{4}-\d\d-\d\d\.jsonl$/);
    const lines = readFileSync(await file.path(), 'utf8')
      .split('\n')
      .slice(0, -1);
    expect(lines.map((line) => /"action":"([^"]*)"/.exec(line)?.[1])).toEqual([
      'upstream.pin',
      'upstream.pin',
    ]);
  });

  it.each(['light', 'dark'] as const)('fits a telephone, %s', async (colorScheme) => {
    appendAll(30);
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 360, height: 740 });
    await go('');
    await page
      .getByRole('row', { name: /group\.create/ })
      .first()
      .waitFor();
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
    await picture(`list-${colorScheme}-360`);
    await go('?open=25');
    await page.getByText('Before and after').waitFor();
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
    await picture(`panel-${colorScheme}-360`);
  });
});
