import { randomBytes } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { ALL_COMPUTERS } from '../../catalog/store/groups/group-tree.ts';
import { api } from '../../protocol/console/api.ts';
import { ConsoleHarness, type ConsoleClient } from '../../scripts/fixtures/console-harness.ts';
import { signedCabinet } from '../../scripts/testing/authenticode/signed-samples.ts';
import { hasChromium, launchChromium, skipReason } from '../../scripts/testing/chromium.ts';
import { sampleOf, type ContentSample } from '../../scripts/testing/content-files.ts';
import { ContentScene } from '../../scripts/testing/content-scene.ts';
import { guidOf } from '../../scripts/testing/update-documents.ts';

import.meta.jest.setTimeout(120_000);

const LONG_NAME = `windows11.0-kb5071234-x64_${'a-very-long-name-without-an-end-'.repeat(4)}.psf`;

(hasChromium ? describe : describe.skip)(`the page of content, in a browser${skipReason}`, () => {
  let scene: ContentScene;
  let browser: Browser;
  let page: Page;
  let altered: ContentSample;
  let right: ContentSample;
  let refused: ContentSample;

  beforeAll(async () => {
    scene = await ContentScene.start(process.env['TEST_CONSOLE_PAGES']);
    const client = scene.harness.signedInClient();
    const bytes = randomBytes(50_000);
    const wrong = Buffer.from(bytes);
    wrong[7] = (wrong[7] ?? 0) ^ 1;
    altered = sampleOf(wrong);
    right = scene.offer(1, LONG_NAME, { bytes, altered: wrong });
    refused = scene.offer(2, 'signed-by-a-stranger.cab', { bytes: await signedCabinet() });
    scene.offer(3, 'slow.psf', { bytes: randomBytes(4_000_000), isSlow: true });
    await client.call(api.approve, {
      body: {
        updateIds: [1, 2, 3].map(guidOf),
        groupIds: [ALL_COMPUTERS],
        action: 'Install',
        deadline: '2099-01-01T00:00:00Z',
      },
    });
    browser = await launchChromium();
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    await context.addCookies([cookieOf(client, scene.harness.url)]);
    page = await context.newPage();
  });

  afterAll(async () => {
    await browser?.close();
    await scene?.close();
  });

  const go = (path: string) => page.goto(`${scene.harness.url}${path}`);
  const row = (name: RegExp) => page.getByRole('row', { name });
  const details = () => page.getByRole('complementary', { name: 'Details' });

  it('shows the bytes of what is arriving as they come', async () => {
    await go('/content');
    const arriving = page.getByRole('list', { name: 'Arriving files' });
    await arriving.getByText('slow.psf').waitFor();
    const bar = arriving.getByRole('progressbar');
    const received = async () => Number(await bar.getAttribute('aria-valuenow'));
    const before = await received();
    expect(before).toBeGreaterThan(0);
    await expectSoon(async () => (await received()) > before);
  });

  it('shows of a file that came altered what was found, and from where', async () => {
    await go('/content?tab=quarantine');
    await row(/windows11\.0-kb5071234/).click();
    await details().getByRole('tab', { name: 'Evidence' }).click();
    const compared = details().getByRole('table', { name: 'What it should be, and what was found' });
    await compared.getByRole('row', { name: `SHA-1 ${right.sha1} ${altered.sha1}` }).waitFor();
    await compared.getByRole('row', { name: `SHA-256 ${right.sha256} ${altered.sha256}` }).waitFor();
    await details()
      .getByText(/Somebody alters it on its way/)
      .waitFor();
    expect(new URL(page.url()).searchParams.get('open')).toBe(right.sha1);
  });

  it('fetches it again from the other source, and shows that it is right', async () => {
    scene.isSecondThere = true;
    await details().getByRole('button', { name: 'Fetch again' }).click();
    await page.getByText('Fetching 1 file now').first().waitFor();
    await details().getByText('It was wrong, and is right again').waitFor();
    await details().getByRole('tab', { name: 'Details' }).click();
    await details().getByText('Here, digests verified').waitFor();
    expect(
      scene.harness.db.prepare('SELECT origin FROM file WHERE sha1 = ?').pluck().get(right.sha1),
    ).toContain(right.sha1.toUpperCase());
    await go('/content?tab=files&aspect=mended');
    await row(/windows11\.0-kb5071234/).waitFor();
  });

  it('shows the verdict of a signature that was refused, in words, by its code and with what to do', async () => {
    await go('/content?tab=quarantine');
    await row(/signed-by-a-stranger\.cab.*Issuer missing/).click();
    await details().getByRole('tab', { name: 'Signature' }).click();
    for (const text of ['ISSUER_MISSING', 'No: the policy refuses it', 'This very file'])
      await details().getByText(text).first().waitFor();
    await details()
      .getByText(/add its root certificate to content.signatureRoots/)
      .waitFor();
  });

  it('has it judged again, where it is refused again', async () => {
    const judgedAt = () =>
      scene.harness.db
        .prepare('SELECT judged_at FROM content_signature WHERE sha1 = ?')
        .pluck()
        .get(refused.sha1);
    const before = judgedAt();
    await details().getByRole('button', { name: 'Judge again' }).click();
    await page.getByText('Judging 1 file now').first().waitFor();
    await expectSoon(() => judgedAt() !== before);
    await details().getByText('No: the policy refuses it').waitFor();
  });

  it('deletes the bytes in quarantine of a file whose digest was typed, and keeps what was found', async () => {
    await page.reload();
    await details().getByRole('button', { name: 'Delete the bytes…' }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByRole('textbox').fill(refused.sha1.slice(0, 8));
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    await details().getByRole('button', { name: 'Fetch again' }).waitFor();
    await details().getByText('ISSUER_MISSING').first().waitFor();
  });

  it('counts signatures by verdict and signer, each with the way to its files', async () => {
    await go('/content?tab=signatures');
    const verdicts = page.getByRole('table', { name: 'Signatures by verdict' });
    const unknown = verdicts.getByRole('row', { name: /Issuer missing 0 1/ });
    await unknown.getByRole('link', { name: '1' }).click();
    await row(/signed-by-a-stranger\.cab/).waitFor();
    await page.getByRole('button', { name: 'Remove the filter Signature: Issuer missing' }).click();
    await expectSoon(() => new URL(page.url()).searchParams.get('verdict') === null);
  });

  it('leads from the files of an update to the page, and back', async () => {
    await go(`/updates?open=${guidOf(2)}&tab=files`);
    await page.getByText('Not before the policy on signatures changes').waitFor();
    await page.getByRole('link', { name: 'More of this file in Content' }).click();
    await details().getByRole('heading', { name: 'signed-by-a-stranger.cab' }).waitFor();
    await details()
      .getByRole('link', { name: /2026-11 Cumulative Update 2/ })
      .click();
    await page.getByRole('heading', { name: /2026-11 Cumulative Update 2/ }).waitFor();
  });

  it('says since when nothing came, with the commonest reason and the way to what failed', async () => {
    scene.isSlow = false;
    await scene.settled();
    const { db } = scene.harness;
    db.exec("UPDATE file SET received_at = '2026-01-01T00:00:00.000Z' WHERE received_at IS NOT NULL");
    db.prepare(
      `UPDATE file SET content_state = 'wanted', content_error = 'nobody had it', retry_at = '2099-01-01T00:00:00.000Z'
       WHERE sha1 = ?`,
    ).run(right.sha1);
    await go('/content');
    await page.getByText(/No file has come since .*, and 2 files are missing/).waitFor();
    await page.getByRole('link', { name: 'See which' }).click();
    await row(/windows11\.0-kb5071234.*Nobody had it/).waitFor();
  });

  it('says of each tab why it is empty', async () => {
    const empty = await ConsoleHarness.start({ catalogue: false });
    const context = await browser.newContext();
    await context.addCookies([cookieOf(empty.signedInClient(), empty.url)]);
    const other = await context.newPage();
    const titles = [
      ['queue', 'Nothing is to be fetched'],
      ['quarantine', 'Nothing is in quarantine'],
      ['files', 'No file is here yet'],
      ['signatures', 'No signature was read yet'],
    ] as const;
    for (const [tab, title] of titles) {
      await other.goto(`${empty.url}/content?tab=${tab}`);
      await other.getByRole('heading', { name: title }).waitFor();
    }
    await context.close();
    await empty.close();
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it.each([
      ['now', '/content', 'Approvals need'],
      ['queue', '/content?tab=queue', 'windows11.0-kb5071234'],
      ['quarantine', '/content?tab=quarantine', 'signed-by-a-stranger.cab'],
      ['files', '/content?tab=files', 'slow.psf'],
      ['signatures', '/content?tab=signatures', 'By signer'],
    ])(`fits a narrow screen without scrolling sideways, ${colorScheme}: %s`, async (_, path, text) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width: 400, height: 800 });
      await go(path);
      await page.getByText(text).first().waitFor();
      const overflows = await page
        .locator('main, main [role=tabpanel], main [role=grid]')
        .evaluateAll((elements) => elements.map((element) => element.scrollWidth - element.clientWidth));
      expect(Math.max(...overflows)).toBeLessThanOrEqual(0);
    });
  }
});

function cookieOf({ cookie }: ConsoleClient, url: string): { name: string; value: string; url: string } {
  const [name = '', value = ''] = (cookie ?? '').split('=');
  return { name, value, url };
}

/** What comes about by itself, some time. */
async function expectSoon(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('It did not come about within ten seconds.');
}
