import { writeFile } from 'node:fs/promises';
import { axeFindings, dropFiles, expect, test } from '../support/browser.ts';
import { elfDump } from '../support/dump-builder.ts';
import { LINUX_GUEST, linuxGuest } from '../support/linux-guest.ts';

test('the roots of a Linux guest are named by their processes, and the names are called guesses', async ({ page }, info) => {
  const path = info.outputPath('linux.elf');
  await writeFile(path, elfDump(linuxGuest()));
  await page.goto('./');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await dropFiles(page, [path]);
  const [first] = LINUX_GUEST;
  await expect(page.getByRole('button', { name: new RegExp(`root\\s+180000.*probably\\s+${first?.name}, process 1`) })).toBeVisible();
  await page.keyboard.press('r');
  for (const { root, name, pid } of LINUX_GUEST) {
    const row = page.getByRole('button', { name: new RegExp(`\\b${root.toString(16)}\\b.*probably ${name}, process ${pid}\\b`) }).last();
    await expect(row).toContainText(`Probably ${name}, process ${pid}, a guess: the name is at `);
  }
  await expect(page.getByText('4 named by the processes that they probably are of.')).toBeVisible();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await axeFindings(page), colorScheme).toEqual([]);
    await page.screenshot({ path: info.outputPath(`names-${colorScheme}.png`) });
  }
});
