import { writeFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { axeFindings, dropFiles, expect, test } from '../support/browser.ts';
import { addressBox, bytes, goTo, guestFile, openGuest, tables } from '../support/explorer.ts';
import { GUEST, guestDump } from '../support/guest-dump.ts';

test('a dump dragged in opens at its root, and names format, root and mode', async ({ page }, info) => {
  await openGuest(page, info);
  await expect(page.getByRole('button', { name: /^guest\.elf/ })).toBeVisible();
  await expect(page.getByRole('button', { name: new RegExp(`root\\s+${GUEST.root}\\s+PAE, CPU 0`) })).toBeVisible();
  expect(page.url()).toContain('file=guest.elf');
});

test('the address box leads to the byte, the walk and the frame', async ({ page }, info) => {
  await openGuest(page, info);
  await goTo(page, GUEST.code);
  await expect(page.getByRole('region', { name: 'Frame' })).toContainText(GUEST.codeFrame);
  await expect(bytes(page)).toContainText('48');
  await goTo(page, GUEST.data);
  await expect(page.getByRole('region', { name: 'Walk' })).toContainText(GUEST.dataFrame);
  await expect(page.getByRole('region', { name: 'Walk' }).getByRole('img', { name: 'not in this dump' })).toBeVisible();
});

test('a link opened in a fresh profile asks for the file and lands on the same byte', async ({ page, browser, appUrl, watch }, info) => {
  await openGuest(page, info);
  await goTo(page, '0804900C');
  await expect(page).toHaveURL(/at=804900C/i);
  const url = page.url();
  const context = await browser.newContext();
  watch.over(context);
  const other = await context.newPage();
  await other.goto(url);
  await expect(other.getByRole('heading', { name: 'This link needs a file' })).toBeVisible();
  await expect(other.getByRole('main')).toContainText('guest.elf');
  await dropFiles(other, [await guestFile(info)], { x: 300, y: 300 });
  await expect(other.getByRole('heading', { name: /^Walk of\s+0804900C/ })).toBeVisible();
  await expect(addressBox(other)).toHaveValue(/0804900C/);
  expect(other.url().startsWith(appUrl)).toBe(true);
  await context.close();
});

test('reload and back work with a dropped file', async ({ page }, info) => {
  await openGuest(page, info);
  await goTo(page, GUEST.code);
  await goTo(page, GUEST.kernel);
  await page.goBack();
  await expect(page.getByRole('heading', { name: new RegExp(`^Walk of\\s+${GUEST.code}`) })).toBeVisible();
  await page.goForward();
  await expect(page.getByRole('heading', { name: new RegExp(`^Walk of\\s+${GUEST.kernel}`) })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'This link needs a file' })).toBeVisible();
  await dropFiles(page, [await guestFile(info)], { x: 300, y: 300 });
  await expect(page.getByRole('heading', { name: new RegExp(`^Walk of\\s+${GUEST.kernel}`) })).toBeVisible();
});

test('another file at a linked place is said, and may be used', async ({ page }, info) => {
  await openGuest(page, info);
  await goTo(page, GUEST.code);
  await expect(page).toHaveURL(/at=8049000/i);
  await page.reload();
  const path = info.outputPath('guest.elf');
  const changed = guestDump();
  changed[changed.length - 1] = 0x55;
  await writeFile(path, changed);
  await expect(page.getByRole('heading', { name: 'This link needs a file' })).toBeVisible();
  await dropFiles(page, [path], { x: 300, y: 300 });
  await expect(page.getByRole('heading', { name: 'Same place, other file' })).toBeVisible();
});

test('a double click on a region of the map fits it, Whole space goes back', async ({ page }, info) => {
  await openGuest(page, info);
  await goTo(page, GUEST.kernel);
  const map = page.getByRole('region', { name: 'Address map' });
  await map
    .getByText(/Direct map|2 MB/)
    .first()
    .dblclick();
  await expect(page).toHaveURL(/window=BFF00\+1200\b/);
  await map.getByRole('button', { name: 'Whole space' }).click();
  await expect(page).not.toHaveURL(/window=/);
  await expect(tables(page)).toBeVisible();
});

test('from the root to a byte by keyboard alone', async ({ page }, info) => {
  await openGuest(page, info);
  await goTo(page, GUEST.kernel);
  await tabTo(page, tables(page).getByRole('row'));
  await page.keyboard.press('Home');
  for (const row of [/^\[0\]/, /^64 /, /^73 /]) await arrowTo(page, row);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: new RegExp(`^Walk of\\s+${GUEST.code}`) })).toBeVisible();
  await expect(bytes(page)).toContainText('48');
  await tabTo(page, bytes(page).getByRole('grid'));
  await page.keyboard.press('ArrowRight');
  const cell = await bytes(page).getByRole('grid').getAttribute('aria-activedescendant');
  await expect(page.locator(`[id="${cell}"]`)).toHaveText('65');
});

/** Tab until one of these has the focus. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  const focused = wanted.and(page.locator(':focus'));
  for (let step = 0; step < 60 && (await focused.count()) === 0; step++) await page.keyboard.press('Tab');
  await expect(focused).toHaveCount(1);
}

/** Arrow down in the tree until the row meant has the focus; arrow right opens it if it is closed. */
async function arrowTo(page: Page, name: RegExp): Promise<void> {
  const focused = tables(page).getByRole('row', { name }).and(page.locator(':focus'));
  for (let step = 0; step < 40 && (await focused.count()) === 0; step++) await page.keyboard.press('ArrowDown');
  await expect(focused).toHaveCount(1);
  if ((await focused.getAttribute('aria-expanded')) !== 'false') return;
  await page.keyboard.press('ArrowRight');
  await expect(focused).toHaveAttribute('aria-expanded', 'true');
}

for (const colorScheme of ['dark', 'light'] as const) {
  for (const [width, height] of [
    [1440, 900],
    [1024, 768],
  ] as const) {
    test(`the explorer is whole and accessible in ${colorScheme} at ${width} × ${height}`, async ({ page }, info) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height });
      await openGuest(page, info);
      await goTo(page, GUEST.code);
      await page.evaluate(() => document.fonts.ready);
      await page.screenshot({ path: `test-results/screens/explorer-${colorScheme}-${width}.png` });
      expect(await axeFindings(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(height);
    });
  }
}
