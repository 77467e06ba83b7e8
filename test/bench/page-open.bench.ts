/** What it takes in a browser from a file dropped on the page to its first map, beside reading the file and no more. */
import { writeFile } from 'node:fs/promises';
import { dropFiles } from '../support/drop-files.ts';
import { kernelDump } from '../support/kernel-dump.ts';
import { beside } from './medians.ts';
import { BLOCK, firstScreen, leastOf, PLAIN } from './page.ts';
import { plainReading } from './plain-reading.ts';
import { defineBench, type Served, type Size } from './row.ts';
import { withFile } from './scratch-file.ts';

const SIZES = {
  full: { drops: 7, kernel: { userPages: 16_384, aliases: 128 } },
  tiny: { drops: 1, kernel: { userPages: 512, aliases: 4 } },
} as const;

/** Runs in the page: marks the drop, and the frame in which the map first had something painted. */
function markFirstMap(): void {
  addEventListener('drop', () => performance.mark('dropped'), { capture: true });
  const { fillRect } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillRect = function fill(...box) {
    fillRect.apply(this, box);
    if (!this.canvas.closest('.map')) return;
    CanvasRenderingContext2D.prototype.fillRect = fillRect;
    requestAnimationFrame(() => setTimeout(() => performance.mark('first map')));
  };
}

async function firstMap(served: Served, path: string): Promise<number> {
  const page = await firstScreen(served, markFirstMap);
  await dropFiles(page, [path]);
  await page.waitForFunction(() => performance.getEntriesByName('first map').length > 0);
  const took = await page.evaluate(() => performance.measure('to first map', 'dropped', 'first map').duration);
  await page.close();
  return took;
}

async function measure(size: Size, served: Served) {
  const { drops, kernel } = SIZES[size];
  return withFile(
    'kernel.elf',
    (path) => writeFile(path, kernelDump(kernel).bytes),
    async (path) => {
      const plain = await leastOf(drops, () => plainReading(served.browser, path, BLOCK));
      return { plain: beside(plain, plain), map: beside(plain, await leastOf(drops, () => firstMap(served, path))) };
    },
  );
}

export default [
  defineBench({
    rows: {
      map: { what: 'page: from the drop of the 64-bit kernel to its first painted map', beside: PLAIN, judged: true },
      plain: { what: 'page: plain reading of the 64-bit kernel', beside: PLAIN },
    },
    measure: async (size, serve) => measure(size, await serve()),
  }),
];
