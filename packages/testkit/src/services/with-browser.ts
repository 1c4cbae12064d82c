import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { type Browser, chromium } from 'playwright-core';
import { bareEnvironment } from './environment.js';
import { reportSkipped } from './skipped-suites.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const START_MS = 60_000;

/** The browser of a suite, once its hooks run. */
export interface TestBrowser {
  readonly browser: Browser;
}

/** A suite that needs a real browser: Chromium, without a window. Without one it is skipped, and the run says so at its end. */
export function describeWithBrowser(name: string, define: (started: TestBrowser) => void): void {
  const executablePath = installed();
  const started = {} as { browser: Browser };
  if (executablePath === undefined) {
    describe.skip(name, () => define(started));
    reportSkipped(name, 'Chromium: install chromium or Google Chrome');
    return;
  }
  describe(name, () => {
    beforeAll(async () => {
      // Where the tests run as root, as in containers, Chromium refuses its sandbox.
      const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
      started.browser = await chromium.launch({ executablePath, args });
    }, START_MS);
    afterAll(() => started.browser?.close());
    define(started);
  });
}

const installed = (): string | undefined =>
  (bareEnvironment()['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((path) => existsSync(path));
