import { readFile } from 'node:fs/promises';
import type { Browser } from '@playwright/test';

/** What a tab of the page may hold in memory, bytes, whatever the image. */
export const MOST_MEMORY = 300 * 2 ** 20;

/** Bytes of memory of the process that draws the page and holds its worker; undefined where the system does not tell. */
export async function memoryOfPage(browser: Browser): Promise<number | undefined> {
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
