import type { Browser, BrowserContext, Page } from 'playwright-core';
import { api } from '../../protocol/console/api.ts';
import { ConsoleHarness } from '../../scripts/fixtures/console-harness.ts';
import { hasChromium, launchChromium, skipReason } from '../../scripts/testing/chromium.ts';
import { DownstreamTree } from '../../scripts/testing/downstream-tree.ts';
import { guidOf } from '../../scripts/testing/update-documents.ts';

import.meta.jest.setTimeout(120_000);

const COMPUTERS = 1234;

(hasChromium ? describe : describe.skip)(`the console in two languages, in a browser${skipReason}`, () => {
  let harness: ConsoleHarness;
  let browser: Browser;
  let page: Page;
  let cookie: string;
  let updateId: string;

  beforeAll(async () => {
    const pagesFolder = process.env['TEST_CONSOLE_PAGES'];
    harness = await ConsoleHarness.start({ context: pagesFolder === undefined ? {} : { pagesFolder } });
    const client = harness.signedInClient();
    cookie = client.cookie ?? '';
    const tree = new DownstreamTree(harness);
    tree.keep(tree.server(1));
    tree.addComputers(COMPUTERS, 1);
    updateId = (await client.call(api.updates, { query: { limit: 1 } })).items[0]?.updateId ?? '';
    browser = await launchChromium();
    page = await (await signedIn('en-US')).newPage();
  });

  afterAll(async () => {
    await browser?.close();
    await harness?.close();
  });

  async function signedIn(locale: string): Promise<BrowserContext> {
    const context = await browser.newContext({ locale, viewport: { width: 1280, height: 900 } });
    const [name = '', value = ''] = cookie.split('=');
    await context.addCookies([{ name, value, url: harness.url }]);
    return context;
  }

  const go = (path: string) => page.goto(`${harness.url}${path}`);
  const languageOf = (shown: Page) => shown.locator('html').getAttribute('lang');
  const overview = (name: string) => page.getByRole('heading', { level: 1, name });

  async function choose(account: string, name: string): Promise<void> {
    await page.getByRole('button', { name: account }).click();
    await page.getByRole('menuitemradio', { name }).click();
  }

  it.each([
    ['ko-KR', 'ko', 'Sluice에 로그인'],
    ['en-GB', 'en', 'Sign in to Sluice'],
    ['fr-FR', 'en', 'Sign in to Sluice'],
  ])('greets a browser of %s in %s', async (locale, lang, greeting) => {
    const context = await browser.newContext({ locale });
    const visitor = await context.newPage();
    await visitor.goto(harness.url);
    await visitor.getByRole('heading', { name: greeting }).waitFor();
    expect(await languageOf(visitor)).toBe(lang);
    await context.close();
  });

  it('changes before anybody is signed in, and says in it why that failed', async () => {
    const context = await browser.newContext({ locale: 'en-US' });
    const visitor = await context.newPage();
    await visitor.goto(harness.url);
    await visitor.getByRole('textbox', { name: 'User name' }).fill('nobody');
    await visitor.getByRole('button', { name: 'Language: English' }).click();
    await visitor.getByRole('menuitemradio', { name: '한국어' }).click();
    // What was typed is still there: nothing was loaded anew.
    expect(await visitor.getByRole('textbox', { name: '사용자 이름' }).inputValue()).toBe('nobody');
    await visitor.getByLabel('암호').fill('a wrong password');
    await visitor.getByRole('button', { name: '로그인', exact: true }).click();
    await visitor.getByText('사용자 이름 또는 암호가 올바르지 않습니다.').waitFor();
    await context.close();
  });

  it('changes in the menu of the user without loading the page anew, and stays so', async () => {
    await go('/');
    await overview('Overview').waitFor();
    await choose('Account of operator', '한국어');
    await overview('개요').waitFor();
    expect(await languageOf(page)).toBe('ko');
    await page.reload();
    await overview('개요').waitFor();
    expect(await page.title()).toBe('개요 – Sluice');
    await page.getByRole('navigation', { name: '페이지' }).getByRole('link', { name: '동기화' }).waitFor();
  });

  it('writes dates, days and numbers as Koreans do', async () => {
    await go(`/updates?open=${updateId}`);
    const time = page.getByRole('complementary').locator('time').first();
    await time.waitFor();
    expect(await time.innerText()).toMatch(/^(\d+\S+ 전|어제|그저께|지난달|작년|방금)$/);
    expect(await time.getAttribute('title')).toMatch(
      /^\d{4}\. \d{1,2}\. \d{1,2}\. \d{1,2}시 \d{1,2}분 \d{1,2}초 /,
    );
    await go(`/downstream?server=${guidOf(1)}`);
    await page.getByText('컴퓨터 1,234대 중 더 보기').waitFor();
    await go('/synchronization?tab=schedule');
    await page.getByRole('radio', { name: '매일' }).first().click();
    await page
      .getByText(/^\d{1,2}월 \d{1,2}일 \([일월화수목금토]\) \d\d:\d\d$/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: '일시 중지 시간 추가' }).click();
    await page.getByRole('button', { name: '월요일' }).waitFor();
    await page.getByRole('spinbutton', { name: '하루 횟수' }).fill('99');
    await page.getByText('1에서 24 사이의 정수를 입력하십시오.').waitFor();
  });

  it('decides and takes back in Korean', async () => {
    await go(`/updates?open=${updateId}`);
    await page.getByRole('button', { name: '승인…' }).click();
    const dialog = page.getByRole('dialog', { name: '업데이트 1개 승인' });
    await dialog.getByRole('checkbox', { name: '모든 컴퓨터' }).click();
    await dialog.getByText('모든 컴퓨터: 승인되지 않음 → 설치').waitFor();
    await dialog.getByRole('button', { name: '승인', exact: true }).click();
    await page.getByText('승인했습니다: 업데이트 1개, 그룹 1개', { exact: true }).waitFor();
    await page.getByRole('button', { name: '실행 취소' }).click();
    await page.getByText('되돌렸습니다', { exact: true }).waitFor();
  });

  it.each([
    '/',
    '/updates',
    '/computers',
    '/groups',
    '/content',
    '/downstream',
    '/synchronization?tab=schedule',
  ])('fits a narrow screen in Korean without scrolling sideways: %s', async (path) => {
    await page.setViewportSize({ width: 360, height: 800 });
    await go(path);
    await page.getByRole('heading', { level: 1, name: /[가-힣]/ }).waitFor();
    const overflows = await page
      // The line of tabs, and that of filters, are ones that are scrolled.
      .locator('main, main > :not(:has(> [role=tablist]))')
      .evaluateAll((elements) => elements.map((element) => element.scrollWidth - element.clientWidth));
    expect(Math.max(...overflows)).toBeLessThanOrEqual(0);
  });

  it('goes back to English', async () => {
    await page.setViewportSize({ width: 1280, height: 900 });
    await go('/');
    await choose('operator 계정', 'English');
    await overview('Overview').waitFor();
    expect(await languageOf(page)).toBe('en');
    await page.reload();
    await overview('Overview').waitFor();
  });
});
