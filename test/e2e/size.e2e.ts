import { open, readFile } from 'node:fs/promises';
import type { Browser, Page, TestInfo } from '@playwright/test';
import { dropFiles, expect, test } from '../support/browser.ts';
import { longestTask } from '../support/busy-tasks.ts';
import { SparseMemory } from '../support/dump-builder.ts';
import { addressBox, bytes, goTo, tables } from '../support/explorer.ts';
import { TableBuilder } from '../support/table-builder.ts';

const GIB = 2 ** 30;
const SIZE = 64 * GIB;
/** Root, tables and data lie far up: an offset cut to 31, 32, 33 or 35 bits would meet zeros. */
const ROOT = 62 * GIB + 0x5000;
const DATA = 63 * GIB + 0x123000;
const VIRTUAL = '00007F1234567000';
/** First bytes of the mapped page, and of machine memory at so many GiB. */
const TEXT = 'far above it all';
const MARKS = [2, 4, 8, 32] as const;
/** What a tab of the page may hold in memory, whatever the image. */
const MOST_MEMORY = 300 * 2 ** 20;

/** Raw memory of 64 GiB that takes some 100 KB of disk: the rest of the file is a hole. */
async function hugeFile(info: TestInfo): Promise<string> {
  const memory = new SparseMemory();
  const builder = new TableBuilder(memory, '4-level', { root: ROOT, firstFrame: (62 * GIB) / 4096 + 16 });
  for (let page = 0n; page < 64n; page++) builder.map(0x7f1234567000n + page * 4096n, BigInt(DATA) + page * 4096n);
  for (const at of MARKS) memory.write(at * GIB, new TextEncoder().encode(`byte ${at} GiB`.padEnd(16)));
  memory.write(DATA, new TextEncoder().encode(TEXT));
  const path = info.outputPath('huge.raw');
  const file = await open(path, 'w');
  await file.truncate(SIZE);
  for (const [frame, content] of memory.frames) await file.write(content, 0, content.length, frame * 4096);
  await file.close();
  return path;
}

async function openHuge(page: Page, info: TestInfo): Promise<void> {
  await page.goto('./');
  await dropFiles(page, [await hugeFile(info)]);
  await page.getByRole('button', { name: /Choose or type a root/ }).click();
  await page.getByLabel('Type a root').fill(ROOT.toString(16));
  await page.getByRole('button', { name: `Use ${ROOT.toString(16)}, 4 levels` }).click();
  await expect(tables(page)).toBeVisible();
}

test('64 GiB open at once, and every offset is exact', async ({ page }, info) => {
  await openHuge(page, info);
  await goTo(page, VIRTUAL);
  const walk = page.getByRole('region', { name: 'Walk' });
  await expect(walk).toContainText(DATA.toString(16));
  await expect(bytes(page)).toContainText(TEXT);
  for (const mark of MARKS) {
    await page.keyboard.press('g');
    await page.keyboard.type((mark * GIB).toString(16));
    await page.getByRole('option', { name: /^guest-physical address/ }).click();
    await expect(addressBox(page)).not.toBeFocused();
    await expect(bytes(page)).toContainText(`byte ${mark} GiB`);
  }
});

/** Bytes of memory of the process that draws the page and holds its worker; undefined where the system does not tell. */
async function memoryOfPage(browser: Browser): Promise<number | undefined> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const sizes = await Promise.all(processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => residentOf(id)));
  return sizes.includes(undefined) ? undefined : Math.max(...sizes.map((size) => size ?? 0));
}

async function residentOf(process: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${process}/status`, 'utf8').catch(() => '');
  const kilobytes = /^RssAnon:\s+(\d+) kB/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

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
