import { defineConfig } from '@playwright/test';
import { findBrowser } from '../../src/scripts/find-browser.mjs';

const asRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.e2e.ts',
  outputDir: '../../test-results/browser',
  forbidOnly: Boolean(process.env['CI']),
  // One at a time: some tests measure how long the page's thread was blocked.
  workers: 1,
  // A test that passes the second time is reported as flaky, and read.
  retries: process.env['CI'] ? 1 : 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    viewport: { width: 1440, height: 900 },
    colorScheme: 'dark',
    locale: 'en-GB',
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: await findBrowser(), args: asRoot ? ['--no-sandbox'] : [] },
  },
});
