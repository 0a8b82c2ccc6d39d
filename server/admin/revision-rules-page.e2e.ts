import type { Browser, Page } from 'playwright-core';
import { approve } from '../../catalog/store/decisions/deployments.ts';
import { importFollowed } from '../../catalog/store/decisions/followed-revisions.ts';
import { readRevisionRules } from '../../catalog/store/decisions/revision-rules.ts';
import { ALL_COMPUTERS } from '../../catalog/store/groups/group-tree.ts';
import { importRevisions } from '../../catalog/store/revisions/revisions.ts';
import { finishRun, startRun } from '../../catalog/store/upstream/synchronization.ts';
import { ConsoleHarness, type HarnessOptions } from '../../scripts/fixtures/console-harness.ts';
import { hasChromium, launchChromium, skipReason } from '../../scripts/testing/chromium.ts';
import { guidOf, writeDocument } from '../../scripts/testing/update-documents.ts';

import.meta.jest.setTimeout(120_000);

const MOVED = guidOf(1);
const WAITING = guidOf(2);
const GONE = guidOf(3);

const documentOf = (updateId: string, revisionNumber: number, properties: Record<string, string> = {}) =>
  writeDocument({
    updateId,
    revisionNumber,
    properties: { ExplicitlyDeployable: 'true', ...properties },
    texts: [{ language: 'en', title: `Sample ${updateId.slice(0, 8)}` }],
  });

/** A synchronization that brings newer revisions of three updates that are approved. */
function synchronize({ db, clock }: ConsoleHarness): void {
  const take = (documents: readonly string[]): unknown =>
    importRevisions(
      db,
      documents.map((document) => ({ document, fileUrls: new Map() })),
      clock.now,
    );
  const updateIds = [MOVED, WAITING, GONE];
  take(updateIds.map((updateId) => documentOf(updateId, 1)));
  const decider = { adminName: 'ada', now: clock.now, storesContent: true };
  approve(db, { updateIds, groupIds: [ALL_COMPUTERS], action: 'Install', acceptEulaIds: [] }, decider);
  const runId = startRun(db, 'manual', clock.now);
  const arriving = updateIds.map((updateId) => ({ updateId, revisionNumber: 2 }));
  importFollowed(db, arriving, { runId, now: clock.now, storesContent: true }, () =>
    take([
      documentOf(MOVED, 2),
      documentOf(WAITING, 2, { EulaID: guidOf(900) }),
      documentOf(GONE, 2, { PublicationState: 'Expired' }),
    ]),
  );
  finishRun(db, runId, 'succeeded', clock.now);
}

(hasChromium ? describe : describe.skip)(`newer revisions, in a browser${skipReason}`, () => {
  let harness: ConsoleHarness;
  let browser: Browser;
  let page: Page;

  const open = async (config?: HarnessOptions['config']): Promise<void> => {
    const pagesFolder = process.env['TEST_CONSOLE_PAGES'];
    harness = await ConsoleHarness.start({
      ...(config === undefined ? {} : { config }),
      context: pagesFolder === undefined ? {} : { pagesFolder },
    });
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const [name = '', value = ''] = (harness.signedInClient().cookie ?? '').split('=');
    await context.addCookies([{ name, value, url: harness.url }]);
    page = await context.newPage();
  };
  /** For whoever wants to look at it. */
  const picture = async (name: string): Promise<void> => {
    const folder = process.env['TEST_PICTURES'];
    if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` });
  };
  const overflowOf = async (): Promise<number> =>
    await page
      .getByRole('tabpanel')
      .last()
      .evaluate((element) => element.scrollWidth - element.clientWidth);

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterEach(() => harness.close());
  afterAll(() => browser?.close());

  it('move approvals and decline what expires until somebody sets it otherwise', async () => {
    await open();
    await page.goto(`${harness.url}/synchronization?tab=revisions`);
    const moves = page.getByRole('switch', { name: 'Move approvals to the newer revision' });
    const declines = page.getByRole('switch', { name: /^Decline an update/ });
    await moves.waitFor();
    expect([await moves.isChecked(), await declines.isChecked()]).toEqual([true, true]);
    expect(await page.getByRole('button', { name: 'Save rules' }).isDisabled()).toBe(true);
    await picture('rules-light-1280');
    await declines.click();
    await page.getByRole('button', { name: 'Save rules' }).click();
    await page.getByText('Rules saved', { exact: true }).waitFor();
    expect(readRevisionRules(harness.db)).toEqual({ moveApprovals: true, declineExpired: false });
    await moves.click();
    expect(await declines.isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Save rules' }).click();
    await page.getByText('Rules saved', { exact: true }).nth(1).waitFor();
    expect(readRevisionRules(harness.db).moveApprovals).toBe(false);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width: 400, height: 800 });
      expect(await overflowOf()).toBeLessThanOrEqual(0);
      await picture(`rules-${colorScheme}-400`);
    }
  });

  it('are said with each update: which waits and why, which moved, which was declined', async () => {
    await open();
    synchronize(harness);
    await page.goto(`${harness.url}/updates?open=${WAITING}`);
    await page.getByText('Revision 2 waits.').waitFor();
    await page.getByText(/licence terms that nobody accepted/).waitFor();
    await page.getByText('Revision waits', { exact: true }).first().waitFor();
    await page.getByText(/approved for 1 group/).waitFor();
    await picture('waiting-light-1280');
    await page.goto(`${harness.url}/updates?open=${MOVED}`);
    await page.getByText(/moved 1 decision from revision 1 to 2/).waitFor();
    expect(await page.getByText('Revision 2 waits.').count()).toBe(0);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto(`${harness.url}/updates?open=${GONE}`);
    await page.getByText(/declined the update, since revision 2 is expired/).waitFor();
    await page.getByText('by Synchronization').waitFor();
    await picture('gone-dark-1280');
    await page.setViewportSize({ width: 400, height: 800 });
    await page.goto(`${harness.url}/updates?open=${WAITING}`);
    await page.getByText('Revision 2 waits.').waitFor();
    expect(await overflowOf()).toBeLessThanOrEqual(0);
    await picture('waiting-dark-400');
    await page.goto(`${harness.url}/synchronization?tab=history`);
    await page.getByText(/1 approval moved, 1 declined/).waitFor();
  });

  it('are for the upstream server to decide where the relay is a replica', async () => {
    const pins = [`sha256/${'A'.repeat(43)}=`];
    await open({ upstream: { url: 'https://top.example', pins, mode: 'replica' } });
    await page.goto(`${harness.url}/synchronization?tab=revisions`);
    await page.getByText(/Decided on top\.example: when a newer revision comes/).waitFor();
    expect(await page.getByRole('switch').count()).toBe(0);
    await picture('replica-light-1280');
  });
});
