/** Debian's Chromium for tests that click: where it is, whether it is, how it is started. */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

const CHROMIUM = process.env['TEST_CHROMIUM'] ?? '/usr/bin/chromium';

/** Whether browser tests run: in CI they must, elsewhere they need Chromium. */
export const hasChromium = process.env['CI'] !== undefined || existsSync(CHROMIUM);

/** To be part of a skipped test's name, so that the screen says why it did not run. */
export const skipReason = hasChromium
  ? ''
  : ` (NOT run: there is no ${CHROMIUM}; install Debian's package chromium)`;

/** Without the calls home that a closed network would only refuse. */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
