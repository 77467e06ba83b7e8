import { writeFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { axeFindings, dropFiles, expect, test } from '../support/browser.ts';
import { addressBox, bytes, tables } from '../support/explorer.ts';
import { xenDump } from '../support/xen-dump.ts';

/** The machine-to-physical table, of the e-mail's text and of a real guest on Xen 4.17. */
async function openSample(page: Page, name: RegExp): Promise<void> {
  await page.goto('./');
  await page.getByRole('region', { name: 'Samples' }).getByRole('button', { name }).click();
  await expect(tables(page)).toBeVisible();
}

const m2p = (page: Page) => page.getByRole('region', { name: 'M2P', exact: true });
const rows = (page: Page) => m2p(page).getByRole('listbox', { name: 'Runs of words' });
const lookUp = async (page: Page, kind: string, number: string): Promise<void> => {
  await m2p(page).getByLabel('Kind of number').selectOption(kind);
  await m2p(page).getByLabel(`${kind} to look up`).fill(number);
  await m2p(page).getByLabel(`${kind} to look up`).press('Enter');
};

async function look(page: Page, name: string): Promise<void> {
  for (const [width, height] of [
    [1440, 900],
    [1024, 768],
  ] as const) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: `test-results/screens/${name}-${colorScheme}-${width}.png` });
      expect(await axeFindings(page), `${name}, ${colorScheme}, ${width}`).toEqual([]);
    }
  }
}

test('the e-mail’s table: 64 words of 1,048,576, and the frame its author wanted', async ({ page, browser, watch }) => {
  await openSample(page, /The e-mail:/);
  await page.keyboard.press('m');
  await expect(m2p(page)).toContainText('1,048,576 words of 4 bytes');
  await expect(m2p(page).getByText('Invalid, all ones').first()).toBeVisible();
  await expect(rows(page).getByRole('option').first()).toContainText('00000–0003f');
  await lookUp(page, 'MFN', 'fbc00000');
  await expect(m2p(page).getByRole('status')).toContainText('its frame is fbc00');
  await lookUp(page, 'machine address', 'fb153000');
  await expect(addressBox(page)).toHaveValue('F5BEC54C');
  await expect(m2p(page)).toContainText('base + fb153 × 4');
  await expect(m2p(page)).toContainText('this word is not in the dump');
  await expect(page.getByRole('region', { name: 'What it is' })).toContainText('PFN 3ae expected');
  await look(page, 'm2p-mail');
  const link = page.url();
  expect(link).toContain('view=m2p');
  const stranger = await browser.newContext();
  watch.over(stranger);
  const other = await stranger.newPage();
  await other.goto(link);
  await expect(m2p(other)).toContainText('base + fb153 × 4');
  await stranger.close();
});

test('a real guest’s table by keyboard: picture, rows, bytes, and back', async ({ page }) => {
  await openSample(page, /Xen 4\.17/);
  await page.keyboard.press('m');
  await expect(m2p(page).getByText('A valid PFN', { exact: true }).first()).toBeVisible();
  const lie = m2p(page).getByRole('button', { name: /PFN \w+ expected/ });
  await lie.click();
  await expect(lie).toHaveAttribute('aria-current', 'true');
  await expect(rows(page).getByRole('option', { selected: true })).toContainText('does not lead back');
  const picture = m2p(page).getByRole('slider').nth(1);
  await picture.focus();
  const before = await addressBox(page).inputValue();
  await page.keyboard.press('ArrowRight');
  await expect(addressBox(page)).not.toHaveValue(before);
  await page.keyboard.press('ArrowLeft');
  await expect(addressBox(page)).toHaveValue(before);
  await rows(page).focus();
  await page.keyboard.press('ArrowUp');
  await expect(addressBox(page)).not.toHaveValue(before);
  await expect(bytes(page)).toContainText(/M2P\[\w+\]/);
  await look(page, 'm2p-real');
  await m2p(page).getByRole('button', { name: 'The frame itself' }).click();
  await expect(tables(page)).toBeVisible();
});

test('a number of the guest leads to its frame’s word, and one it lacks is said so', async ({ page }) => {
  await openSample(page, /Xen 4\.17/);
  await page.getByRole('button', { name: 'M2P' }).click();
  await lookUp(page, 'PFN', '142');
  await expect(m2p(page)).toContainText('leads back: they agree');
  await lookUp(page, 'PFN', 'fffff');
  await expect(m2p(page).getByRole('status')).toContainText('beyond the P2M');
  await lookUp(page, 'MFN', 'not a number');
  await expect(m2p(page).getByRole('status')).toContainText('not a hexadecimal number');
});

test('every finding is counted, listed and a way there: lies, stale words, another domain’s, PFNs in entries', async ({ page }, info) => {
  const path = info.outputPath('xen.elf');
  await writeFile(path, xenDump());
  await page.goto('./');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await dropFiles(page, [path]);
  await expect(tables(page)).toBeVisible();
  await page.keyboard.press('m');
  const lie = m2p(page).getByRole('button', { name: /PFN 9 expected/ });
  await lie.click();
  await expect(rows(page).getByRole('option', { selected: true })).toContainText('does not lead back');
  const others = m2p(page).getByRole('region', { name: 'Another’s, or lies' });
  await expect(others).toContainText('2');
  await others.getByRole('button').click();
  await expect(m2p(page)).toContainText('base + 2300 × 4');
  await m2p(page).getByRole('button', { name: 'A stale PFN' }).click();
  await expect(m2p(page)).toContainText('base + 2114 × 4');
  await expect(rows(page).getByRole('option', { selected: true })).toContainText('stale');
  const slips = m2p(page).getByRole('region', { name: 'Entries with a PFN where an MFN is due' });
  await expect(slips).toContainText('2 of ');
  await look(page, 'm2p-findings');
  await slips.getByRole('button', { name: /C0005000/ }).click();
  await expect(addressBox(page)).toHaveValue('C0005000');
  await expect(page.getByRole('region', { name: 'What it is' })).toContainText('holds 5, a PFN, where an MFN is due');
  await expect(tables(page)).toBeVisible();
  await page.goBack();
  await expect(m2p(page)).toContainText('base + 2114 × 4');
});
