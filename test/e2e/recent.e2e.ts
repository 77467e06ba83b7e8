import { writeFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { dropFiles, expect, test } from '../support/browser.ts';
import { goTo, guestFile, openGuest } from '../support/explorer.ts';
import { GUEST, guestDump } from '../support/guest-dump.ts';

/**
 * Puts the guest into the site's own file system and its handle into the newest entry of the recent files, as a browser that gives
 * handles for dropped files would have. The handle is a real one, kept by the browser's own structured clone.
 */
async function keepHandle(page: Page, allowed: boolean): Promise<void> {
  await page.evaluate(
    async ([content, isAllowed]) => {
      const folder = await navigator.storage.getDirectory();
      const handle = await folder.getFileHandle('guest.elf', { create: true });
      const stream = await handle.createWritable();
      await stream.write(Uint8Array.from(content));
      await stream.close();
      const request = indexedDB.open('keyval-store');
      const store = await new Promise<IDBDatabase>((done) => {
        request.onsuccess = () => done(request.result);
      });
      const entries = store.transaction('keyval', 'readwrite').objectStore('keyval');
      const asked = entries.get('pagewalk-recents');
      await new Promise<void>((done) => {
        asked.onsuccess = () => {
          const [newest, ...others] = asked.result as object[];
          entries.put([{ ...newest, handle }, ...others], 'pagewalk-recents').onsuccess = () => done();
        };
      });
      if (!isAllowed) await folder.removeEntry('guest.elf');
    },
    [[...guestDump()], allowed] as const,
  );
}

async function visited(page: Page, info: Parameters<typeof openGuest>[1]): Promise<void> {
  await openGuest(page, info);
  await goTo(page, GUEST.kernel);
  await goTo(page, GUEST.code);
  await expect(page).toHaveURL(/at=8049000/i);
}

const walk = (page: Page) => page.getByRole('heading', { name: new RegExp(`^Walk of\\s+${GUEST.code}`) });

test('a file whose handle was kept opens again in one click, at its place', async ({ page }, info) => {
  await visited(page, info);
  await keepHandle(page, true);
  await page.goto('about:blank');
  await page.goto('./');
  await page.getByRole('button', { name: /guest\.elf/ }).click();
  await expect(walk(page)).toBeVisible();
});

test('a link to it opens in one click too', async ({ page }, info) => {
  await visited(page, info);
  await keepHandle(page, true);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'This link needs a file' })).toBeVisible();
  await page.getByRole('button', { name: /Open/ }).first().click();
  await expect(walk(page)).toBeVisible();
});

test('where the file is gone, it is asked for and goes to its place', async ({ page }, info) => {
  await visited(page, info);
  await keepHandle(page, false);
  await page.goto('about:blank');
  await page.goto('./');
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: /guest\.elf/ }).click();
  await (await chooser).setFiles(await guestFile(info));
  await expect(walk(page)).toBeVisible();
});

test('a dropped text without memory says so, and may be opened raw', async ({ page }, info) => {
  const path = info.outputPath('notes.txt');
  await writeFile(path, 'Thanks, Steven. I had not seen that file before.\n'.repeat(200));
  await page.goto('./');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await dropFiles(page, [path]);
  await expect(page.getByRole('heading', { name: 'No memory in this text' })).toBeVisible();
  await page.getByRole('button', { name: /raw/i }).click();
  await expect(page.getByRole('button', { name: /^notes\.txt/ })).toBeVisible();
});
