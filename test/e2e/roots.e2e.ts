import { open } from 'node:fs/promises';
import type { Browser, Page, TestInfo } from '@playwright/test';
import { dropFiles, expect, test } from '../support/browser.ts';
import { SparseMemory } from '../support/dump-builder.ts';
import { TableBuilder } from '../support/table-builder.ts';

const MIB = 2 ** 20;
/** Enough that other workers help to search it; more than is searched unasked. */
const LARGE = 640 * MIB;
const HUGE = 1536 * MIB;
const ROOTS = [0x10_0000, 0xa00_0020, 0x1400_0040];

/** Raw memory with three address spaces of one kernel far from each other. The rest is a hole in the file: zeros. */
async function rawFile(info: TestInfo, size: number): Promise<string> {
  const memory = new SparseMemory();
  for (const root of ROOTS) {
    const frame = Math.floor(root / 4096);
    const tables = new TableBuilder(memory, 'pae', { root, firstFrame: frame + 16 });
    for (let page = frame; page < frame + 600; page++) tables.map(0xc000_0000n + BigInt(page * 4096), BigInt(page * 4096));
    tables.map(0x40_0000n, 0x7000n);
    for (let page = frame; page < frame + 600; page++) if (!memory.frames.has(page)) memory.frame(page).fill(0xe9);
  }
  const path = info.outputPath('memory.raw');
  const file = await open(path, 'w');
  await file.truncate(size);
  for (const [frame, content] of memory.frames) await file.write(content, 0, content.length, frame * 4096);
  await file.close();
  return path;
}

/** Workers started in all, whoever starts them. */
async function workersOf(browser: Browser): Promise<ReadonlySet<string>> {
  const workers = new Set<string>();
  const session = await browser.newBrowserCDPSession();
  session.on('Target.targetCreated', ({ targetInfo }) => targetInfo.type === 'worker' && workers.add(targetInfo.targetId));
  await session.send('Target.setDiscoverTargets', { discover: true });
  return workers;
}

const searched = (page: Page) => page.getByText(/^Looked for page tables (in|at)/);

async function rootsPage(page: Page): Promise<void> {
  await expect(page.getByRole('region', { name: 'Walk' })).toBeVisible();
  await page.keyboard.press('r');
  await expect(searched(page)).toBeVisible();
}

test('a large image is searched, by several workers where there are processors for them; what was found is there at the next visit', async ({
  page,
  browser,
}, info) => {
  const workers = await workersOf(browser);
  const path = await rawFile(info, LARGE);
  await page.goto('./');
  await dropFiles(page, [path]);
  await expect(page.getByText(/^Root .* is in use/)).toBeVisible({ timeout: 40_000 });
  const helped = (await page.evaluate(() => navigator.hardwareConcurrency)) > 2;
  expect(workers.size).toBeGreaterThanOrEqual(helped ? 3 : 1);
  await rootsPage(page);
  for (const root of ROOTS)
    await expect(page.getByRole('button', { name: new RegExp(`^\\d+ ${root.toString(16)}\\b`, 'i') })).toContainText('found by scan');
  await expect(page.getByText('Looked for page tables in 640 MB: 3 found.')).toBeVisible();

  await page.goto('about:blank');
  await page.goto('./');
  await dropFiles(page, [path]);
  await expect(page.getByText(/^Root .* is in use/)).toBeVisible();
  await rootsPage(page);
  await expect(page.getByText(/^Looked for page tables at an earlier visit \(.*\): 3 found\./)).toBeVisible();
  for (const root of ROOTS) await expect(page.getByRole('button', { name: new RegExp(`^\\d+ ${root.toString(16)}\\b`, 'i') })).toBeVisible();
  await page.getByRole('button', { name: 'Search again' }).click();
  await expect(page.getByText('Looked for page tables in 640 MB: 3 found.')).toBeVisible({ timeout: 40_000 });
});

test('a search that is cancelled goes on where it was', async ({ page }, info) => {
  await page.goto('./');
  await dropFiles(page, [await rawFile(info, HUGE)]);
  await page.getByRole('button', { name: 'Find roots in 1.5 GB' }).first().click();
  await page.getByRole('progressbar', { name: 'Looking for page tables' }).first().waitFor();
  await page.getByRole('button', { name: 'Cancel', exact: true }).first().click();
  await expect(page.getByText(/^The search was stopped at/).first()).toBeVisible();
  await page.getByRole('button', { name: 'Go on searching' }).first().click();
  await expect(page.getByText(/^Root .* is in use/)).toBeVisible({ timeout: 40_000 });
  await rootsPage(page);
  await expect(page.getByText('Looked for page tables in 1.5 GB: 3 found.')).toBeVisible();
});
