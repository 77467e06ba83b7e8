import { writeFile } from 'node:fs/promises';
import type { TestInfo } from '@playwright/test';
import { axeFindings, dropFiles, expect, test } from '../support/browser.ts';
import { qemuNotes, rawDump, SparseMemory } from '../support/dump-builder.ts';
import { bytes, goTo } from '../support/explorer.ts';
import { kdumpDump } from '../support/kdump-builder.ts';
import { TableBuilder } from '../support/table-builder.ts';
import { vmwareFiles } from '../support/vmware-builder.ts';

const memory = new SparseMemory();
const tables = new TableBuilder(memory, 'pae', { root: 0x2020, firstFrame: 0x10 });
tables.map(0xc000_0000n, 0x5000n);
memory.write(0x5000, new TextEncoder().encode('kept by VMware'));

async function fileOf(info: TestInfo, name: string, bytes: Uint8Array): Promise<string> {
  const path = info.outputPath(name);
  await writeFile(path, bytes);
  return path;
}

test('a .vmss and its .vmem dropped together open as one image, with the CPU’s root', async ({ page }, info) => {
  const { vmem, vmss } = vmwareFiles(memory, { cpus: [{ cr3: 0x2020, cr4: 0x20 }] });
  const paths = [await fileOf(info, 'a.vmss', vmss), await fileOf(info, 'a.vmem', vmem)];
  await page.goto('/');
  await dropFiles(page, paths);
  await expect(page.getByRole('button', { name: /^a\.vmem \+ a\.vmss/ })).toBeVisible();
  await expect(page.getByRole('button', { name: /root\s+2020\s+PAE, CPU 0/ })).toBeVisible();
  // Reloading asks for both again: no handle is kept of two.
  const url = page.url();
  await page.goto('about:blank');
  await page.goto(url);
  await expect(page.getByRole('main')).toContainText('a.vmem + a.vmss');
  await dropFiles(page, [...paths].reverse());
  await expect(page.getByRole('button', { name: /root\s+2020\s+PAE, CPU 0/ })).toBeVisible();
});

test('a .vmss alone says that its .vmem belongs to it', async ({ page }, info) => {
  const { vmss } = vmwareFiles(memory, { cpus: [{ cr3: 0x2020, cr4: 0x20 }] });
  await page.goto('/');
  await dropFiles(page, [await fileOf(info, 'a.vmss', vmss)]);
  await expect(page.getByRole('main')).toContainText('drop or choose both at once');
});

test('where a raw file lies is shown and changed, and travels in the link', async ({ page }, info) => {
  await page.goto('/');
  await dropFiles(page, [await fileOf(info, 'memory.raw', rawDump(memory))]);
  await page.getByRole('button', { name: /^memory\.raw/ }).click();
  const start = page.getByLabel('Address of region 1');
  await expect(start).toHaveValue('0');
  expect(await axeFindings(page)).toEqual([]);
  await start.fill('100000000');
  await start.press('Enter');
  await expect(page).toHaveURL(/regions=100000000:0\+/);
});

test('a split dump dropped as three files is one, and says where its bytes are packed', async ({ page }, info) => {
  const bounds = [0, 0x5, 0x11, 0x20];
  const part = (at: number): Uint8Array =>
    kdumpDump(memory, { notes: qemuNotes([{ cr3: 0x2020, cr4: 0x20 }]), split: { firstFrame: bounds[at] ?? 0, endFrame: bounds[at + 1] ?? 0 } });
  const paths = await Promise.all([2, 0, 1].map((at) => fileOf(info, `part-${at}`, part(at))));
  await page.goto('/');
  await dropFiles(page, paths);
  await expect(page.getByRole('button', { name: /^part-0 \+ 2 more/ })).toBeVisible();
  await expect(page.getByRole('button', { name: /root\s+2020\s+PAE, CPU 0/ })).toBeVisible();
  await goTo(page, 'C0000000');
  await expect(bytes(page)).toContainText('kept by VMware');
  await expect(page.getByRole('region', { name: 'Walk' })).toContainText(/in file\s*[0-9,]+ packed, \+0/);
  await expect(page.getByRole('button', { name: 'unpacked', exact: true }).first()).toBeVisible();
  if (process.env['SHOT']) await page.screenshot({ path: process.env['SHOT'] });
});
