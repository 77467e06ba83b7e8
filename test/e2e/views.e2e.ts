import { readFile, writeFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { axeFindings, dropFiles, expect, test } from '../support/browser.ts';
import { goTo, openGuest } from '../support/explorer.ts';

/** In both themes: axe finds nothing, and a picture is kept. */
async function look(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: `test-results/screens/${name}-${colorScheme}-1440.png` });
    expect(await axeFindings(page), `${name}, ${colorScheme}`).toEqual([]);
  }
}

test('the page of roots', async ({ page }, info) => {
  await openGuest(page, info);
  await page.keyboard.press('r');
  await expect(page.getByRole('treegrid', { name: 'Tables' })).toBeHidden();
  await expect(page.getByRole('main')).toContainText('127e260');
  await look(page, 'roots');
});

test('a raw dump without a root shows its bytes, and where to come by a root', async ({ page }, info) => {
  const path = info.outputPath('memory.raw');
  const bytes = new Uint8Array(3 * 4096);
  bytes.set(new TextEncoder().encode('MARK'), 0x1ffe);
  await writeFile(path, bytes);
  await page.goto('./');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await dropFiles(page, [path]);
  await expect(page.getByRole('button', { name: /Choose or type a root/ })).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.type('machine:1ffe');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('grid', { name: 'Bytes by PA' }).first()).toContainText('4d');
  await expect(page).toHaveURL(/byte=1ffe/);
  await look(page, 'rootless');
  await page.getByRole('button', { name: /Choose or type a root/ }).click();
  await expect(page.getByLabel('Type a root')).toBeVisible();
});

test('the layout chosen by hand names the regions, and the link keeps it', async ({ page }, info) => {
  await openGuest(page, info);
  await page.keyboard.press('r');
  await page.getByLabel('Regions named by').selectOption('plain-32');
  await page.getByRole('button', { name: 'Name them so' }).click();
  await expect(page.getByRole('treegrid', { name: 'Tables' })).toBeVisible();
  await expect(page).toHaveURL(/layout=plain-32/);
});

test('the keys', async ({ page }, info) => {
  await openGuest(page, info);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await look(page, 'keys');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
});

test('the palette of commands', async ({ page }, info) => {
  await openGuest(page, info);
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog')).toBeVisible();
  await look(page, 'palette');
});

test('what is known of the image', async ({ page }, info) => {
  await openGuest(page, info);
  await page.getByRole('button', { name: /^guest\.elf/ }).click();
  await expect(page.getByRole('dialog')).toContainText(/ELF/);
  await look(page, 'image');
});

test('a file that is no memory', async ({ page }, info) => {
  const path = info.outputPath('holiday.png');
  await writeFile(path, new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...new Array(5000).fill(7)]));
  await page.goto('./');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await dropFiles(page, [path]);
  await expect(page.getByRole('main')).toContainText('holiday.png');
  await expect(page.getByRole('button', { name: 'Choose another file' })).toBeVisible();
  await look(page, 'no-dump');
});

test('a link without its file', async ({ page }, info) => {
  await openGuest(page, info);
  await expect(page).toHaveURL(/at=/);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'This link needs a file' })).toBeVisible();
  await look(page, 'link');
});

test('a pasted e-mail opens, and travels in its link', async ({ page, browser, context, appUrl, watch }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(appUrl).origin });
  await page.goto('./');
  await page.getByRole('button', { name: /^Paste text/ }).click();
  await page.getByRole('textbox').fill(await readFile('public/samples/xen-devel-pae-guest-address-maps.txt', 'utf8'));
  await look(page, 'paste');
  await page.getByRole('button', { name: 'Open this text' }).click();
  await goTo(page, 'F5800000');
  await expect(page).toHaveURL(/at=F5800000/i);
  await page.getByRole('button', { name: 'Copy link' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  await look(page, 'link-with-text');
  await dialog.getByRole('button', { name: 'Copy' }).last().click();
  await expect(dialog.getByRole('button', { name: 'Copied' })).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link.startsWith(appUrl)).toBe(true);
  const fresh = await browser.newContext();
  watch.over(fresh);
  const other = await fresh.newPage();
  await other.goto(link);
  await expect(other.getByRole('heading', { name: /^Walk of\s+F5800000/ })).toBeVisible();
  await fresh.close();
});

test('every sample opens from the first screen', async ({ page }) => {
  await page.goto('./');
  const samples = page.getByRole('region', { name: 'Samples' }).getByRole('button');
  await expect(samples).toHaveCount(4);
  for (let index = 0; index < 4; index++) {
    await page.goto('about:blank');
    await page.goto('./');
    await samples.nth(index).click();
    await expect(page.getByRole('treegrid', { name: 'Tables' }).getByRole('row').nth(3)).toBeVisible();
    await page.evaluate(() => document.fonts.ready);
    await look(page, `sample-${index + 1}`);
  }
});
