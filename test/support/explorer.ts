/** Steps that several real-browser tests take, on the small guest of `guest-dump.ts`. */
import { writeFile } from 'node:fs/promises';
import type { Page, TestInfo } from '@playwright/test';
import { dropFiles, expect } from './browser.ts';
import { guestDump } from './guest-dump.ts';

export async function guestFile(info: TestInfo, name = 'guest.elf'): Promise<string> {
  const path = info.outputPath(name);
  await writeFile(path, guestDump());
  return path;
}

export async function openGuest(page: Page, info: TestInfo): Promise<void> {
  await page.goto('./');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await dropFiles(page, [await guestFile(info)]);
  await expect(tables(page)).toBeVisible();
}

export const tables = (page: Page) => page.getByRole('treegrid', { name: 'Tables' });
export const addressBox = (page: Page) => page.getByRole('combobox', { name: 'Go to an address' });
/** Every byte pane is a region; the one that follows the selection shows the bytes of the address. */
export const bytes = (page: Page) => page.getByRole('region', { name: /follows the selection/ });

export async function goTo(page: Page, address: string): Promise<void> {
  await expect(tables(page)).toBeVisible();
  await page.keyboard.press('g');
  await expect(addressBox(page)).toBeFocused();
  await page.keyboard.type(address);
  await page.keyboard.press('Enter');
  // Until then the next key would still be typed into the box.
  await expect(addressBox(page)).not.toBeFocused();
  await expect(page.getByRole('heading', { name: new RegExp(`^Walk of\\s+${address}`) })).toBeVisible();
}
