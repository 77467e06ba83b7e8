import type { Page, TestInfo } from '@playwright/test';
import { dropFiles, expect, test } from '../support/browser.ts';
import { longestTask } from '../support/busy-tasks.ts';
import { addressBox, bytes, goTo, tables } from '../support/explorer.ts';
import { HUGE, writeHugeFile } from '../support/huge-file.ts';
import { MOST_MEMORY, memoryOfPage } from '../support/page-memory.ts';

const VIRTUAL = HUGE.virtual.toString(16).toUpperCase().padStart(16, '0');

async function openHuge(page: Page, info: TestInfo): Promise<void> {
  const path = info.outputPath('huge.raw');
  await writeHugeFile(path);
  await page.goto('./');
  await dropFiles(page, [path]);
  await page.getByRole('button', { name: /Choose or type a root/ }).click();
  await page.getByLabel('Type a root').fill(HUGE.root.toString(16));
  await page.getByRole('button', { name: `Use ${HUGE.root.toString(16)}, 4 levels` }).click();
  await expect(tables(page)).toBeVisible();
}

test('64 GiB open at once, and every offset is exact', async ({ page }, info) => {
  await openHuge(page, info);
  await goTo(page, VIRTUAL);
  const walk = page.getByRole('region', { name: 'Walk' });
  await expect(walk).toContainText(HUGE.data.toString(16));
  await expect(bytes(page)).toContainText(HUGE.text);
  for (const { address, text } of HUGE.marks) {
    await page.keyboard.press('g');
    await page.keyboard.type(address.toString(16));
    await page.getByRole('option', { name: /^guest-physical address/ }).click();
    await expect(addressBox(page)).not.toBeFocused();
    await expect(bytes(page)).toContainText(text);
  }
});

test('the bytes scroll through 64 GiB without holding the page, in bounded memory', async ({ page, browser }, info) => {
  test.slow();
  await openHuge(page, info);
  const grid = page.getByRole('grid').first();
  const bar = page.getByRole('scrollbar').first();
  await page.getByRole('button', { name: 'PA', exact: true }).first().click();
  const [track, rows] = [await bar.boundingBox(), await grid.boundingBox()];
  if (!track || !rows) throw new Error('no pane of bytes to scroll');
  const { task, slow } = await longestTask(browser, page, async () => {
    await page.mouse.move(track.x + track.width / 2, track.y + 4);
    await page.mouse.down();
    for (let step = 0; step <= 60; step++) await page.mouse.move(track.x + track.width / 2, track.y + 4 + ((track.height - 8) * step) / 60);
    await page.mouse.up();
    await page.mouse.move(rows.x + 150, rows.y + 60);
    for (let turn = 0; turn < 60; turn++) await page.mouse.wheel(0, turn % 2 === 0 ? 300 : -180);
  });
  const memory = await memoryOfPage(browser);
  console.log(
    `64 GiB: longest task ${(task / slow).toFixed(0)} ms, memory of the page ${memory === undefined ? 'not told' : (memory / 2 ** 20).toFixed(0)} MiB`,
  );
  expect(task / slow).toBeLessThan(50);
  if (memory !== undefined) expect(memory).toBeLessThan(MOST_MEMORY);
});
