/** `npm run screenshot`: draws the picture of README.md from the built page and its first sample. */
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { buildIfStale } from './build.mjs';
import { findBrowser } from './find-browser.mjs';
import { root } from './root.mjs';
import { serveDist } from './serve.mjs';

await buildIfStale();
const server = await serveDist({ port: 0 });
const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
const browser = await chromium.launch({ executablePath: await findBrowser(), args });
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'dark' });
  await page.goto(server.url);
  await page.getByRole('region', { name: 'Samples' }).getByRole('button').first().click();
  await page.getByRole('treegrid').first().getByRole('row').nth(3).waitFor();
  await page.mouse.move(700, 20);
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: join(root, 'public/screenshot.png') });
} finally {
  await browser.close();
  await server.close();
}
