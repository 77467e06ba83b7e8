import { fileURLToPath } from 'node:url';
import type { Locator, Page } from '@playwright/test';
import { dropFiles, expect, test } from '../support/browser.ts';
import { longestTask } from '../support/busy-tasks.ts';
import { tables } from '../support/explorer.ts';

/** A real kernel's tables, whole: 158 of them. */
const REAL_GUEST = fileURLToPath(new URL('../../public/samples/linux-pae-slim.elf.gz', import.meta.url));
const KERNEL = 'C1000000';

/** From here on a task is a long one to browsers, and felt. Runs stop when every flow stays below it. */
const LIMIT_MS = 50;
/** A collection of garbage or a page of code may fall into any run; what is ours is in all of them. */
const RUNS = 4;
/** Until answers have come and panes have been drawn. */
const SETTLE_MS = 500;
const OPENED_MS = 1500;

interface Flow {
  readonly name: string;
  /**
   * Finds what is needed and returns what is measured. Nothing may be looked for in the latter: finding by role computes every name on
   * the page, in the page's own thread.
   */
  prepare(page: Page): Promise<() => Promise<void>>;
  /** That it did what it says. */
  check(page: Page): Promise<void>;
}

const flows: readonly Flow[] = [
  {
    name: 'a dump opens',
    prepare: async (page) => async () => {
      await dropFiles(page, [REAL_GUEST]);
      await page.waitForTimeout(OPENED_MS);
    },
    check: (page) => expect(tables(page)).toBeVisible(),
  },
  {
    name: 'an address is gone to',
    prepare: async (page) => async () => {
      await page.keyboard.press('g');
      await page.keyboard.type(KERNEL, { delay: 20 });
      await page.keyboard.press('Enter');
    },
    check: (page) => expect(page.getByRole('heading', { name: new RegExp(`^Walk of\\s+${KERNEL}`) })).toBeVisible(),
  },
  {
    name: 'a row of the tree is clicked',
    prepare: async (page) => clickIn(page, tables(page).getByRole('row').nth(3)),
    check: (page) => expect(tables(page).getByRole('row').nth(3)).toBeFocused(),
  },
  {
    name: 'the pointer crosses the tables',
    prepare: async (page) => {
      const { x, y } = await placeOf(tables(page));
      return async () => {
        for (let step = 0; step < 24; step++) await page.mouse.move(x + 100, y + 35 + 20 * (step % 4));
      };
    },
    check: (page) => expect(page.getByRole('contentinfo')).toContainText('under the pointer'),
  },
  {
    name: 'the wheel turns on the map',
    prepare: async (page) => {
      const { x, y } = await placeOf(page.getByRole('region', { name: 'Address map' }));
      return async () => {
        await page.mouse.move(x + 180, y + 200);
        for (const turn of [-1, -1, -1, 1, -1, -1]) await page.mouse.wheel(0, turn * 100);
      };
    },
    check: (page) => expect(page.getByRole('button', { name: 'Whole space' })).toBeEnabled(),
  },
  {
    name: 'the bytes are scrolled',
    prepare: async (page) => {
      const { x, y } = await placeOf(page.getByRole('grid').first());
      return async () => {
        await page.mouse.move(x + 150, y + 60);
        for (let turn = 0; turn < 8; turn++) await page.mouse.wheel(0, 120);
      };
    },
    check: (page) => expect(page.getByRole('grid').first()).toBeVisible(),
  },
  {
    name: 'the theme changes',
    prepare: async (page) => {
      const click = await clickIn(page, page.getByRole('button', { name: /theme/i }).first());
      // Twice: the first may go from the system's theme to the same one chosen.
      return async () => {
        await click();
        await page.waitForTimeout(SETTLE_MS);
        await click();
      };
    },
    check: (page) => expect(page.locator('html[data-theme]')).toHaveCount(1),
  },
];

async function placeOf(target: Locator): Promise<{ readonly x: number; readonly y: number }> {
  const box = await target.boundingBox();
  if (!box) throw new Error('nothing there to point at');
  return box;
}

async function clickIn(page: Page, target: Locator): Promise<() => Promise<void>> {
  const { x, y } = await placeOf(target);
  return () => page.mouse.click(x + 8, y + 8);
}

const isMet = (best: ReadonlyMap<string, number>): boolean => best.size > 0 && [...best.values()].every((task) => task < LIMIT_MS);

test('no task holds the page for 50 ms', async ({ page, browser }) => {
  test.slow();
  const best = new Map<string, number>();
  let slowest = 1;
  for (let run = 0; run < RUNS && !isMet(best); run++) {
    await page.goto('./');
    await page.reload();
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    // The first sign of a user has the views fetched.
    await page.mouse.move(100, 100);
    await page.mouse.move(110, 100);
    await page.waitForLoadState('networkidle');
    for (const { name, prepare, check } of flows) {
      const act = await prepare(page);
      const { task, slow } = await longestTask(browser, page, async () => {
        await act();
        await page.waitForTimeout(SETTLE_MS);
      });
      await check(page);
      slowest = Math.max(slowest, slow);
      best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, task / slow));
    }
  }
  const figures = [...best].map(([name, task]) => `${name}: ${task.toFixed(0)} ms`);
  console.log(`longest task while ${figures.join(', ')}; the machine at most ${slowest.toFixed(1)} times slower than usual`);
  for (const [name, task] of best) expect.soft(task, `longest task while ${name}`).toBeLessThan(LIMIT_MS);
});
