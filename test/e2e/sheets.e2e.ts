import type { Page } from '@playwright/test';
import { axeFindings, dropFiles, expect, test } from '../support/browser.ts';
import { addressBox, tables } from '../support/explorer.ts';

async function openSample(page: Page, name: RegExp): Promise<void> {
  await page.goto('./');
  await page.getByRole('region', { name: 'Samples' }).getByRole('button', { name }).click();
  await expect(tables(page)).toBeVisible();
}

test('the regions high to low, with SIZE and PAE-SIZE as Xen lists them', async ({ page }) => {
  await openSample(page, /The e-mail:/);
  await page.getByRole('button', { name: 'Regions as a list' }).click();
  const sheet = page.getByRole('dialog', { name: 'Regions: Xen 3.0.2–3.0.4, PAE' });
  const rows = sheet.getByRole('row');
  await expect(rows.nth(1)).toContainText('FFC00000');
  await expect(rows.filter({ hasText: 'Frame table' })).toContainText(/24 MB\s*96 MB\s*24 MB/);
  await expect(rows.filter({ hasText: 'M2P, read-only' })).toContainText(/4 MB\s*16 MB\s*4 MB/);
  await expect(rows.filter({ hasText: 'Direct map' })).toContainText('not in this dump');
  await expect(rows.filter({ hasText: 'Shadow linear table' })).toContainText('elided');
  expect(await axeFindings(page)).toEqual([]);
  await rows.filter({ hasText: 'Frame table' }).getByRole('button', { name: 'F6800000' }).click();
  await expect(sheet).toBeHidden();
  await expect(addressBox(page)).toHaveValue('F6800000');
});

test('what was found of Xen, field by field, leads to the bytes', async ({ page }) => {
  await openSample(page, /Xen 4\.17/);
  await page.keyboard.press('x');
  const sheet = page.getByRole('dialog', { name: 'What was found of Xen' });
  await expect(sheet).toContainText('start_info.mfn_list');
  await expect(sheet.getByRole('row').filter({ hasText: 'nr_pages' })).toContainText('1000');
  expect(await axeFindings(page)).toEqual([]);
  await sheet.getByRole('row').filter({ hasText: 'nr_pages' }).getByRole('button').click();
  await expect(sheet).toBeHidden();
  await expect(page.getByRole('region', { name: /follows the selection/ })).toContainText('start_info.nr_pages');
});

test('a capsule of the root is saved, and opens with the same regions', async ({ page }, info) => {
  await openSample(page, /Xen 4\.17/);
  await page.keyboard.press('Control+k');
  // Until the palette is there, what is typed goes to the page.
  await expect(page.getByPlaceholder('Find a command')).toBeFocused();
  await page.keyboard.type('capsule');
  await page.keyboard.press('Enter');
  const sheet = page.getByRole('dialog', { name: 'Save a capsule' });
  await expect(sheet).toContainText('Everything else was left out.');
  expect(await axeFindings(page)).toEqual([]);
  const saving = page.waitForEvent('download');
  await sheet.getByRole('button', { name: /^Save .*\.capsule\.elf$/ }).click();
  const path = info.outputPath('sent.elf');
  await (await saving).saveAs(path);
  await page.goto('./');
  await dropFiles(page, [path]);
  await expect(tables(page)).toBeVisible();
  await page.keyboard.press('l');
  await expect(page.getByRole('dialog', { name: /^Regions: .*Xen/ })).toContainText('M2P');
});
