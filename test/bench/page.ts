/** What the benches of the built page share. */
import type { Page } from '@playwright/test';
import { MOST_MEMORY } from '../support/page-memory.ts';
import type { Figure, Row, Served } from './row.ts';

export const MIB = 2 ** 20;
/** Bytes that plain reading asks for at a time, as the page's own reader does in order. */
export const BLOCK = 8 * MIB;
export const PLAIN = 'a worker that only reads the same File';

/** A page in a fresh profile on the first screen, all its parts fetched. `prepare` runs in it before its own scripts. */
export async function firstScreen({ browser, url }: Served, prepare: () => void = () => undefined): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1200 }, colorScheme: 'dark' });
  await page.addInitScript(prepare);
  await page.goto(url);
  await page.getByRole('heading', { level: 1 }).waitFor();
  // The first sign of a user has the views fetched.
  await page.mouse.move(100, 100);
  await page.mouse.move(110, 100);
  await page.waitForLoadState('networkidle');
  return page;
}

/** Least of so many runs: others on the machine can only slow them. */
export async function leastOf(runs: number, run: () => Promise<number>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < runs; i++) least = Math.min(least, await run());
  return least;
}

export const memoryRow = (when: string) =>
  ({ what: `page: memory, ${when}`, beside: `${MOST_MEMORY / MIB} MiB`, aim: { most: 1 }, judged: true }) as const satisfies Row;

export const memoryFigure = (bytes: number | undefined): Figure =>
  bytes === undefined ? { ratio: undefined } : { ratio: bytes / MOST_MEMORY, note: `${(bytes / MIB).toFixed(0)} MiB` };
