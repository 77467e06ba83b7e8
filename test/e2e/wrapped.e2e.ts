import { fileURLToPath } from 'node:url';
import { dropFiles, expect, test } from '../support/browser.ts';
import { tables } from '../support/explorer.ts';

/** The guest of guest-dump.ts, by `xz -9e`. The decoder is WebAssembly, which the page's policy must allow in its worker. */
const guest = fileURLToPath(new URL('../fixtures/guest.elf.xz', import.meta.url));

test('a dump in xz opens in the browser', async ({ page }) => {
  await page.goto('./');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await dropFiles(page, [guest]);
  await expect(tables(page)).toBeVisible();
});
