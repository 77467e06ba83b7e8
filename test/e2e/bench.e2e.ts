import pageBytes from '../bench/page-bytes.bench.ts';
import pageOpen from '../bench/page-open.bench.ts';
import pageRoots from '../bench/page-roots.bench.ts';
import { test as base, expect } from '../support/browser.ts';

// What they measure means nothing here; that each finds its way through the page is what would be noticed last.
for (const { rows, measure } of [...pageOpen, ...pageRoots, ...pageBytes]) {
  const names = Object.values(rows).map(({ what }) => what);
  base(`the bench runs, on little, that measures ${names[0]}`, async ({ browser, appUrl }) => {
    base.slow();
    const figures = await measure('tiny', async () => ({ browser, url: appUrl }));
    expect(Object.keys(figures).sort()).toEqual(Object.keys(rows).sort());
  });
}
